/** Accounts as they are named on the command line: `cairn1…`, a name of the node's wallet, or nothing for its own. */
import type { Status } from '../http/api.ts'
import type { Client } from '../http/client.ts'
import type { Context } from './context.ts'
import { Refusal } from './failure.ts'
import { quote } from './text.ts'

/** Names that a message lists. */
const MOST_NAMES = 10

/** Asks the node for what an account's name stands for; an address stands for itself. */
export type AccountOf = (client: Client, status: Status) => Promise<string>

/**
 * What an argument stands for. A mistyped address is refused here, before anything is asked or sent.
 * @param text an address, the name of an account, or undefined for the account that mining pays
 */
export async function findAccount(text: string | undefined, { signal }: Pick<Context, 'signal'>): Promise<AccountOf> {
  if (text === undefined) return async (_client, { account }) => account
  if (looksLikeAddress(text)) {
    const address = await checkAddress(text)
    return async () => address
  }
  return async (client) => {
    const { accounts } = await client.wallet({ signal })
    const named = accounts.find(({ name }) => name === text)
    if (named !== undefined) return named.account
    const names = accounts.map(({ name }) => name).slice(0, MOST_NAMES).join(', ')
    throw new Refusal(`${quote(text)} is not an account: give one as cairn1…, or one of this node’s by name (${names})`)
  }
}

/**
 * The address, once its checksum is right.
 * @throws Refusal that says what is wrong with it
 */
export async function checkAddress(text: string): Promise<string> {
  const { fromAddress, toAddress } = await import('../consensus/account.ts')
  try {
    return toAddress(fromAddress(text))
  } catch (error) {
    throw new Refusal(error instanceof Error ? error.message : String(error))
  }
}

const looksLikeAddress = (text: string): boolean => /^cairn1/i.test(text.trim())
