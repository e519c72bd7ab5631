import { expect, test } from 'vitest'
import { isEncodedSigned } from '../../src/consensus/encoded-signature.ts'
import { isSigned } from '../../src/consensus/transaction.ts'
import { decodeTransaction, encodeBody, encodedTransactions, encodeTransaction, type Transaction } from '../../src/consensus/types.ts'
import { createBlockBuilder } from '../support/blocks.ts'
import { createRandom } from '../support/random.ts'

const blocks = createBlockBuilder({ seed: 1, funds: { alice: 100 } })
const { hash } = blocks.genesis
const pay = (memo: string, nonce = 0): Transaction => blocks.pay({ from: 'alice', to: 'bob', amount: 5, fee: 2, nonce, memo })

test.for([0, 1, 32, 255, 256, 3])('a signature over a memo of %i bytes is good, and for this network alone', (length) => {
  const encoded = encodeTransaction(pay('m'.repeat(length)))
  expect(isEncodedSigned(encoded, hash)).toBe(true)
  expect(isEncodedSigned(encoded, hash.with(31, hash[31]! ^ 1))).toBe(false)
})

test('every byte is signed or is the signature: whichever bit is changed, the answer is that of the decoded transaction', () => {
  const encoded = encodeTransaction(pay('stones'))
  const offset = 88 // of the memo: no other value is an encoding at all
  for (let at = 0; at < encoded.length; at++) {
    const changed = encoded.with(at, encoded[at]! ^ (1 << (at % 8)))
    if (at >= offset && at < offset + 4) continue
    if (at >= 64 && at < offset && (at - 64) % 8 >= 6) continue // a number above 2^53 − 1 is no encoding either
    expect(isEncodedSigned(changed, hash), `byte ${at}`).toBe(false)
    expect(isSigned(decodeTransaction(changed), hash), `byte ${at}`).toBe(false)
  }
})

test('random transactions, good and bad: the same answer as for the decoded one', () => {
  const random = createRandom(7)
  for (let i = 0; i < 200; i++) {
    const good = pay('x'.repeat(random.below(257)), random.below(1_000))
    const transaction = random.below(2) === 0 ? good : { ...good, amount: random.below(7) }
    expect(isEncodedSigned(encodeTransaction(transaction), hash)).toBe(isSigned(transaction, hash))
  }
})

test('the transactions in an encoded body are views of their encodings, in order', () => {
  for (const memos of [[], [''], ['a', '', 'ccc'], Array.from({ length: 300 }, (_, at) => 'x'.repeat(at % 257))]) {
    const transactions = memos.map((memo, nonce) => pay(memo, nonce))
    const encodedBody = encodeBody({ miner: blocks.account('miner'), transactions })
    const found = encodedTransactions(encodedBody)
    expect(found).toEqual(transactions.map(encodeTransaction))
    expect(found.every(({ buffer }) => buffer === encodedBody.buffer)).toBe(true)
  }
})
