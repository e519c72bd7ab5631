/**
 * The pending transactions of one sender in nonce order, and how many of them a block may take next.
 *
 *   account nonce 5:   5 6 7 _ 9 10        5 to 7 are ready, 9 and 10 gapped until 8 comes
 *
 * Ready is what follows the account nonce without a gap, as far as the sender's room goes. Whatever is in a queue is
 * covered: the confirmed balance pays for it together with all before it. Money that is itself pending counts for
 * nothing, so that one payment which is dropped never pulls a chain of others down with it.
 */
import type { Hex } from '../consensus/hex.ts'
import type { AccountState, Transaction } from '../consensus/types.ts'
import type { HeapItem } from './heap.ts'
import type { MempoolLimits } from './policy.ts'

/** A transaction that waits for a block. */
export interface PendingTransaction {
  readonly id: Hex
  readonly transaction: Transaction
  /** Encoded size. */
  readonly bytes: number
  /** When this node took it in, ms since the Unix epoch. */
  readonly receivedAt: number
  /** Whether the next block may hold it; otherwise it waits for an earlier one of its sender. */
  readonly ready: boolean
}

/** The pool's own view of it: `ready` follows the ledger. */
export interface Entry extends PendingTransaction {
  ready: boolean
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

/** What an entry takes from its sender's balance. */
export const costOf = ({ transaction }: Pick<PendingTransaction, 'transaction'>): number => transaction.amount + transaction.fee

export class SenderQueue implements HeapItem {
  heapIndex = -1
  /** Of the last entry: it is the one to leave, so that no gap opens before others. */
  rank: Rank = { ready: true, leastFee: Infinity }
  readonly account: Uint8Array
  /** Ascending nonces, none twice. */
  #entries: Entry[] = []

  /** @param account the sender, 32 bytes */
  constructor(account: Uint8Array) {
    this.account = account
  }

  get size(): number {
    return this.#entries.length
  }

  get last(): Entry | undefined {
    return this.#entries.at(-1)
  }

  /** The ready ones, in nonce order. */
  ready(): Entry[] {
    return this.#entries.filter((entry) => entry.ready)
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
  }

  remove(entry: Entry): void {
    this.#entries = this.#entries.filter((other) => other !== entry)
    this.#rankAgain()
  }

  /**
   * Compares the queue with its sender's account: takes out what holds no longer, and marks what is ready.
   * @returns what was taken out, with the reason
   */
  review(account: AccountState, limits: MempoolLimits): { entry: Entry; reason: 'conflict' | 'unaffordable' | 'evicted' }[] {
    const out: ReturnType<SenderQueue['review']> = []
    let cost = 0
    this.#entries = this.#entries.filter((entry) => {
      if (entry.transaction.nonce < account.nonce) {
        out.push({ entry, reason: 'conflict' })
      } else if (cost + costOf(entry) > account.balance) {
        out.push({ entry, reason: 'unaffordable' })
      } else {
        cost += costOf(entry)
        return true
      }
      return false
    })
    const readyCount = Math.min(this.runFrom(account.nonce), limits.readyPerSender)
    // More than its room only after a reorganisation has given transactions back.
    for (const entry of this.#entries.splice(readyCount + limits.gappedPerSender)) out.push({ entry, reason: 'evicted' })
    this.#entries.forEach((entry, index) => (entry.ready = index < readyCount))
    this.#rankAgain()
    return out
  }

  #rankAgain(): void {
    this.rank = { ready: this.last?.ready ?? true, leastFee: this.leastFeeBefore(Infinity) }
  }
}
