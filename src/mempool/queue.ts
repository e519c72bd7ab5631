/**
 * The pending transactions of one sender in nonce order, and how many of them a block may take next.
 *
 *   account nonce 5:   5 6 7 _ 9 10        5 to 7 are ready, 9 and 10 gapped until 8 comes
 *
 * Ready is what follows the account nonce without a gap, as far as the confirmed balance pays for it in order and the
 * sender's room goes. Money that is itself pending counts for nothing, so one payment that is dropped never pulls a
 * chain of others down with it. What the balance no longer covers (a reorganisation took a reward, a replacement costs
 * more) is not thrown away: it waits like what is behind a gap, for the money may come back with the next block.
 */
import type { CheckedTransaction } from '../consensus/checked-transaction.ts'
import { type Hex, toHex } from '../consensus/hex.ts'
import type { AccountState, Transaction } from '../consensus/types.ts'
import type { HeapItem } from './heap.ts'
import type { MempoolLimits } from './policy.ts'

/** A transaction that waits for a block. */
export interface PendingTransaction {
  readonly id: Hex
  /** The id as 32 bytes: what a block's root is made of. */
  readonly hash: Uint8Array
  readonly transaction: Transaction
  /** Encoded size. */
  readonly bytes: number
  /** When this node took it in, ms since the Unix epoch. */
  readonly receivedAt: number
  /** Whether the next block may hold it; otherwise it waits for an earlier one of its sender, or for its money. */
  readonly ready: boolean
  /** Whether this node was given it to send, by its user and not by a peer. */
  readonly local: boolean
}

/** Each element of an SSZ list of variable size costs this much of a block beside its own bytes. */
export const BLOCK_OFFSET_BYTES = 4

/**
 * The pool's own view of it: `ready` follows the ledger, and it knows the queue that it is in, so that nobody has to look
 * for it by its id. That is nothing of what it says: whoever prints it or compares two of them does not meet it.
 */
export class Entry implements PendingTransaction, CheckedTransaction {
  readonly id: Hex
  readonly hash: Uint8Array
  readonly transaction: Transaction
  readonly bytes: number
  readonly receivedAt: number
  readonly local: boolean
  readonly from: Hex
  readonly to: Hex
  ready = false
  #queue: SenderQueue | undefined

  /**
   * @param hash the id as 32 bytes
   * @param bytes encoded size
   * @param receivedAt ms since the Unix epoch
   */
  constructor(hash: Uint8Array, transaction: Transaction, bytes: number, receivedAt: number, local = false) {
    this.id = toHex(hash)
    this.hash = hash
    this.transaction = transaction
    this.bytes = bytes
    this.receivedAt = receivedAt
    this.local = local
    this.from = toHex(transaction.sender)
    this.to = toHex(transaction.recipient)
  }

