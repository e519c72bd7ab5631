import { expect, test } from 'vitest'
import type { Account, WalletInfo } from '../../src/http/api.ts'
import { ApiFailure, type Client } from '../../src/http/client.ts'
import { isLocked, ownAccounts, spendableOf } from '../../src/web/own-accounts.ts'
import { readOwn } from '../../src/web/read-own.ts'
import { createState } from '../../src/web/state.ts'
import { payment } from './summaries.ts'

const fox: Account = { account: 'cairn1fox', balance: 50, nonce: 0, pending: 0, spendable: 50 }
const walletOf = (...names: string[]): WalletInfo => ({
  accounts: names.map((name, at) => ({ ...fox, account: at === 0 ? fox.account : `cairn1${name}`, name, path: `m/${at}'`, default: at === 0 })),
  encrypted: false, locked: false, unlockedUntil: null,
})
/** A node that answers the two questions. */
const nodeWith = (wallet: () => Promise<WalletInfo>): Client => ({ wallet, account: async () => fox }) as unknown as Client // all that is asked
function stateWith(access: 'full' | 'reading') {
  const state = createState(null)
  state.access.value = access
  return state
}

test('with the token the whole wallet is read, without it the account that anybody may look at', async () => {
  const node = nodeWith(async () => walletOf('main', 'savings'))
  const own = await readOwn(node, stateWith('full'), fox.account)
  expect(own.wallet?.accounts.map(({ name }) => name)).toEqual(['main', 'savings'])
  expect(own.account).toMatchObject({ name: 'main', balance: 50 })
  expect(await readOwn(node, stateWith('reading'), fox.account)).toEqual({ wallet: null, account: fox })
})

test('a token that is refused now is judged again, and the page reads on', async () => {
  const state = stateWith('full')
  const node = nodeWith(async () => { throw new ApiFailure('token-wrong', 'not this node’s', 401) })
  expect(await readOwn(node, state, fox.account)).toEqual({ wallet: null, account: fox })
  expect(state.access.value).toBe('checking')
  const broken = nodeWith(async () => { throw new ApiFailure('internal', 'a fault', 500) })
  await expect(readOwn(broken, stateWith('full'), fox.account)).rejects.toThrow('a fault')
})

test('an answer that was on its way while the user changed the wallet does not undo that', async () => {
  const state = stateWith('full')
  state.wallet.value = { ...walletOf('main'), encrypted: true, locked: true }
  const unlocked = { ...walletOf('main'), encrypted: true, unlockedUntil: 9 }
  const node = nodeWith(async () => {
    const old = { ...walletOf('main'), encrypted: true, locked: true }
    state.wallet.value = unlocked
    return old
  })
  expect((await readOwn(node, state, fox.account)).wallet).toBe(unlocked)
})

test('without the wallet there is one account, and it is the default', () => {
  expect(ownAccounts({ wallet: null, account: fox })).toEqual([{ ...fox, name: null, default: true }])
  expect(ownAccounts({ wallet: null, account: null })).toEqual([])
  expect(ownAccounts({ wallet: walletOf('main', 'savings'), account: fox })).toHaveLength(2)
})

test('a wallet locks itself when its time is over, though nobody says so', () => {
  expect(isLocked({ locked: true, unlockedUntil: null }, 5)).toBe(true)
  expect(isLocked({ locked: false, unlockedUntil: null }, 5)).toBe(false)
  expect(isLocked({ locked: false, unlockedUntil: 6 }, 5)).toBe(false)
  expect(isLocked({ locked: false, unlockedUntil: 5 }, 5)).toBe(true)
})

test('what can be spent is never more than the node says, nor than what is pending leaves', () => {
  const sent = [payment('t1', { amount: 30, fee: 1 }), payment('t2', { sender: 'cairn1owl', recipient: 'cairn1fox' })]
  expect(spendableOf(fox, sent)).toBe(19)
  // The block that took it is known, the balance not yet.
  expect(spendableOf({ ...fox, spendable: 19 }, [])).toBe(19)
})
