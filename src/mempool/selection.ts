/**
 * Which pending transactions go into a block: again and again the highest fee among the senders' next ones.
 *
 * A heap holds one place per sender, its next transaction, so that n transactions of s senders cost O(s + n log s) and
 * a sender's nonces come out in order by themselves. Fees count whole, not per byte: sizes differ by less than three,
 * and "the highest fee goes first" is what everybody can see on the page.
 *
 * A high fee behind a low one of the same sender waits for it; no attempt is made to weigh the two together.
 */
import { BodyType, MIN_TRANSACTION_BYTES } from '../consensus/types.ts'
import { Heap, type HeapItem } from './heap.ts'
import type { PendingTransaction } from './queue.ts'

/** Each element of an SSZ list of variable size costs this much beside its own bytes. */
const OFFSET_BYTES = 4

const MAX_TRANSACTIONS = BodyType.fields.transactions.limit

interface Place extends HeapItem {
  entries: readonly PendingTransaction[]
  next: PendingTransaction
  /** Of `next`, at hand: a full pool compares some hundred thousand times. */
  fee: number
  position: number
}

const paysMore = (a: Place, b: Place): boolean => (a.fee === b.fee ? a.next.receivedAt < b.next.receivedAt : a.fee > b.fee)

/**
 * @param ready for each sender its ready transactions in nonce order
 * @param maxBytes room for them in the body: encoded size plus an SSZ offset each
 */
export function selectTransactions(ready: Iterable<readonly PendingTransaction[]>, maxBytes: number): PendingTransaction[] {
  const places: Place[] = []
  for (const entries of ready) {
    const next = entries[0]
    if (next !== undefined) places.push({ entries, next, fee: next.transaction.fee, position: 0, heapIndex: -1 })
  }
  const heap = new Heap(paysMore, places)
  const selected: PendingTransaction[] = []
  let room = maxBytes
  while (room >= OFFSET_BYTES + MIN_TRANSACTION_BYTES && selected.length < MAX_TRANSACTIONS) {
    const place = heap.first
    if (place === undefined) break
    const needed = OFFSET_BYTES + place.next.bytes
    if (needed > room) {
      heap.remove(place) // and with it what comes later from this sender; a smaller one of another may still fit
      continue
    }
    room -= needed
    selected.push(place.next)
    const next = place.entries[++place.position]
    if (next === undefined) {
      heap.remove(place)
    } else {
      place.next = next
      place.fee = next.transaction.fee
      heap.place(place)
    }
  }
  return selected
}
