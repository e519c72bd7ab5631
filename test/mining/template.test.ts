import { expect, test, vi } from 'vitest'
import { blockBytes, bodyRoot, checkBlock } from '../../src/consensus/block.ts'
import { type Ancestors, nextBits } from '../../src/consensus/difficulty.ts'
import { blockHash } from '../../src/consensus/header.ts'
import { toHex } from '../../src/consensus/hex.ts'
import { fromCompact } from '../../src/consensus/target.ts'
import { EMPTY_BLOCK_BYTES, MIN_TRANSACTION_BYTES, type Transaction } from '../../src/consensus/types.ts'
import { type Template, Templates } from '../../src/mining/template.ts'
import { createBlockBuilder, mine } from '../support/blocks.ts'
import { createChain, HOPELESS_BITS, type TestChain } from './chain.ts'

const MINER = new Uint8Array(32).fill(1)
const OTHER = new Uint8Array(32).fill(2)
/** About 2^24 hashes: nobody finds a block while a body is built. */
const HARD_BITS = 0x1e00_ffff

const builder = createBlockBuilder({ funds: { alice: 1_000_000 } })
/** The next payments of alice, with the fees given. */
const payments = (...fees: number[]): Transaction[] =>
  fees.map((fee, nonce) => builder.pay({ from: 'alice', to: 'bob', amount: 1, fee, nonce }))

/** Templates on a chain, and how often their content was built. */
function createTemplates(chain: TestChain) {
  const select = vi.spyOn(chain.components, 'select')
  const templates = new Templates({ ...chain.components, select: (maxBytes) => chain.components.select(maxBytes) })
  return {
    next: (account = MINER, quick = false): Template => templates.next(account, quick),
    send: (transaction: Transaction): void => chain.send(transaction, templates),
    built: (): number => select.mock.calls.length,
  }
}
const fees = ({ block }: Template): number[] => block.body.transactions.map(({ fee }) => fee)

test('an empty chain’s first block is complete but for the nonce', () => {
  const chain = createChain()
  const { params, now, blocks } = chain
  const { block, target, partial } = createTemplates(chain).next()
  expect(block).toEqual({
    header: {
      version: 1,
      height: 1,
      parent: blockHash(blocks[0]!.header),
      bodyRoot: bodyRoot({ miner: MINER, transactions: [] }),
      timestamp: now,
      bits: params.initialBits,
      nonce: 0,
    },
    body: { miner: MINER, transactions: [] },
  })
  expect(target).toBe(fromCompact(params.initialBits).target)
  expect(partial).toBe(false)
})

test('the timestamp is now, but later than the parent’s and than that of the template before', () => {
  const chain = createChain()
  const parent = chain.blocks[0]!.header.timestamp
  const timestampsAt = (now: number): number[] => {
    chain.now = now
    const { next } = createTemplates(chain)
    return [next(), next(OTHER), next()].map(({ block }) => block.header.timestamp)
  }
  expect(timestampsAt(parent + 500)).toEqual([parent + 500, parent + 501, parent + 502])
  expect(timestampsAt(parent)).toEqual([parent + 1, parent + 2, parent + 3])
  expect(timestampsAt(parent - 500)).toEqual([parent + 1, parent + 2, parent + 3])
})

test('the bits are what the difficulty rule asks', () => {
  const { components, params } = createChain({ initialBits: 0x1f01_0000, limitBits: 0x1f01_0000, halfLifeBlocks: 20 })
  const ancestors: Ancestors = { height: 7, bits: 0x1e10_0000, timestamp: 2_000, parentTimestamp: 1_000 }
  const { block } = new Templates({ ...components, tip: () => ({ hash: toHex(new Uint8Array(32)), ancestors }) }).next(MINER)
  expect(block.header.bits).toBe(nextBits(ancestors, params))
  expect(block.header.bits).not.toBe(0x1e10_0000)
})

