/**
 * Writes the best chain of a data folder into a chain file (chain-file.ts), whether a node runs there or not.
 *
 * In order: a snapshot of the folder's chain, which nothing that a node does meanwhile changes → a temporary file beside
 * the one asked for → every block, checked against its hash, its root and the block before → flushed → renamed. So the
 * file is there whole or not at all, and nothing is exported that an import would refuse for damage.
 *
 * Fails with `ChainFileError`, `StorageError`; or with the signal's reason, and then nothing is left.
 */
import { statSync } from 'node:fs'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { bodyRoot } from '../consensus/block.ts'
import { equalBytes, type Hex, toHex } from '../consensus/hex.ts'
import type { NetworkParams } from '../consensus/params.ts'
import { encodeBlock } from '../consensus/types.ts'
import { Snapshot } from '../storage/snapshot.ts'
import { writeChainFile } from './chain-file.ts'
import { ChainFileError, unavailable } from './chain-file-error.ts'
import type { ChainProgress } from './chain-progress.ts'
import { paramsOfStored } from './stored-network.ts'

export interface ExportOptions {
  /** Data folder. */
  dataDir: string
  /** The network that the folder must hold. @default whichever it is */
  params?: NetworkParams
  /** Path of the chain file to write. */
  file: string
  /** Write over a file of that name. @default false */
  force?: boolean
  signal?: AbortSignal
  onProgress?: (progress: ChainProgress) => void
}

export interface Exported {
  blocks: number
  height: number
  tip: Hex
  /** Size of the file. */
  bytes: number
  /** Name of the network. */
  network: string
}

export async function exportChain(options: ExportOptions): Promise<Exported> {
  const { dataDir, file, force = false } = options
  checkTarget(file, force)
  const snapshot = Snapshot.open(join(dataDir, 'chain.sqlite'))
  try {
    const params = paramsOfStored(snapshot, options.params)
    const { network, height, tip } = snapshot
    const blocks = checkedBlocks(snapshot, options)
    const bytes = await writeWholeFile(file, force, (handle) => writeChainFile(handle, { params, blocks: height }, blocks))
    return { blocks: height, height, tip, bytes, network }
  } finally {
    snapshot.close()
  }
}

/** The blocks after genesis, encoded, each on the one before. */
function* checkedBlocks(snapshot: Snapshot, { signal, onProgress }: ExportOptions): Iterable<Uint8Array> {
  let parent = snapshot.genesis
  let transactions = 0
  for (const { height, hash, block } of snapshot.blocks()) {
    signal?.throwIfAborted()
    if (height === 0) {
      if (hash !== parent) throw snapshot.damagedAt(height, `block ${hash} is not the network’s genesis`)
      continue
    }
    if (toHex(block.header.parent) !== parent) throw snapshot.damagedAt(height, 'its parent is not the block before it')
    if (!equalBytes(bodyRoot(block.body), block.header.bodyRoot)) throw snapshot.damagedAt(height, 'the body has another root')
    yield encodeBlock(block)
    parent = hash
    transactions += block.body.transactions.length
    onProgress?.({ done: height / snapshot.height, blocks: height, of: snapshot.height, transactions })
  }
}

/** Writes a file so that it is there whole or not at all. */
async function writeWholeFile<T>(file: string, force: boolean, write: (handle: FileHandle) => Promise<T>): Promise<T> {
  const temporary = `${file}.${process.pid}.tmp`
  let handle: FileHandle | undefined
  try {
    await rm(temporary, { force: true })
    handle = await open(temporary, 'wx')
    const result = await write(handle)
    await handle.sync()
    await handle.close()
    checkTarget(file, force) // it took a while
    await rename(temporary, file)
    await syncFolder(dirname(file))
    return result
  } catch (error) {
    await handle?.close().catch(() => {}) // closed already, or as broken as the write was
    if (handle !== undefined) await rm(temporary, { force: true }).catch(() => {}) // the first error says more
    throw error instanceof Error && 'syscall' in error ? unavailable(file, 'cannot be written', error) : error
  }
}

function checkTarget(file: string, force: boolean): void {
  const there = statSync(file, { throwIfNoEntry: false })
  if (there === undefined) return
  if (!there.isFile()) throw new ChainFileError('chain-file-exists', `${file} is there and is no file; name another`)
  if (!force) throw new ChainFileError('chain-file-exists', `${file} exists already; name another, or write over it with --force`)
}

/** Makes the rename last. Windows cannot open folders, and journals renames by itself. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
