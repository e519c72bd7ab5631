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
import { keyOf } from './schema.ts'

/** Whom a transaction concerns. */
type Parties = Pick<Transaction, 'sender' | 'recipient'>

export class EraIndex {
  /** By id. */
  readonly transactions = new IndexEntries()
  /** By account. */
  readonly history = new IndexEntries()

  /** A block of the era, after those that were added. */
  add(height: number, transactions: readonly Parties[], transactionIds: readonly Uint8Array[]): void {
    for (const [position, id] of transactionIds.entries()) this.transactions.add(id, { height, position })
    for (const [position, parties] of transactions.entries()) {
      for (const account of keyedParties(parties)) this.history.add(account, { height, position })
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

/** Whose key a transaction has an entry under: one of two that share it, and the lower key first whoever pays. */
function keyedParties({ sender, recipient }: Parties): Uint8Array[] {
  const order = Buffer.compare(keyOf(sender), keyOf(recipient))
  if (order === 0) return [sender]
  return order < 0 ? [sender, recipient] : [recipient, sender]
}
