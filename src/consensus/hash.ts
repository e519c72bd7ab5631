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
