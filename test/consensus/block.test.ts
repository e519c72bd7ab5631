import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { blockBytes, bodyRoot, checkBlock, checkSignatures } from '../../src/consensus/block.ts'
import { genesisOf } from '../../src/consensus/genesis.ts'
import { sha256 } from '../../src/consensus/hash.ts'
import { toHex } from '../../src/consensus/hex.ts'
import { networkParams } from '../../src/consensus/params.ts'
import { keyPair } from '../../src/consensus/signature.ts'
import { signTransaction, transactionId } from '../../src/consensus/transaction.ts'
import { type Body, BodyCommitmentType, encodeBlock } from '../../src/consensus/types.ts'
import { createBlockBuilder } from '../support/blocks.ts'
import { holds } from '../support/holds.ts'
import { verdict } from '../support/judge.ts'
import { listRoot, merkleize } from '../support/merkle.ts'

/** The root of a body from its specification: a list of at most 2^16 ids, its length, and the miner. */
const rootByHand = ({ miner, transactions }: Body): Uint8Array =>
  merkleize([miner, listRoot(transactions.map(transactionId), 16, transactions.length)], 1)

describe('body root', () => {
  const alice = keyPair(new Uint8Array(32).fill(1))
  const recipient = keyPair(new Uint8Array(32).fill(2)).publicKey
  const { hash } = genesisOf(networkParams('lan'))
  const memo = new TextEncoder().encode('rent')
  const pay = (nonce: number) =>
    signTransaction({ sender: alice.publicKey, recipient, amount: 30, fee: 1, nonce, memo }, alice, hash)
  const body = (count: number): Body => ({
    miner: alice.publicKey,
    transactions: Array.from({ length: count }, (_, nonce) => pay(nonce)),
  })

  test('frozen, changing this forks every network: of no transaction and of one', () => {
    expect(toHex(bodyRoot(body(0)))).toBe('bf604bdaee6c88a1a6cf401b35bb19c3e94c2e612938ab0beedf787cdc981e39')
    expect(toHex(bodyRoot(body(1)))).toBe('42a0e334909745591a1f7645f89290f45a885a2bd737c85c522d47bbe23f5a2d')
  })

  test.each([0, 1, 2, 3, 4, 5, 7, 8, 9, 33])('of %i transactions is the one computed by hand', (count) => {
    expect(toHex(bodyRoot(body(count)))).toBe(toHex(rootByHand(body(count))))
  })

  test.each([100, 1_023, 1_024, 1_025, 6_552, 65_536])('of %i ids is the SSZ hash tree root', (count) => {
    const transactionIds = Array.from({ length: count }, (_, at) => sha256(Uint8Array.of(at, at >> 8, at >> 16)))
    const miner = alice.publicKey
    const root = BodyCommitmentType.hashTreeRoot({ miner, transactionIds })
    expect(toHex(bodyRoot({ miner, transactions: [] }, transactionIds))).toBe(toHex(root))
  })

  test('takes ids that are known already instead of hashing again', () => {
    const made = body(3)
    expect(bodyRoot(made, made.transactions.map(transactionId))).toEqual(bodyRoot(made))
    expect(bodyRoot({ miner: made.miner, transactions: [] }, made.transactions.map(transactionId))).toEqual(bodyRoot(made))
  })

  test('changes with the miner, the order and the number of transactions', () => {
    const made = body(2)
    const others = [
      { ...made, miner: recipient },
      { ...made, transactions: made.transactions.toReversed() },
      body(1),
      body(3),
    ]
    expect(new Set([made, ...others].map((other) => toHex(bodyRoot(other)))).size).toBe(5)
  })
})

test('the size of a block is that of its encoding', () => {
  const blocks = createBlockBuilder({ funds: { alice: 100 } })
  const sizes = [[], [{ from: 'alice', to: 'bob', amount: 1 }], [{ from: 'alice', to: 'bob', amount: 1, memo: 'x'.repeat(256) }]]
  for (const [at, transactions] of sizes.entries()) {
    const { block } = blocks.block(`b${at}`, 'genesis', { transactions })
    expect(blockBytes(block)).toBe(encodeBlock(block).length)
  }
})

test('of payments in any order, those are refused of which two have one sender and one nonce', () => {
  const blocks = createBlockBuilder({ funds: { alice: 100, bob: 100 } })
  const senders = ['alice', 'bob']
  const pay = (from: string, nonce: number, amount: number) => blocks.pay({ from, to: 'carol', amount, nonce })
  const payments = senders.flatMap((from) => [0, 1, 2, 3].flatMap((nonce) => [1, 2].map((amount) => pay(from, nonce, amount))))
  let made = 0
  const seen = new Set<string>()
  holds(fc.array(fc.constantFrom(...payments), { maxLength: 5 }), (transactions) => {
    const { block, hash } = blocks.block(`b${made++}`, 'genesis', { transactions })
    const places = new Set(transactions.map(({ sender, nonce }) => `${toHex(sender)} ${nonce}`))
    const expected = places.size === transactions.length ? 'valid' : 'block-duplicate-nonce'
    expect(verdict(() => checkBlock(block, hash, blocks.params))).toBe(expected)
    seen.add(expected)
  })
  expect(seen.size).toBe(2)
})

describe('signatures of a body', () => {
  const blocks = createBlockBuilder({ funds: { alice: 100 } })
  const good = [0, 1, 2].map((nonce) => blocks.pay({ from: 'alice', to: 'bob', amount: 1, nonce }))
  const forged = good.with(1, { ...good[1]!, amount: 2 })
  const check = (transactions: typeof good, indices?: number[]) =>
    verdict(() => checkSignatures({ miner: blocks.account('miner'), transactions }, blocks.genesis.hash, indices))

  test('are all checked, and only those skipped that are known to be good', () => {
    expect(check(good)).toBe('valid')
    expect(check([])).toBe('valid')
    for (const at of [0, 1, 2]) expect(check(good.with(at, { ...good[at]!, amount: 2 }))).toBe('transaction-bad-signature')
    expect(check(forged, [1])).toBe('transaction-bad-signature')
    expect(check(forged, [0, 2])).toBe('valid')
  })
})
