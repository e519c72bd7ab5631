/**
 * Checks everything that a data folder says of its chain, whether a node runs there or not, and changes nothing.
 *
 * In order: the structure of the file → from genesis on, each block of the best chain by every rule again (a chain of its
 * own, with several blocks in flight), then the tables against what the block did → the accounts, and rows that belong to
 * no block → the blocks of side branches. See replay-store.ts for the tables, verify-side-blocks.ts for the branches. The
 * first thing that is wrong ends it.
 *
 * What is checked is a snapshot: blocks that a running node adds meanwhile are not looked at. In memory are the headers
 * (as in a node) and the blocks in flight; the accounts lie in a temporary file.
 *
 * Fails with `StorageError` `storage-damaged`, which says at which height and what to do, and `storage-unavailable`.
 */
import { join } from 'node:path'
import { pino } from 'pino'
import { Chain } from '../chain/chain.ts'
import { systemClock } from '../chain/clock.ts'
import { VerifierPool } from '../chain/verifier-pool.ts'
import { blockBytes } from '../consensus/block.ts'
import type { Hex } from '../consensus/hex.ts'
import type { NetworkParams } from '../consensus/params.ts'
import { assertSignatureVerdict } from '../consensus/signature.ts'
import { ReplayStore } from '../storage/replay-store.ts'
import { Snapshot } from '../storage/snapshot.ts'
import { addBlocks, BlockRefused, type NextBlock } from './add-blocks.ts'
import type { ChainProgress } from './chain-progress.ts'
import { paramsOfStored } from './stored-network.ts'
import { verifySideBlocks } from './verify-side-blocks.ts'

export interface VerifyOptions {
  /** Data folder. */
  dataDir: string
  /** The network that the folder must hold. @default whichever it is */
  params?: NetworkParams
  signal?: AbortSignal
  onProgress?: (progress: ChainProgress) => void
}

export interface Verified {
  height: number
  tip: Hex
  /** Blocks of the best chain after genesis, all of them good. */
  blocks: number
  /** Blocks of side branches, good as far as it shows before they are connected. */
  sideBlocks: number
  transactions: number
  /** Accounts that have a balance or have sent something. */
  accounts: number
  /** Name of the network. */
  network: string
}

export async function verifyChain(options: VerifyOptions): Promise<Verified> {
  assertSignatureVerdict()
  await using opened = new AsyncDisposableStack()
  const snapshot = Snapshot.open(join(options.dataDir, 'chain.sqlite'))
  opened.defer(() => snapshot.close())
  const params = paramsOfStored(snapshot, options.params)
  snapshot.checkStructure()

  const log = pino({ level: 'silent' })
  const verifier = new VerifierPool({ log })
  opened.defer(() => verifier.stop())
  const store = new ReplayStore(snapshot)
  const chain = new Chain({ params, store, clock: systemClock, log, verifier })
  opened.defer(() => chain.stop())
  chain.start()
  const { height } = snapshot
  const sides = snapshot.countSideBlocks()
  const steps = height + sides + snapshot.countTransactions()
  const report = (blocks: number): void => {
    const { transactions } = store
    options.onProgress?.({ done: Math.min(1, (blocks + transactions) / steps), blocks, of: height + sides, transactions })
  }
  await replay(snapshot, chain, report, options.signal)
  store.finish()
  const sideBlocks = await verifySideBlocks({ snapshot, store, chain, verifier }, (count) => {
    options.signal?.throwIfAborted()
    report(height + count)
  })

  const { transactions, accounts } = store
  return { height, tip: chain.tip.hash, blocks: height, sideBlocks, transactions, accounts, network: params.name }
}

/** Goes through the best chain. */
async function replay(snapshot: Snapshot, chain: Chain, onAdded: (height: number) => void, signal?: AbortSignal): Promise<void> {
  function* afterGenesis(): Iterable<NextBlock> {
    for (const { height, hash, block } of snapshot.blocks()) {
      signal?.throwIfAborted()
      if (height > 0) yield { height, block, bytes: blockBytes(block) }
      else if (hash !== snapshot.genesis) throw snapshot.damagedAt(height, `block ${hash} is not the network’s genesis`)
    }
  }
  try {
    await addBlocks(chain, afterGenesis(), ({ header: { height } }) => onAdded(height))
  } catch (error) {
    throw error instanceof BlockRefused ? snapshot.refusedAt(error.height, error, { cause: error }) : error
  }
}
