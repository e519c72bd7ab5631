/**
 * The hash kernel in plain JavaScript, one nonce at a time: for where WebAssembly or its SIMD is missing, and to look
 * exactly at what the other kernel finds.
 *
 * Once for each header, it keeps the midstate, the state after round 4 and the schedule's words 16 to 19 (see sha256.ts).
 * For each nonce it does the other rounds and compares the hash from its top word down; nearly every one is too large in
 * that word already.
 *
 * Pure, and free of `node:` imports, so that it runs in any worker. Fails with a `RangeError` on nonces past 2^53 − 1.
 *
 * @example
 *   const kernel = createScalarKernel(encodeHeader(block.header), target)
 *   const nonce = kernel.search(0, 1_000_000)
 */
import type { Target } from '../consensus/target.ts'
import { choose, extend, FIXED_WORDS, K, majority, type Midstate, midstateOf, rounds, S0, S1, swap } from './sha256.ts'

/** Searches one header's nonces. */
export interface Kernel {
  /**
   * Hashes `count` nonces from `firstNonce` on.
   * @returns the first whose hash is ≤ the target, or undefined where none is
   */
  search(firstNonce: number, count: number): number | undefined
}

/**
 * Prepares the search of one header.
 * @param header 92 encoded bytes; the nonce in them does not matter
 * @param target < 2^256
 */
export type CreateKernel = (header: Uint8Array, target: Target) => Kernel

const TWO_32 = 2 ** 32

/** Rounds that no nonce changes. */
const FIXED_ROUNDS = 5

// Below, `!` says that an index is within a typed array of fixed length.

/**
 * The rounds that are done for every nonce, and the comparison with the target.
 * @param w the schedule: words 0 to 19 set
 * @param fixed the state after round 4
 * @param midstate the state after the first 64 bytes, which is added at the end
 * @param target as 8 words, the top one first
 */
function meets(w: Int32Array, fixed: Int32Array, midstate: Int32Array, target: Uint32Array): boolean {
  extend(w, FIXED_WORDS, 64)
  // Each round would move a to h on by one place. Renaming them in each line instead moves nothing, and after eight
  // lines every name is back. Round 5 is the sixth line, hence the order in which the state is read here.
  let d = fixed[0]!, e = fixed[1]!, f = fixed[2]!, g = fixed[3]!, h = fixed[4]!, a = fixed[5]!, b = fixed[6]!, c = fixed[7]!
  c = (c + S1(h) + choose(h, a, b) + K[5]! + w[5]!) | 0; g = (g + c) | 0; c = (c + S0(d) + majority(d, e, f)) | 0
  b = (b + S1(g) + choose(g, h, a) + K[6]! + w[6]!) | 0; f = (f + b) | 0; b = (b + S0(c) + majority(c, d, e)) | 0
  a = (a + S1(f) + choose(f, g, h) + K[7]! + w[7]!) | 0; e = (e + a) | 0; a = (a + S0(b) + majority(b, c, d)) | 0
  for (let i = 8; i < 64; i += 8) {
    h = (h + S1(e) + choose(e, f, g) + K[i]! + w[i]!) | 0; d = (d + h) | 0; h = (h + S0(a) + majority(a, b, c)) | 0
    g = (g + S1(d) + choose(d, e, f) + K[i + 1]! + w[i + 1]!) | 0; c = (c + g) | 0; g = (g + S0(h) + majority(h, a, b)) | 0
    f = (f + S1(c) + choose(c, d, e) + K[i + 2]! + w[i + 2]!) | 0; b = (b + f) | 0; f = (f + S0(g) + majority(g, h, a)) | 0
    e = (e + S1(b) + choose(b, c, d) + K[i + 3]! + w[i + 3]!) | 0; a = (a + e) | 0; e = (e + S0(f) + majority(f, g, h)) | 0
    d = (d + S1(a) + choose(a, b, c) + K[i + 4]! + w[i + 4]!) | 0; h = (h + d) | 0; d = (d + S0(e) + majority(e, f, g)) | 0
    c = (c + S1(h) + choose(h, a, b) + K[i + 5]! + w[i + 5]!) | 0; g = (g + c) | 0; c = (c + S0(d) + majority(d, e, f)) | 0
    b = (b + S1(g) + choose(g, h, a) + K[i + 6]! + w[i + 6]!) | 0; f = (f + b) | 0; b = (b + S0(c) + majority(c, d, e)) | 0
    a = (a + S1(f) + choose(f, g, h) + K[i + 7]! + w[i + 7]!) | 0; e = (e + a) | 0; a = (a + S0(b) + majority(b, c, d)) | 0
  }
  const top = (a + midstate[0]!) >>> 0
  if (top !== target[0]) return top < target[0]!
  const rest = [b, c, d, e, f, g, h]
  for (let i = 1; i < 8; i++) {
    const word = (rest[i - 1]! + midstate[i]!) >>> 0
    if (word !== target[i]) return word < target[i]!
  }
  return true // equal is enough
}

/** @throws RangeError where the nonces are not all within 0 to 2^53 − 1 */
export function checkNonces(firstNonce: number, count: number): void {
  if (firstNonce < 0 || count > Number.MAX_SAFE_INTEGER - firstNonce + 1) {
    throw new RangeError(`${count} nonces from ${firstNonce} on are not within 0 to 2^53 − 1`)
  }
}

/** The kernel in plain JavaScript. */
export const createScalarKernel: CreateKernel = (header, target) => scalarKernelOf(midstateOf(header), target)

/** The same, of a header whose midstate is known. */
export function scalarKernelOf({ state: midstate, words: fixedWords }: Midstate, target: Target): Kernel {
  const w = fixedWords.slice()
  extend(w, 16, FIXED_WORDS)
  const fixed = midstate.slice()
  rounds(fixed, w, FIXED_ROUNDS)
  const words = Uint32Array.from({ length: 8 }, (_, i) => Number((target >> BigInt(32 * (7 - i))) & 0xffff_ffffn))

  return {
    search(firstNonce, count) {
      checkNonces(firstNonce, count)
      for (let i = 0; i < count; i++) {
        const nonce = firstNonce + i
        w[5] = swap(nonce | 0) // its low 32 bits
        w[6] = swap(Math.floor(nonce / TWO_32))
        if (meets(w, fixed, midstate, words)) return nonce
      }
      return undefined
    },
  }
}
