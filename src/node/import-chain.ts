/**
 * Takes a chain file over into a data folder, every block by `Chain.add`: nothing is believed that the file says.
 *
 * In order: the file's head → the network asked for, if one was → the data folder, for this process alone → its store
 * and chain → each block: its check, known already?, every rule, written → the end of the file. Whatever stops it on
 * the way (damage, a broken rule, the signal) leaves the blocks before it in the folder, and the error says how many;
 * the next import of a whole file goes on from there.
 *
 * The file's chain need not become the best: a folder that has more work keeps its own, and stores the file's as a side
 * branch.
 *
 * Fails with the signal's reason, `ChainFileError`, `NodeError` (the folder is in use, or unusable), `StorageError` (it
 * holds another network, the disk is full).
 */
import { type Logger, pino } from 'pino'
import { Chain } from '../chain/chain.ts'
import { systemClock } from '../chain/clock.ts'
import { VerifierPool } from '../chain/verifier-pool.ts'
import { RuleError } from '../consensus/errors.ts'
import { genesisOf } from '../consensus/genesis.ts'
import { blockHash } from '../consensus/header.ts'
import { type Hex, toHex } from '../consensus/hex.ts'
import type { NetworkParams } from '../consensus/params.ts'
import { assertSignatureVerdict } from '../consensus/signature.ts'
import { decodeBlock, decodeHeader, HEADER_BYTES } from '../consensus/types.ts'
import { SqliteStore } from '../storage/sqlite-store.ts'
import { addBlocks, BlockRefused, type NextBlock } from './add-blocks.ts'
import type { ChainProgress } from './chain-progress.ts'
import { ChainFileReader } from './chain-file-reader.ts'
import { ChainFileError } from './chain-file-error.ts'
import { DataFolder } from './data-folder.ts'
import { keepParams } from './stored-network.ts'

export interface ImportOptions {
  /** Path of the chain file. */
  file: string
  /** @default `CAIRN_DATA`, else `~/.cairn/NETWORK` of the file's network */
  dataDir?: string
  /** The network that the file must be of. @default whichever it is */
  params?: NetworkParams
  /** Stops after the blocks in hand, which are kept. */
  signal?: AbortSignal
  onProgress?: (progress: ChainProgress) => void
  /** @default a silent one */
  log?: Logger
}

export interface Imported {
  /** Of the file. */
  blocks: number
  /** Blocks that the folder did not have. */
  added: number
  /** Of the folder's best chain. */
  height: number
  tip: Hex
  /** Name of the network. */
  network: string
  /** Absolute path of the folder. */
  dataDir: string
  /** A parameter file in the folder, which a node there must be given with `--network`; undefined where the name will do. */
  networkFile: string | undefined
}

export async function importChain(options: ImportOptions): Promise<Imported> {
  const { file, params: asked, log = pino({ level: 'silent' }) } = options
  assertSignatureVerdict()
  await using opened = new AsyncDisposableStack()
  const reader = await ChainFileReader.open(file)
  opened.defer(() => reader.close())
  const { params } = reader
  if (asked !== undefined && toHex(genesisOf(asked).hash) !== reader.genesis) {
    throw new ChainFileError(
      'chain-file-wrong-network',
      `${file} holds network ${params.name} (genesis ${reader.genesis.slice(0, 8)}), not ${asked.name} ` +
        `(genesis ${genesisOf(asked).id}); leave --network out, or name that network’s file`,
    )
  }
  const folder = DataFolder.open(options.dataDir ?? DataFolder.defaultPath(params.name))
  opened.defer(() => folder.close())
  const store = SqliteStore.open(folder.file('chain.sqlite'), params)
  opened.defer(() => store.close())
  const networkFile = keepParams(folder.file('chain.sqlite'), params)
  const verifier = new VerifierPool({ log })
  opened.defer(() => verifier.stop())
  const chain = new Chain({ params, store, clock: systemClock, log, verifier })
  opened.defer(() => chain.stop())
  chain.start()
  const added = await takeOver(reader, chain, options)
  const { height, hash: tip } = chain.tip
  return { blocks: reader.blocks, added, height, tip, network: params.name, dataDir: folder.path, networkFile }
}

/** @returns number of blocks added */
async function takeOver(reader: ChainFileReader, chain: Chain, { file, signal, onProgress }: ImportOptions): Promise<number> {
  let known = 0
  let added = 0
  let transactions = 0
  const report = (): void =>
    onProgress?.({ done: Math.min(1, reader.position / reader.bytes), blocks: known + added, of: reader.blocks, transactions })

  async function* unknownBlocks(): AsyncGenerator<NextBlock> {
    for await (const { height, encoded } of reader.read()) {
      signal?.throwIfAborted()
      const header = judged(height, () => decodeHeader(encoded.subarray(0, HEADER_BYTES)))
      if (header.height !== height) {
        throw new BlockRefused(height, new RuleError('block-bad-height', `it says that it is block ${header.height}`))
      }
      if (!chain.has(toHex(blockHash(header)))) {
        yield { height, block: judged(height, () => decodeBlock(encoded)), bytes: encoded.length }
        continue
      }
      known += 1
      report()
    }
  }

  try {
    await addBlocks(chain, unknownBlocks(), ({ body }) => {
      added += 1
      transactions += body.transactions.length
      report()
    })
    return added
  } catch (error) {
    const kept = `imported ${known + added} of ${reader.blocks} blocks, which are kept`
    if (error instanceof BlockRefused) {
      const what = `${file}: block ${error.height} is refused: ${error.message}; ${kept}`
      throw new ChainFileError('chain-file-refused', what, { cause: error })
    }
    if (error instanceof ChainFileError && error.code === 'chain-file-damaged') {
      throw new ChainFileError(error.code, `${error.message}; ${kept}; get a whole copy and import again`, { cause: error })
    }
    throw error
  }
}

/** What decodes bytes of the block at a height; a rule that they break names the height. */
function judged<T>(height: number, decode: () => T): T {
  try {
    return decode()
  } catch (error) {
    throw error instanceof RuleError ? new BlockRefused(height, error) : error
  }
}