  /** The queue that it is in; undefined before and after. */
  get queue(): SenderQueue | undefined { return this.#queue }
  /** For queues alone. */
  set queue(queue: SenderQueue | undefined) { this.#queue = queue }

  /** Of a transaction that was found here: the entry that it is, as long as it is in a queue. */
  static pending(checked: CheckedTransaction | undefined): Entry | undefined {
    return checked !== undefined && #queue in checked && checked.#queue !== undefined ? checked : undefined
  }
}

/** What leaves first when the pool is full. */
export interface Rank {
  ready: boolean
  /** Of this transaction and those before it: a miner gets no further than the least. */
  leastFee: number
}

/**
 * Whether one rank leaves a full pool before another: what no block may take yet first, for it pays nobody; then the
 * lowest fee.
 */
export const leavesBefore = (a: Rank, b: Rank): boolean => (a.ready === b.ready ? a.leastFee < b.leastFee : !a.ready)

/** What a sender has for the next block, as its first transaction shows it: a sender without any has no offer. */
export interface Offer extends HeapItem {
  readonly queue: SenderQueue
  fee: number
  receivedAt: number
}

/** Whether one offer goes into a block before another: the highest fee first, of equal ones what came first. */
export const paysMore = (a: Pick<Offer, 'fee' | 'receivedAt'>, b: Pick<Offer, 'fee' | 'receivedAt'>): boolean =>
  a.fee === b.fee ? a.receivedAt < b.receivedAt : a.fee > b.fee

/** What an entry takes from its sender's balance. */
export const costOf = ({ transaction }: Pick<PendingTransaction, 'transaction'>): number => transaction.amount + transaction.fee

export class SenderQueue implements HeapItem {
  heapIndex = -1
  /** Of the last entry: it is the one to leave, so that no gap opens before others. */
  rank: Rank = { ready: true, leastFee: Infinity }
  /** Of the first entry, while `hasReady`. */
  readonly offer: Offer = { queue: this, fee: 0, receivedAt: 0, heapIndex: -1 }
  readonly account: Uint8Array
  /** The account as a key of maps. */
  readonly key: Hex
  /** Whether a block has touched the account since it was last compared with the queue. */
  isTouched = false
  /** Ascending nonces, none twice. */
  #entries: Entry[] = []
  /** How many of them have been let go and are here still. */
  #gone = 0

  /**
   * @param account the sender, 32 bytes
   * @param key the same in hex
   */
  constructor(account: Uint8Array, key: Hex) {
    this.account = account
    this.key = key
  }

  get size(): number {
    return this.#entries.length
  }

  get last(): Entry | undefined {
    return this.#entries.at(-1)
  }

  get hasReady(): boolean {
    return this.#entries[0]?.ready === true
  }

  /** The ready ones, in nonce order. */
  ready(): readonly Entry[] {
    return this.last?.ready === true ? this.#entries : this.#entries.filter((entry) => entry.ready)
  }

  at(nonce: number): Entry | undefined {
    return this.#entries.find((entry) => entry.transaction.nonce === nonce)
  }

  /** Units that all entries below a nonce take from the balance. */
  costBefore(nonce: number): number {
    return this.#entries.reduce((sum, entry) => (entry.transaction.nonce < nonce ? sum + costOf(entry) : sum), 0)
  }

  /** How many nonces from `from` on are here without a gap, were `also` here too. */
  runFrom(from: number, also?: number): number {
    const nonces = new Set(this.#entries.map(({ transaction }) => transaction.nonce))
    if (also !== undefined) nonces.add(also)
    let length = 0
    while (nonces.has(from + length)) length++
    return length
  }

  /** The lowest fee below a nonce. */
  leastFeeBefore(nonce: number): number {
    return this.#entries.reduce((least, { transaction: t }) => (t.nonce < nonce ? Math.min(least, t.fee) : least), Infinity)
  }

  /** Puts an entry in; nothing else has its nonce. */
  insert(entry: Entry): void {
    const { nonce } = entry.transaction
    const after = this.#entries.findIndex((other) => other.transaction.nonce > nonce)
    this.#entries.splice(after < 0 ? this.#entries.length : after, 0, entry)
    entry.queue = this
  }

  /**
   * Lets an entry go, which is here until `sweep`: a block takes many of a sender, and nearly always its first ones.
   * @returns whether it is the first to go since then
   */
  letGo(entry: Entry): boolean {
    entry.queue = undefined
    return this.#gone++ === 0
  }

  /** Takes out what was let go. What was ready behind it stays so until the next review. */
  sweep(): void {
    const gone = this.#gone
    this.#gone = 0
    let first = 0
    while (first < gone && this.#entries[first]?.queue === undefined) first++
    if (first === gone) this.#entries.splice(0, gone)
    else this.#entries = this.#entries.filter((entry) => entry.queue !== undefined)
    this.#rankAgain()
  }

  /**
   * Compares the queue with its sender's account: takes out what holds no longer, and marks what is ready.
   * @returns what was taken out, with the reason
   */
  review(account: AccountState, limits: MempoolLimits): { entry: Entry; reason: 'conflict' | 'evicted' }[] {
    const out: ReturnType<SenderQueue['review']> = []
    this.#entries = this.#entries.filter((entry) => {
      const holds = entry.transaction.nonce >= account.nonce
      if (!holds) out.push({ entry, reason: 'conflict' })
      return holds
    })
    const readyCount = Math.min(this.#coveredFrom(account), limits.readyPerSender)
    // More than its room only after a reorganisation has given transactions back.
    for (const entry of this.#entries.splice(readyCount + limits.gappedPerSender)) out.push({ entry, reason: 'evicted' })
    for (const { entry } of out) entry.queue = undefined
    this.#entries.forEach((entry, index) => (entry.ready = index < readyCount))
    this.#rankAgain()
    return out
  }

  /** How many entries follow the account nonce without a gap and are paid for by the balance, one after another. */
  #coveredFrom({ nonce, balance }: AccountState): number {
    let cost = 0
    const run = this.#entries.slice(0, this.runFrom(nonce))
    const short = run.findIndex((entry) => (cost += costOf(entry)) > balance)
    return short < 0 ? run.length : short
  }

  #rankAgain(): void {
    const [first] = this.#entries
    const { last } = this
    if (first === undefined || last === undefined) return // nobody ranks what is empty
    this.offer.fee = first.transaction.fee
    this.offer.receivedAt = first.receivedAt
    this.rank = { ready: last.ready, leastFee: this.leastFeeBefore(Infinity) }
  }
}
