import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bodyRoot } from '../../src/consensus/block.ts'
import { toHex } from '../../src/consensus/hex.ts'
import { type Block, encodeBlock as encodeByRules, encodeHeader, MAX_U64 } from '../../src/consensus/types.ts'
import { bodyIn, bodyRootOf, encodeBlock, readBody, withAmount } from '../../src/web/body-bytes.ts'
import { createBlockBuilder } from '../support/blocks.ts'

/** A block with so many payments, some of them with a memo. */
function blockWith(payments: number): Block {
  const blocks = createBlockBuilder({ seed: payments, funds: { alice: 1000 } })
  const transactions = Array.from({ length: payments }, (_, at) => ({ from: 'alice', to: 'bob', amount: 1 + at, memo: 'x'.repeat(7 * at) }))
  return blocks.block('a1', 'genesis', { transactions }).block
}

test.each([0, 1, 2, 3, 8, 11])('reads a body of %i transactions, writes it again, and finds its root', (count) => {
  const block = blockWith(count)
  const encoded = encodeByRules(block)
  const body = readBody(bodyIn(encoded))
  expect(body.transactions.map(({ sender, recipient, amount, fee }) => ({ sender, recipient, amount, fee }))).toEqual(
    block.body.transactions.map(({ sender, recipient, amount, fee }) => ({ sender, recipient, amount, fee })))
  expect(toHex(encodeBlock(encodeHeader(block.header), body))).toBe(toHex(encoded))
  expect(bodyRootOf(body)).toBe(toHex(block.header.bodyRoot))
})

test('with another amount or another miner, the root is what the rules find', () => {
  const block = blockWith(5)
  const body = readBody(bodyIn(encodeByRules(block)))
  fc.assert(fc.property(fc.nat(4), fc.integer({ min: 0, max: MAX_U64 }), fc.uint8Array({ minLength: 32, maxLength: 32 }), (at, amount, miner) => {
    const changed = { miner, transactions: body.transactions.map((transaction, index) => (index === at ? withAmount(transaction, amount) : transaction)) }
    const byRules = { miner, transactions: block.body.transactions.map((transaction, index) => (index === at ? { ...transaction, amount } : transaction)) }
    expect(bodyRootOf(changed)).toBe(toHex(bodyRoot(byRules)))
    expect(toHex(encodeBlock(encodeHeader(block.header), changed))).toBe(toHex(encodeByRules({ header: block.header, body: byRules })))
  }), { numRuns: 30 })
})
