/**
 * The wallet's file, format version 2: JSON, UTF-8, mode 0600. With its keys encrypted:
 *
 *   {
 *     "version": 2,
 *     "accounts": [{ "name": "main", "path": "m/44'/6513001'/0'", "address": "cairn1…" }],
 *     "encryption": {
 *       "kdf": "scrypt", "n": 131072, "r": 8, "p": 1, "salt": 32 bytes,
 *       "cipher": "aes-256-gcm", "nonce": 12 bytes
 *     },
 *     "ciphertext": the entropy of the words, 16 or 32 bytes, then the tag, 16 bytes,
 *     "checksum": the first 8 bytes of SHA-256(header ‖ ciphertext)
 *   }
 *
 * Bytes are hex. The header, which is GCM's associated data, is the JSON of version, accounts and encryption in this
 * order of fields, without spaces. The key is scrypt's of the passphrase in NFKD. The checksum tells a damaged file from
 * a wrong passphrase, before anybody needs one; it guards against nobody.
 *
 * Not encrypted, "words" (12 or 24 of BIP 39's English list) stands in the place of the last three. Version 1, which is
 * still read, is that without addresses: { "version": 1, "words", "accounts": [{ "name", "path" }] }.
 *
 * Names, paths and addresses are in clear in both, and each there once. So a node whose wallet is locked knows whom its
 * mining pays and what it owns, and whoever reads the file learns which accounts belong together, but spends nothing.
 * The first account is the default. The words are all that is needed to have every account again (keys.ts).
 *
 * Fails with `WalletError`. No message shows anything of the words: logs and terminals are no place for keys.
 */
import { createHash, randomBytes } from 'node:crypto'
import { type Address, fromAddress, toAddress } from '../consensus/account.ts'
import { fromHex, toHex } from '../consensus/hex.ts'
import { checkName } from './account-name.ts'
import { decrypt, encrypt, isSensible, type Kdf, NONCE_BYTES, TAG_BYTES } from './encryption.ts'
import { accountKeys, accountPath } from './keys.ts'
import { parsePath } from './slip10.ts'
import { WalletError } from './wallet-error.ts'
import { readWords, WORDS_OF_BYTES, wordsOf } from './words.ts'

export interface KeystoreAccount {
  name: string
  path: string
  address: Address
}

/** What a wallet's file holds: accounts, at least one, and what makes their keys, as it is or encrypted. */
export type Keystore = PlainKeystore | SealedKeystore

export interface PlainKeystore {
  readonly accounts: readonly KeystoreAccount[]
  /** Behind the words: 16 or 32 bytes. */
  readonly entropy: Uint8Array
}

export interface SealedKeystore {
  readonly accounts: readonly KeystoreAccount[]
  readonly kdf: Kdf
  readonly nonce: Uint8Array
  /** With its tag. */
  readonly ciphertext: Uint8Array
}

const VERSION = 2

/** What the first account of new words is called. */
const MAIN = 'main'

/** An account at a path under the words. */
export function newAccount(name: string, path: string, entropy: Uint8Array): KeystoreAccount {
  const [address = ''] = addressesOf(entropy, [path])
  return { name, path, address }
}

/**
 * What new words make: one account.
 * @param entropy 16 bytes for 12 words, 32 for 24
 * @param name of the account. @default 'main'
 */
export function newKeystore(entropy: Uint8Array, name = MAIN): PlainKeystore {
  checkName(name)
  const sizes = Object.keys(WORDS_OF_BYTES)
  if (!sizes.includes(String(entropy.length))) throw new RangeError(`entropy: must be ${sizes.join(' or ')} bytes, not ${entropy.length}`)
  return { accounts: [newAccount(name, accountPath(0), entropy)], entropy }
}

function addressesOf(entropy: Uint8Array, paths: readonly string[]): Address[] {
  return accountKeys(entropy, paths).map(({ publicKey, secretKey }) => {
    secretKey.fill(0)
    return toAddress(publicKey)
  })
}

export const isSealed = (keystore: Keystore): keystore is SealedKeystore => 'ciphertext' in keystore

/** Encrypts the entropy, and binds the accounts to it. @param key of the passphrase, by `kdf` */
export function seal({ accounts, entropy }: PlainKeystore, key: Uint8Array, kdf: Kdf): SealedKeystore {
  const nonce = randomBytes(NONCE_BYTES)
  return { accounts, kdf, nonce, ciphertext: encrypt(entropy, key, nonce, headerOf({ accounts, kdf, nonce })) }
}

/**
 * The entropy again; the caller overwrites it when it is done.
 * @param key of the passphrase, by the keystore's `kdf`
 * @throws WalletError `wallet-wrong-passphrase`
 */
export const unseal = (keystore: SealedKeystore, key: Uint8Array): Buffer =>
  decrypt(keystore.ciphertext, key, keystore.nonce, headerOf(keystore))

/** A keystore as the text of its file. */
export function formatKeystore(keystore: Keystore): string {
  const { accounts } = keystore
  const secret = isSealed(keystore)
    ? { encryption: encryptionOf(keystore), ciphertext: toHex(keystore.ciphertext), checksum: checksumOf(keystore) }
    : { words: wordsOf(keystore.entropy) }
  return `${JSON.stringify({ version: VERSION, accounts: accounts.map(clear), ...secret }, undefined, 2)}\n`
}

