import { expect, test } from 'vitest'
import { Chain, type ChainEvents } from '../../src/chain/chain.ts'
import { bodyRoot } from '../../src/consensus/block.ts'
import type { CheckedTransaction } from '../../src/consensus/checked-transaction.ts'
import { sha256 } from '../../src/consensus/hash.ts'
import { toHex } from '../../src/consensus/hex.ts'
import { networkParams } from '../../src/consensus/params.ts'
import { transactionId } from '../../src/consensus/transaction.ts'
import { decodeBlock, decodeBody, encodeBlock, encodedBodyIn } from '../../src/consensus/types.ts'
import { createBlockBuilder } from '../support/blocks.ts'
import { openChain } from '../support/chain.ts'
import { checkedOf } from '../support/checked.ts'
import { dumpOf } from '../support/dump.ts'
import { createManualClock } from '../support/manual-clock.ts'
import { pino } from 'pino'

test('an empty store begins with genesis, which credits the allocations', () => {
  const blocks = createBlockBuilder({ seed: 1, funds: { alice: 1_000, bob: 5 } })
  const node = openChain(blocks)
  expect(node.tip()).toBe('genesis')
  expect(node.chain.tip).toMatchObject({ hash: toHex(blocks.genesis.hash), height: 0, header: blocks.genesis.block.header })
  expect(node.chain.account(blocks.account('alice'))).toEqual({ balance: 1_000, nonce: 0 })
  expect(node.chain.account(blocks.account('nobody'))).toEqual({ balance: 0, nonce: 0 })
  node.audit()
  expect(node.heard()).toEqual([])
})

test('blocks extend the tip, and the ledger follows', async () => {
  const blocks = createBlockBuilder({ seed: 1 })
  blocks.block('a1', 'genesis', { miner: 'alice' })
  blocks.block('a2', 'a1', { transactions: [{ from: 'alice', to: 'bob', amount: 30, fee: 1 }] })
  const node = openChain(blocks)
  expect(await node.addAll('a1', 'a2', 'a2', 'a1')).toEqual(['connected', 'connected', 'known', 'known'])
  expect(node.heard()).toEqual(['+ a1', 'tip a1', '+ a2', 'tip a2'])
  expect(node.chain.account(blocks.account('alice'))).toEqual({ balance: 19, nonce: 1 })
  expect(blocks.balances('a2')).toEqual({ alice: 19, bob: 30, miner: 51 })
})

