/**
 * What is this node's own: with the token all accounts of its wallet, without it the one that mining pays, which
 * anybody may look at.
 */
import type { Account, ApiTransaction, WalletInfo } from '../http/api.ts'

/** An account of this node's, as the page shows it. */
export interface OwnAccount extends Account {
  /** Its name in the wallet; null where only the token shows it. */
  name: string | null
  default: boolean
}

/** This node's accounts, the default one first. */
export const ownAccounts = ({ wallet, account }: { wallet: WalletInfo | null; account: Account | null }): readonly OwnAccount[] =>
  wallet?.accounts ?? (account === null ? [] : [{ ...account, name: null, default: true }])

/** Whether it cannot sign at a time: it locks itself when its time is over, and no event tells that. */
export const isLocked = ({ locked, unlockedUntil }: Pick<WalletInfo, 'locked' | 'unlockedUntil'>, now: number): boolean =>
  locked || (unlockedUntil !== null && now >= unlockedUntil)

/**
 * What an account can pay now. The node's word is up to a moment old, and so is what the page knows to be pending: of
 * the two, the smaller is right, so that nothing is promised twice.
 */
export function spendableOf({ account, balance, spendable }: Account, pending: Iterable<ApiTransaction>): number {
  let rest = balance
  for (const { sender, amount, fee } of pending) if (sender === account) rest -= amount + fee
  return Math.min(spendable, rest)
}
