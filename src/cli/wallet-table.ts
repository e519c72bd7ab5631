/** A wallet's accounts as a table, and its lock in a line above it. */
import type { Account, WalletInfo } from '../http/api.ts'
import { formatChange, formatCount, formatDuration } from './format.ts'
import type { Column, Output } from './output.ts'

/** An account by its name; with amounts where a node was there to tell them. */
export interface ShownAccount extends Partial<Pick<Account, 'balance' | 'pending' | 'spendable'>> {
  name: string
  /** `cairn1…` */
  account: string
  path: string
  default: boolean
}

/** The accounts of a wallet's file. */
export const shownAccounts = (accounts: readonly { name: string; path: string; address: string }[]): ShownAccount[] =>
  accounts.map(({ name, path, address }, at) => ({ name, account: address, path, default: at === 0 }))

const NAMES: Column<ShownAccount>[] = [
  { title: 'name', value: ({ name, default: isDefault }) => (isDefault ? `${name} *` : name), paint: (text, _row, paint) => paint('bold', text) },
  { title: 'address', value: ({ account }) => account, cut: { where: 'middle', least: 15 } },
]
const AMOUNTS: Column<ShownAccount>[] = [
  { title: 'confirmed', value: ({ balance = 0 }) => formatCount(balance), align: 'right' },
  { title: 'pending', value: ({ pending = 0 }) => formatChange(pending), align: 'right', spare: 1 },
  { title: 'spendable', value: ({ spendable = 0 }) => formatCount(spendable), align: 'right', paint: (text, _row, paint) => paint('bold', text) },
]
const PATH: Column<ShownAccount> = { title: 'path', value: ({ path }) => path }

/** @param now the node's clock, ms since the Unix epoch */
export function showAccounts(accounts: ShownAccount[], lock: Omit<WalletInfo, 'accounts'>, now: number, output: Output): void {
  const hasAmounts = accounts.some(({ balance }) => balance !== undefined)
  output.table([...NAMES, ...(hasAmounts ? AMOUNTS : [PATH])], accounts, 'no accounts')
  output.line()
  output.line(output.paint('dim', '* mining pays this one, and it pays unless told otherwise'))
  output.line(`${output.paint('dim', 'the wallet is')} ${stateOf(lock, now, output)}`)
}

function stateOf({ encrypted, locked, unlockedUntil }: Omit<WalletInfo, 'accounts'>, now: number, { paint }: Output): string {
  if (!encrypted) return paint('yellow', 'not encrypted')
  if (locked) return paint('green', 'encrypted and locked')
  return paint('yellow', unlockedUntil === null ? 'unlocked' : `unlocked for ${formatDuration(unlockedUntil - now)}`)
}
