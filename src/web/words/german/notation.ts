/** How numbers and what they are in are written; see format.ts. */
import type { notation as english } from '../english/notation.ts'

export const notation: typeof english = {
  decimalMark: ',',
  hashes: 'Hashes',
  days: 'd',
  hours: 'h',
  minutes: 'min',
  seconds: 's',
  milliseconds: 'ms',
}
