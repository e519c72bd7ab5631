/** What the pool tells, and the words that it tells it in. Told once a change is complete: listeners may ask and even add. */
import type { Hex } from '../consensus/hex.ts'
import type { Transaction } from '../consensus/types.ts'
import type { PendingTransaction } from './queue.ts'

/**
 * Where a transaction came from. `local`: this node's user; `reorg`: back from a block that the chain left; `restored`:
 * pending since before this node was started.
 */
export type TransactionOrigin = 'local' | 'gossip' | 'sync' | 'reorg' | 'restored'

/**
 * Why a transaction left. `conflict`: a block holds another one of its sender with its nonce; `evicted`: the pool or
 * its sender's room was full of better ones.
 */
export type RemovalReason = 'mined' | 'replaced' | 'evicted' | 'expired' | 'conflict'

export interface MempoolEvents {
  /** It is pending now; after a reorganisation also again. */
  'transaction:added': [{ pending: PendingTransaction; origin: TransactionOrigin }]
  /**
   * It is pending no more, or came back from an abandoned block whose nonce is taken. What a block took is told when somebody
   * asks the pool next, and a quarter of a second later in any case.
   */
  'transaction:removed': [{ id: Hex; transaction: Transaction; reason: RemovalReason }]
}
