import { expect, test } from 'vitest'
import { AccountCache } from '../../src/storage/account-cache.ts'

const state = (balance: number) => ({ balance, nonce: 0 })

test('what was set is found, the latest state of it', () => {
  const cache = new AccountCache(10)
  cache.set('a', state(1))
  cache.set('a', state(2))
  expect(cache.get('a')).toEqual(state(2))
  expect(cache.get('b')).toBeUndefined()
  expect(cache.size).toBe(1)
})

test('at least so many used last are kept, and at most twice as many', () => {
  const cache = new AccountCache(10)
  for (let i = 0; i < 100; i++) {
    cache.set(`account ${i}`, state(i))
    expect(cache.size).toBeLessThanOrEqual(20)
    for (let last = Math.max(0, i - 9); last <= i; last++) expect(cache.get(`account ${last}`)).toEqual(state(last))
  }
  expect(cache.get('account 50')).toBeUndefined()
})

test('what is read stays, however much else is written', () => {
  const cache = new AccountCache(10)
  cache.set('miner', state(50))
  for (let i = 0; i < 100; i++) {
    cache.set(`account ${i}`, state(i))
    expect(cache.get('miner')).toEqual(state(50))
  }
})

test('an older state never comes back', () => {
  const cache = new AccountCache(2)
  cache.set('a', state(1))
  cache.set('b', state(1))
  cache.set('c', state(1)) // a and b are the old half now
  cache.set('a', state(2))
  cache.set('d', state(1))
  cache.set('e', state(1))
  expect([cache.get('a')?.balance ?? 2, cache.size <= 4]).toEqual([2, true])
})

test('nothing is left after clearing', () => {
  const cache = new AccountCache(1)
  cache.set('a', state(1))
  cache.set('b', state(1))
  cache.clear()
  expect([cache.size, cache.get('a'), cache.get('b')]).toEqual([0, undefined, undefined])
})
