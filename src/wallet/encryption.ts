/**
 * A secret under a passphrase: scrypt (RFC 7914) makes a key of it, AES-256-GCM (NIST SP 800-38D) encrypts with that.
 *
 * scrypt with N = 2^17, r = 8, p = 1 takes about half a second and 128 MB, on a thread of its own, so that each guess
 * costs that too. A header is bound to the ciphertext as associated data: neither can be changed or exchanged without
 * the other. A nonce is never used twice with one key: it is new, and random, each time.
 *
 * Fails with `WalletError` `wallet-wrong-passphrase` or `wallet-bad-passphrase`.
 *
 * @example
 *   const key = await passphraseKey('correct horse', newKdf())
 *   const ciphertext = encrypt(secret, key, nonce, header)
 *   const same = decrypt(ciphertext, key, nonce, header)
 */
import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto'
import { WalletError } from './wallet-error.ts'

/** How a passphrase becomes a key. */
export interface Kdf {
  /** Cost in time and memory, a power of two: 128 · n · r bytes. */
  n: number
  r: number
  p: number
  /** Random, so that one passphrase makes another key in each wallet. */
  salt: Uint8Array
}

const COST = { n: 2 ** 17, r: 8, p: 1 } as const
const SALT_BYTES = 32
const KEY_BYTES = 32
/** What GCM takes without hashing it first. */
export const NONCE_BYTES = 12
export const TAG_BYTES = 16

/** Bytes that a file may ask of scrypt: four times what we ask, and not all that a small machine has. */
const MAX_MEMORY = 2 ** 29
/** Longer, a passphrase is a file that was named by mistake. */
export const MAX_PASSPHRASE_BYTES = 1024

/** A new salt, with the cost of today. */
export const newKdf = (): Kdf => ({ ...COST, salt: randomBytes(SALT_BYTES) })

/** Whether scrypt can and should be run so: a file that asks for all memory is no wallet of ours. */
export const isSensible = ({ n, r, p, salt }: Kdf): boolean =>
  Number.isInteger(Math.log2(n)) && n > 1 && r >= 1 && p >= 1 && p <= 16 && 128 * n * r <= MAX_MEMORY && salt.length >= 16

/** @throws WalletError `wallet-bad-passphrase` for one that no wallet can have */
export function checkPassphrase(passphrase: string): void {
  if (passphrase === '') throw new WalletError('wallet-bad-passphrase', 'the passphrase is empty; give one')
  const bytes = Buffer.byteLength(passphrase)
  if (bytes > MAX_PASSPHRASE_BYTES) {
    throw new WalletError('wallet-bad-passphrase', `the passphrase has ${bytes} bytes; at most ${MAX_PASSPHRASE_BYTES} will do`)
  }
}

/**
 * The key of a passphrase, 32 bytes; the caller overwrites it when it is done. Accents are the same key however the
 * keyboard wrote them (NFKD).
 */
export function passphraseKey(passphrase: string, { n, r, p, salt }: Kdf): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const options = { N: n, r, p, maxmem: 2 * MAX_MEMORY } // OpenSSL counts a little more than the formula
  scrypt(passphrase.normalize('NFKD'), salt, KEY_BYTES, options, (error, key) => (error === null ? resolve(key) : reject(error)))
  return promise
}

/** Encrypts; the ciphertext ends with the tag. @param nonce 12 random bytes, for this once */
export function encrypt(secret: Uint8Array, key: Uint8Array, nonce: Uint8Array, header: Uint8Array): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(header)
  return Buffer.concat([cipher.update(secret), cipher.final(), cipher.getAuthTag()])
}

/** @throws WalletError `wallet-wrong-passphrase`: the key is another's */
export function decrypt(ciphertext: Uint8Array, key: Uint8Array, nonce: Uint8Array, header: Uint8Array): Buffer {
  const end = ciphertext.length - TAG_BYTES
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(header).setAuthTag(ciphertext.subarray(end))
  const secret = decipher.update(ciphertext.subarray(0, end))
  try {
    decipher.final()
    return secret
  } catch {
    secret.fill(0)
    throw new WalletError('wallet-wrong-passphrase', 'that is not the passphrase of this wallet; try again, nothing was changed')
  }
}
