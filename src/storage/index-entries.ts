/**
 * Entries of the index of transactions: where in the chain something stands, by the first bytes of its hash.
 *
 *   key, 6 bytes    height, u32    position, u16        12 bytes, numbers big-endian, one after the other
 *
 * Those of an era are gathered in the order of the chain. When it is full they are laid into buckets by the first bits of
 * their keys, a few hundred bytes each: what is looked for is in one of them, and writing so few rows costs a fraction of
 * writing thousands.
 *
 * @example
 *   const entries = new IndexEntries()
 *   entries.add(id, 7, 0)
 *   placesOf(entries.all, id)                       // [{ height: 7, position: 0 }]
 *   for (const { bucket, entries } of entries.buckets()) …
 */
import type { Place } from '../chain/store.ts'
import { BUCKETS, bucketOf, KEY_BYTES } from './schema.ts'

export const ENTRY_BYTES = KEY_BYTES + 6

/** Entries that there is room for at first, 12 KB: an era has four times as many. It doubles whenever it is full. */
const FIRST_ENTRIES = 1_024

/** Entries of one bucket. */
export interface Bucket {
  bucket: number
  entries: Uint8Array
}

export class IndexEntries {
  #bytes = new Uint8Array(ENTRY_BYTES * FIRST_ENTRIES)
  #end = 0

  /** All of them in the order of the chain; a view, good until there are others. */
  get all(): Uint8Array {
    return this.#bytes.subarray(0, this.#end)
  }

  /** In the order of the chain. */
  add(hash: Uint8Array, height: number, position: number): void {
    if (this.#end === this.#bytes.length) this.#grow()
    const bytes = this.#bytes
    const at = this.#end
    // One by one: of a full block there are thousands, mostly before such a loop would be compiled.
    bytes[at] = hash[0]! // of 32 bytes, all six
    bytes[at + 1] = hash[1]!
    bytes[at + 2] = hash[2]!
    bytes[at + 3] = hash[3]!
    bytes[at + 4] = hash[4]!
    bytes[at + 5] = hash[5]!
    bytes[at + 6] = height >>> 24
    bytes[at + 7] = height >>> 16
    bytes[at + 8] = height >>> 8
    bytes[at + 9] = height
    bytes[at + 10] = position >>> 8
    bytes[at + 11] = position
    this.#end = at + ENTRY_BYTES
  }

  /** Takes off what stands at a height or above. */
  removeFrom(height: number): void {
    while (this.#end > 0 && placeAt(this.#bytes, this.#end - ENTRY_BYTES).height >= height) this.#end -= ENTRY_BYTES
  }

  /** Those that have entries, ascending, each with its own in the order of the chain: what an era becomes in a table. */
  *buckets(): Iterable<Bucket> {
    const bytes = this.#bytes
    const starts = new Uint32Array(BUCKETS + 1)
    for (let at = 0; at < this.#end; at += ENTRY_BYTES) starts[bucketOf(bytes, at) + 1]! += ENTRY_BYTES // one after a bucket
    for (let bucket = 0; bucket < BUCKETS; bucket++) starts[bucket + 1]! += starts[bucket]! // both are there
    const ends = starts.slice()
    const sorted = new Uint8Array(this.#end)
    const [from, to] = [new Uint32Array(bytes.buffer), new Uint32Array(sorted.buffer)] // an entry is three words
    for (let at = 0; at < this.#end; at += ENTRY_BYTES) {
      const bucket = bucketOf(bytes, at)
      const word = at >> 2
      const end = ends[bucket]! >> 2 // a bucket's
      to[end] = from[word]! // the entry's, all three
      to[end + 1] = from[word + 1]!
      to[end + 2] = from[word + 2]!
      ends[bucket]! += ENTRY_BYTES // as above
    }
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      const entries = sorted.subarray(starts[bucket], starts[bucket + 1])
      if (entries.length > 0) yield { bucket, entries }
    }
  }

  #grow(): void {
    const bytes = new Uint8Array(2 * this.#bytes.length)
    bytes.set(this.#bytes)
    this.#bytes = bytes
  }
}

/** The places that stand under a hash's key, ascending. */
export function placesOf(entries: Uint8Array, hash: Uint8Array): Place[] {
  const places: Place[] = []
  const [first] = hash
  for (let at = 0; at < entries.length; at += ENTRY_BYTES) {
    if (entries[at] === first && hasKey(entries, at, hash)) places.push(placeAt(entries, at))
  }
  return places
}

/** The place of the entry that begins at an offset. */
export function placeAt(entries: Uint8Array, at: number): Place {
  const byte = (offset: number): number => entries[at + KEY_BYTES + offset] ?? 0 // an entry's
  const height = byte(0) * 2 ** 24 + (byte(1) << 16) + (byte(2) << 8) + byte(3)
  return { height, position: (byte(4) << 8) + byte(5) }
}

function hasKey(entries: Uint8Array, at: number, hash: Uint8Array): boolean {
  for (let i = 1; i < KEY_BYTES; i++) if (entries[at + i] !== hash[i]) return false
  return true
}
