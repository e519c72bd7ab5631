import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toHex } from '../../src/consensus/hex.ts'
import { AccountTable } from '../../src/storage/account-table.ts'

/** Few bytes of an account differ, wherever they are: neighbours in every place. */
const account = fc.tuple(fc.nat({ max: 31 }), fc.constantFrom(0, 1, 127, 128, 255), fc.nat({ max: 255 })).map(([at, fill, byte]) => {
  const bytes = new Uint8Array(32).fill(fill)
  bytes[at] = byte
  return bytes
})
const amount = fc.oneof(fc.nat(), fc.constantFrom(0, 2 ** 31, 2 ** 32, Number.MAX_SAFE_INTEGER))

test('it holds what a map would hold', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ account, balance: amount, nonce: amount }), { maxLength: 2_000, size: 'max' }), (sets) => {
      const table = new AccountTable()
      const map = new Map<string, object>()
      for (const { account, balance, nonce } of sets) {
        table.set(account, { balance, nonce })
        map.set(toHex(account), { balance, nonce })
      }
      expect(table.size).toBe(map.size)
      for (const { account } of sets) expect(table.get(account)).toEqual(map.get(toHex(account)))
      expect(new Map([...table.ascending()].map(({ account, state }) => [toHex(account), state]))).toEqual(map)
    }),
    { seed: 1, numRuns: 30 },
  )
})

test('who was never set is not found, whether there is nobody, or many', () => {
  const table = new AccountTable()
  const nobody = new Uint8Array(32).fill(7)
  expect(table.get(nobody)).toBeUndefined()
  for (let at = 0; at < 1_000; at++) table.set(numbered(at), { balance: at, nonce: 0 })
  expect(table.get(nobody)).toBeUndefined()
  for (let at = 0; at < 1_000; at++) expect(table.get(numbered(at))).toEqual({ balance: at, nonce: 0 })
})

test('a state is its asker’s own', () => {
  const table = new AccountTable()
  table.set(numbered(1), { balance: 5, nonce: 2 })
  const state = table.get(numbered(1))!
  state.balance = 9
  expect(table.get(numbered(1))).toEqual({ balance: 5, nonce: 2 })
})

test('an account in a buffer of something else is the same account, and is copied', () => {
  const table = new AccountTable()
  const buffer = new Uint8Array(65).fill(3)
  table.set(buffer.subarray(33), { balance: 5, nonce: 2 })
  buffer.fill(0)
  expect(table.get(new Uint8Array(32).fill(3))).toEqual({ balance: 5, nonce: 2 })
  expect(table.get(new Uint8Array(32))).toBeUndefined()
})

test('they come in order of their first three bytes', () => {
  const table = new AccountTable()
  for (let at = 0; at < 1_000; at++) table.set(numbered((at * 7_919) % 1_000), { balance: 1, nonce: 0 })
  const first = [...table.ascending()].map(({ account }) => toHex(account.subarray(0, 3)))
  expect(first).toEqual([...first].sort())
  expect(new Set(first).size).toBe(1_000)
})

function numbered(at: number): Uint8Array {
  const bytes = new Uint8Array(32)
  new DataView(bytes.buffer).setUint32(0, at * 4_096)
  return bytes
}
