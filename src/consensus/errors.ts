/**
 * Every way a block or a transaction can break the rules, in one table.
 *
 * A broken rule is not an exception in the program: it is a finding about an object, with a stable code and a
 * fault. Code that judges peers, answers users or writes logs acts on these two and never on the message.
 * (An assertion, by contrast, is a bug of ours: it is a plain `Error` and never judges anybody.)
 *
 * @example
 *   try { checkHeader(header, hash, params) }
 *   catch (error) { if (error instanceof RuleError && error.code === 'block-bad-pow') … }
 */

/** When the rule is checked, cheapest first; see PROTOCOL.md part 4. */
export type Layer = 'sanity' | 'context' | 'connect'

/**
 * Whose fault a broken rule is.
 * - `object`: the object itself breaks the rule, for everybody and for ever. Its hash may be remembered as invalid
 *   and whoever made or forwarded it did wrong.
 * - `body`: this body does not go with this header. The sender did wrong, but another body may carry the same
 *   header, so the header's hash must never be remembered as invalid.
 * - `nobody`: it cannot be judged yet (its time or its parent has not come). Never remembered, nobody punished.
 */
export type Fault = 'object' | 'body' | 'nobody'

interface Rule {
  readonly layer: Layer
  readonly fault: Fault
  /** What the rule asks, as a sentence. */
  readonly asks: string
}

const rule = (layer: Layer, fault: Fault, asks: string): Rule => ({ layer, fault, asks })

/** The rules by code. PROTOCOL.md shows this table; a test keeps the two the same. */
export const RULES = {
  // 1. Sanity: the object alone
  'block-bad-encoding': rule('sanity', 'body', 'a block or header is canonical SSZ of its type, every u64 ≤ 2^53 − 1'),
  'block-too-large': rule('sanity', 'body', 'a block has at most maxBlockBytes bytes'),
  'block-bad-version': rule('sanity', 'object', 'the version is 1'),
  'block-malformed-bits': rule('sanity', 'object', 'bits are a positive canonical compact target'),
  'block-target-above-limit': rule('sanity', 'object', 'the target is not easier than limitBits'),
  'block-bad-pow': rule('sanity', 'object', 'the hash, as a big-endian number, is ≤ the target of bits'),
  'block-bad-body-root': rule('sanity', 'body', 'bodyRoot is the root of the miner and the transaction ids'),
  'transaction-bad-encoding': rule('sanity', 'object', 'a transaction is canonical SSZ of its type, every u64 ≤ 2^53 − 1'),
  'transaction-amount-overflow': rule('sanity', 'object', 'amount + fee ≤ 2^53 − 1'),
  'block-duplicate-nonce': rule('sanity', 'object', 'no two transactions of one sender have the same nonce'),
  'transaction-bad-signature': rule('sanity', 'object', 'the sender signed the genesis hash and the transaction'),
  // 2. Context: the headers before it
  'block-unknown-parent': rule('context', 'nobody', 'the parent is known'),
  'block-invalid-parent': rule('context', 'object', 'no ancestor is invalid'),
  'block-bad-height': rule('context', 'object', 'the height is the parent’s + 1'),
  'block-time-too-old': rule('context', 'object', 'the timestamp is later than the parent’s'),
  'block-bad-bits': rule('context', 'object', 'bits are exactly what the difficulty rule gives'),
  'block-too-early': rule('context', 'nobody', 'the timestamp is at most maxFutureMs ahead of the clock'),
  // 3. Connect: the ledger
  'transaction-bad-nonce': rule('connect', 'object', 'the nonce is the sender’s account nonce at that point'),
  'transaction-overspend': rule('connect', 'object', 'the sender’s balance at that point is ≥ amount + fee'),
  'block-balance-overflow': rule('connect', 'object', 'no balance and no sum of fees exceeds 2^53 − 1'),
} as const satisfies Record<string, Rule>

/** The stable name of a rule; the same word in errors, logs, HTTP answers and peer scores. */
export type RuleCode = keyof typeof RULES

/** An object broke a rule of consensus. */
export class RuleError extends Error {
  override readonly name = 'RuleError'
  readonly code: RuleCode
  readonly fault: Fault

  /**
   * @param code which rule
   * @param found what was found, for people: `timestamp 5 is not later than the parent's 7`
   */
  constructor(code: RuleCode, found: string) {
    super(`${code}: ${found}`)
    this.code = code
    this.fault = RULES[code].fault
  }
}

/** Network parameters that cannot make a network. The message says which field and what it must be. */
export class ParamsError extends Error {
  override readonly name = 'ParamsError'
  readonly code = 'network-bad-parameters'
}
