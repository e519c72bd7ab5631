/**
 * SHA-256 (FIPS 180-4), synchronous and the same answer in Node and in a browser.
 *
 * Everything Cairn hashes goes through here: block hashes, transaction ids, and (by the hasher set below) every
 * SSZ root. `as-sha256` is WebAssembly and runs everywhere; for SSZ roots it is about twice as fast as the library's
 * default. Where there is Node, digests are its OpenSSL's, by the processor's own instructions: an id takes half a
 * microsecond instead of three. Roots are `hashtree`'s, which hashes a whole level in one call, several pairs side by side.
 * Where it is not built for a machine, they are WebAssembly's there too.
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

/** Hashes pairs of nodes, 64 bytes each, all in one call: 32 bytes for each into `above`, which is apart from them. */
type HashPairs = (pairs: Uint8Array, above: Uint8Array) => void

/** Of a library for Node that is built for most machines, and not for this one perhaps. */
const hashPairsOfNode = ((): HashPairs | undefined => {
  try {
    const load = globalThis.process?.getBuiltinModule?.('node:module').createRequire(import.meta.url)
    return (load?.('@chainsafe/hashtree') as { hashInto: HashPairs } | undefined)?.hashInto // as its types say
  } catch {
    return undefined
  }
})()

/**
 * Root of a Merkle tree of 32-byte leaves, as SSZ has it: zeros to the right of the last one.
 * @param leaves one after another, a multiple of 64 bytes; overwritten
 * @param limit leaves that the whole tree has, a power of two
 */
export const merkleize: typeof portableMerkleize =
  hashPairsOfNode === undefined ? portableMerkleize : (leaves, limit) => merkleizeBy(hashPairsOfNode, leaves, limit)

/** Roots of trees of zeros: of one leaf, of two, of four… */
const zeroRoots: Uint8Array[] = [new Uint8Array(32)]

/** Level by level, to and fro between two pieces of memory. */
function merkleizeBy(hashPairs: HashPairs, leaves: Uint8Array, limit: number): Uint8Array {
  let nodes = leaves
  let above: Uint8Array = new Uint8Array(leaves.length / 2 + 32) // with room for the zeros that make a pair of the last one
  let count = leaves.length / 32
  for (let level = 0; 2 ** level < limit; level++) {
    const zeros = zeroRoots[level] as Uint8Array // made with the level below
    zeroRoots[level + 1] ??= sha256(new Uint8Array([...zeros, ...zeros]))
    if (count % 2 === 1) nodes.set(zeros, 32 * count++)
    count /= 2
    hashPairs(nodes.subarray(0, 64 * count), above.subarray(0, 32 * count))
    const below = nodes
    nodes = above
    above = below
  }
  return count === 0 ? (zeroRoots[Math.log2(limit)] as Uint8Array).slice() : nodes.slice(0, 32) // made on the way up
}
