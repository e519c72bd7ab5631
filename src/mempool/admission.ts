/**
 * Whether the pool wants a transaction, all but its signature. In order: fee, nonce, replacement, balance, room of the
 * sender, room of the pool. Fails with `PolicyError`, one code each (policy.ts).
 */
import { type AccountState, MIN_TRANSACTION_BYTES } from '../consensus/types.ts'
import { type MempoolLimits, PolicyError, replacementFee } from './policy.ts'
import { costOf, type Entry, leavesBefore, type PendingTransaction, type Rank, type SenderQueue } from './queue.ts'

/** How full the pool is. */
export interface Fill {
  /** Transactions and their bytes. */
  size: number
  bytes: number
  /** What would leave first. */
  lowest: Rank | undefined
}

/** How full it is, of its transactions or its bytes, whichever is more: 0 to 1. */
export const fullnessOf = ({ size, bytes }: Fill, { maxTransactions, maxBytes }: MempoolLimits): number =>
  Math.max(size / maxTransactions, bytes / maxBytes)

/** What the pool asks for at least: its floor, and while not even a small one fits, more than the lowest pays. */
export function minimumFeeOf(floor: number, { size, bytes, lowest }: Fill, { maxTransactions, maxBytes }: MempoolLimits): number {
  const fits = size < maxTransactions && bytes + MIN_TRANSACTION_BYTES <= maxBytes
  return fits || lowest?.ready !== true ? floor : Math.max(floor, lowest.leastFee + 1)
}

/** Before anything is asked of the ledger. @param floor see fee-floor.ts */
export function checkFee(fee: number, floor: number): void {
  if (fee < floor) {
    throw new PolicyError('transaction-fee-too-low', `fee ${fee} is below ${floor}, the least that this node takes now; pay more or wait`)
  }
}

/**
 * @param entry the newcomer
 * @param account its sender's confirmed state
 * @param queue its sender's pending transactions
 * @returns the pending transaction that it replaces
 */
export function checkAdmission(
  entry: PendingTransaction,
  account: AccountState,
  queue: SenderQueue,
  pool: Fill,
  limits: MempoolLimits,
): Entry | undefined {
  const { nonce, fee } = entry.transaction
  const refuse = (code: PolicyError['code'], found: string): never => {
    throw new PolicyError(code, found)
  }

  if (nonce < account.nonce) refuse('transaction-nonce-used', `nonce ${nonce} is used; the account’s next is ${account.nonce}`)
  const room = limits.readyPerSender + limits.gappedPerSender
  if (nonce >= account.nonce + room) {
    refuse('transaction-nonce-gap', `nonce ${nonce} is ${room} or more past ${account.nonce}, the account’s; send others first`)
  }

  const replaced = queue.at(nonce)
  if (replaced !== undefined) {
    const least = replacementFee(replaced.transaction.fee, limits.replacementPercent)
    if (fee < least) {
      refuse('transaction-replacement-underpriced', `nonce ${nonce} is pending and fee ${fee} does not replace it; pay ${least}`)
    }
  }

  const before = queue.costBefore(nonce)
  if (before + costOf(entry) > account.balance) {
    const promised = before > 0 ? `, ${before} of it promised to pending transactions before this one` : ''
    refuse('transaction-insufficient-balance', `it takes ${costOf(entry)} of a balance of ${account.balance}${promised}; send less, or wait until more is confirmed`)
  }

  const more = replaced === undefined ? 1 : 0
  const ready = Math.min(queue.runFrom(account.nonce, nonce), limits.readyPerSender)
  if (queue.size + more - ready > limits.gappedPerSender) {
    refuse('transaction-sender-limit', `${queue.size} of this sender are pending; wait until some are mined`)
  }

  const fits = pool.size + more <= limits.maxTransactions && pool.bytes + entry.bytes - (replaced?.bytes ?? 0) <= limits.maxBytes
  const rank = { ready: nonce < account.nonce + ready, leastFee: Math.min(fee, queue.leastFeeBefore(nonce)) }
  if (!fits && !(pool.lowest !== undefined && leavesBefore(pool.lowest, rank))) {
    refuse('mempool-full', `fee ${fee} is not above the lowest of ${pool.size} pending; raise it or wait`)
  }
  return replaced
}
