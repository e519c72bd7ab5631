/** libsodium for browsers: the same library as WebAssembly, hence the same verdicts, behind the name `#sodium`. */
import sodium from 'libsodium-wrappers'

await sodium.ready

export const verifyDetached = (signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean =>
  sodium.crypto_sign_verify_detached(signature, message, publicKey)

export const signDetached = (message: Uint8Array, secretKey: Uint8Array): Uint8Array =>
  sodium.crypto_sign_detached(message, secretKey)

export function keyPairOfSeed(seed: Uint8Array): { publicKey: Uint8Array; secretKey: Uint8Array } {
  const { publicKey, privateKey } = sodium.crypto_sign_seed_keypair(seed)
  return { publicKey, secretKey: privateKey }
}
