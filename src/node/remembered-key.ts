/**
 * What a data folder remembers of a private network: the fingerprint of its key, and never the key.
 *
 * A chain that strangers should not see must not be shown to them by a start that forgot `--network-key`. So the first
 * start with a key leaves `network-key.json` in the folder, and every later one must have the same key.
 *
 * Fails with `NodeError` `network-key-missing`, `network-key-differs` or `network-key-unusable`.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fingerprintOf } from '../network/network-key.ts'
import { writeWhole } from './data-folder.ts'
import { NodeError } from './node-error.ts'

const fileIn = (folder: string): string => join(folder, 'network-key.json')

/** The fingerprint that a folder remembers; undefined where its network is open. */
export function rememberedKey(folder: string): string | undefined {
  const file = fileIn(folder)
  if (!existsSync(file)) return undefined
  try {
    const { fingerprint } = JSON.parse(readFileSync(file, 'utf8')) as { fingerprint?: unknown }
    if (typeof fingerprint === 'string' && /^[0-9a-f]{8}$/.test(fingerprint)) return fingerprint
  } catch {
    // Said below, as where it holds something else.
  }
  throw new NodeError('network-key-unusable', `${file} is damaged, and says that the network is private: start with --network-key FILE after removing it`)
}

/**
 * Checks a start's key against what the folder remembers, and remembers it where it is the first.
 * @param folder absolute
 * @param key undefined for a start without one
 */
export function rememberKey(folder: string, key: Uint8Array | undefined): void {
  const known = rememberedKey(folder)
  const fingerprint = key && fingerprintOf(key)
  if (known === fingerprint) return
  const isPrivate = `the network in ${folder} is private, with key ${known}`
  const remove = `remove ${fileIn(folder)}`
  if (known !== undefined && fingerprint === undefined) {
    throw new NodeError('network-key-missing', `${isPrivate}: start with --network-key FILE, or to open it to everybody on the LAN, ${remove}`)
  }
  if (known !== undefined) {
    throw new NodeError('network-key-differs', `${isPrivate}, and the key given is ${fingerprint}: give the file of that key, or to change the key, ${remove}`)
  }
  writeWhole(fileIn(folder), `${JSON.stringify({ fingerprint })}\n`)
}
