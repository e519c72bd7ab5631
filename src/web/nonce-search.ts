/**
 * A search for a nonce, so many at a time, and what was seen on the way: a page that searches a few milliseconds long, and
 * goes on after what else it has to do, stays quick.
 *
 * The first 64 bytes of a header are the same for every nonce, so they are hashed once: some half a million nonces a
 * second. A miner's kernels are quicker because they look at the first digits alone; here every hash counts in a tally.
 *
 * @example
 *   const search = new NonceSearch(encodeHeader(header), target)
 *   search.run(0, 1000)      // the nonce that meets the target, if one of 0 to 999 does
 *   search.tally             // { tries: 1000, zeroBits: [503, 248, …], best: { nonce: 417, hash: '0023…' } }
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { HEADER_BYTES, NONCE_AT } from './header-bytes.ts'

export interface Tally {
  tries: number
  /** How many hashes began with so many zeros, counted in bits: half of all with none, a quarter with one, and so on. */
  zeroBits: readonly number[]
  /** The smallest hash so far. */
  best: { nonce: number; hash: string } | undefined
}

export const NO_TRIES: Tally = { tries: 0, zeroBits: [], best: undefined }

/** What a header and its search have in common: the same for every nonce. */
export const searchKey = (header: Uint8Array): string => bytesToHex(header.subarray(0, NONCE_AT))

/** Bytes that SHA-256 takes at once. */
const HASHED_AT_ONCE = 64

export class NonceSearch {
  readonly #target: string
  /** The first four bytes, as a number. */
  readonly #targetTop: number
  readonly #tail: Uint8Array
  readonly #nonce: DataView
  readonly #first = sha256.create()
  readonly #hashing = sha256.create()
  readonly #hash = new Uint8Array(32)
  readonly #top = new DataView(this.#hash.buffer)
  #tries: number
  #best: Tally['best']
  /** The same of the best hash. */
  #bestTop: number
  readonly #zeroBits: number[]

  /**
   * @param header 92 bytes; the nonce in them does not matter
   * @param target 64 hex digits
   * @param before what was seen of this header already
   */
  constructor(header: Uint8Array, target: string, before: Tally = NO_TRIES) {
    this.#target = target
    this.#targetTop = topOf(target)
    this.#first.update(header.subarray(0, HASHED_AT_ONCE))
    this.#tail = header.slice(HASHED_AT_ONCE, HEADER_BYTES)
    this.#nonce = new DataView(this.#tail.buffer, NONCE_AT - HASHED_AT_ONCE)
    this.#tries = before.tries
    this.#best = before.best
    this.#bestTop = before.best === undefined ? Infinity : topOf(before.best.hash)
    this.#zeroBits = [...before.zeroBits]
  }

  get tally(): Tally {
    return { tries: this.#tries, best: this.#best, zeroBits: [...this.#zeroBits] }
  }

  /**
   * Tries nonces from `first` on, one after the other.
   * @param count of nonces, all of them at most 2^53 − 1
   * @returns the first whose hash is at most the target; none after it is tried
   */
  run(first: number, count: number): number | undefined {
    for (let nonce = first; nonce < first + count; nonce += 1) {
      this.#nonce.setUint32(0, nonce % 2 ** 32, true)
      this.#nonce.setUint32(4, Math.floor(nonce / 2 ** 32), true)
      this.#first._cloneInto(this.#hashing).update(this.#tail).digestInto(this.#hash)
      if (this.#count(nonce)) return nonce
    }
    return undefined
  }

  /** Counts the hash of a nonce. @returns whether it is at most the target */
  #count(nonce: number): boolean {
    this.#tries += 1
    const top = this.#top.getUint32(0)
    const zeros = top === 0 ? zeroBitsOf(this.#hash) : Math.clz32(top)
    while (this.#zeroBits.length <= zeros) this.#zeroBits.push(0)
    this.#zeroBits[zeros] = (this.#zeroBits[zeros] ?? 0) + 1
    // Nearly every hash is too large by its first digits already.
    if (top > this.#bestTop && top > this.#targetTop) return false
    const hash = bytesToHex(this.#hash)
    if (this.#best === undefined || hash < this.#best.hash) {
      this.#best = { nonce, hash }
      this.#bestTop = top
    }
    return hash <= this.#target
  }
}

const topOf = (hash: string): number => Number.parseInt(hash.slice(0, 8), 16)

/** Zeros at the beginning, in bits. */
function zeroBitsOf(hash: Uint8Array): number {
  const at = hash.findIndex((byte) => byte !== 0)
  return at < 0 ? 8 * hash.length : 8 * at + Math.clz32(hash[at] ?? 0) - 24
}
