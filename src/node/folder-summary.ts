/** What a data folder holds, read without changing its files, whether a node runs on it or not. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Hex } from '../consensus/hex.ts'
import { Snapshot } from '../storage/snapshot.ts'
import { rememberedKey } from './remembered-key.ts'

export interface FolderSummary {
  /** Name of the network. */
  network: string
  /** Hash of its block 0. */
  genesis: Hex
  height: number
  tip: Hex
  /** Fingerprint of the key of a private network. */
  networkKey: string | null
}

/**
 * Looks into a folder.
 * @returns undefined where it holds no chain
 * @throws StorageError, NodeError `network-key-unusable`
 */
export function summarizeFolder(folder: string): FolderSummary | undefined {
  const file = join(folder, 'chain.sqlite')
  if (!existsSync(file)) return undefined
  const snapshot = Snapshot.open(file)
  try {
    const { network, genesis, height, tip } = snapshot
    return { network, genesis, height, tip, networkKey: rememberedKey(folder) ?? null }
  } finally {
    snapshot.close()
  }
}
