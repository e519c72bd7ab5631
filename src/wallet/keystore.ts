/**
 * The wallet's file, format version 1: JSON, UTF-8, mode 0600.
 *
 *   {
 *     "version": 1,
 *     "words": "legal winner thank year …",                  12 BIP 39 words, English list
 *     "accounts": [{ "name": "main", "path": "m/44'/6513001'/0'" }]
 *   }
 *
 * The words are all that is needed to have every account again: paths are SLIP-0010 under the words' BIP 39 seed with
 * an empty passphrase. The first account is the default. Names and paths are each there once.
 *
 * Writing, in order: a temporary file of mode 0600 in the same folder, its bytes flushed to disk, renamed over the name,
 * the folder flushed. A crash at any moment leaves the old file or the new one, whole. Reading changes nothing but
 * permissions that are too wide. Fails with `WalletError`.
 */
import {
  chmodSync, closeSync, fchmodSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { mnemonicToEntropy } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { parsePath } from './slip10.ts'
import { WalletError } from './wallet-error.ts'

/** What the file holds, but for the version. */
export interface Keystore {
  /** 12 words of the English list, one space between. */
  words: string
  /** At least one. */
  accounts: { name: string; path: string }[]
}

const VERSION = 1
const WORD_COUNT = 12

/** Nobody but the owner, as ssh keys have it. */
const MODE = 0o600

/**
 * Reads a keystore.
 * @returns undefined where there is no file; `warnings` says what was mended
 * @throws WalletError `wallet-damaged`, `wallet-newer-version`, `wallet-unavailable`
 */
export function readKeystore(path: string): { keystore: Keystore; warnings: string[] } | undefined {
  let text: string
  let mode: number
  try {
    text = readFileSync(path, 'utf8')
    mode = statSync(path).mode & 0o777
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined // what node:fs throws has codes
    throw unavailable(path, 'read', error)
  }
  const keystore = parseKeystore(text, path)
  // Windows has no such modes, and shows 0666 for every file.
  const open = (mode & 0o077) !== 0 && process.platform !== 'win32'
  return { keystore, warnings: open ? [tighten(path, mode)] : [] }
}

/** Takes a file away from other users. Where the disk knows no permissions, a warning is all that is left. */
function tighten(path: string, mode: number): string {
  const found = `${path} is open to other users (mode 0${mode.toString(8)})`
  try {
    chmodSync(path, MODE)
  } catch (error) {
    return `${found} and cannot be closed to them (${(error as Error).message}); move it where it can`
  }
  return `${found}; it is 0600 from now on, but whoever read it has its keys`
}

/**
 * Writes a keystore, whole or not at all.
 * @throws WalletError `wallet-unavailable`
 */
export function writeKeystore(path: string, { words, accounts }: Keystore): void {
  const text = `${JSON.stringify({ version: VERSION, words, accounts }, undefined, 2)}\n`
  const temporary = `${path}.tmp`
  try {
    rmSync(temporary, { force: true }) // of a crash long ago, with permissions of its own
    const file = openSync(temporary, 'wx', MODE)
    try {
      fchmodSync(file, MODE) // the umask may have taken more away
      writeFileSync(file, text)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(temporary, path)
    flushFolder(dirname(path))
  } catch (error) {
    rmSync(temporary, { force: true })
    throw unavailable(path, 'written', error)
  }
}

/** Makes the rename last. Windows cannot open folders, and journals renames by itself. */
function flushFolder(folder: string): void {
  if (process.platform === 'win32') return
  const descriptor = openSync(folder, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function parseKeystore(text: string, path: string): Keystore {
  // No message below shows anything of the words: logs and terminals are no place for keys. Hence no causes either.
  const damaged = (what: string): WalletError =>
    new WalletError('wallet-damaged', `${path} is damaged: ${what}; put a copy of it back, or move it away to begin a new wallet`)
  if (text.trim() === '') throw damaged('it is empty')
  let json: { version?: unknown; words?: unknown; accounts?: unknown } | null
  try {
    json = JSON.parse(text)
  } catch {
    throw damaged('it is not JSON, so it was cut or edited')
  }
  if (typeof json !== 'object' || json === null || !Number.isInteger(json.version)) throw damaged('it has no version')
  const { version, words, accounts } = json
  if (version !== VERSION) {
    if ((version as number) < VERSION) throw damaged(`there is no version ${version}`) // an integer, as asked above
    throw new WalletError('wallet-newer-version', `${path} has version ${version}, this Cairn reads ${VERSION}; use a newer one`)
  }
  if (typeof words !== 'string') throw damaged('it has no words')
  const list = words.trim().toLowerCase().split(/\s+/)
  if (list.length !== WORD_COUNT) throw damaged(`it has ${list.length} words, not ${WORD_COUNT}`)
  const unknown = list.findIndex((word) => !wordlist.includes(word))
  if (unknown >= 0) throw damaged(`word ${unknown + 1} is not in the BIP 39 list`)
  try {
    mnemonicToEntropy(list.join(' '), wordlist)
  } catch {
    throw damaged('the checksum of its words does not match, so a word is wrong or out of place')
  }
  if (!Array.isArray(accounts) || accounts.length === 0) throw damaged('it has no accounts')
  const parsed = accounts.map((account: { name?: unknown; path?: unknown } | null, at) => {
    const { name, path } = account ?? {}
    if (typeof name !== 'string' || name === '') throw damaged(`account ${at + 1} has no name`)
    if (typeof path !== 'string' || parsePath(path) === undefined) throw damaged(`account ${at + 1} has no hardened path`)
    return { name, path }
  })
  for (const field of ['name', 'path'] as const) {
    if (new Set(parsed.map((account) => account[field])).size < parsed.length) throw damaged(`two accounts have one ${field}`)
  }
  return { words: list.join(' '), accounts: parsed }
}

const unavailable = (path: string, done: 'read' | 'written', cause: unknown): WalletError =>
  new WalletError('wallet-unavailable', `${path} cannot be ${done} (${(cause as Error).message}); see to its folder`, { cause })
