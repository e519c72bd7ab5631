/**
 * The target of a block, to lay a hash beside it: as the rules read its compact bits, and as digits.
 *
 * @example
 *   targetOf('1f0fffff')   // '000fffff00000000…', 64 digits
 */
import { fromCompact } from '../consensus/target.ts'

/** @param bits 8 hex digits: a size in bytes, and the first three of them */
export const targetOf = (bits: string): string =>
  fromCompact(Number.parseInt(bits, 16)).target.toString(16).padStart(64, '0')

/** How many times smaller than it had to be a hash is, as a number from 1 on; Infinity for zero. */
export function luckOf(hash: string, target: string): number {
  const [small, large] = [BigInt(`0x${hash}`), BigInt(`0x${target}`)]
  return small === 0n ? Infinity : Number((large * 100n) / small) / 100
}