test('what is stored can be read: by hash, by height, by transaction, by account', async () => {
  //   genesis ─ a1 ─ a2 ─ a3
  //              └─ b2
  const blocks = createBlockBuilder({ seed: 2, funds: { alice: 100 } })
  blocks.block('a1', 'genesis', { transactions: [{ from: 'alice', to: 'bob', amount: 1 }] })
  blocks.block('a2', 'a1', {
    transactions: [
      { from: 'bob', to: 'carol', amount: 1 },
      { from: 'alice', to: 'alice', amount: 2 },
      { from: 'alice', to: 'bob', amount: 3, fee: 1, memo: 'stones' },
    ],
  })
  blocks.block('a3', 'a2')
  blocks.block('b2', 'a1')
  const node = openChain(blocks)
  await node.addAll('a1', 'a2', 'a3', 'b2')
  const { chain } = node
  const [a1, a2, a3, b2] = ['a1', 'a2', 'a3', 'b2'].map((name) => blocks.get(name))
  if (a1 === undefined || a2 === undefined || a3 === undefined || b2 === undefined) throw new Error('four blocks')

  expect([chain.hashAt(0), chain.hashAt(2), chain.hashAt(4)]).toEqual([toHex(blocks.genesis.hash), a2.hex, undefined])
  expect([chain.isBest(a2.hex), chain.isBest(b2.hex), chain.isBest('00'.repeat(32))]).toEqual([true, false, false])
  expect([chain.has(b2.hex), chain.has('00'.repeat(32))]).toEqual([true, false])
  expect(chain.block(b2.hex)).toEqual(b2.block)
  expect(chain.block('00'.repeat(32))).toBeUndefined()
  expect(decodeBody(chain.encodedBody(a2.hex) as Uint8Array)).toEqual(a2.block.body) // stored above
  const work = chain.record(a2.hex)?.work // as much, one block each
  expect(chain.record(b2.hex)).toEqual({ hash: b2.hex, height: 2, header: b2.block.header, work })
  expect(chain.branches().map(({ hash }) => hash)).toEqual([b2.hex])
  expect(chain.ancestors(a2.hex)).toEqual(blocks.ancestors('a2'))
  expect(chain.ancestors('00'.repeat(32))).toBeUndefined()

  const payment = a2.block.body.transactions[2]
  if (payment === undefined) throw new Error('a2 has three transactions')
  const id = toHex(transactionId(payment))
  expect(chain.transaction(id)).toEqual({ transaction: payment, blockHash: a2.hex, height: 2, position: 2 })
  expect(chain.transaction('00'.repeat(32))).toBeUndefined()

  const places = (name: string, page = {}): string[] =>
    chain.history(blocks.account(name), { limit: 10, ...page }).map(({ height, position }) => `${height}/${position}`)
  expect(places('alice')).toEqual(['2/2', '2/1', '1/0'])
  expect(places('bob')).toEqual(['2/2', '2/0', '1/0'])
  expect(places('carol')).toEqual(['2/0'])
  expect(places('miner')).toEqual([])
  expect(places('alice', { limit: 2 })).toEqual(['2/2', '2/1'])
  expect(places('alice', { before: { height: 2, position: 1 } })).toEqual(['1/0'])
  expect(chain.history(blocks.account('alice'), { limit: 1 })).toEqual([{ id, height: 2, position: 2 }])
})

test('a peer’s locator finds the fork point, and the headers after it follow', async () => {
  const blocks = createBlockBuilder({ seed: 3 })
  blocks.blocks('a', 'genesis', 30)
  blocks.blocks('b', 'a20', 3, { miner: 'bob' })
  const ours = openChain(blocks)
  const theirs = openChain(blocks)
  await ours.addAll(...blocks.path('a30').map(({ name }) => name))
  await theirs.addAll(...blocks.path('b3').map(({ name }) => name))

  // Their locator is dense near the tip: b3 b2 b1 a20 … so the fork point itself is in it.
  const afterFork = blocks.path('a30').slice(20).map(({ block }) => block.header)
  expect(ours.chain.headersAfter(theirs.chain.locator(), 2_000)).toEqual(afterFork)
  expect(ours.chain.headersAfter(theirs.chain.locator(), 4)).toHaveLength(4)
  expect(ours.chain.headersAfter(['00'.repeat(32)], 2_000)).toHaveLength(30)
  expect(ours.chain.headersAfter(ours.chain.locator(), 2_000)).toEqual([])
})

test('signatures that the mempool verified are not verified again', async () => {
  const blocks = createBlockBuilder({ seed: 4, funds: { alice: 100 } })
  const forged = { ...blocks.pay({ from: 'alice', to: 'bob', amount: 1 }), signature: new Uint8Array(64) }
  blocks.block('a1', 'genesis', { transactions: [forged] })
  expect(await openChain(blocks).add('a1')).toBe('transaction-bad-signature')
  const asked: string[] = []
  const node = openChain(blocks, { findChecked: (encoded) => (asked.push(toHex(sha256(encoded))), checkedOf(encoded)) })
  expect(await node.add('a1')).toBe('connected')
  expect(asked).toEqual([toHex(transactionId(forged))])
})

