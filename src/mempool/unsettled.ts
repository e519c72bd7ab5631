/**
 * What blocks have changed since the pool was last settled: whose queues they touched, and which transactions abandoned
 * blocks gave back that no block of the new branch holds so far.
 */
import { fromHex, type Hex } from '../consensus/hex.ts'
import { encodeTransaction, type Transaction } from '../consensus/types.ts'
import { Entry, type SenderQueue } from './queue.ts'

export class Unsettled {
  /** Each once. Who has no queue is not here: what is admitted later is compared with the account then. */
  #touched: SenderQueue[] = []
  /** By id. */
  readonly #returned = new Map<Hex, Transaction>()

  /** A block has changed the account of a queue. */
  touch(queue: SenderQueue | undefined): void {
    if (queue === undefined || queue.isTouched) return
    queue.isTouched = true
    this.#touched.push(queue)
  }

  /** An abandoned block held a transaction. */
  giveBack(id: Hex, transaction: Transaction): void {
    this.#returned.set(id, transaction)
  }

  /** Whether anything was given back that is not mined again. */
  get hasReturned(): boolean {
    return this.#returned.size > 0
  }

  /** A block holds a transaction, given back or not. */
  mined(id: Hex): void {
    this.#returned.delete(id)
  }

  /** What was given back, as newcomers. Their signatures were checked when their block was. @param now ms since the Unix epoch */
  returned(now: number): Entry[] {
    return Array.from(this.#returned, ([id, transaction]) => new Entry(fromHex(id), transaction, encodeTransaction(transaction).length, now))
  }

  /** The queues that were touched. */
  touched(): readonly SenderQueue[] {
    return this.#touched
  }

  /** The pool is settled. */
  clear(): void {
    for (const queue of this.#touched) queue.isTouched = false
    this.#touched = []
    this.#returned.clear()
  }
}
