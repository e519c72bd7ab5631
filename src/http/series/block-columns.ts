/**
 * What charts need of every block of the best chain, in columns by height: 37 bytes a block, so that a chart of a hundred
 * thousand blocks is a walk through arrays. Read from the store when somebody first asks for it, some blocks at a time so
 * that others get their turn; blocks that come meanwhile are noted as they come, and those that leave are forgotten.
 *
 * @example
 *   do await columns.read(first, last); while (!columns.have(first, last))   // the chain may change while it is read
 */
import { setImmediate } from 'node:timers/promises'
import type { Chain } from '../../chain/chain.ts'
import type { Hex } from '../../consensus/hex.ts'
import { encodedTransactions, feeIn, type Header } from '../../consensus/types.ts'
import { hear } from '../hear.ts'
import { difficultyOf } from '../render.ts'
import type { Arrivals } from './arrivals.ts'

export interface BlockColumnsComponents {
  chain: Pick<Chain, 'events' | 'tip' | 'hashAt' | 'isBest' | 'ancestors' | 'encodedBody'>
  /** Hears of a block before this does. */
  arrivals: Pick<Arrivals, 'of'>
}

/** Blocks read at once: some 5 ms for small ones. */
const PART = 100
const FIRST_ROOM = 1_024

export class BlockColumns {
  readonly #components: BlockColumnsComponents
  readonly #attached = new DisposableStack()
  timestamps = new Float64Array(0)
  /** Expected hashes. */
  difficulties = new Float64Array(0)
  transactions = new Uint32Array(0)
  /** Of the transactions of a block, together. */
  fees = new Float64Array(0)
  /** How long it took to come here; NaN where that is not known. */
  arrivalsMs = new Float64Array(0)
  /** 1 where the others hold the block that is on the best chain now. */
  #known = new Uint8Array(0)

  constructor(components: BlockColumnsComponents) {
    this.#components = components
  }

  /** Begins to hear; the node runs. */
  start(): void {
    const { chain, arrivals } = this.#components
    const { events } = chain
    hear(this.#attached, events, 'block:connected', ({ block: { header, body }, hash, height }) => {
      const fees = body.transactions.reduce((sum, { fee }) => sum + fee, 0)
      this.#set(height, hash, header, body.transactions.length, fees)
    })
    hear(this.#attached, events, 'block:judged', ({ hash, block: { header: { height } } }) => {
      if (chain.isBest(hash)) this.arrivalsMs[height] = arrivals.of(hash) ?? Number.NaN
    })
    hear(this.#attached, events, 'block:disconnected', ({ height }) => {
      this.#known[height] = 0
    })
  }

  stop(): void {
    this.#attached.dispose()
  }

  /** Whether all blocks from one height to another are noted. */
  have(first: number, last: number): boolean {
    if (last >= this.#known.length) return false
    const missing = this.#known.indexOf(0, first)
    return missing < 0 || missing > last
  }

  /** Reads those that are not noted yet. */
  async read(first: number, last: number): Promise<void> {
    let parts = 0
    for (let height = first; height <= Math.min(last, this.#components.chain.tip.height); height++) {
      if (this.#known[height] === 1) continue
      this.#read(height)
      if (++parts % PART === 0) await setImmediate()
    }
  }

  #read(height: number): void {
    const { chain } = this.#components
    const hash = chain.hashAt(height)
    if (hash === undefined) return // the chain became shorter: there is nothing to note
    const header = chain.ancestors(hash)
    const body = chain.encodedBody(hash)
    if (header === undefined || body === undefined) throw new Error(`the block ${hash} of the best chain is not stored`)
    const encoded = encodedTransactions(body)
    this.#set(height, hash, header, encoded.length, encoded.reduce((sum, each) => sum + feeIn(each), 0))
  }

  #set(height: number, hash: Hex, { timestamp, bits }: Pick<Header, 'timestamp' | 'bits'>, transactions: number, fees: number): void {
    if (height >= this.#known.length) this.#grow(height + 1)
    this.timestamps[height] = timestamp
    this.difficulties[height] = difficultyOf(bits)
    this.transactions[height] = transactions
    this.fees[height] = fees
    this.arrivalsMs[height] = this.#components.arrivals.of(hash) ?? Number.NaN
    this.#known[height] = 1
  }

  #grow(least: number): void {
    const room = Math.max(FIRST_ROOM, least, Math.ceil(this.#known.length * 1.5))
    const larger = <Column extends { set(from: Column): void }>(column: Column, empty: Column): Column => {
      empty.set(column)
      return empty
    }
    this.timestamps = larger(this.timestamps, new Float64Array(room))
    this.difficulties = larger(this.difficulties, new Float64Array(room))
    this.transactions = larger(this.transactions, new Uint32Array(room))
    this.fees = larger(this.fees, new Float64Array(room))
    this.arrivalsMs = larger(this.arrivalsMs, new Float64Array(room))
    this.#known = larger(this.#known, new Uint8Array(room))
  }
}