test('whoever hears of a connected block is given what its transactions were known by', async () => {
  const blocks = createBlockBuilder({ seed: 4, funds: { alice: 100 } })
  blocks.block('a1', 'genesis', { transactions: [0, 1].map((nonce) => blocks.pay({ from: 'alice', to: 'bob', amount: 1, nonce })) })
  const known: CheckedTransaction[] = []
  const node = openChain(blocks, {
    findChecked: (encoded) => {
      if (known.length > 0) return undefined
      known.push(checkedOf(encoded))
      return known[0]
    },
  })
  const heard: ChainEvents['block:connected'][0][] = []
  node.chain.events.on('block:connected', (event) => heard.push(event))
  await node.add('a1')
  expect(heard.map(({ checked }) => checked?.map((one) => one?.id))).toEqual([[known[0]!.id, undefined]])
})

test.for([
  ['block-bad-pow', { mined: false }],
  ['block-bad-height', { mutate: ({ header }) => void (header.height = 7) }],
  ['block-time-too-old', { timestamp: 5 }],
  ['block-bad-bits', { mutate: ({ header }) => void (header.bits = 0x203f_ffff) }],
  ['transaction-overspend', { transactions: [{ from: 'alice', to: 'bob', amount: 1_000 }] }],
  ['transaction-bad-nonce', { transactions: [{ from: 'alice', to: 'bob', amount: 1, nonce: 3 }] }],
] as const satisfies [string, NonNullable<Parameters<ReturnType<typeof createBlockBuilder>['block']>[2]>][])(
  'a block that breaks a rule changes nothing: %s',
  async ([code, options]) => {
    const blocks = createBlockBuilder({ seed: 5, funds: { alice: 100 } })
    blocks.block('a1', 'genesis')
    blocks.block('bad', 'a1', options)
    const node = openChain(blocks)
    await node.add('a1')
    const before = dumpOf(node.path)
    node.heard()
    expect(await node.add('bad')).toBe(code)
    expect(await node.add('bad')).toBe(code)
    expect(dumpOf(node.path)).toEqual(before)
    expect(node.heard()).toEqual([])
    expect(node.tip()).toBe('a1')
    expect(node.chain.has(blocks.get('bad').hex)).toBe(false)
  },
)

test('a bad body is never held against its header: the right body still comes in, and its children wait for it', async () => {
  const blocks = createBlockBuilder({ seed: 6, funds: { alice: 100 } })
  const { block, hex } = blocks.block('a1', 'genesis')
  blocks.block('a2', 'a1')
  const node = openChain(blocks)
  const other = { header: block.header, body: { miner: blocks.account('thief'), transactions: [] } }
  await expect(node.chain.add(other, 'gossip')).rejects.toMatchObject({ code: 'block-bad-body-root', fault: 'body' })
  const payment = blocks.pay({ from: 'alice', to: 'bob', amount: 1 })
  const large = { header: block.header, body: { ...block.body, transactions: Array.from({ length: 7_000 }, () => payment) } }
  await expect(node.chain.add(large, 'gossip')).rejects.toMatchObject({ code: 'block-too-large', fault: 'body' })
  expect(await node.add('a2')).toBe('block-unknown-parent')
  expect(await node.add('a1')).toBe('connected')
  expect(node.chain.record(hex)?.height).toBe(1)
  expect(node.tip()).toBe('a2')
})

