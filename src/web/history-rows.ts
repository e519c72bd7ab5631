/**
 * An account's history as rows, newest first: pending transactions, then those of the chain, each with the balance after
 * it. What the balances between two of them do not explain was mined: that is a row of its own, so that the sums are right.
 */
import type { Account, AccountHistory, ApiTransaction, TransactionDetail } from '../http/api.ts'

export type HistoryRow =
  | { kind: 'transaction'; transaction: ApiTransaction; block: TransactionDetail['block']; balance: number | null }
  | { kind: 'mined'; key: string; place: 'mined' | 'minedSince' | 'minedBefore'; change: number; balance: number }

export function historyRows({ account, balance }: Account, { pending, transactions, next }: AccountHistory): HistoryRow[] {
  const rows = pending.map((transaction): HistoryRow => ({ kind: 'transaction', transaction, block: null, balance: null }))
  // What the account had before what was last added: each transaction is held against the one that follows it.
  let later = balance
  const mined = (place: 'mined' | 'minedSince' | 'minedBefore', key: string, earlier: number): void => {
    if (later !== earlier) rows.push({ kind: 'mined', key, place, change: later - earlier, balance: later })
  }
  for (const [at, transaction] of transactions.entries()) {
    mined(at === 0 ? 'minedSince' : 'mined', transaction.id, transaction.balance)
    rows.push({ kind: 'transaction', transaction, block: transaction.block, balance: transaction.balance })
    later = transaction.balance - changeOf(transaction, account)
  }
  if (next === null) mined('minedBefore', 'first', 0)
  return rows
}

/** What a transaction does to an account: received − (sent + fee). */
export const changeOf = ({ sender, recipient, amount, fee }: ApiTransaction, account: string): number =>
  (recipient === account ? amount : 0) - (sender === account ? amount + fee : 0)
