/**
 * Transactions that wait for a block, as everybody else sees them: what contents.ts holds, a moment behind the chain.
 *
 * When the chain changes: `blockDisconnected` and `blockConnected` for each block in the order of the events, then
 * `settle` once. By then the accounts show the final state.
 *
 * What is pending decides neither whether a block is good nor where it goes next, and to strike out what a large block
 * holds takes milliseconds. So a block that extends the tip is only noted, and taken in (`follow`) as soon as
 *
 *   anybody asks for anything               which therefore nobody can tell from a pool that never waits
 *   a quarter of a second is over           node/wire.ts; so its events come by then
 *   some blocks or transactions are noted   all but the newest of them: what is kept here is bounded
 *   the chain leaves a block                a reorganisation is taken in at once, block for block: what comes back may be
 *                                           nowhere else, and is written down
 *
 * Several blocks that are taken in together are settled once, as if they had come by one change. While a change is
 * told, whoever asks sees the blocks so far, not settled. `findChecked` alone does not follow: what passed sanity once
 * has passed it, mined or not.
 *
 * What fails while following (a disk that gives no account, a listener that throws) is logged and goes no further: whoever
 * asks has nothing to do with it, and the next change settles what was left.
 *
 * @example
 *   const mempool = new Mempool({ genesisHash, account: (key) => chain.account(key), now: clock.now, log })
 *   mempool.add(payment, 'gossip')
 *   const next = mempool.select(params.maxBlockBytes - EMPTY_BLOCK_BYTES)
 */
import type { EventEmitter } from 'node:events'
import type { Checked, FindChecked } from '../consensus/checked-transaction.ts'
import type { Hex } from '../consensus/hex.ts'
import type { Block, Transaction } from '../consensus/types.ts'
import type { Backlog, Turn } from './backlog.ts'
import { Contents } from './contents.ts'
import type { Cursor } from './listing.ts'
import type { Known, MempoolComponents } from './mempool-components.ts'
import type { MempoolEvents, TransactionOrigin } from './mempool-events.ts'
import type { MempoolLimits } from './policy.ts'
import type { Entry, PendingTransaction } from './queue.ts'

/** A block that extended the best chain, as it was told. */
interface Noted {
  block: Block
  transactionIds: Uint8Array[] | undefined
  checked: Checked | undefined
}

/** So many blocks are noted at most… */
const MAX_NOTED_BLOCKS = 4
/** …and, but for the newest, so many transactions: a few ms of work. */
const MAX_NOTED_TRANSACTIONS = 4_096

export class Mempool {
  readonly events: EventEmitter<MempoolEvents>
  readonly #components: MempoolComponents
  readonly #contents: Contents
  #noted: Noted[] = []
  /** Whether a change of the chain is complete that the contents were not settled after. */
  #isUnsettled = false
  /** Whether the chain has left a block in the change that is being told. */
  #hasLeft = false

  constructor(components: MempoolComponents, limits: Partial<MempoolLimits> = {}) {
    this.#components = components
    this.#contents = new Contents(components, limits)
    this.events = this.#contents.events
  }

