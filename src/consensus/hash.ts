/**
 * SHA-256 (FIPS 180-4), synchronous and the same answer in Node and in a browser.
 *
 * Everything Cairn hashes goes through here: block hashes, transaction ids, and (by the hasher set below) every
 * SSZ root. `as-sha256` is WebAssembly and runs everywhere; for SSZ roots it is about twice as fast as the library's
 * default. Where there is Node, digests are its OpenSSL's, by the processor's own instructions: an id takes half a
 * microsecond instead of three, and the root of 1 250 ids 0.7 ms instead of 0.9.
 */
import { digest } from '@chainsafe/as-sha256'
import { setHasher } from '@chainsafe/persistent-merkle-tree'
import { hasher } from '@chainsafe/persistent-merkle-tree/hasher/as-sha256'

setHasher(hasher)

/** Asked for at run time, not imported: this file runs in a browser as it is, where nobody has it. */
const hashOfNode = globalThis.process?.getBuiltinModule?.('node:crypto').hash

/** SHA-256 by WebAssembly: what `sha256` is where there is no Node. */
export const portableSha256: (data: Uint8Array) => Uint8Array = digest

/** SHA-256 of any number of bytes: 32 bytes. */
export const sha256: (data: Uint8Array) => Uint8Array =
  hashOfNode === undefined ? portableSha256 : (data) => bytesOf(hashOfNode('sha256', data, 'binary'))

/** A digest as text, a character for each byte, to bytes: a `Buffer` of its own takes Node three times as long to make. */
function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length)
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at)
  return bytes
}

/** Root of a Merkle tree by WebAssembly: what `merkleize` is where there is no Node. */
export function portableMerkleize(leaves: Uint8Array, limit: number): Uint8Array {
  const root = new Uint8Array(32)
  hasher.merkleizeBlocksBytes(leaves, limit, root, 0)
  return root
}

/**
 * Root of a Merkle tree of 32-byte leaves, as SSZ has it: zeros to the right of the last one.
 * @param leaves one after another, a multiple of 64 bytes; overwritten
 * @param limit leaves that the whole tree has, a power of two
 */
export const merkleize: typeof portableMerkleize =
  hashOfNode === undefined ? portableMerkleize : (leaves, limit) => merkleizeBy(hashOfNode, leaves, limit)

/** Roots of trees of zeros: of one leaf, of two, of four… */
const zeroRoots: Uint8Array[] = [new Uint8Array(32)]

/**
 * Level by level in place: each pair of hashes becomes one, and the level above is written where this one began. Its digests
 * are text until then, for writing each one costs a quarter of hashing it.
 */
function merkleizeBy(hash: NonNullable<typeof hashOfNode>, leaves: Uint8Array, limit: number): Uint8Array {
  const nodes = Buffer.from(leaves.buffer, leaves.byteOffset, leaves.length) // a view, which takes digests as text
  let count = leaves.length / 32
  for (let level = 0; 2 ** level < limit; level++) {
    const zeros = zeroRoots[level] as Uint8Array // made with the level below
    zeroRoots[level + 1] ??= sha256(new Uint8Array([...zeros, ...zeros]))
    if (count % 2 === 1) nodes.set(zeros, 32 * count++)
    let above = ''
    for (let at = 0; at < count; at += 2) above += hash('sha256', nodes.subarray(32 * at, 32 * at + 64), 'binary')
    nodes.write(above, 'latin1')
    count /= 2
  }
  return count === 0 ? (zeroRoots[Math.log2(limit)] as Uint8Array).slice() : leaves.slice(0, 32) // made on the way up
}
