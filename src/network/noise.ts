/**
 * Noise as libp2p speaks it (XX_25519_ChaChaPoly_SHA256), with libsodium underneath.
 *
 * @libp2p/noise brings its own: Node's keys for X25519, which take five times as long to import as to use, and for what is
 * sent WebAssembly or OpenSSL, by length. libsodium is here already, for signatures; what a handshake calculates takes it a
 * quarter of the time, and a message of a few hundred bytes half. What goes over the wire is the same, byte for byte.
 *
 * One thing more: the library reads frames until there is no length left to read, and learns that by an exception, once for
 * each piece that arrives. To make an exception takes longer than to decrypt a message, so here it is always the same one.
 */
import { hkdfSync, randomBytes } from 'node:crypto'
import type { ConnectionEncrypter } from '@libp2p/interface'
import { type ICryptoInterface, noise } from '@libp2p/noise'
import sodium from 'sodium-native'

const KEY_BYTES = 32
const TAG_BYTES = 16
const NOTHING = new Uint8Array()

/** What the Noise protocol is made of (https://noiseprotocol.org/noise.html, 4). */
export const sodiumCrypto: ICryptoInterface = {
  hashSHA256(data) {
    const hash = new Uint8Array(32)
    sodium.crypto_hash_sha256(hash, data.subarray())
    return hash
  },

  /** HKDF-SHA256 (RFC 5869): three outputs of 32 bytes. */
  getHKDF(chainingKey, input) {
    const keys = new Uint8Array(hkdfSync('sha256', input, chainingKey, NOTHING, 3 * KEY_BYTES))
    return [keys.subarray(0, KEY_BYTES), keys.subarray(KEY_BYTES, 2 * KEY_BYTES), keys.subarray(2 * KEY_BYTES)]
  },

  generateX25519KeyPair() {
    return keyPairOf(randomBytes(KEY_BYTES))
  },

  generateX25519KeyPairFromSeed(seed) {
    return keyPairOf(seed)
  },

  /** RFC 7748. @throws Error where the other side's key is of small order: whatever the secret, the result would be 0 */
  generateX25519SharedKey(privateKey, publicKey) {
    const shared = new Uint8Array(KEY_BYTES)
    sodium.crypto_scalarmult(shared, privateKey.subarray(), publicKey.subarray())
    return shared
  },

  /** RFC 8439: the ciphertext, then its tag. */
  chaCha20Poly1305Encrypt(plaintext, nonce, data, key) {
    const ciphertext = new Uint8Array(plaintext.byteLength + TAG_BYTES)
    sodium.crypto_aead_chacha20poly1305_ietf_encrypt(ciphertext, plaintext.subarray(), data, null, nonce, key)
    return ciphertext
  },

  /** @param into where the plaintext goes; it may be where the ciphertext is. @throws Error where the tag is wrong */
  chaCha20Poly1305Decrypt(ciphertext, nonce, data, key, into) {
    const plaintext = into ?? new Uint8Array(ciphertext.byteLength - TAG_BYTES)
    sodium.crypto_aead_chacha20poly1305_ietf_decrypt(plaintext, null, ciphertext.subarray(), data, nonce, key)
    return plaintext
  },
}

function keyPairOf(privateKey: Uint8Array): { publicKey: Uint8Array; privateKey: Uint8Array } {
  const publicKey = new Uint8Array(KEY_BYTES)
  sodium.crypto_scalarmult_base(publicKey, privateKey)
  return { publicKey, privateKey }
}

/** Encrypts connections. */
export const sodiumNoise = (): ((...args: Parameters<ReturnType<typeof noise>>) => ConnectionEncrypter) => (components) => {
  const encrypter: ConnectionEncrypter = noise({ crypto: sodiumCrypto })(components)
  const [outbound, inbound] = [encrypter.secureOutbound.bind(encrypter), encrypter.secureInbound.bind(encrypter)]
  encrypter.secureOutbound = async (...args) => withoutNewErrors(await outbound(...args))
  encrypter.secureInbound = async (...args) => withoutNewErrors(await inbound(...args))
  return encrypter
}

/** What is thrown where a piece has ended: RangeError is what the decoder takes for that, and it looks at nothing else. */
const ENDED = new RangeError('no whole length is here yet')

interface Bytes {
  readonly byteLength: number
  getUint16(at: number): number
}

function withoutNewErrors<Secured extends { connection: object }>(secured: Secured): Secured {
  // A private field: where a version of the library has none, all is as slow as it was, and not otherwise.
  const { decoder } = secured.connection as { decoder?: { lengthDecoder?: unknown } }
  if (typeof decoder?.lengthDecoder === 'function') {
    decoder.lengthDecoder = (data: Bytes): number => {
      if (data.byteLength < 2) throw ENDED
      return data.getUint16(0)
    }
  }
  return secured
}
