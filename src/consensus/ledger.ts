/**
 * The ledger: what a block does to accounts, and how to undo it.
 *
 *   1. whom the body touches: every sender and recipient, and the miner, each once
 *   2. their states before it, read together: among a million accounts that costs half of reading them one by one
 *   3. in order, each transaction's nonce must be its sender's account nonce and the sender's balance ≥ amount + fee;
 *      then the miner is paid the subsidy and the fees
 *
 * Nothing is written here: `connect` returns each account touched with its state before and after, so applying is
 * writing `after`, undoing is writing `before`, and one is exactly the inverse of the other.
 *
 * Fails with `transaction-bad-nonce`, `transaction-overspend`, `block-balance-overflow`.
 */
import type { Checked } from './checked-transaction.ts'
import { RuleError } from './errors.ts'
import { type Hex, toHex } from './hex.ts'
import { type NetworkParams, subsidyAt } from './params.ts'
import { type AccountState, type Body, MAX_U64 } from './types.ts'

/** An account that no block has touched. */
export const NEW_ACCOUNT: Readonly<AccountState> = Object.freeze({ balance: 0, nonce: 0 })

/** What one block did to one account. */
export interface AccountChange {
  /** 32-byte key. */
  account: Uint8Array
  before: AccountState
  after: AccountState
}

/** The states of accounts before the block, in the order of the accounts; `NEW_ACCOUNT` where there is none. */
export type ReadAccounts = (accounts: readonly Uint8Array[]) => readonly AccountState[]

/**
 * Applies a body at a height.
 * @param checked what is known of the transactions, in order: their accounts as keys
 * @returns each account touched, once, in the order in which it was first touched
 */
export function connect(
  body: Body,
  height: number,
  params: Pick<NetworkParams, 'subsidy' | 'halvingInterval'>,
  readAccounts: ReadAccounts,
  checked: Checked = [],
): AccountChange[] {
  // Every read and write goes through the one entry an account has, so that a payment to oneself, and a miner who
  // also sends, see their own earlier changes.
  const changes = new Map<Hex, AccountChange>()
  const touch = (account: Uint8Array, key = toHex(account)): AccountState => {
    let change = changes.get(key)
    if (change === undefined) {
      change = { account, before: { ...NEW_ACCOUNT }, after: { ...NEW_ACCOUNT } }
      changes.set(key, change)
    }
    return change.after
  }
  const touched = body.transactions.map((transaction, at) => ({
    transaction,
    from: touch(transaction.sender, checked[at]?.from),
    to: touch(transaction.recipient, checked[at]?.to),
  }))
  const miner = touch(body.miner)

  const changed = [...changes.values()]
  const states = readAccounts(changed.map(({ account }) => account))
  for (const [at, { before, after }] of changed.entries()) {
    const { balance, nonce } = states[at] as AccountState // one for each
    after.balance = before.balance = balance
    after.nonce = before.nonce = nonce
  }

  const add = (a: number, b: number): number => {
    if (a + b > MAX_U64) throw new RuleError('block-balance-overflow', `${a} + ${b} exceeds 2^53 − 1`)
    return a + b
  }
  let fees = 0
  for (const { transaction, from, to } of touched) {
    const { sender, amount, fee, nonce } = transaction
    if (nonce !== from.nonce) {
      throw new RuleError('transaction-bad-nonce', `nonce ${nonce} of ${toHex(sender)} where its account has ${from.nonce}`)
    }
    if (from.balance < amount + fee) {
      throw new RuleError('transaction-overspend', `${toHex(sender)} spends ${amount} + ${fee} of ${from.balance}`)
    }
    from.balance -= amount + fee
    from.nonce += 1
    to.balance = add(to.balance, amount)
    fees = add(fees, fee)
  }
  miner.balance = add(miner.balance, add(subsidyAt(height, params), fees))
  return changed
}

/** What genesis does to accounts: it credits the allocations, in order. */
export function connectGenesis(params: Pick<NetworkParams, 'allocations'>): AccountChange[] {
  const changes = new Map<Hex, AccountChange>()
  for (const { account, amount } of params.allocations) {
    const key = toHex(account)
    const change = changes.get(key) ?? { account, before: { ...NEW_ACCOUNT }, after: { ...NEW_ACCOUNT } }
    change.after.balance += amount // the sum is bounded by the check of the parameters
    changes.set(key, change)
  }
  return [...changes.values()]
}
