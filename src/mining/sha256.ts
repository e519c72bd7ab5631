/**
 * The parts of SHA-256 (FIPS 180-4) that the hash kernels share, on 32-bit words; and what of a header's hash is the same
 * for every nonce.
 *
 * SHA-256 takes 64 bytes at a time, so the 92 bytes of a header are two blocks:
 *
 *   bytes  0..63   version, height, parent, first 24 of bodyRoot         the same for every nonce: hashed once,
 *                                                                        and its state kept (the midstate)
 *   bytes 64..91   last 8 of bodyRoot, timestamp, bits, nonce (8, LE)    words 0..6
 *   padding        0x80, zeros, length 736 bits                          words 7..15
 *
 * Only these last 28 bytes and the padding are hashed for each nonce, and of them only words 5 and 6 change: rounds 0 to 4
 * and schedule words 16 to 19 depend on neither.
 *
 * Short rather than quick: everything here runs once for a header. Pure. Fails with a `RangeError` on a header of another
 * length.
 */

export const HEADER_BYTES = 92

/** Initial state: the first 32 bits of the fractions of the square roots of the first 8 primes. */
const INITIAL = Int32Array.of(
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
)

/** Round constants: the same of the cube roots of the first 64 primes. */
export const K = Int32Array.of(
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
)

/** Schedule words that no nonce changes: word 20 is the first to take word 5. */
export const FIXED_WORDS = 20

// The six functions of FIPS 180-4, 4.1.2, on 32-bit words; sums are cut to 32 bits by whoever stores them.
export const s0 = (x: number): number => ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)
export const s1 = (x: number): number => ((x >>> 17) | (x << 15)) ^ ((x >>> 19) | (x << 13)) ^ (x >>> 10)
export const S0 = (x: number): number => ((x >>> 2) | (x << 30)) ^ ((x >>> 13) | (x << 19)) ^ ((x >>> 22) | (x << 10))
export const S1 = (x: number): number => ((x >>> 6) | (x << 26)) ^ ((x >>> 11) | (x << 21)) ^ ((x >>> 25) | (x << 7))
export const choose = (x: number, y: number, z: number): number => z ^ (x & (y ^ z))
export const majority = (x: number, y: number, z: number): number => (x & y) | (z & (x | y))

// Below, `!` says that an index is within a typed array of fixed length.

/** A schedule word from those before it. */
export const wordAt = (w: Int32Array, i: number): number => s1(w[i - 2]!) + w[i - 7]! + s0(w[i - 15]!) + w[i - 16]!

/** Fills schedule words `from` to `to` − 1. */
export function extend(w: Int32Array, from: number, to: number): void {
  for (let i = from; i < to; i++) w[i] = wordAt(w, i)
}

/** Rounds 0 to `to` − 1 on the state a to h, in place. */
export function rounds(state: Int32Array, w: Int32Array, to: number): void {
  for (let i = 0; i < to; i++) {
    const [a, b, c, d, e, f, g, h] = [...state] as [number, number, number, number, number, number, number, number] // 8 words
    const t = h + S1(e) + choose(e, f, g) + K[i]! + w[i]!
    state.set([t + S0(a) + majority(a, b, c), a, b, c, d + t, e, f, g])
  }
}

/** The four bytes of a word the other way round: the nonce is little-endian, SHA-256 reads big-endian. */
export const swap = (x: number): number => (x << 24) | ((x & 0xff00) << 8) | ((x >>> 8) & 0xff00) | (x >>> 24)

/** What of a header's hash is the same for every nonce. */
export interface Midstate {
  /** The state after the first 64 bytes. */
  state: Int32Array
  /** The second block's schedule: 64 words, of which 0 to 4 and 7 to 15 are set and the others, the nonce's too, are 0. */
  words: Int32Array
}

/** @param header 92 encoded bytes; the nonce in them does not matter */
export function midstateOf(header: Uint8Array): Midstate {
  if (header.length !== HEADER_BYTES) throw new RangeError(`a header has ${HEADER_BYTES} bytes, not ${header.length}`)
  const view = new DataView(header.buffer, header.byteOffset, HEADER_BYTES)

  const first = new Int32Array(64)
  for (let i = 0; i < 16; i++) first[i] = view.getInt32(4 * i)
  extend(first, 16, 64)
  const state = INITIAL.slice()
  rounds(state, first, 64)
  state.forEach((word, i) => (state[i] = word + INITIAL[i]!))

  const words = new Int32Array(64)
  for (let i = 0; i < 5; i++) words[i] = view.getInt32(64 + 4 * i)
  words[7] = 0x80 << 24
  words[15] = 8 * HEADER_BYTES
  return { state, words }
}
