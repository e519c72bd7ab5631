/**
 * A payment as somebody types it, checked by the rules that the node will apply: what is wrong with it and, once
 * nothing is, what to send and what it leaves. Pure; each problem is a word, which strings.ts puts into a sentence.
 *
 * @example
 *   checkPayment({ to: 'cairn1…', amount: '30', fee: '1', memo: '' }, { spendable: 50, minimumFee: 0, names })
 *   // { problems: {}, recipient: 'cairn1…', amount: 30, fee: 1, memoBytes: 0, left: 19, ready: true }
 */
import { type AddressProblem, addressProblem } from './address.ts'
import { parseAmount } from './format.ts'

/** Bytes of UTF-8 that fit into a transaction. */
export const MAX_MEMO_BYTES = 256

export interface TypedPayment {
  to: string
  amount: string
  fee: string
  memo: string
}

export interface PaymentLimits {
  /** What the account that pays can spend. */
  spendable: number
  /** The least fee that the node takes now. */
  minimumFee: number
  /** Accounts that may be named instead of written out: those of this node's wallet. */
  names: ReadonlyMap<string, string>
}

/** One for each field at most; what is still empty has none, but for the fee, which always has a proposal. */
export interface PaymentProblems {
  to?: AddressProblem
  amount?: 'not-whole' | 'too-much'
  fee?: 'not-whole' | 'too-low'
  memo?: 'too-long'
}

export interface CheckedPayment {
  problems: PaymentProblems
  /** The account; undefined until it is one. */
  recipient: string | undefined
  /** Undefined until it is a whole number, 1 or more. */
  amount: number | undefined
  /** Undefined until it is a whole number. */
  fee: number | undefined
  memoBytes: number
  /** What can be spent afterwards; undefined until amount and fee are numbers; below 0 where they are too much. */
  left: number | undefined
  /** Whether nothing is missing or wrong. */
  ready: boolean
}

export function checkPayment(typed: TypedPayment, { spendable, minimumFee, names }: PaymentLimits): CheckedPayment {
  const to = typed.to.trim()
  const account = names.get(to) ?? to.toLowerCase()
  const wrong = addressProblem(account)
  const whole = parseAmount(typed.amount)
  const amount = whole === 0 ? undefined : whole
  const fee = parseAmount(typed.fee)
  const memoBytes = new TextEncoder().encode(typed.memo).length
  const left = amount === undefined || fee === undefined ? undefined : spendable - amount - fee

  const problems: PaymentProblems = {}
  const isPartOfName = [...names.keys()].some((name) => name.startsWith(to))
  if (wrong !== undefined && !isPartOfName && to !== '') problems.to = wrong
  if (amount === undefined && typed.amount.trim() !== '') problems.amount = 'not-whole'
  if (amount !== undefined && amount + (fee ?? 0) > spendable) problems.amount = 'too-much'
  if (fee === undefined) problems.fee = 'not-whole'
  if (fee !== undefined && fee < minimumFee) problems.fee = 'too-low'
  if (memoBytes > MAX_MEMO_BYTES) problems.memo = 'too-long'

  const recipient = to === '' || wrong !== undefined ? undefined : account
  const ready = Object.keys(problems).length === 0 && recipient !== undefined && left !== undefined
  return { problems, recipient, amount, fee, memoBytes, left, ready }
}
