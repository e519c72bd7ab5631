/** Look-ups by keys of six bytes: whoever shares a key is told apart, and what the block does not have is damage. */
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { fromHex, type Hex, toHex } from '../../src/consensus/hex.ts'
import { signTransaction, transactionId } from '../../src/consensus/transaction.ts'
import { keyOf } from '../../src/storage/schema.ts'
import { createBlockBuilder } from '../support/blocks.ts'
import { openChain, type TestChain } from '../support/chain.ts'

const blocks = createBlockBuilder({ seed: 1, funds: { alice: 1_000 } })
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

let node: TestChain
beforeEach(async () => {
  node = openChain(blocks)
  await node.addAll('a1', 'a2')
})
afterEach(() => node.stop())

function tamper(sql: string): void {
  const tool = new DatabaseSync(node.path)
  tool.exec(sql)
  tool.close()
}
const historyOf = (account: Uint8Array, limit: number): Hex[] => node.chain.history(account, { limit }).map(({ id }) => id)

test('a key is the first six bytes, as a number', () => {
  expect(keyOf(fromHex(`0102030405ff${'00'.repeat(26)}`))).toBe(0x0102_0304_05ff)
  expect(keyOf(new Uint8Array(32).fill(255))).toBe(2 ** 48 - 1)
  expect(keyOf(one)).toBe(keyOf(other))
})

test('accounts of one key have each their own history, whole or page by page', () => {
  expect(historyOf(one, 10)).toEqual([ids[3], ids[0]])
  expect(historyOf(other, 10)).toEqual([ids[4], ids[2], ids[1]])
  for (const limit of [1, 2, 3]) expect(historyOf(one, limit)).toEqual([ids[3], ids[0]].slice(0, limit))
  expect(node.chain.history(one, { limit: 5, before: { height: 2, position: 0 } }).map(({ id }) => id)).toEqual([ids[0]])
  expect(historyOf(new Uint8Array(32).fill(7), 10)).toEqual([])
})

test('an id that has only its key in common with one is not found, and nothing is called damaged', () => {
  const [id = ''] = ids
  expect(node.chain.transaction(id)).toMatchObject({ height: 1, position: 0 })
  expect(node.chain.transaction(`${id.slice(0, 12)}${'00'.repeat(26)}`)).toBeUndefined()
})

test('a row of a key that the block does not have there is damage', () => {
  tamper(`UPDATE transactions SET key = key + 1; UPDATE history SET key = ${keyOf(one) + 1} WHERE key = ${keyOf(one)}`)
  const key = keyOf(fromHex(ids[0] ?? '')) + 1
  expect(() => node.chain.transaction(key.toString(16).padStart(12, '0').padEnd(64, '0'))).toThrow('storage-damaged')
  expect(() => node.chain.history(one.with(5, 8), { limit: 5 })).toThrow('storage-damaged')
})

test('a row of a place that is not there is damage', () => {
  tamper("UPDATE transactions SET height = 9 WHERE height = 1; UPDATE history SET positions = x'2800' WHERE height = 1")
  expect(() => node.chain.transaction(ids[0] ?? '')).toThrow('storage-damaged')
  expect(() => node.chain.history(one, { limit: 5 })).toThrow('storage-damaged')
})
