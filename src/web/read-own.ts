/** Reads what is this node's own: its wallet with the token, else the one account that anybody may look at. */
import type { Account, WalletInfo } from '../http/api.ts'
import { ApiFailure, type Client } from '../http/client.ts'
import type { State } from './state.ts'

export interface Own {
  /** Null where only the token shows it. */
  wallet: WalletInfo | null
  /** The one that mining pays. */
  account: Account
}

/**
 * Reads it, in one question to the node. A token that was good and is refused now is judged again (`checking`).
 * @param account the one that mining pays
 */
export async function readOwn(client: Client, state: Pick<State, 'access' | 'wallet'>, account: string): Promise<Own> {
  const before = state.wallet.value
  const read = await readWallet(client, state)
  const own = read?.accounts.find((one) => one.account === account) ?? await client.account(account)
  // What the user changed meanwhile, by unlocking or a new account, is newer than this answer.
  return { account: own, wallet: state.wallet.value === before ? read : state.wallet.value }
}

async function readWallet(client: Client, { access }: Pick<State, 'access'>): Promise<WalletInfo | null> {
  if (access.value !== 'full') return null
  try {
    return await client.wallet()
  } catch (error) {
    if (!(error instanceof ApiFailure && error.status === 401)) throw error
    access.value = 'checking'
    return null
  }
}
