import { expect, test } from 'vitest'
import { sha256 } from '../../src/consensus/hash.ts'
import { encodeTransaction, type Transaction } from '../../src/consensus/types.ts'
import { Entries } from '../../src/mempool/entries.ts'
import { Entry } from '../../src/mempool/queue.ts'
import { createSetting } from './setting.ts'

const { pay } = createSetting()
const entryOf = (transaction: Transaction): Entry => {
  const encoded = encodeTransaction(transaction)
  return new Entry(sha256(encoded), transaction, encoded.length, 0)
}
const [one, other] = [pay('alice', 0), pay('alice', 1)].map(entryOf) as [Entry, Entry] // as many
/** Has the bits of `one` by which it is looked up. */
const alike = entryOf({ ...one.transaction, amount: 2 })

test('what is in is found by id and by encoding, what has left by neither', () => {
  const entries = new Entries()
  entries.add(one)
  entries.add(other)
  expect([entries.size, ...entries.values()]).toEqual([2, one, other])
  expect(entries.find(encodeTransaction(other.transaction))).toBe(other)
  expect(entries.delete(other)).toBe(true)
  expect(entries.delete(other)).toBe(false)
  expect(entries.find(encodeTransaction(other.transaction))).toBeUndefined()
  expect([entries.get(other.id), entries.has(other.id), entries.has(one.id)]).toEqual([undefined, false, true])
  expect(entries.find(encodeTransaction(one.transaction))).toBe(one)
})

test('of two with the same bits to be looked up by the first is found, the other never taken for it', () => {
  const entries = new Entries()
  entries.add(one)
  expect(entries.find(encodeTransaction(alike.transaction))).toBeUndefined()
  entries.add(alike)
  expect(entries.find(encodeTransaction(alike.transaction))).toBeUndefined()
  entries.delete(alike)
  expect(entries.find(encodeTransaction(one.transaction))).toBe(one)
  entries.add(alike)
  entries.delete(one)
  expect(entries.find(encodeTransaction(one.transaction))).toBeUndefined()
  expect(entries.get(alike.id)).toBe(alike)
})
