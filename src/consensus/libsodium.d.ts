/** The part of `sodium-native` that Cairn calls; the package ships no types and works on plain byte arrays. */
declare module 'sodium-native' {
  const sodium: {
    crypto_sign_verify_detached(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean
    crypto_sign_detached(signature: Uint8Array, message: Uint8Array, secretKey: Uint8Array): void
    crypto_sign_seed_keypair(publicKey: Uint8Array, secretKey: Uint8Array, seed: Uint8Array): void
    crypto_hash_sha256(hash: Uint8Array, data: Uint8Array): void
    crypto_scalarmult_base(publicKey: Uint8Array, secretKey: Uint8Array): void
    crypto_scalarmult(shared: Uint8Array, secretKey: Uint8Array, publicKey: Uint8Array): void
    crypto_aead_chacha20poly1305_ietf_encrypt(
      ciphertext: Uint8Array, message: Uint8Array, data: Uint8Array, secretNonce: null, nonce: Uint8Array, key: Uint8Array,
    ): void
    crypto_aead_chacha20poly1305_ietf_decrypt(
      message: Uint8Array, secretNonce: null, ciphertext: Uint8Array, data: Uint8Array, nonce: Uint8Array, key: Uint8Array,
    ): void
  }
  export default sodium
}
