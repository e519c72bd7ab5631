import { expect, test } from 'vitest'
import { sha256 } from '../../src/consensus/hash.ts'
import { AccountCache } from '../../src/storage/account-cache.ts'
import { AccountTable } from '../../src/storage/account-table.ts'

const state = (balance: number) => ({ balance, nonce: 0 })
const key = (name: string): Uint8Array => sha256(new TextEncoder().encode(name))

test('what was set is found, the latest state of it', () => {
  const cache = new AccountCache(10)
  cache.set(key('a'), state(1))
  cache.set(key('a'), state(2))
  expect(cache.get(key('a'))).toEqual(state(2))
  expect(cache.get(key('b'))).toBeUndefined()
  expect(cache.size).toBe(1)
})

test('at least so many used last are kept, and at most twice as many', () => {
  const cache = new AccountCache(10)
  for (let i = 0; i < 100; i++) {
    cache.set(key(`account ${i}`), state(i))
    expect(cache.size).toBeLessThanOrEqual(20)
    for (let last = Math.max(0, i - 9); last <= i; last++) expect(cache.get(key(`account ${last}`))).toEqual(state(last))
  }
  expect(cache.get(key('account 50'))).toBeUndefined()
})

test('what is read stays, however much else is written', () => {
  const cache = new AccountCache(10)
  cache.set(key('miner'), state(50))
  for (let i = 0; i < 100; i++) {
    cache.set(key(`account ${i}`), state(i))
    expect(cache.get(key('miner'))).toEqual(state(50))
  }
})

test('an older state never comes back', () => {
  const cache = new AccountCache(2)
  cache.set(key('a'), state(1))
  cache.set(key('b'), state(1))
  cache.set(key('c'), state(1)) // a and b are the old half now
  cache.set(key('a'), state(2))
  cache.set(key('d'), state(1))
  cache.set(key('e'), state(1))
  expect([cache.get(key('a'))?.balance ?? 2, cache.size <= 4]).toEqual([2, true])
})

test('nothing is left after clearing', () => {
  const cache = new AccountCache(1)
  cache.set(key('a'), state(1))
  cache.set(key('b'), state(1))
  cache.clear()
  expect([cache.size, cache.get(key('a')), cache.get(key('b'))]).toEqual([0, undefined, undefined])
})

test('a table that replaces all has the last word', () => {
  const cache = new AccountCache(10)
  cache.set(key('a'), state(1))
  cache.set(key('b'), state(1))
  const table = new AccountTable()
  table.set(key('a'), state(2))
  cache.replace(table)
  expect([cache.get(key('a')), cache.get(key('b'))]).toEqual([state(2), undefined])
})
