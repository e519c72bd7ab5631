/**
 * A block whose payments are pending is told by their bytes. Whatever the block: the chain says the same of it as one that
 * knows no payment, hashes to the same ids, and does the same to the accounts.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkSanity } from '../../src/chain/sanity.ts'
import { bodyRoot } from '../../src/consensus/block.ts'
import { type Checked, type FindChecked, readBlock } from '../../src/consensus/checked-transaction.ts'
import { RuleError } from '../../src/consensus/errors.ts'
import { blockHash } from '../../src/consensus/header.ts'
import { type AccountChange, connect } from '../../src/consensus/ledger.ts'
import { type Block, decodeBlock, encodeBlock, encodedBodyIn, encodeTransaction, type Transaction } from '../../src/consensus/types.ts'
import { mine } from '../support/blocks.ts'
import { holds, holdsAsync } from '../support/holds.ts'
import { builder, createSetting } from '../mempool/setting.ts'

const SENDERS = ['alice', 'bob', 'carol']
const { pool, fund, pay } = createSetting()
for (const name of SENDERS) fund(name, 100)
/** Two of each sender are pending, and one more of each is not. */
const payments = SENDERS.flatMap((name) => [0, 1, 2].map((nonce) => pay(name, nonce, { fee: 1, memo: name })))
for (const payment of payments) if (payment.nonce < 2) pool.add(payment, 'gossip')

const { params, genesis } = builder

/**
 * What becomes of a block: the code that it is refused with, or its ids and what it does to the accounts.
 * @param atOnce whether payments are looked for when it is decoded, as gossip does, or not before the chain checks it
 */
async function outcomeOf(
  encoded: Uint8Array, findChecked?: FindChecked, atOnce = false,
): Promise<string | { ids: Uint8Array[]; changes: AccountChange[] }> {
  try {
    const read = atOnce && findChecked ? readBlock(encoded, findChecked) : undefined
    const block = read?.block ?? decodeBlock(encoded)
    const components = { params, genesisHash: genesis.hash, findChecked: atOnce ? undefined : findChecked }
    const { transactionIds, checked } = await checkSanity(
      block, read?.hash ?? blockHash(block.header), components, read ?? { encodedBody: encodedBodyIn(encoded) },
    )
    return { ids: transactionIds, changes: changesOf(block, checked) }
  } catch (error) {
    if (error instanceof RuleError) return error.code
    throw error
  }
}

function changesOf(block: Block, checked: Checked): AccountChange[] {
  const read = (accounts: readonly Uint8Array[]) => accounts.map(() => ({ balance: 100, nonce: 0 }))
  return connect(block.body, 1, params, read, checked)
}

/** The outcome, which is the same however the payments are known. */
async function sameOutcomeOf(encoded: Uint8Array): Promise<string> {
  const outcome = await outcomeOf(encoded)
  for (const atOnce of [false, true]) expect(await outcomeOf(encoded, pool.findChecked, atOnce)).toEqual(outcome)
  return typeof outcome === 'string' ? outcome : 'valid'
}

/** The block of these transactions, mined, encoded. */
function encodedBlockOf(transactions: Transaction[]): Uint8Array {
  const body = { miner: builder.account('miner'), transactions }
  const { header: first } = genesis.block
  const header = { ...first, height: 1, parent: genesis.hash, bodyRoot: bodyRoot(body), timestamp: first.timestamp + 1 }
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
    seen.add(await sameOutcomeOf(encodedBlockOf(transactions)))
  }, 150)
  expect(seen).toEqual(new Set(['valid', 'block-duplicate-nonce', 'transaction-bad-nonce']))
})

test('a payment that differs from a pending one in some bits is another, and refused as ever', async () => {
  const seen = new Set<string>()
  const changes = fc.tuple(fc.subarray(payments, { minLength: 1 }), fc.nat(), fc.integer({ min: 1, max: 255 }))
  await holdsAsync(changes, async ([transactions, at, bits]) => {
    seen.add(await sameOutcomeOf(changed(encodedBlockOf(transactions), at, bits)))
  }, 150)
  expect(seen).toContain('transaction-bad-signature')
  expect(seen).toContain('block-bad-encoding')
})

test('bytes are read to the same block, or refused as ever: cut, or with any four of them replaced by an offset', () => {
  const encoded = encodedBlockOf(payments)
  const readBy = (decode: () => Block): Block | string => {
    try {
      return decode()
    } catch (error) {
      if (error instanceof RuleError) return error.code
      throw error
    }
  }
  const places = fc.integer({ min: encoded.length - encodedBodyIn(encoded).length, max: encoded.length - 4 })
  const offsets = fc.oneof(fc.integer({ min: 0, max: encoded.length + 300 }), fc.constantFrom(36, 156, 2 ** 31, 2 ** 32 - 1))
  holds(fc.tuple(places, offsets, fc.integer({ min: 0, max: encoded.length })), ([place, offset, length]) => {
    const changed = encoded.slice()
    new DataView(changed.buffer).setUint32(place, offset, true)
    for (const bytes of [changed, encoded.subarray(0, length), changed.subarray(0, length)]) {
      expect(readBy(() => readBlock(bytes, pool.findChecked).block)).toEqual(readBy(() => decodeBlock(bytes)))
    }
  })
})

test('a pending payment under another signature is another payment', async () => {
  const [first] = payments as [Transaction]
  const forged = { ...first, signature: first.signature.with(0, first.signature[0]! ^ 1) }
  expect(pool.findChecked(encodeTransaction(first))?.transaction).toBe(first)
  expect(pool.findChecked(encodeTransaction(forged))).toBeUndefined()
  expect(await sameOutcomeOf(encodedBlockOf([forged]))).toBe('transaction-bad-signature')
})

test('a block of pending payments alone is told from their bytes: each is found, none is hashed', async () => {
  const pending = payments.filter(({ nonce }) => nonce < 2)
  const encoded = encodedBlockOf(pending)
  const { block, ...reading } = readBlock(encoded, pool.findChecked)
  expect(reading.hash).toEqual(blockHash(block.header))
  const components = { params, genesisHash: genesis.hash }
  const { checked, transactionIds } = await checkSanity(block, reading.hash, components, reading)
  expect(checked.map((one) => one?.transaction)).toEqual(pending)
  expect(block.body.transactions.every((transaction, at) => transaction === checked[at]?.transaction)).toBe(true)
  expect(transactionIds.every((id, at) => id === checked[at]?.hash)).toBe(true)
})
