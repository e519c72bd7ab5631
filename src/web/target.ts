/**
 * The target of a block from its compact bits (PROTOCOL.md, part 5), to lay a hash beside it.
 *
 * @example
 *   targetOf('1f0fffff')   // '000fffff00000000…', 64 digits
 */

/** @param bits 8 hex digits: a size in bytes, and the first three of them */
export function targetOf(bits: string): string {
  const size = Number.parseInt(bits.slice(0, 2), 16)
  const first = BigInt(`0x${bits.slice(2)}`)
  const target = size >= 3 ? first << BigInt(8 * (size - 3)) : first >> BigInt(8 * (3 - size))
  return target.toString(16).padStart(64, '0')
}

/** How many times smaller than it had to be a hash is, as a number from 1 on; Infinity for zero. */
export function luckOf(hash: string, target: string): number {
  const [small, large] = [BigInt(`0x${hash}`), BigInt(`0x${target}`)]
  return small === 0n ? Infinity : Number((large * 100n) / small) / 100
}