  /** Number of transactions. */
  get size(): number { return this.#followed.size }
  /** Their encoded sizes together. */
  get bytes(): number { return this.#followed.bytes }
  /** The least fee that is taken now, units. */
  get minimumFee(): number { return this.#followed.minimumFee }

  /**
   * Takes a transaction in, or throws.
   * @throws RuleError `transaction-amount-overflow`, `transaction-bad-signature`: nobody will ever take it
   * @throws PolicyError this node does not keep it now
   */
  add(transaction: Transaction, origin: TransactionOrigin, known: Known = {}): PendingTransaction {
    return this.#followed.add(transaction, origin, known)
  }

  /** Says what `add` would say now, all but the signature, and changes nothing. @returns for `add`; @throws as `add` */
  check(transaction: Transaction, origin: TransactionOrigin, known: Known = {}): Entry {
    return this.#followed.check(transaction, origin, known)
  }

  get(id: Hex): PendingTransaction | undefined {
    return this.#followed.get(id)
  }

  /** A transaction that was checked here, its signature too, and is pending or was until a block just now; by all of its encoding. */
  readonly findChecked: FindChecked = (bytes, start, end) => this.#contents.findChecked(bytes, start, end)

  /** All of them: highest fee first; of equal fees, a sender's own in nonce order. */
  list(): PendingTransaction[] {
    return this.#followed.list()
  }

  /** So many of them in that order, without sorting all. @param after where the page before ended */
  page(limit: number, after?: Cursor): PendingTransaction[] {
    return this.#followed.page(limit, after)
  }

  /** What blocks will take, and in which order; of a large pool as it was up to a quarter of a second ago. */
  backlog(): Backlog {
    return this.#followed.backlog()
  }

  /** What a transaction counts as in the backlog; undefined where no block may take it yet. */
  turnOf(id: Hex): Turn | undefined {
    return this.#followed.turnOf(id)
  }

  /**
   * Transactions for the next block, in an order in which the ledger takes them: highest fee first, each sender's by
   * nonce, ready ones only.
   * @param maxBytes room for the body's list: encoded size plus a 4-byte SSZ offset each
   */
  select(maxBytes: number): PendingTransaction[] {
    return this.#followed.select(maxBytes)
  }

  /** The nonce that an account's next transaction should have: after those pending without a gap. */
  nextNonce(account: Uint8Array): number {
    return this.#followed.nextNonce(account)
  }

  /** Units that pending transactions will bring an account: received − (sent + fees). May be negative. */
  pendingOf(account: Uint8Array): number {
    return this.#followed.pendingOf(account)
  }

  /** Units that an account's own pending transactions take from its balance. */
  promisedBy(account: Uint8Array): number {
    return this.#followed.promisedBy(account)
  }

  /** Drops what has waited too long. */
  expire(): void {
    this.#followed.expire()
  }

  /**
   * The best chain has a block more: what it holds is pending no longer, nor what has the same sender and nonce.
   * @param transactionIds of the block in order, 32 bytes each, where they are known already
   * @param checked what `findChecked` of this pool gave for each, where it was asked
   */
  blockConnected(block: Block, transactionIds?: Uint8Array[], checked?: Checked): void {
    this.#isUnsettled = false // not before this change is complete: the accounts show it already
    const transactions = this.#noted.reduce((sum, { block: { body } }) => sum + body.transactions.length, block.body.transactions.length)
    if (this.#noted.length === MAX_NOTED_BLOCKS || transactions > MAX_NOTED_TRANSACTIONS) this.follow()
    this.#noted.push({ block, transactionIds, checked })
  }

  /**
   * The best chain has left a block: its transactions come back with `settle`, as far as they still hold.
   * @param transactionIds as `blockConnected` has them
   */
  blockDisconnected(block: Block, transactionIds?: Uint8Array[]): void {
    this.#isUnsettled = false
    this.follow()
    this.#hasLeft = true
    this.#contents.blockDisconnected(block, transactionIds)
  }

  /** A change of the chain is complete, and the accounts are as it left them. */
  settle(): void {
    this.#isUnsettled = true
    if (this.#hasLeft) this.follow()
    this.#hasLeft = false
  }

  /** Takes in what is noted, and tells it. Nobody who asks for anything else has to. Never throws. */
  follow(): void {
    if (this.#noted.length === 0 && !this.#isUnsettled) return
    const noted = this.#noted
    const isUnsettled = this.#isUnsettled
    this.#noted = []
    this.#isUnsettled = false
    for (const { block, transactionIds, checked } of noted) {
      this.#attempt(() => this.#contents.blockConnected(block, transactionIds, checked))
    }
    if (isUnsettled) this.#attempt(() => this.#contents.settle())
    this.#attempt(() => this.#contents.tell())
  }

  /** What there is once what is noted is taken in. */
  get #followed(): Contents {
    this.follow()
    return this.#contents
  }

  #attempt(work: () => void): void {
    try {
      work()
    } catch (error) {
      this.#components.log.error({ err: error }, 'could not take in all that a block changed of what is pending, or tell it; the next block settles it')
    }
  }
}
