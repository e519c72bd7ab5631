/**
 * When a pending transaction will be mined, and one that somebody means to send: the backlog of the pool against the
 * room of a block and the pace of the chain. The formula is in backlog.ts of the mempool.
 */
import type { Chain } from '../chain/chain.ts'
import type { Hex } from '../consensus/hex.ts'
import { EMPTY_BLOCK_BYTES, MIN_TRANSACTION_BYTES } from '../consensus/types.ts'
import { blocksUntilMined, MEAN_BLOCKS, meanBlockTimeMs } from '../mempool/backlog.ts'
import type { Mempool } from '../mempool/pool.ts'
import { BLOCK_OFFSET_BYTES } from '../mempool/queue.ts'

export interface WaitEstimatesComponents {
  chain: Pick<Chain, 'tip' | 'hashAt' | 'record' | 'params'>
  mempool: Pick<Mempool, 'backlog' | 'turnOf'>
  /** Milliseconds since the Unix epoch. */
  now: () => number
}

/** In how many blocks, and in what time. */
export interface Wait {
  /** 1: the next one. */
  blocks: number
  ms: number
}

/** A payment without a memo, in a block. */
const PLAIN_BYTES = MIN_TRANSACTION_BYTES + BLOCK_OFFSET_BYTES

export class WaitEstimates {
  readonly #components: WaitEstimatesComponents
  /** Times of the last blocks up to a tip, for a page asks a thousand times. */
  #last: { tip: Hex; timestamps: number[] } | undefined

  constructor(components: WaitEstimatesComponents) {
    this.#components = components
  }

  /** Mean time between the last blocks, ms; what the network aims at, where there are too few. */
  blockTimeMs(): number {
    const { chain, now } = this.#components
    const { hash, height } = chain.tip
    if (this.#last?.tip !== hash) {
      const timestamps: number[] = []
      for (let at = Math.max(1, height - MEAN_BLOCKS); at <= height; at++) {
        const record = chain.record(chain.hashAt(at) ?? '')
        if (record !== undefined) timestamps.push(record.header.timestamp)
      }
      this.#last = { tip: hash, timestamps }
    }
    return Math.round(meanBlockTimeMs(this.#last.timestamps, now(), chain.params.targetBlockTimeMs))
  }

  /** Of a pending transaction; undefined where it is not pending, or waits for another one of its sender. */
  of(id: Hex): Wait | undefined {
    const turn = this.#components.mempool.turnOf(id)
    return turn && this.#after(this.#components.mempool.backlog().bytesBefore(turn), turn.bytes)
  }

  /** Of a payment that somebody means to send now, behind nothing of its sender's. */
  ofFee(fee: number): Wait {
    const last = { fee, receivedAt: Infinity, position: 0 }
    return this.#after(this.#components.mempool.backlog().bytesBefore(last), PLAIN_BYTES)
  }

  /** The least fee with which a payment that is sent now is in the next block. */
  nextBlockFee(): number {
    return this.#components.mempool.backlog().leastFeeWithin(this.#roomBytes, PLAIN_BYTES)
  }

  #after(bytesBefore: number, bytes: number): Wait {
    const blocks = blocksUntilMined(bytesBefore, bytes, this.#roomBytes)
    return { blocks, ms: blocks * this.blockTimeMs() }
  }

  get #roomBytes(): number {
    return Math.max(1, this.#components.chain.params.maxBlockBytes - EMPTY_BLOCK_BYTES)
  }
}
