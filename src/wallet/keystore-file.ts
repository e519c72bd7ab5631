/**
 * The wallet's file on disk, and what is beside it:
 *
 * | File              | Is                                                                     |
 * |-------------------|------------------------------------------------------------------------|
 * | `wallet.json`     | the wallet                                                             |
 * | `wallet.json.bak` | what it was before the last change; none after a new passphrase        |
 * | `wallet.json.tmp` | there only while a change is written                                   |
 * | `wallet.json.old-1` | another wallet that an import was told to replace: kept until you remove it |
 *
 * A change, in order: the new bytes to `.tmp`, flushed → the backup before is erased, the file becomes the backup (a
 * second name for it, so nothing is copied), the folder is flushed → `.tmp` is renamed over the file, the folder is
 * flushed. Wherever a crash falls, the file is the old one or the new one, whole.
 *
 * Erasing overwrites a file's bytes with random ones, flushes them, and removes it: its words are then not to be found
 * on a disk that writes in place. On an SSD, and on file systems that copy on write or keep snapshots, the old bytes may
 * stay until the device uses them for something else, and nothing that a program does can change that.
 *
 * Reading changes nothing but permissions that are too wide. Fails with `WalletError`.
 */
import { randomBytes } from 'node:crypto'
import {
  chmodSync, closeSync, copyFileSync, existsSync, fchmodSync, fsyncSync, linkSync, openSync, readFileSync, renameSync, rmSync,
  statSync, writeFileSync, writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { toHex } from '../consensus/hex.ts'
import { formatKeystore, isSealed, type Keystore, parseKeystore } from './keystore.ts'
import { WalletError } from './wallet-error.ts'

/** Nobody but the owner, as ssh keys have it. */
const MODE = 0o600

const backupOf = (path: string): string => `${path}.bak`
const temporaryOf = (path: string): string => `${path}.tmp`

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
 * Writes a keystore, whole or not at all, and keeps the one before as its backup.
 * @throws WalletError `wallet-unavailable`
 */
export function writeKeystore(path: string, keystore: Keystore): void {
  const temporary = temporaryOf(path)
  try {
    erase(temporary) // of a crash long ago, with permissions of its own
    writeFlushed(temporary, formatKeystore(keystore))
    if (existsSync(path)) {
      erase(backupOf(path))
      secondName(path, backupOf(path))
      flushFolder(dirname(path))
    }
    renameSync(temporary, path)
    flushFolder(dirname(path))
  } catch (error) {
    rmSync(temporary, { force: true, recursive: true })
    throw unavailable(path, 'written', error)
  }
}

/**
 * Writes a keystore where no file is, for somebody to take elsewhere.
 * @throws WalletError `wallet-exists`, `wallet-unavailable`
 */
export function exportKeystore(path: string, keystore: Keystore): void {
  if (existsSync(path)) throw new WalletError('wallet-exists', `there is a file ${path} already; give another name, nothing was written`)
  try {
    writeFlushed(path, formatKeystore(keystore))
  } catch (error) {
    throw unavailable(path, 'written', error)
  }
}

/**
 * Gives the file, and its backup, a name that stays, before another wallet takes its place.
 * @returns that name
 * @throws WalletError `wallet-unavailable`
 */
export function setAside(path: string): string {
  let number = 1
  while (existsSync(`${path}.old-${number}`)) number += 1
  const kept = `${path}.old-${number}`
  try {
    secondName(path, kept)
    if (existsSync(backupOf(path))) renameSync(backupOf(path), backupOf(kept)) // the better one, where the file is damaged
    flushFolder(dirname(path))
  } catch (error) {
    throw unavailable(kept, 'written', error)
  }
  return kept
}

/** Erases the backup, which after encryption still holds the words in clear, or under the passphrase before. @throws WalletError `wallet-unavailable` */
export function eraseBackup(path: string): void {
  try {
    erase(backupOf(path))
    flushFolder(dirname(path))
  } catch (error) {
    throw unavailable(backupOf(path), 'erased', error)
  }
}

/**
 * Finishes what a crash has interrupted: for whoever has the folder to himself.
 * @param keystore what is in the file; undefined where there is none
 * @returns what was done, each in one line
 * @throws WalletError `wallet-damaged`: the file is gone and its backup is not; `wallet-unavailable`
 */
export function finishChange(path: string, keystore: Keystore | undefined): string[] {
  const backup = backupOf(path)
  if (keystore === undefined && existsSync(backup)) {
    throw new WalletError('wallet-damaged', `${path} is gone, but ${backup} is there; rename that to ${path}, or move it away to begin a new wallet`)
  }
  try {
    erase(temporaryOf(path))
    const why = keystore === undefined || !existsSync(backup) ? undefined : whyErase(keystore, backup)
    if (why === undefined) return []
    erase(backup)
    return [`erased ${backup}, which ${why}`]
  } catch (error) {
    throw unavailable(path, 'tidied', error)
  }
}

/** Why a backup may not stay beside an encrypted wallet; undefined where it may. */
function whyErase(keystore: Keystore, path: string): string | undefined {
  if (!isSealed(keystore)) return undefined
  const backup = readBackup(path)
  if (backup === undefined) return 'was damaged and may have held the words of the encrypted wallet in clear'
  // Another wallet's file, put there by hand, may be all that is left of it, and gives nothing of this one away.
  if (!backup.accounts.every(({ address }) => keystore.accounts.some((account) => account.address === address))) return undefined
  if (!isSealed(backup)) return 'still held the words of the encrypted wallet in clear'
  // Each passphrase has a salt of its own.
  return toHex(backup.kdf.salt) === toHex(keystore.kdf.salt) ? undefined : 'an earlier passphrase of the wallet still opened'
}

/** Undefined where it cannot be read, and may then hold words. */
function readBackup(path: string): Keystore | undefined {
  try {
    return parseKeystore(readFileSync(path, 'utf8'), path)
  } catch {
    return undefined
  }
}

function writeFlushed(path: string, text: string): void {
  const file = openSync(path, 'wx', MODE)
  try {
    fchmodSync(file, MODE) // the umask may have taken more away
    writeFileSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Overwrites a file and removes it; one that has another name still is only taken off this one. */
function erase(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) return
  if (found.isFile() && found.nlink === 1) {
    const file = openSync(path, 'r+')
    try {
      writeSync(file, randomBytes(found.size), 0, found.size, 0)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
  }
  rmSync(path)
}

/** Another name for the same file; a copy where the disk knows no such thing (FAT), and then nothing of it is overwritten. */
function secondName(path: string, name: string): void {
  try {
    linkSync(path, name)
  } catch {
    copyFileSync(path, name)
    chmodSync(name, MODE)
  }
}

/** Makes names last. Windows cannot open folders, and journals names by itself. */
function flushFolder(folder: string): void {
  if (process.platform === 'win32') return
  const descriptor = openSync(folder, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function unavailable(path: string, done: 'read' | 'written' | 'erased' | 'tidied', cause: unknown): WalletError {
  const { code, message } = cause as NodeJS.ErrnoException // of the system
  const advice = code === 'ENOSPC' || code === 'EDQUOT' ? 'the disk is full, make room on it' : 'see to its folder'
  return new WalletError('wallet-unavailable', `${path} cannot be ${done} (${message}); ${advice}`, { cause })
}
