/** How numbers and what they are in are written; see format.ts. */
export const notation = {
  decimalMark: '.',
  hashes: 'hashes',
  days: 'd',
  hours: 'h',
  minutes: 'min',
  seconds: 's',
  milliseconds: 'ms',
}
