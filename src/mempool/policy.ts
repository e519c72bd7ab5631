/**
 * What this node is willing to keep pending, beyond what consensus asks.
 *
 * Policy is each node's own choice: another node may think otherwise, the same transaction may be welcome a minute
 * later, and nobody is punished for sending it. So a refusal here is a `PolicyError`, never a `RuleError`.
 */

/** How much the pool holds; the reason stands with each default. */
export interface MempoolLimits {
  /** Transactions of one sender that may be mined next. @default 16 */
  readyPerSender: number
  /** Transactions of one sender that wait: behind a gap in its nonces, or behind its 16 ready ones. @default 64 */
  gappedPerSender: number
  /** Transactions in all. @default 20000 */
  maxTransactions: number
  /** Encoded bytes in all. @default 32000000 */
  maxBytes: number
  /** How much more, in percent of the old fee, the same sender and nonce must pay to replace. @default 10 */
  replacementPercent: number
  /** How long a transaction may wait, ms. @default 10800000 (3 h) */
  maxAgeMs: number
  /** The least fee, units; while the pool is full or was so lately, it asks for more (fee-floor.ts). @default 0 */
  minFee: number
  /** Time in which what it asks for beyond that halves, ms. @default 600000 (10 min) */
  floorHalfLifeMs: number
}

export const DEFAULT_LIMITS: Readonly<MempoolLimits> = Object.freeze({
  // One account cannot fill a block with cheap payments of its own, and a person never has sixteen in hand.
  readyPerSender: 16,
  // Gossip does not keep order: a burst may arrive backwards, and a script may send a few blocks' worth at once.
  gappedPerSender: 64,
  // Three full blocks of plain payments: enough to ride out a slow block, little enough to sort and list at leisure.
  maxTransactions: 20_000,
  // The same in bytes, where transactions are bigger: a pool never costs a small machine more than this.
  maxBytes: 32_000_000,
  // Each replacement is gossiped and verified by everybody, so it must pay for more than one unit of noise.
  replacementPercent: 10,
  // A class is over: who still means a payment after that sends it again.
  maxAgeMs: 3 * 60 * 60 * 1_000,
  // A payment without a fee is as good as any other while there is room: in a class nobody should have to know of fees.
  minFee: 0,
  // Sixty blocks: a flood that goes on meets the floor that it made, and a class that comes back from lunch meets none.
  floorHalfLifeMs: 10 * 60 * 1_000,
})

/** Every reason to refuse a transaction that no rule forbids, with what the pool asks instead. */
export const POLICIES = {
  'transaction-known': 'a transaction is pending once',
  'transaction-fee-too-low': 'a transaction pays this node’s least fee, which rises while the pool overflows',
  'transaction-nonce-used': 'the nonce is not below the account nonce: a block holds that one already',
  'transaction-nonce-gap': 'the nonce is within the sender’s room in the pool, counted from the account nonce',
  'transaction-insufficient-balance': 'the confirmed balance covers the transaction and the sender’s pending ones before it',
  'transaction-replacement-underpriced': 'a replacement of the same sender and nonce pays a tenth more fee, and at least 1',
  'transaction-sender-limit': 'a sender has no more pending than its room in the pool',
  'mempool-full': 'while the pool is full, a transaction pays more than the cheapest in it',
} as const satisfies Record<string, string>

/** The stable name of a policy; the same word in errors, logs and HTTP answers. */
export type PolicyCode = keyof typeof POLICIES

/** The transaction breaks no rule, but this node does not keep it now. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError'
  readonly code: PolicyCode

  /** @param found what was found and what to do, for people */
  constructor(code: PolicyCode, found: string) {
    super(`${code}: ${found}`)
    this.code = code
  }
}

/** The least fee that replaces a pending transaction which pays `fee`. */
export const replacementFee = (fee: number, percent: number): number => fee + Math.max(1, Math.ceil((fee * percent) / 100))
