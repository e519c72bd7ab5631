/**
 * The hash kernel: finds a nonce that brings a header's SHA-256 under a target.
 *
 * SHA-256 (FIPS 180-4) takes 64 bytes at a time, so the 92 bytes of a header are two blocks:
 *
 *   bytes  0..63   version, height, parent, first 24 of bodyRoot         the same for every nonce: hashed once,
 *                                                                        and its state kept (the midstate)
 *   bytes 64..91   last 8 of bodyRoot, timestamp, bits, nonce (8, LE)    words 0..6
 *   padding        0x80, zeros, length 736 bits                          words 7..15
 *
 * Only these last 28 bytes and the padding are hashed per nonce, and of them only words 5 and 6 change: rounds 0 to 4
 * and schedule words 16 to 19 depend on neither and are computed once as well. A hash is compared from its top word
 * down, and nearly every one is too large in that word already.
 *
 * Pure, and free of `node:` imports, so that it runs in any worker. Fails with a `RangeError` on nonces past 2^53 − 1.
 *
 * @example
 *   const kernel = createKernel(encodeHeader(block.header), target)
 *   const nonce = kernel.search(0, 1_000_000)
 */
import type { Target } from '../consensus/target.ts'

/** Searches one header's nonces. */
export interface Kernel {
  /**
   * Hashes `count` nonces from `firstNonce` on.
   * @returns the first whose hash is ≤ the target, or undefined where none is
   */
  search(firstNonce: number, count: number): number | undefined
}

const HEADER_BYTES = 92
const TWO_32 = 2 ** 32

/** Initial state: the first 32 bits of the fractions of the square roots of the first 8 primes. */
const INITIAL = Int32Array.of(
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
)

/** Round constants: the same of the cube roots of the first 64 primes. */
const K = Int32Array.of(
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
)

/** Rounds, and schedule words, that no nonce changes. */
const FIXED_ROUNDS = 5
const FIXED_WORDS = 20

// The six functions of FIPS 180-4, 4.1.2, on 32-bit words; sums are cut to 32 bits by whoever stores them.
const s0 = (x: number): number => ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)
const s1 = (x: number): number => ((x >>> 17) | (x << 15)) ^ ((x >>> 19) | (x << 13)) ^ (x >>> 10)
const S0 = (x: number): number => ((x >>> 2) | (x << 30)) ^ ((x >>> 13) | (x << 19)) ^ ((x >>> 22) | (x << 10))
const S1 = (x: number): number => ((x >>> 6) | (x << 26)) ^ ((x >>> 11) | (x << 21)) ^ ((x >>> 25) | (x << 7))
const choose = (x: number, y: number, z: number): number => z ^ (x & (y ^ z))
const majority = (x: number, y: number, z: number): number => (x & y) | (z & (x | y))

// Below, `!` says that an index is within a typed array of fixed length.

/** Fills schedule words `from` to `to` − 1, each from the 16 before it. */
function extend(w: Int32Array, from: number, to: number): void {
  for (let i = from; i < to; i++) w[i] = s1(w[i - 2]!) + w[i - 7]! + s0(w[i - 15]!) + w[i - 16]!
}

/** Rounds 0 to `to` − 1 on the state a to h, in place: short rather than quick, for what is done once a header. */
function rounds(state: Int32Array, w: Int32Array, to: number): void {
  for (let i = 0; i < to; i++) {
    const [a, b, c, d, e, f, g, h] = [...state] as [number, number, number, number, number, number, number, number] // 8 words
    const t = h + S1(e) + choose(e, f, g) + K[i]! + w[i]!
    state.set([t + S0(a) + majority(a, b, c), a, b, c, d + t, e, f, g])
  }
}

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

/** The four bytes of a word the other way round: the nonce is little-endian, SHA-256 reads big-endian. */
const swap = (x: number): number => (x << 24) | ((x & 0xff00) << 8) | ((x >>> 8) & 0xff00) | (x >>> 24)

/**
 * Prepares the search of one header.
 * @param header 92 encoded bytes; the nonce in them does not matter
 * @param target < 2^256
 */
export function createKernel(header: Uint8Array, target: Target): Kernel {
  if (header.length !== HEADER_BYTES) throw new RangeError(`a header has ${HEADER_BYTES} bytes, not ${header.length}`)
  const view = new DataView(header.buffer, header.byteOffset, HEADER_BYTES)

  const first = new Int32Array(64)
  for (let i = 0; i < 16; i++) first[i] = view.getInt32(4 * i)
  extend(first, 16, 64)
  const midstate = INITIAL.slice()
  rounds(midstate, first, 64)
  midstate.forEach((word, i) => (midstate[i] = word + INITIAL[i]!))

  const w = new Int32Array(64)
  for (let i = 0; i < FIXED_ROUNDS; i++) w[i] = view.getInt32(64 + 4 * i)
  w[7] = 0x80 << 24
  w[15] = 8 * HEADER_BYTES
  // Words 5 and 6 are still 0. Word 19 takes word 4 and later ones; word 20 is the first to take word 5.
  extend(w, 16, FIXED_WORDS)
  const fixed = midstate.slice()
  rounds(fixed, w, FIXED_ROUNDS)

  const words = Uint32Array.from({ length: 8 }, (_, i) => Number((target >> BigInt(32 * (7 - i))) & 0xffff_ffffn))

  return {
    search(firstNonce, count) {
      if (firstNonce < 0 || count > Number.MAX_SAFE_INTEGER - firstNonce + 1) {
        throw new RangeError(`${count} nonces from ${firstNonce} on are not within 0 to 2^53 − 1`)
      }
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
