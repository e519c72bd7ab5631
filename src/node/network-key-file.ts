/** The file of a private network's key: made once, given to every node that belongs (`--network-key FILE`). */
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fingerprintOf, formatNetworkKey, makeNetworkKey, parseNetworkKey } from '../network/network-key.ts'
import { NodeError } from './node-error.ts'

export interface NetworkKeyFile {
  /** Absolute. */
  path: string
  /** 32 bytes. */
  key: Uint8Array
  /** 8 hex digits to compare by. */
  fingerprint: string
  /** One line where other people of this machine can read the file. */
  warning: string | undefined
}

/**
 * Makes a new key and its file, of mode 0600.
 * @throws NodeError `network-key-unusable`, also where the file exists: whoever has that key would lose the network
 */
export function makeNetworkKeyFile(file: string): NetworkKeyFile {
  const path = resolve(file)
  const key = makeNetworkKey()
  try {
    writeFileSync(path, formatNetworkKey(key), { mode: 0o600, flag: 'wx', flush: true })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException // writing a file fails with nothing else
    throw unusable(code === 'EEXIST' ? `${path} exists already, and is not overwritten: name another file` : `${path} cannot be written (${message})`, error)
  }
  return { path, key, fingerprint: fingerprintOf(key), warning: undefined }
}

/** @throws NodeError `network-key-unusable`: the file, and what is wrong with it */
export function readNetworkKeyFile(file: string): NetworkKeyFile {
  const path = resolve(file)
  let bytes: Uint8Array
  let mode: number
  try {
    bytes = readFileSync(path)
    mode = statSync(path).mode
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException // reading a file fails with nothing else
    throw unusable(code === 'ENOENT' ? `${path}: there is no such file; make one with cairn network key` : `${path} cannot be read (${message})`, error)
  }
  // In a file even 32 bytes are text.
  if (bytes.length === 32) throw unusable(`${path} is no network key: it has no head; make one with cairn network key`)
  let key: Uint8Array
  try {
    key = parseNetworkKey(bytes)
  } catch (error) {
    throw unusable(`${path} ${(error as Error).message}`, error) // it throws nothing else
  }
  const open = process.platform !== 'win32' && (mode & 0o077) !== 0
  const warning = open ? `${path} can be read by others on this machine: chmod 600 ${path}` : undefined
  return { path, key, fingerprint: fingerprintOf(key), warning }
}

const unusable = (message: string, cause?: unknown): NodeError => new NodeError('network-key-unusable', message, { cause })
