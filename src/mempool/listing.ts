/**
 * Pending transactions as people read them: highest fee first, of equal fees a lower nonce, then what came first. No two
 * are equal in that order, so a page can begin after any one, whether that one is still pending or not.
 */
import type { Hex } from '../consensus/hex.ts'
import type { PendingTransaction } from './queue.ts'

/** A place in the order. */
export interface Cursor {
  fee: number
  nonce: number
  /** ms since the Unix epoch */
  receivedAt: number
  id: Hex
}

export const cursorOf = ({ transaction: { fee, nonce }, receivedAt, id }: PendingTransaction): Cursor => ({ fee, nonce, receivedAt, id })

/** Below zero where `a` is listed before `b`. */
export const compareListed = (a: PendingTransaction, b: PendingTransaction): number =>
  b.transaction.fee - a.transaction.fee || a.transaction.nonce - b.transaction.nonce || a.receivedAt - b.receivedAt || (a.id < b.id ? -1 : 1)

const isAfter = ({ transaction: { fee, nonce }, receivedAt, id }: PendingTransaction, cursor: Cursor): boolean =>
  (cursor.fee - fee || nonce - cursor.nonce || receivedAt - cursor.receivedAt || (id > cursor.id ? 1 : -1)) > 0

/**
 * The first of many, in order, none of the others sorted: n transactions and a page of k cost O(n + k log k).
 * @param limit ≥ 1
 * @param after where the page before ended
 */
export function pageOf(entries: Iterable<PendingTransaction>, limit: number, after?: Cursor): PendingTransaction[] {
  let page: PendingTransaction[] = []
  /** The last one that is on the page for now, once that is full. */
  let last: PendingTransaction | undefined
  const cut = (): void => {
    page = page.sort(compareListed).slice(0, limit)
    if (page.length === limit) last = page.at(-1)
  }
  for (const entry of entries) {
    if (after !== undefined && !isAfter(entry, after)) continue
    if (last !== undefined && compareListed(entry, last) > 0) continue
    page.push(entry)
    if (page.length >= 2 * limit) cut()
  }
  cut()
  return page
}
