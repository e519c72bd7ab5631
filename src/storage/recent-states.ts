/**
 * What a block made of the accounts that it touched, as one row of recent_accounts: the accounts one after the other, and
 * their states as JSON, which any SQLite tool can take apart.
 *
 *   accounts   alice's 32 bytes, then bob's        states   [[70,1],[30,0]]
 */
import type { AccountChange } from '../consensus/ledger.ts'
import type { AccountState } from '../consensus/types.ts'

export interface RecentStates {
  /** 32 bytes each. */
  accounts: Uint8Array
  /** JSON of [balance, nonce] for each of them. */
  states: string
}

/** In the order of the changes. */
export function recentStates(changes: readonly AccountChange[]): RecentStates {
  const accounts = new Uint8Array(32 * changes.length)
  let states = ''
  let at = 0
  for (const { account, after } of changes) {
    accounts.set(account, at)
    states += at === 0 ? `[${after.balance},${after.nonce}]` : `,[${after.balance},${after.nonce}]`
    at += 32
  }
  return { accounts, states: `[${states}]` }
}

/** The accounts as views, with their states. The row is one that `recentStates` gave: its checksum is looked at before. */
export function* statesIn({ accounts, states }: RecentStates): Iterable<{ account: Uint8Array; state: AccountState }> {
  const pairs = JSON.parse(states) as [balance: number, nonce: number][] // what was written
  for (const [at, [balance, nonce]] of pairs.entries()) {
    yield { account: accounts.subarray(32 * at, 32 * at + 32), state: { balance, nonce } }
  }
}
