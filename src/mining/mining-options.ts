/** What the miner is given and what it tells: its parts, settings and events, with the default of each. */
import type { Logger } from 'pino'
import type { Hex } from '../consensus/hex.ts'
import type { Block } from '../consensus/types.ts'
import { MiningError } from './mining-error.ts'
import type { CreateWorker } from './pool.ts'
import type { TemplateComponents } from './template.ts'

export interface MiningComponents extends TemplateComponents {
  /** Gives a block to the chain; `connected` and `reorganised` mean that it is on the best chain now. */
  add(block: Block): Promise<{ outcome: string; hash: Hex }>
  log: Logger
  /** Why nothing may be searched here, and what to do instead. @default nothing is in the way */
  noMining?: string
  /** @default a thread that runs worker.ts */
  createWorker?: CreateWorker
}

export interface MiningOptions {
  /** @default one less than the processor has, so that the node itself stays quick; at least 1 */
  threads?: number
  /** Percent of each thread's time, 1 to 100. @default 100 */
  cpu?: number
}

export interface MiningProgress {
  /** Whether continuous mining is on. */
  running: boolean
  /** Whether mining is wanted and waits, because this node is catching up with its peers. */
  waiting: boolean
  /** Hashes a second, all threads, measured; 0 while nothing is searched. */
  hashRate: number
  threads: number
  /** Percent. */
  cpu: number
  /** Expected time to a block at this rate, ms; null while there is no rate. */
  expectedMs: number | null
}

export interface MinerEvents {
  /** About once a second while blocks are wanted, and when that or `waiting` begins and ends. */
  'mining:progress': [MiningProgress]
  /** A block of ours joined the best chain. */
  'block:found': [{ block: Block; hash: Hex; height: number }]
  /** A block of ours was found too late for the best chain; `outcome` is the chain's. */
  'block:stale': [{ hash: Hex; height: number; outcome: string }]
}

export interface MinedBlock {
  height: number
  hash: Hex
}

const MAX_THREADS = 256

/** @throws RangeError for less than 1 thread, more than 256, or a share outside 1 to 100 */
export function checkSettings({ threads, cpu }: Required<MiningOptions>): void {
  for (const [name, value, most] of [['threads', threads, MAX_THREADS], ['cpu', cpu, 100]] as const) {
    if (!Number.isInteger(value) || value < 1 || value > most) {
      throw new RangeError(`${name}: must be a whole number from 1 to ${most}, not ${value}`)
    }
  }
}

/** @throws MiningError `mining-off`, `mining-stopped` */
export function checkMayMine({ noMining }: Pick<MiningComponents, 'noMining'>, stopped: boolean): void {
  if (noMining !== undefined) throw new MiningError('mining-off', noMining)
  if (stopped) throw new MiningError('mining-stopped', 'the miner is stopped; start it first')
}
