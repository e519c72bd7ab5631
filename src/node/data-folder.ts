/**
 * The folder where a node keeps everything that outlives it, and that belongs to one running node at a time.
 *
 * | File           | Holds                                                        |
 * |----------------|--------------------------------------------------------------|
 * | `chain.sqlite` | blocks, accounts, remembered peers                           |
 * | `wallet.json`  | keys of accounts (mode 0600)                                 |
 * | `peer.key`     | key of the node's peer id (mode 0600)                        |
 * | `token`        | what HTTP asks of whoever uses keys or settings (mode 0600)  |
 * | `node.json`    | while a node runs: process id and HTTP address               |
 * | `network.json` | parameters of an imported chain whose network is more than a name |
 * | `network-key.json` | fingerprint of the key that a private network was started with |
 * | `lock`         | held, by the operating system, by the process that runs      |
 *
 * The lock is SQLite's exclusive lock on an empty database: the system lets go of it when the process ends, however it
 * ends, so a folder left by a killed node is free and one in use is never taken, whatever `node.json` says.
 *
 * Fails with `NodeError` `data-folder-in-use` or `data-folder-unusable`.
 */
import { randomBytes } from 'node:crypto'
import {
  accessSync, chmodSync, constants, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { NodeError } from './node-error.ts'

/** Where a network's folder is unless something else is said: `~/.cairn/NETWORK`. */
export const defaultFolder = (network: string): string => join(homedir(), '.cairn', network)

/** What a running node says of itself in `node.json`. */
export interface RunningNode {
  /** Process id. */
  pid: number
  /** Base address of its HTTP interface: `http://127.0.0.1:5050`. */
  http: string
  /** Tells it from another node that may answer at that address later. */
  peerId: string
}

export class DataFolder {
  /** Absolute. */
  readonly path: string
  /** 32 hex digits; see `access` in the http room. */
  readonly token: string
  readonly #lock: DatabaseSync

  private constructor(path: string, token: string, lock: DatabaseSync) {
    this.path = path
    this.token = token
    this.#lock = lock
  }

  /** `CAIRN_DATA`, else `~/.cairn/NETWORK`. */
  static defaultPath(network: string): string {
    return process.env.CAIRN_DATA || defaultFolder(network)
  }

  /** Makes the folder where there is none, and takes it for this process until `close()`. */
  static open(folder: string): DataFolder {
    const path = resolve(folder)
    try {
      makeFolder(path)
    } catch (error) {
      throw unusable(path, error)
    }
    const lock = takeLock(path)
    try {
      // A lock that cannot be written is no lock: SQLite would share it without a word.
      for (const file of [path, join(path, 'lock')]) accessSync(file, constants.W_OK)
      sweep(path)
      return new DataFolder(path, readOrMakeToken(join(path, 'token')), lock)
    } catch (error) {
      lock.close()
      throw unusable(path, error)
    }
  }

  /** How to reach the node that runs on a folder; undefined where none says it does. */
  static read(folder: string): (RunningNode & { token: string }) | undefined {
    try {
      const running = JSON.parse(readFileSync(join(folder, 'node.json'), 'utf8')) as RunningNode
      if (typeof running.http !== 'string' || typeof running.peerId !== 'string' || !Number.isInteger(running.pid)) return undefined
      return { ...running, token: readFileSync(join(folder, 'token'), 'utf8').trim() }
    } catch {
      return undefined
    }
  }

  /** Absolute path of one of the folder's files. */
  file(name: 'chain.sqlite' | 'wallet.json' | 'peer.key'): string {
    return join(this.path, name)
  }

  /** Says in `node.json` how to reach this node, for commands run beside it. */
  publish(running: RunningNode): void {
    writeWhole(join(this.path, 'node.json'), `${JSON.stringify(running)}\n`)
  }

  /** Gives the folder back. */
  close(): void {
    rmSync(join(this.path, 'node.json'), { force: true })
    this.#lock.close()
  }
}

/** Not `recursive`: that never returns where a parent is there and refuses children as if it were not, like /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return
  const parent = dirname(path)
  if (parent !== path) makeFolder(parent)
  mkdirSync(path, { mode: 0o700 })
}

/** Removes what a killed node left behind: its address, and files that it had not finished. */
function sweep(path: string): void {
  for (const name of readdirSync(path)) {
    if (name === 'node.json' || /\.\d+\.tmp$/.test(name)) rmSync(join(path, name))
  }
}

function takeLock(path: string): DatabaseSync {
  let lock: DatabaseSync | undefined
  try {
    lock = new DatabaseSync(join(path, 'lock'), { timeout: 0 })
    lock.exec('BEGIN EXCLUSIVE')
    return lock
  } catch (error) {
    lock?.close()
    if (error instanceof Error && /locked|busy/.test(error.message)) {
      const other = DataFolder.read(path)
      const owner = other ? ` (process ${other.pid}, ${other.http})` : ''
      throw new NodeError('data-folder-in-use', `${path} is in use by another node${owner}: stop that one, or give this one a folder of its own with --data`)
    }
    throw unusable(path, error)
  }
}

function readOrMakeToken(file: string): string {
  try {
    const token = readFileSync(file, 'utf8').trim()
    if (/^[0-9a-f]{32}$/.test(token)) {
      if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600)
      return token
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  const token = randomBytes(16).toString('hex')
  writeWhole(file, `${token}\n`)
  return token
}

/** Writes a file of mode 0600 so that it is there whole or not at all. */
export function writeWhole(file: string, content: string | Uint8Array): void {
  const temporary = `${file}.${process.pid}.tmp`
  rmSync(temporary, { force: true })
  writeFileSync(temporary, content, { mode: 0o600, flag: 'wx', flush: true })
  renameSync(temporary, file)
}

function unusable(path: string, error: unknown): NodeError {
  if (error instanceof NodeError) return error
  const why = error instanceof Error ? error.message : String(error)
  const advice = isFull(error) ? 'the disk is full; make room on it, or choose another folder with --data' : 'choose another with --data, or mend its permissions'
  return new NodeError('data-folder-unusable', `the data folder ${path} cannot be used (${why}): ${advice}`, { cause: error })
}

/** By the system's codes, or SQLite's (13, SQLITE_FULL) for the lock. */
const isFull = (error: unknown): boolean =>
  error instanceof Error &&
  (('code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')) || ('errcode' in error && error.errcode === 13))
