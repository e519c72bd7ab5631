/**
 * The index of one era: its transactions by their ids, and by whom they concern. In memory while the era lasts; its
 * buckets are what the tables `transactions` and `history` have of it when it is over.
 *
 * @example
 *   const era = new EraIndex()
 *   era.add(height, transactions, transactionIds)     // each block of the era, in order
 *   for (const { bucket, entries } of era.transactions.buckets()) …
 */
import { equalBytes } from '../consensus/hex.ts'
import type { Transaction } from '../consensus/types.ts'
import { IndexEntries } from './index-entries.ts'
import { KEY_BYTES } from './schema.ts'

/** Whom a transaction concerns. */
type Parties = Pick<Transaction, 'sender' | 'recipient'>

export class EraIndex {
  /** By id. */
  readonly transactions = new IndexEntries()
  /** By account. */
  readonly history = new IndexEntries()

  /** A block of the era, after those that were added. */
  add(height: number, transactions: readonly Parties[], transactionIds: readonly Uint8Array[]): void {
    for (let position = 0; position < transactionIds.length; position++) {
      this.transactions.add(transactionIds[position]!, height, position) // there is one for each transaction
      const { sender, recipient } = transactions[position]!
      // The lower key first, whoever pays; and one entry where both have the same.
      const order = compareKeys(sender, recipient)
      if (order > 0) this.history.add(recipient, height, position)
      this.history.add(sender, height, position)
      if (order < 0) this.history.add(recipient, height, position)
    }
  }

  /** Takes off the blocks from a height on. */
  removeFrom(height: number): void {
    this.transactions.removeFrom(height)
    this.history.removeFrom(height)
  }
}

/** Whose history a transaction is part of: its sender's and its recipient's, once where they are the same. */
export const partiesOf = ({ sender, recipient }: Parties): Uint8Array[] =>
  equalBytes(sender, recipient) ? [sender] : [sender, recipient]

/** Below 0 where the first one's key is lower, 0 where they share it. */
function compareKeys(a: Uint8Array, b: Uint8Array): number {
  for (let at = 0; at < KEY_BYTES; at++) {
    const difference = a[at]! - b[at]! // of 32 bytes each
    if (difference !== 0) return difference
  }
  return 0
}
