/**
 * SLIP-0010 for Ed25519 (https://github.com/satoshilabs/slips/blob/master/slip-0010.md): many keys from one seed.
 *
 *   master = HMAC-SHA512('ed25519 seed', seed)                           left half: key, right half: chain code
 *   child  = HMAC-SHA512(chain code, 0x00 ‖ key ‖ index, big-endian)     index ≥ 2^31: hardened
 *
 * Ed25519 knows hardened children only: a child says nothing about its parent or its siblings. Paths are BIP 32's:
 * `m/44'/0'/1'`.
 *
 * @example
 *   const keys = keyPair(deriveKey(seed, "m/44'/6513001'/0'"))
 */
import { hmac } from '@noble/hashes/hmac.js'
import { sha512 } from '@noble/hashes/sha2.js'

/** A key in the tree, and what its children are made from: 32 bytes each. */
export interface ExtendedKey {
  key: Uint8Array
  chainCode: Uint8Array
}

const HARDENED = 2 ** 31
const MASTER = new TextEncoder().encode('ed25519 seed')
const PATH = /^m(\/\d{1,10}')*$/

const split = (digest: Uint8Array): ExtendedKey => ({ key: digest.slice(0, 32), chainCode: digest.slice(32) })

/** @param seed 16 to 64 bytes */
export const masterKey = (seed: Uint8Array): ExtendedKey => split(hmac(sha512, MASTER, seed))

/** @param index 0 to 2^31 − 1, hardened here */
export function childKey({ key, chainCode }: ExtendedKey, index: number): ExtendedKey {
  const data = new Uint8Array(37)
  data.set(key, 1)
  new DataView(data.buffer).setUint32(33, HARDENED + index)
  return split(hmac(sha512, chainCode, data))
}

/** The indexes of a path, or undefined where it is none or has a step that is not hardened. */
export function parsePath(path: string): number[] | undefined {
  if (!PATH.test(path)) return undefined
  const indexes = path.split('/').slice(1).map((step) => Number(step.slice(0, -1)))
  return indexes.every((index) => index < HARDENED) ? indexes : undefined
}

/**
 * The key of a path under a seed.
 * @throws RangeError for a path that `parsePath` does not take
 */
export function deriveExtended(seed: Uint8Array, path: string): ExtendedKey {
  const indexes = parsePath(path)
  if (indexes === undefined) throw new RangeError(`"${path}" is not a path of hardened steps, such as m/44'/0'`)
  return indexes.reduce(childKey, masterKey(seed))
}

/** The Ed25519 seed (RFC 8032's private key, 32 bytes) of a path. */
export const deriveKey = (seed: Uint8Array, path: string): Uint8Array => deriveExtended(seed, path).key
