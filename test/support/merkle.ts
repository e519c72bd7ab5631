/**
 * SSZ's merkleization written out by hand from its specification, on Node's own SHA-256: a second opinion on every root
 * that the library computes.
 * https://github.com/ethereum/consensus-specs/blob/master/ssz/simple-serialize.md#merkleization
 */
import { createHash } from 'node:crypto'

const hashPair = (left: Uint8Array, right: Uint8Array): Uint8Array =>
  new Uint8Array(createHash('sha256').update(left).update(right).digest())

/** A number as a 32-byte little-endian chunk. */
export function numberChunk(value: number): Uint8Array {
  const chunk = new Uint8Array(32)
  new DataView(chunk.buffer).setBigUint64(0, BigInt(value), true)
  return chunk
}

/** Bytes cut into 32-byte chunks, the last filled up with zeros. */
export function bytesChunks(bytes: Uint8Array): Uint8Array[] {
  const chunks: Uint8Array[] = []
  for (let at = 0; at < bytes.length; at += 32) {
    const chunk = new Uint8Array(32)
    chunk.set(bytes.subarray(at, at + 32))
    chunks.push(chunk)
  }
  return chunks
}

/** The root of the chunks as the first leaves of a tree of a depth, every other leaf zero. */
export function merkleize(chunks: Uint8Array[], depth: number): Uint8Array {
  let zero: Uint8Array = new Uint8Array(32)
  let level = chunks
  for (let above = 0; above < depth; above++) {
    const next: Uint8Array[] = []
    for (let at = 0; at < level.length; at += 2) next.push(hashPair(level[at]!, level[at + 1] ?? zero))
    level = next
    zero = hashPair(zero, zero)
  }
  return level[0] ?? zero
}

/** The root of a list: of its chunks at a depth, with its length mixed in. */
export const listRoot = (chunks: Uint8Array[], depth: number, length: number): Uint8Array =>
  hashPair(merkleize(chunks, depth), numberChunk(length))
