/** Look-ups by keys of six bytes: whoever shares a key is told apart, and what the block does not have is damage. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { fromHex, type Hex, toHex } from '../../src/consensus/hex.ts'
import { signTransaction, transactionId } from '../../src/consensus/transaction.ts'
import { keyOf } from '../../src/storage/schema.ts'
import { createBlockBuilder } from '../support/blocks.ts'
import { openChain, type TestChain } from '../support/chain.ts'
import { checkedOf } from '../support/checked.ts'
import { changeEntries, entryOf } from '../support/index-rows.ts'

//   genesis ─ a1 ─ a2        five payments: the era is not over, so its index is in memory
//                  └─ a3     4 100 payments, which end it: all of it is in the tables
const blocks = createBlockBuilder({ seed: 1, funds: { alice: 10_000 } })
/** Two accounts that nobody has the keys of, alike in their first six bytes. */
const [one, other] = [1, 2].map((last) => new Uint8Array(32).fill(7).with(31, last)) as [Uint8Array, Uint8Array]
const pay = (recipient: Uint8Array, nonce: number) => {
  const payment = { sender: blocks.account('alice'), recipient, amount: 1, fee: 0, nonce, memo: new Uint8Array(0) }
  return signTransaction(payment, blocks.keys('alice'), blocks.genesis.hash)
}
const payments = [one, other, other, one, other].map(pay)
const ids = payments.map((payment) => toHex(transactionId(payment)))
blocks.block('a1', 'genesis', { transactions: payments.slice(0, 3) })
blocks.block('a2', 'a1', { transactions: payments.slice(3) })
blocks.block('a3', 'a2', { transactions: Array.from({ length: 4_100 }, () => ({ from: 'alice', to: 'carol', amount: 1 })) })

let node: TestChain
beforeEach(async () => {
  node = openChain(blocks, { findChecked: checkedOf })
  await node.addAll('a1', 'a2')
})
afterEach(() => node.stop())

const historyOf = (account: Uint8Array, limit: number): Hex[] => node.chain.history(account, { limit }).map(({ id }) => id)

test('a key is the first six bytes', () => {
  expect(toHex(keyOf(fromHex(`0102030405ff${'00'.repeat(26)}`)))).toBe('0102030405ff')
  expect(keyOf(one)).toEqual(keyOf(other))
})

test.each([[[]], [['a3']]])('accounts of one key have each their own history, whole or page by page: and then %j', async (more) => {
  await node.addAll(...more)
  expect(historyOf(one, 10)).toEqual([ids[3], ids[0]])
  expect(historyOf(other, 10)).toEqual([ids[4], ids[2], ids[1]])
  for (const limit of [1, 2, 3]) expect(historyOf(one, limit)).toEqual([ids[3], ids[0]].slice(0, limit))
  expect(node.chain.history(one, { limit: 5, before: { height: 2, position: 0 } }).map(({ id }) => id)).toEqual([ids[0]])
  expect(historyOf(new Uint8Array(32).fill(7), 10)).toEqual([])
})

test.each([[[]], [['a3']]])('an id that has only its key in common with one is not found, and that is no damage: and then %j', async (more) => {
  await node.addAll(...more)
  const [id = ''] = ids
  expect(node.chain.transaction(id)).toMatchObject({ height: 1, position: 0 })
  expect(node.chain.transaction(`${id.slice(0, 12)}${'00'.repeat(26)}`)).toBeUndefined()
})

const id = fromHex(ids[0] ?? '')

test('an entry of a key that the block does not have there is damage', async () => {
  await node.add('a3')
  for (const [table, hash] of [['transactions', id], ['history', one]] as const) {
    changeEntries(node.path, table, hash, (entries) => entries.with(entryOf(entries, hash) + 5, hash[5]! ^ 1))
  }
  expect(() => node.chain.transaction(toHex(id.with(5, id[5]! ^ 1)))).toThrow('table transactions has another transaction 0 at height 1')
  expect(() => node.chain.history(one.with(5, one[5]! ^ 1), { limit: 5 })).toThrow('table history has another transaction 0 at height 1')
})

test.for([
  ['at a height beyond the tip', 6, 'best_chain'],
  ['at a position beyond the block', 10, 'bodies'],
] as const)('an entry %s is damage', async ([, offset, table]) => {
  await node.add('a3')
  changeEntries(node.path, 'transactions', id, (entries) => entries.with(entryOf(entries, id) + offset, 0x70))
  changeEntries(node.path, 'history', one, (entries) => entries.with(entryOf(entries, one) + offset, 0x70))
  expect(() => node.chain.transaction(toHex(id))).toThrow(`table ${table} has another transaction`)
  expect(() => node.chain.history(one, { limit: 5 })).toThrow(`table ${table} has another transaction`)
})

test('half an entry is damage', async () => {
  await node.add('a3')
  changeEntries(node.path, 'transactions', id, (entries) => Buffer.concat([entries, entries.subarray(0, 6)]))
  changeEntries(node.path, 'history', one, (entries) => entries.subarray(0, -1))
  expect(() => node.chain.transaction(toHex(id))).toThrow(/storage-damaged: .*table transactions has half an entry in row/)
  expect(() => node.chain.history(one, { limit: 5 })).toThrow(/storage-damaged: .*table history has half an entry in row/)
})

test('a key that seems to be there across two entries is passed over', async () => {
  await node.add('a3')
  const wanted = new Uint8Array(32).fill(0x40) // six of these: the end of the first one's position, and the second one's key
  changeEntries(node.path, 'transactions', wanted, () => fromHex('414141414141000000010040404040404041000000010000'))
  expect(node.chain.transaction(toHex(wanted))).toBeUndefined()
})
