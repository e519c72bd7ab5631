/** Undo data: what is laid out by hand is the SSZ of its type, whatever the accounts. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MAX_U64 } from '../../src/consensus/types.ts'
import { decodeUndo, encodeUndo } from '../../src/storage/undo.ts'

const u64 = fc.oneof(fc.integer({ min: 0, max: MAX_U64 }), fc.constantFrom(0, 1, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, MAX_U64))
const state = fc.record({ balance: u64, nonce: u64 })
const account = fc.uint8Array({ minLength: 32, maxLength: 32 })
const changes = fc.array(fc.record({ account, before: state, after: state }), { maxLength: 40 })

test('accounts before a block come back as they were, in their order', () => {
  fc.assert(fc.property(changes, (made) => {
    expect(decodeUndo(encodeUndo(made))).toEqual(made.map(({ account, before }) => ({ account, ...before })))
  }), { seed: 1 })
})

test('an account is 48 bytes: its key, balance and nonce, the lowest byte of a number first', () => {
  const before = { balance: 0x1f_0203_0405_0607, nonce: 258 }
  const encoded = encodeUndo([{ account: new Uint8Array(32).fill(9), before, after: { balance: 0, nonce: 0 } }])
  expect([...encoded]).toEqual([...Array<number>(32).fill(9), 7, 6, 5, 4, 3, 2, 0x1f, 0, 2, 1, 0, 0, 0, 0, 0, 0])
})

test('bytes of half an account are refused', () => {
  expect(() => decodeUndo(new Uint8Array(47))).toThrow()
  expect(encodeUndo([])).toEqual(new Uint8Array(0))
})