type Header = Pick<SealedKeystore, 'accounts' | 'kdf' | 'nonce'>

const encryptionOf = ({ kdf: { n, r, p, salt }, nonce }: Header): object => {
  return { kdf: 'scrypt', n, r, p, salt: toHex(salt), cipher: 'aes-256-gcm', nonce: toHex(nonce) }
}
const clear = ({ name, path, address }: KeystoreAccount): KeystoreAccount => ({ name, path, address })
const headerOf = (header: Header): Buffer =>
  Buffer.from(JSON.stringify({ version: VERSION, accounts: header.accounts.map(clear), encryption: encryptionOf(header) }))
const checksumOf = (keystore: SealedKeystore): string =>
  createHash('sha256').update(headerOf(keystore)).update(keystore.ciphertext).digest('hex').slice(0, 16)

/** What JSON may hold where a keystore is expected. */
type Loose = Readonly<Record<string, unknown>>

/**
 * The keystore in a file's text.
 * @param path for the messages
 * @throws WalletError `wallet-damaged`, `wallet-newer-version`
 */
export function parseKeystore(text: string, path: string): Keystore {
  const damaged = (what: string): WalletError =>
    new WalletError('wallet-damaged', `${path} is damaged: ${what}; put a copy of it back, such as ${path}.bak if that is there, or move both away to begin a new wallet`)
  if (text.trim() === '') throw damaged('it is empty')
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw damaged('it is not JSON, so it was cut or edited') // no cause: its message would quote the file
  }
  if (!isLoose(json) || !Number.isInteger(json.version)) throw damaged('it has no version')
  const version = Number(json.version)
  if (version < 1) throw damaged(`there is no version ${version}`)
  if (version > VERSION) {
    throw new WalletError('wallet-newer-version', `${path} has version ${version}, this Cairn reads ${VERSION}; use a newer one`)
  }
  const accounts = parseAccounts(json.accounts, version, damaged)
  return json.encryption === undefined ? parsePlain(json, accounts, damaged) : parseSealed(json, accounts, damaged)
}

type Damaged = (what: string) => WalletError

function parseAccounts(accounts: unknown, version: number, damaged: Damaged): KeystoreAccount[] {
  if (!Array.isArray(accounts) || accounts.length === 0) throw damaged('it has no accounts')
  const parsed = accounts.map((account: unknown, at) => {
    const { name, path, address = '' } = isLoose(account) ? account : {}
    if (typeof name !== 'string' || name === '') throw damaged(`account ${at + 1} has no name`)
    if (typeof path !== 'string' || parsePath(path) === undefined) throw damaged(`account ${at + 1} has no hardened path`)
    if (typeof address !== 'string' || (version > 1 && !isAddress(address))) throw damaged(`account ${at + 1} has no address`)
    return { name, path, address }
  })
  for (const field of ['name', 'path'] as const) {
    if (new Set(parsed.map((account) => account[field])).size < parsed.length) throw damaged(`two accounts have one ${field}`)
  }
  return parsed
}

function parsePlain({ words }: Loose, accounts: KeystoreAccount[], damaged: Damaged): PlainKeystore {
  if (typeof words !== 'string') throw damaged('it has no words')
  const entropy = readWords(words)
  if (!(entropy instanceof Uint8Array)) throw damaged(entropy.discreet)
  const own = addressesOf(entropy, accounts.map(({ path }) => path))
  const wrong = accounts.findIndex(({ address }, at) => address !== '' && address !== own[at])
  if (wrong >= 0) throw damaged(`the address of account ${wrong + 1} is not that of its words`)
  return { accounts: accounts.map((account, at) => ({ ...account, address: own[at] ?? '' })), entropy }
}

function parseSealed({ encryption, ciphertext, checksum }: Loose, accounts: KeystoreAccount[], damaged: Damaged): SealedKeystore {
  if (!isLoose(encryption) || encryption.kdf !== 'scrypt' || encryption.cipher !== 'aes-256-gcm') {
    throw damaged('it is not encrypted by scrypt and aes-256-gcm')
  }
  const { n, r, p } = encryption
  const [salt, nonce, bytes] = [encryption.salt, encryption.nonce, ciphertext].map(bytesOf)
  if (!salt || !nonce || !bytes) throw damaged('its salt, nonce or ciphertext is no hex')
  const kdf = { n: Number(n), r: Number(r), p: Number(p), salt }
  if (!isSensible(kdf)) throw damaged(`it asks for scrypt with n ${kdf.n}, r ${kdf.r}, p ${kdf.p}, which no wallet does`)
  if (nonce.length !== NONCE_BYTES || WORDS_OF_BYTES[bytes.length - TAG_BYTES] === undefined) {
    throw damaged('its nonce or ciphertext is cut')
  }
  const keystore = { accounts, kdf, nonce, ciphertext: bytes }
  if (checksum !== checksumOf(keystore)) throw damaged('its checksum does not match, so something in it was changed')
  return keystore
}

function isAddress(text: string): boolean {
  try {
    return toAddress(fromAddress(text)) === text
  } catch {
    return false
  }
}

const isLoose = (value: unknown): value is Loose => typeof value === 'object' && value !== null && !Array.isArray(value)

const bytesOf = (hex: unknown): Uint8Array | undefined =>
  typeof hex === 'string' && /^([0-9a-f]{2})+$/.test(hex) ? fromHex(hex) : undefined
