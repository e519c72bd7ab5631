/**
 * A block whose payments are pending is told by their bytes. Whatever the block: the chain says the same of it as one that
 * knows no payment, hashes to the same ids, and does the same to the accounts.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkSanity } from '../../src/chain/sanity.ts'
import { bodyRoot } from '../../src/consensus/block.ts'
import type { FindChecked } from '../../src/consensus/checked-transaction.ts'
import { RuleError } from '../../src/consensus/errors.ts'
import { blockHash } from '../../src/consensus/header.ts'
import { type AccountChange, connect } from '../../src/consensus/ledger.ts'
import { type Block, decodeBlock, encodeBlock, encodedBodyIn, encodeTransaction, type Transaction } from '../../src/consensus/types.ts'
import { mine } from '../support/blocks.ts'
import { holdsAsync } from '../support/holds.ts'
import { builder, createSetting } from '../mempool/setting.ts'

const SENDERS = ['alice', 'bob', 'carol']
const { pool, fund, pay } = createSetting()
for (const name of SENDERS) fund(name, 100)
/** Two of each sender are pending, and one more of each is not. */
const payments = SENDERS.flatMap((name) => [0, 1, 2].map((nonce) => pay(name, nonce, { fee: 1, memo: name })))
for (const payment of payments) if (payment.nonce < 2) pool.add(payment, 'gossip')

/** What becomes of a block: the code that it is refused with, or its ids and what it does to the accounts. */
async function outcomeOf(encoded: Uint8Array, findChecked?: FindChecked): Promise<string | { ids: Uint8Array[]; changes: AccountChange[] }> {
  try {
    const block = decodeBlock(encoded)
    const components = { params: builder.params, genesisHash: builder.genesis.hash, findChecked }
    const { transactionIds, checked } = await checkSanity(block, blockHash(block.header), components, encodedBodyIn(encoded))
    const read = (accounts: readonly Uint8Array[]) => accounts.map(() => ({ balance: 100, nonce: 0 }))
    return { ids: transactionIds, changes: connect(block.body, 1, builder.params, read, checked) }
  } catch (error) {
    if (error instanceof RuleError) return error.code
    throw error
  }
}

/** The block of these transactions, mined, encoded. */
function encodedBlockOf(transactions: Transaction[]): Uint8Array {
  const body = { miner: builder.account('miner'), transactions }
  const { header: genesis } = builder.genesis.block
  const header = { ...genesis, height: 1, parent: builder.genesis.hash, bodyRoot: bodyRoot(body), timestamp: genesis.timestamp + 1 }
  mine(header)
  return encodeBlock({ header, body })
}

/** Changes a byte of the body, if it is one still, and makes the header promise that body. */
function changed(encoded: Uint8Array, at: number, bits: number): Uint8Array {
  const bodyAt = encoded.length - encodedBodyIn(encoded).length
  const place = bodyAt + (at % (encoded.length - bodyAt))
  const bytes = encoded.with(place, encoded[place]! ^ bits)
  let block: Block
  try {
    block = decodeBlock(bytes)
  } catch {
    return bytes
  }
  block.header.bodyRoot = bodyRoot(block.body)
  mine(block.header)
  return encodeBlock(block)
}

const bodies = fc.oneof(
  fc.shuffledSubarray(payments), // in any order: a nonce may be wrong
  fc.array(fc.constantFrom(...payments), { maxLength: 5 }), // some twice
  fc.subarray(payments),
)

test('any payments in any order', async () => {
  const seen = new Set<string>()
  await holdsAsync(bodies, async (transactions) => {
    const encoded = encodedBlockOf(transactions)
    const outcome = await outcomeOf(encoded)
    expect(await outcomeOf(encoded, pool.findChecked)).toEqual(outcome)
    seen.add(typeof outcome === 'string' ? outcome : 'valid')
  }, 150)
  expect(seen).toEqual(new Set(['valid', 'block-duplicate-nonce', 'transaction-bad-nonce']))
})

test('a payment that differs from a pending one in some bits is another, and refused as ever', async () => {
  const seen = new Set<string>()
  const changes = fc.tuple(fc.subarray(payments, { minLength: 1 }), fc.nat(), fc.integer({ min: 1, max: 255 }))
  await holdsAsync(changes, async ([transactions, at, bits]) => {
    const encoded = changed(encodedBlockOf(transactions), at, bits)
    const outcome = await outcomeOf(encoded)
    expect(await outcomeOf(encoded, pool.findChecked)).toEqual(outcome)
    seen.add(typeof outcome === 'string' ? outcome : 'valid')
  }, 150)
  expect(seen).toContain('transaction-bad-signature')
  expect(seen).toContain('block-bad-encoding')
})

test('a pending payment under another signature is another payment', async () => {
  const [first] = payments as [Transaction]
  const forged = { ...first, signature: first.signature.with(0, first.signature[0]! ^ 1) }
  expect(pool.findChecked(encodeTransaction(first))?.transaction).toBe(first)
  expect(pool.findChecked(encodeTransaction(forged))).toBeUndefined()
  expect(await outcomeOf(encodedBlockOf([forged]), pool.findChecked)).toBe('transaction-bad-signature')
})

test('a block of pending payments alone is told from their bytes: each is found, none is hashed', async () => {
  const pending = payments.filter(({ nonce }) => nonce < 2)
  const encoded = encodedBlockOf(pending)
  const block = decodeBlock(encoded)
  const { checked, transactionIds } = await checkSanity(
    block, blockHash(block.header), { params: builder.params, genesisHash: builder.genesis.hash, findChecked: pool.findChecked }, encodedBodyIn(encoded),
  )
  expect(checked.map((one) => one?.transaction)).toEqual(pending)
  expect(transactionIds.every((id, at) => id === checked[at]?.hash)).toBe(true)
})
