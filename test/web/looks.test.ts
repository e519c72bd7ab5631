import { expect, test } from 'vitest'
import { toAddress } from '../../src/consensus/account.ts'
import { initialOf, tintOf, TINTS } from '../../src/web/palette.ts'
import { stoneOutline, stoneRadius } from '../../src/web/stone.ts'
import { hashOf } from './summaries.ts'

test('a miner’s tint comes from its account alone, and accounts spread over all tints', () => {
  const accounts = Array.from({ length: 1000 }, (_, at) => toAddress(new Uint8Array(32).fill(at % 256).fill(at >> 8, 0, 4)))
  const tints = new Set(accounts.map((account) => JSON.stringify(tintOf(account))))
  expect(tints.size).toBe(TINTS.length)
  expect(tintOf(accounts[5] ?? '')).toEqual(tintOf(accounts[5] ?? ''))
})

test('the letter on a stone is the name’s, else the account’s first that differs', () => {
  expect(initialOf('cairn1q8v', 'fox')).toBe('F')
  expect(initialOf('cairn1q8v', null)).toBe('Q')
})

test('a stone stays within its room, grows with its transactions, and looks like no other', () => {
  expect(stoneRadius(0)).toBeLessThan(stoneRadius(3))
  const radius = stoneRadius(65_536)
  const numbers = stoneOutline(hashOf('a'), radius).match(/-?[\d.]+/g)?.map(Number) ?? []
  expect(numbers.length).toBeGreaterThan(30)
  for (const number of numbers) expect(Math.abs(number)).toBeLessThanOrEqual(40)
  expect(stoneOutline(hashOf('a'), 20)).not.toBe(stoneOutline(`${hashOf('a').slice(0, -4)}0f3a`, 20))
})
