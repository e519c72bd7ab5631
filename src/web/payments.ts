/**
 * Payments to and from this node's accounts, and how each of them stands. Pure but for `readPayments`.
 *
 *   told by an event      pending  →  mined, in a block that is not known yet
 *                                  →  dropped, with the reason
 *   read from the node    pending, with the time that it will take  |  mined, in this block
 *
 * A node forgets what it drops, so the page keeps those itself, as long as it is open.
 */
import type { ApiTransaction, TransactionDetail } from '../http/api.ts'
import type { Client } from '../http/client.ts'

export type PaymentStanding =
  /** `minedInMs`: estimate; null while it waits for another one of its sender, undefined until the node has said. */
  | { kind: 'pending'; minedInMs?: number | null }
  /** `block`: null until the node has said which. */
  | { kind: 'mined'; block: TransactionDetail['block'] }
  /** `reason`: null where the page was not there when it happened. */
  | { kind: 'dropped'; reason: string | null }

export interface Payment {
  transaction: ApiTransaction
  standing: PaymentStanding
  /** When it was first seen, mined or dropped; ms since the Unix epoch. */
  at: number
}

export type Payments = ReadonlyMap<string, Payment>

/** Kept at once: somebody may flood an account with payments that never come to anything. */
const MAX_KEPT = 200

/** With one that is pending now, perhaps again. */
export function withPending(known: Payments, transaction: ApiTransaction, at: number): Payments {
  const payments = new Map(known)
  payments.set(transaction.id, { transaction, standing: { kind: 'pending' }, at })
  for (const id of payments.keys()) {
    if (payments.size <= MAX_KEPT) break
    payments.delete(id)
  }
  return payments
}

/** With one that is pending no more. @param reason the node's word: `mined`, or why it was dropped */
export function withRemoved(known: Payments, id: string, reason: string, at: number): Payments {
  const payment = known.get(id)
  if (payment === undefined) return known
  const standing: PaymentStanding = reason === 'mined' ? { kind: 'mined', block: null } : { kind: 'dropped', reason }
  return new Map(known).set(id, { ...payment, standing, at })
}

/** What the node answered, and what the page knew when it asked. */
export interface PaymentReading {
  read: readonly Payment[]
  asked: Payments
}

/** With an answer of the node, which is all that is pending and the last ones that are in blocks. */
export function withRead(known: Payments, { read, asked }: PaymentReading, at: number): Payments {
  const payments = new Map<string, Payment>()
  const answers = new Map(read.map((payment) => [payment.transaction.id, payment]))
  for (const [id, payment] of known) {
    const isNewer = payment !== asked.get(id) // an event told of it while the answer was on its way
    const { kind } = payment.standing
    if (isNewer) answers.delete(id)
    else if (answers.has(id)) continue
    // What is in blocks further back is left to the account's history.
    else if (kind === 'mined') continue
    const isGone = !isNewer && kind === 'pending'
    payments.set(id, isGone ? { ...payment, standing: { kind: 'dropped', reason: null }, at } : payment)
  }
  for (const [id, payment] of answers) payments.set(id, payment)
  return payments
}

/** In the order of a list: what waits first, then the newest. */
export function listed(payments: Payments): Payment[] {
  const waits = ({ standing }: Payment): number => (standing.kind === 'pending' ? 1 : 0)
  const position = ({ standing }: Payment): number => (standing.kind === 'mined' ? standing.block?.position ?? Number.MAX_SAFE_INTEGER : 0)
  return [...payments.values()].sort((a, b) => waits(b) - waits(a) || b.at - a.at || position(b) - position(a))
}

/**
 * Reads them from the node: all that are pending, and the last ones in blocks.
 * @param limit of those in blocks, for each account
 */
export async function readPayments(client: Client, accounts: readonly string[], limit: number, signal: AbortSignal): Promise<Payment[]> {
  const histories = await Promise.all(accounts.map((account) => client.history(account, { limit }, { signal })))
  const found = new Map<string, Payment>()
  for (const { pending, transactions } of histories) {
    for (const { receivedAt, minedInMs, ...transaction } of pending) {
      found.set(transaction.id, { transaction, standing: { kind: 'pending', minedInMs }, at: receivedAt })
    }
    for (const { block, ...transaction } of transactions) {
      found.set(transaction.id, { transaction, standing: { kind: 'mined', block }, at: block?.timestamp ?? 0 })
    }
  }
  return [...found.values()]
}
