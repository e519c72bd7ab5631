/**
 * Targets, compact bits and work.
 *
 *   target = mantissa × 256^(exponent − 3)        bits = exponent (1 byte) ‖ sign (1 bit) ‖ mantissa (23 bits)
 *   work   = floor(2^256 / (target + 1))          expected number of hashes to find one ≤ target
 *
 * Compact bits are Bitcoin's `nBits` (https://developer.bitcoin.org/reference/block_chain.html#target-nbits).
 */

/** A 256-bit threshold: a block's hash, as a big-endian number, must not exceed it. */
export type Target = bigint

const SIGN = 0x0080_0000
const MANTISSA = 0x007f_ffff

/**
 * Compact bits to the number they stand for, with what a strict reader must know of them.
 * Follows Bitcoin's `arith_uint256::SetCompact`: digits below the point fall away (0x01123456 is 0x12).
 */
export function fromCompact(bits: number): { target: Target; negative: boolean; overflow: boolean } {
  const size = bits >>> 24
  const word = size <= 3 ? (bits & MANTISSA) >>> (8 * (3 - size)) : bits & MANTISSA
  const target = size <= 3 ? BigInt(word) : BigInt(word) << BigInt(8 * (size - 3))
  return {
    target: target & ((1n << 256n) - 1n),
    negative: word !== 0 && (bits & SIGN) !== 0,
    overflow: word !== 0 && (size > 34 || (word > 0xff && size > 33) || (word > 0xffff && size > 32)),
  }
}

/** A target (< 2^256) to compact bits. Keeps the top 15 to 23 bits, so the result stands for that much or a little less. */
export function toCompact(target: Target): number {
  if (target === 0n) return 0
  let size = Math.ceil(target.toString(16).length / 2)
  let word = size <= 3 ? Number(target << BigInt(8 * (3 - size))) : Number(target >> BigInt(8 * (size - 3)))
  // The mantissa's top bit is the sign: a number that would set it moves one byte down.
  if (word & SIGN) {
    word >>>= 8
    size += 1
  }
  return ((size << 24) | word) >>> 0
}

/**
 * The target of bits that a block may carry, or undefined where they are malformed: negative, zero, overflowing, or
 * not the form that `toCompact` gives for the same number.
 */
export function targetOf(bits: number): Target | undefined {
  const { target, negative, overflow } = fromCompact(bits)
  if (negative || overflow || target === 0n || toCompact(target) !== bits) return undefined
  return target
}

/** Expected hashes to meet a target. */
export const workOf = (target: Target): bigint => (1n << 256n) / (target + 1n)

/** 32 bytes as a big-endian number: how a block hash is compared with a target. */
export function hashToNumber(hash: Uint8Array): bigint {
  let number = 0n
  const view = new DataView(hash.buffer, hash.byteOffset, 32)
  for (let at = 0; at < 32; at += 8) number = (number << 64n) | view.getBigUint64(at)
  return number
}
