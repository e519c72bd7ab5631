/**
 * What the tree remembers of each block, in columns: a typed array a field, a row a block, in order of arrival.
 *
 *   row │ hash      parent  height  bits      timestamp  work         children
 *     0 │ 91ab07…        –       0  1f010000  …          65 536              1
 *     1 │ 0000c3…        0       1  1f010000  …          131 072             2
 *     2 │ 0000f0…        1       2  1f010000  …          196 608             0
 *     3 │ 00001d…        1       2  1f010000  …          196 608             0
 *
 * A row takes 72 bytes and a table to find it by its hash some 8 more, where an object with the hash as text takes 250;
 * and the garbage collector need not look at it.
 *
 * A row never moves and is never used again, so its number says which block was seen first. What is removed stays where
 * it is, found no more, until the next start: it was a block with its work done, and there are few of those.
 *
 * The table is one of open addressing: a row's place follows from the last 32 bits of its hash, which no work makes
 * zero, and where that is taken it is the next free one.
 */
import { fromHex, type Hex, toHex } from '../consensus/hex.ts'

export interface HeaderRow {
  hash: Hex
  /** Row of the block before; genesis has none. */
  parent: number | undefined
  height: number
  bits: number
  /** ms since the Unix epoch. */
  timestamp: number
  /** Cumulative. */
  work: bigint
}

const HASH_BYTES = 32
/** Cumulative work is below this, so that two words hold it: all of Bitcoin’s until 2025 is less than 2^97. */
const WORK_LIMIT = 1n << 128n
/** Rows that there is room for at first. Whenever they are used up, room for an eighth more is made. */
const FIRST_CAPACITY = 1_024
/** In `#parents`, of genesis. */
const NONE = 0xffff_ffff
/** In `#children`, of a row that is removed. */
const REMOVED = 0xffff_ffff
/** The 16 digits as codes of characters. */
const DIGITS = Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0))

export class HeaderRows {
  #length = 0
  #removed = 0
  #capacity = FIRST_CAPACITY
  #hashes = new Uint8Array(FIRST_CAPACITY * HASH_BYTES)
  #parents = new Uint32Array(FIRST_CAPACITY)
  #heights = new Uint32Array(FIRST_CAPACITY)
  #bits = new Uint32Array(FIRST_CAPACITY)
  #timestamps = new Float64Array(FIRST_CAPACITY)
  #works = new BigUint64Array(2 * FIRST_CAPACITY)
  #children = new Uint32Array(FIRST_CAPACITY)
  /** Row + 1 by the end of its hash; 0 is free. A power of two, and never more than two thirds full. */
  #table = new Uint32Array(2 * FIRST_CAPACITY)

  /** The number that the next row will have. */
  get next(): number {
    return this.#length
  }

  /** Number of rows that are not removed. */
  get size(): number {
    return this.#length - this.#removed
  }

  /** @returns its number */
  append({ hash, parent, height, bits, timestamp, work }: HeaderRow): number {
    if (work >= WORK_LIMIT) throw new Error(`assertion: nobody has done the work of ${hash}`)
    if (this.#length === this.#capacity) this.#grow()
    const row = this.#length++
    this.#hashes.set(fromHex(hash), row * HASH_BYTES)
    this.#parents[row] = parent ?? NONE
    this.#heights[row] = height
    this.#bits[row] = bits
    this.#timestamps[row] = timestamp
    this.#works[2 * row] = work // its low 64 bits
    this.#works[2 * row + 1] = work >> 64n
    if (parent !== undefined) this.#children[parent] = this.children(parent) + 1
    if (3 * this.#length > 2 * this.#table.length) this.#widen()
    else this.#enter(row)
    return row
  }

  /** The row of a hash; undefined where there is none, and for what is no hash. */
  find(hash: Hex): number | undefined {
    if (hash.length !== 2 * HASH_BYTES) return undefined
    for (let slot = this.#slot(Number.parseInt(hash.slice(-8), 16)); ; slot = this.#slot(slot + 1)) {
      const entry = this.#table[slot] as number // a slot is within the table
      if (entry === 0) return undefined
      const row = entry - 1
      if (this.#children[row] !== REMOVED && this.#hasHash(row, hash)) return row
    }
  }

  /** Takes out a row that no other has for a parent. */
  remove(row: number): void {
    const parent = this.parent(row)
    if (parent !== undefined) this.#children[parent] = this.children(parent) - 1
    this.#children[row] = REMOVED
    this.#removed += 1
  }

  hash(row: number): Hex {
    return toHex(this.#hashes.subarray(row * HASH_BYTES, (row + 1) * HASH_BYTES))
  }

  parent(row: number): number | undefined {
    const parent = this.#parents[row]
    return parent === NONE ? undefined : parent
  }

  height(row: number): number {
    return this.#heights[row] as number // of every number that `append` gave; so are those below
  }

  bits(row: number): number {
    return this.#bits[row] as number
  }

  timestamp(row: number): number {
    return this.#timestamps[row] as number
  }

  work(row: number): bigint {
    return ((this.#works[2 * row + 1] as bigint) << 64n) | (this.#works[2 * row] as bigint)
  }

  /** How many rows have this one for a parent. */
  children(row: number): number {
    return this.#children[row] as number
  }

  #hasHash(row: number, hash: Hex): boolean {
    for (let at = 0; at < HASH_BYTES; at++) {
      const byte = this.#hashes[row * HASH_BYTES + at] as number
      if (hash.charCodeAt(2 * at) !== DIGITS[byte >> 4] || hash.charCodeAt(2 * at + 1) !== DIGITS[byte & 15]) return false
    }
    return true
  }

  /** Any number as a place in the table. */
  #slot(number: number): number {
    return (number & (this.#table.length - 1)) >>> 0
  }

  #enter(row: number): void {
    const end = row * HASH_BYTES + HASH_BYTES - 4
    let slot = this.#slot(new DataView(this.#hashes.buffer).getUint32(end))
    while (this.#table[slot] !== 0) slot = this.#slot(slot + 1)
    this.#table[slot] = row + 1
  }

  #widen(): void {
    this.#table = new Uint32Array(2 * this.#table.length)
    for (let row = 0; row < this.#length; row++) if (this.#children[row] !== REMOVED) this.#enter(row)
  }

  #grow(): void {
    const rows = this.#capacity + Math.ceil(this.#capacity / 8)
    this.#hashes = new Uint8Array(this.#hashes.buffer.transfer(rows * HASH_BYTES))
    this.#parents = new Uint32Array(this.#parents.buffer.transfer(rows * Uint32Array.BYTES_PER_ELEMENT))
    this.#heights = new Uint32Array(this.#heights.buffer.transfer(rows * Uint32Array.BYTES_PER_ELEMENT))
    this.#bits = new Uint32Array(this.#bits.buffer.transfer(rows * Uint32Array.BYTES_PER_ELEMENT))
    this.#timestamps = new Float64Array(this.#timestamps.buffer.transfer(rows * Float64Array.BYTES_PER_ELEMENT))
    this.#works = new BigUint64Array(this.#works.buffer.transfer(2 * rows * BigUint64Array.BYTES_PER_ELEMENT))
    this.#children = new Uint32Array(this.#children.buffer.transfer(rows * Uint32Array.BYTES_PER_ELEMENT))
    this.#capacity = rows
  }
}
