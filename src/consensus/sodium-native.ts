/** libsodium for Node: the native binding behind the name `#sodium`. See sodium-browser.ts for the other one. */
import sodium from 'sodium-native'

/** Whether libsodium accepts `signature` (64 bytes) of `message` by `publicKey` (32 bytes). */
export const verifyDetached = (signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean =>
  sodium.crypto_sign_verify_detached(signature, message, publicKey)

/** Signs with a 64-byte libsodium secret key: 64 bytes. */
export function signDetached(message: Uint8Array, secretKey: Uint8Array): Uint8Array {
  const signature = new Uint8Array(64)
  sodium.crypto_sign_detached(signature, message, secretKey)
  return signature
}

/** The key pair of a 32-byte seed (RFC 8032). */
export function keyPairOfSeed(seed: Uint8Array): { publicKey: Uint8Array; secretKey: Uint8Array } {
  const publicKey = new Uint8Array(32)
  const secretKey = new Uint8Array(64)
  sodium.crypto_sign_seed_keypair(publicKey, secretKey, seed)
  return { publicKey, secretKey }
}