test('a block with the bytes that it was decoded from is judged and stored as the block alone is', async () => {
  const blocks = createBlockBuilder({ seed: 12, funds: { alice: 100 } })
  blocks.block('a1', 'genesis', { transactions: [{ from: 'alice', to: 'bob', amount: 1, memo: 'hello' }] })
  blocks.block('a2', 'a1')
  const [alone, withBytes] = [openChain(blocks), openChain(blocks)]
  expect(await alone.addAll('a1', 'a2')).toEqual(['connected', 'connected'])
  const add = (bytes: Uint8Array) => withBytes.chain.add(decodeBlock(bytes), 'gossip', { encodedBody: encodedBodyIn(bytes) })
  const [first, second] = ['a1', 'a2'].map((name) => encodeBlock(blocks.get(name).block)) as [Uint8Array, Uint8Array] // two names
  const { header, body } = blocks.get('a1').block
  const large = { header, body: { ...body, transactions: Array.from({ length: 7_000 }, () => body.transactions[0]!) } }
  await expect(add(encodeBlock(large))).rejects.toMatchObject({ code: 'block-too-large', fault: 'body' })
  const other = { header, body: blocks.get('a2').block.body }
  await expect(add(encodeBlock(other))).rejects.toMatchObject({ code: 'block-bad-body-root', fault: 'body' })
  expect(await add(first)).toMatchObject({ outcome: 'connected' })
  expect(await add(second)).toMatchObject({ outcome: 'connected' })
  expect(dumpOf(withBytes.path)).toEqual(dumpOf(alone.path))
})

test('what is invalid for ever is remembered with its descendants; what cost no work to make is not', async () => {
  const blocks = createBlockBuilder({ seed: 7, funds: { alice: 100 } })
  const forged = { ...blocks.pay({ from: 'alice', to: 'bob', amount: 1 }), signature: new Uint8Array(64) }
  blocks.block('forged', 'genesis', { transactions: [forged] })
  blocks.block('child', 'forged')
  blocks.block('grandchild', 'child')
  blocks.block('workless', 'genesis', { mined: false })
  blocks.block('orphan', 'workless')
  const node = openChain(blocks)
  expect(await node.add('forged')).toBe('transaction-bad-signature')
  expect(await node.addAll('child', 'grandchild')).toEqual(['block-invalid-parent', 'block-invalid-parent'])
  expect(await node.addAll('workless', 'orphan')).toEqual(['block-bad-pow', 'block-unknown-parent'])
})

test('children that waited for a block that proves invalid are refused with it', async () => {
  const blocks = createBlockBuilder({ seed: 8, funds: { alice: 100 } })
  blocks.block('bad', 'genesis', { transactions: [{ from: 'alice', to: 'bob', amount: 101 }] })
  blocks.block('child', 'bad')
  blocks.block('grandchild', 'child')
  const node = openChain(blocks)
  expect(await node.addAll('grandchild', 'child')).toEqual(['block-unknown-parent', 'block-unknown-parent'])
  expect(await node.add('bad')).toBe('transaction-overspend')
  expect(await node.addAll('child', 'grandchild')).toEqual(['block-invalid-parent', 'block-invalid-parent'])
})

test('another body root for the same transactions is another block: neither stands in the other’s way', async () => {
  const blocks = createBlockBuilder({ seed: 9 })
  blocks.block('a1', 'genesis', { miner: 'alice' })
  blocks.block('b1', 'genesis', {
    mutate: (block) => {
      block.body.miner = blocks.account('bob')
      block.header.bodyRoot = bodyRoot(block.body)
    },
  })
  const node = openChain(blocks)
  expect(await node.addAll('a1', 'b1')).toEqual(['connected', 'side-branch'])
})

test('a store of another network is refused', () => {
  const blocks = createBlockBuilder({ seed: 10 })
  const node = openChain(blocks)
  const params = networkParams('another')
  const clock = createManualClock(0)
  const chain = new Chain({ params, store: node.store, clock, log: pino({ level: 'silent' }) })
  expect(() => chain.start()).toThrow(expect.objectContaining({ code: 'chain-wrong-genesis' }))
})

test('a chain reads and takes nothing before it is started', async () => {
  const blocks = createBlockBuilder({ seed: 11 })
  blocks.block('a1', 'genesis')
  const { store, clock } = openChain(blocks)
  const chain = new Chain({ params: blocks.params, store, clock, log: pino({ level: 'silent' }) })
  expect(() => chain.tip).toThrow(expect.objectContaining({ code: 'chain-not-running' }))
  await expect(chain.add(blocks.get('a1').block, 'local')).rejects.toMatchObject({ code: 'chain-not-running' })
})