test('transactions fill the block to its last byte and no further, and its root is right for every miner', () => {
  const room = 3
  const maxBlockBytes = EMPTY_BLOCK_BYTES + room * (4 + MIN_TRANSACTION_BYTES)
  const chain = createChain({ maxBlockBytes })
  chain.pending = payments(0, 0, 0, 0, 0)
  const { next } = createTemplates(chain)
  for (const account of [MINER, OTHER]) {
    const { block } = next(account)
    expect(block.body).toEqual({ miner: account, transactions: chain.pending.slice(0, room) })
    expect(blockBytes(block)).toBe(maxBlockBytes)
    mine(block.header)
    expect(() => checkBlock(block, blockHash(block.header), chain.params)).not.toThrow()
  }
})

test('a later time or another miner needs no other content; another tip does', async () => {
  const chain = createChain()
  const { next, built } = createTemplates(chain)
  const { block } = next()
  chain.now += 60_000
  next()
  next(OTHER)
  expect(built()).toBe(1)
  mine(block.header)
  await chain.components.add(block)
  expect(next().block.header.height).toBe(2)
  expect(built()).toBe(2)
})

test('an empty template takes up the first transaction at once, whatever its fee', () => {
  const chain = createChain()
  const { next, send, built } = createTemplates(chain)
  expect(fees(next())).toEqual([])
  send(payments(0)[0]!)
  expect(fees(next())).toEqual([0])
  expect(fees(next())).toEqual([0])
  expect(built()).toBe(2)
})

test('further transactions wait: until their fees are a twentieth of what the block pays, or for three seconds', () => {
  const chain = createChain() // a block pays 50
  const { next, send, built } = createTemplates(chain)
  const [first, ...others] = payments(10, 1, 1, 1, 0, 0)
  send(first!)
  expect(fees(next())).toEqual([10])
  const seen = others.map((transaction) => {
    send(transaction)
    chain.now += 500
    return fees(next()).length
  })
  expect(seen, 'the third of 1 makes it 3 of 60').toEqual([1, 1, 4, 4, 4])
  chain.now += 1_999
  expect(fees(next())).toHaveLength(4)
  chain.now += 1
  expect(fees(next())).toHaveLength(6)
  expect(built()).toBe(3)
})

test('a clock that is set back keeps nobody out', () => {
  const chain = createChain()
  const { next, send } = createTemplates(chain)
  const [first, second] = payments(0, 0)
  send(first!)
  next()
  send(second!)
  expect(fees(next())).toHaveLength(1)
  chain.now -= 3_600_000
  expect(fees(next())).toHaveLength(2)
})

test('quick: a first part of many on a new tip, all of them with the next', () => {
  const chain = createChain({ initialBits: HARD_BITS, limitBits: HARD_BITS })
  chain.pending = payments(...Array.from({ length: 500 }, () => 0))
  const { next } = createTemplates(chain)
  const [first, second, third] = [next(MINER, true), next(MINER, true), next(MINER, true)]
  expect([first, second, third].map(({ partial }) => partial)).toEqual([true, false, false])
  expect(fees(first).length).toBe(Math.floor(65_536 / 160))
  expect(fees(second)).toHaveLength(500)
})

test('quick: all at once where they are few, where a block is found at once, and for whoever does not ask for it', () => {
  const many = Array.from({ length: 500 }, () => 0)
  const cases: [bits: number, count: number, quick: boolean][] = [[HARD_BITS, 400, true], [0x207f_ffff, 500, true], [HARD_BITS, 500, false]]
  for (const [bits, count, quick] of cases) {
    const chain = createChain({ initialBits: bits, limitBits: bits })
    chain.pending = payments(...many.slice(0, count))
    const first = createTemplates(chain).next(MINER, quick)
    expect(fees(first)).toHaveLength(count)
    expect(first.partial).toBe(false)
  }
})

test('what is hopeless to find is a template like any other', () => {
  const chain = createChain({ initialBits: HOPELESS_BITS })
  expect(createTemplates(chain).next().block.header.bits).toBe(HOPELESS_BITS)
})
