/** A transaction that is handed in, as the pool would keep it: its id, and its accounts as keys of maps. */
import { sha256 } from '../consensus/hash.ts'
import { encodeTransaction, type Transaction } from '../consensus/types.ts'
import type { Known } from './mempool-components.ts'
import type { TransactionOrigin } from './mempool-events.ts'
import { Entry } from './queue.ts'

/** @param now ms since the Unix epoch */
export function newcomer(transaction: Transaction, origin: TransactionOrigin, now: number, known: Known): Entry {
  const { encoded = encodeTransaction(transaction), receivedAt = now, local = origin === 'local' } = known
  return new Entry(sha256(encoded), transaction, encoded.length, receivedAt, local)
}
