/**
 * Which pending transactions go into a block: again and again the highest fee among the senders' next ones.
 *
 * The senders come in the order of what their first transaction pays, as the pool keeps them; a heap holds the next one
 * of each sender that was taken from. So n transactions cost O(n log n), however many are pending, and a sender's
 * nonces come out in order by themselves. Fees count whole, not per byte: sizes differ by less than three, and "the
 * highest fee goes first" is what everybody can see on the page.
 *
 * A high fee behind a low one of the same sender waits for it; no attempt is made to weigh the two together.
 */
import { BodyType, MIN_TRANSACTION_BYTES } from '../consensus/types.ts'
import { Heap, type HeapItem } from './heap.ts'
import { BLOCK_OFFSET_BYTES, paysMore, type PendingTransaction } from './queue.ts'

const MAX_TRANSACTIONS = BodyType.fields.transactions.limit

/** A sender that has something for the block. */
export interface Candidate {
  /** Of its first ready transaction. */
  fee: number
  receivedAt: number
  queue: {
    /** All of them, in nonce order. */
    ready(): readonly PendingTransaction[]
  }
}

/** A sender that was taken from, and what it has next. */
interface Place extends HeapItem {
  entries: readonly PendingTransaction[]
  position: number
  next: PendingTransaction
  fee: number
  receivedAt: number
}

/**
 * @param senders the best-paying first
 * @param maxBytes room for them in the body: encoded size plus an SSZ offset each
 */
export function selectTransactions(senders: Iterator<Candidate>, maxBytes: number): PendingTransaction[] {
  const begun = new Heap<Place>(paysMore)
  let sender = senders.next()
  const selected: PendingTransaction[] = []
  let room = maxBytes
  while (room >= BLOCK_OFFSET_BYTES + MIN_TRANSACTION_BYTES && selected.length < MAX_TRANSACTIONS) {
    let place = begun.first
    if (sender.done !== true && (place === undefined || paysMore(sender.value, place))) {
      const entries = sender.value.queue.ready()
      sender = senders.next()
      const next = entries[0]
      if (next === undefined) continue
      place = { entries, next, position: 0, fee: next.transaction.fee, receivedAt: next.receivedAt, heapIndex: -1 }
    }
    if (place === undefined) break
    const needed = BLOCK_OFFSET_BYTES + place.next.bytes
    if (needed > room) {
      begun.remove(place) // and with it what comes later from this sender; a smaller one of another may still fit
      continue
    }
    room -= needed
    selected.push(place.next)
    const next = place.entries[++place.position]
    if (next === undefined) {
      begun.remove(place)
    } else {
      place.next = next
      place.fee = next.transaction.fee
      place.receivedAt = next.receivedAt
      begun.place(place)
    }
  }
  return selected
}
