/**
 * SHA-256 (FIPS 180-4), synchronous and the same code in Node and in a browser.
 *
 * Everything Cairn hashes goes through here: block hashes, transaction ids, and (by the hasher set below) every
 * SSZ root. `as-sha256` is WebAssembly; for SSZ roots it is about twice as fast as the library's default.
 */
import { digest } from '@chainsafe/as-sha256'
import { setHasher } from '@chainsafe/persistent-merkle-tree'
import { hasher } from '@chainsafe/persistent-merkle-tree/hasher/as-sha256'

setHasher(hasher)

/** SHA-256 of any number of bytes: 32 bytes. */
export const sha256: (data: Uint8Array) => Uint8Array = digest

/**
 * Root of a Merkle tree of 32-byte leaves, as SSZ has it: zeros to the right of the last one.
 * @param leaves one after another, a multiple of 64 bytes; overwritten
 * @param limit leaves that the whole tree has, a power of two
 */
export function merkleize(leaves: Uint8Array, limit: number): Uint8Array {
  const root = new Uint8Array(32)
  hasher.merkleizeBlocksBytes(leaves, limit, root, 0)
  return root
}
