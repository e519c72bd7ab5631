import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isEncodingOf, signatureKey, signatureKeyIn } from '../../src/consensus/checked-transaction.ts'
import { encodeTransaction, MAX_U64, type Transaction } from '../../src/consensus/types.ts'
import { holds } from '../support/holds.ts'

const bytesOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const u64 = fc.oneof(fc.integer({ min: 0, max: MAX_U64 }), fc.constantFrom(0, 1, 2 ** 32 - 1, 2 ** 32, MAX_U64))
const transactions: fc.Arbitrary<Transaction> = fc.record({
  sender: bytesOf(32), recipient: bytesOf(32), amount: u64, fee: u64, nonce: u64,
  memo: fc.uint8Array({ maxLength: 256 }), signature: bytesOf(64),
})

test('a transaction is known by its encoding, whichever part of a block that is', () => {
  holds(transactions, (transaction) => {
    const encoded = encodeTransaction(transaction)
    const block = new Uint8Array([1, 2, 3, ...encoded, 4, 5])
    expect(isEncodingOf(transaction, encoded)).toBe(true)
    expect(isEncodingOf(transaction, block, 3, 3 + encoded.length)).toBe(true)
    expect(signatureKeyIn(encoded)).toBe(signatureKey(transaction.signature))
    expect(signatureKeyIn(block, 3)).toBe(signatureKey(transaction.signature))
  })
})

test('between any other two places of these bytes, and beyond them, it is not', () => {
  holds(fc.tuple(transactions, fc.integer({ min: 0, max: 600 }), fc.integer({ min: 0, max: 600 })), ([transaction, start, end]) => {
    const { length } = encodeTransaction(transaction)
    const block = new Uint8Array([1, 2, 3, ...encodeTransaction(transaction), 4, 5])
    expect(isEncodingOf(transaction, block, start, end)).toBe(start === 3 && end === 3 + length)
    // What is not there is not taken for zeros.
    const zeros: Transaction = { ...transaction, signature: new Uint8Array(64), memo: new Uint8Array(transaction.memo.length) }
    const cut = encodeTransaction(zeros).subarray(0, -1)
    expect(isEncodingOf(zeros, cut, 0, length)).toBe(false)
    expect(isEncodingOf(zeros, cut, 2 ** 32, 2 ** 32 + length)).toBe(false)
    expect(signatureKeyIn(cut, start + end)).toBe(signatureKeyIn(cut.slice(start + end)))
  })
})

test('with any one bit changed it is another, and so it is cut or longer', () => {
  holds(transactions, (transaction) => {
    const encoded = encodeTransaction(transaction)
    for (let bit = 0; bit < 8 * encoded.length; bit++) {
      const changed = encoded.with(bit >> 3, encoded[bit >> 3]! ^ (1 << (bit & 7)))
      expect(isEncodingOf(transaction, changed), `bit ${bit}`).toBe(false)
    }
    for (let length = 0; length < encoded.length; length++) {
      expect(isEncodingOf(transaction, encoded.subarray(0, length)), `${length} bytes`).toBe(false)
    }
    for (const more of [0, 1]) expect(isEncodingOf(transaction, new Uint8Array([...encoded, more]))).toBe(false)
  }, 8)
})

test('two that differ in one field are not taken for each other', () => {
  const fields = ['sender', 'recipient', 'amount', 'fee', 'nonce', 'memo', 'signature'] as const
  holds(fc.tuple(transactions, transactions, fc.constantFrom(...fields)), ([one, other, field]) => {
    const mixed = { ...one, [field]: other[field] }
    const isSame = Buffer.compare(encodeTransaction(one), encodeTransaction(mixed)) === 0
    expect(isEncodingOf(one, encodeTransaction(mixed))).toBe(isSame)
  })
})
