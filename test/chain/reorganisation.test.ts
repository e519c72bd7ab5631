import { expect, test } from 'vitest'
import { parseParams } from '../../src/consensus/params.ts'
import { type BlockBuilder, createBlockBuilder } from '../support/blocks.ts'
import { openChain, type TestChain } from '../support/chain.ts'
import { type Dump, dumpOf } from '../support/dump.ts'
import { createRandom } from '../support/random.ts'

/** What the tables hold when the named block is reached straight from genesis, without a detour. */
async function straightTo(name: string, blocks: BlockBuilder): Promise<Dump> {
  const node = openChain(blocks)
  for (const { block } of blocks.path(name)) await node.chain.add(block, 'sync')
  return dumpOf(node.path)
}

test('the branch with more work wins, and its blocks are told in order', async () => {
  //   genesis ─ a1 ─┬─ a2
  //                 └─ b2 ─ b3
  const blocks = createBlockBuilder({ seed: 1, funds: { alice: 100 } })
  blocks.block('a1', 'genesis', { transactions: [{ from: 'alice', to: 'bob', amount: 10, fee: 1 }] })
  blocks.block('a2', 'a1', { transactions: [{ from: 'alice', to: 'carol', amount: 20 }] })
  blocks.block('b2', 'a1', { miner: 'dave', transactions: [{ from: 'bob', to: 'alice', amount: 5 }] })
  blocks.block('b3', 'b2', { transactions: [{ from: 'bob', to: 'bob', amount: 5 }, { from: 'dave', to: 'erin', amount: 50 }] })
  const node = openChain(blocks)
  expect(await node.addAll('a1', 'a2', 'b2')).toEqual(['connected', 'connected', 'side-branch'])
  node.heard()
  expect(await node.chain.add(blocks.get('b3').block, 'gossip')).toEqual({
    hash: blocks.get('b3').hex,
    outcome: 'reorganised',
    disconnected: 1,
    connected: 2,
  })
  expect(node.chain.tip.hash).toBe(blocks.get('b3').hex)
  expect(dumpOf(node.path)).toEqual(await straightTo('b3', blocks))
  expect(node.chain.branches().map(({ hash }) => hash)).toEqual([blocks.get('a2').hex])
})

test('the events of a reorganisation: off from the top, on from the bottom, then the summary, then the tip', async () => {
  //   genesis ─┬─ a1 ─ a2
  //            └─ b1 ─ b2 ─ b3
  const blocks = createBlockBuilder({ seed: 2 })
  blocks.blocks('a', 'genesis', 2)
  blocks.blocks('b', 'genesis', 3, { miner: 'bob' })
  const node = openChain(blocks)
  await node.addAll('a1', 'a2', 'b1', 'b2')
  node.heard()
  await node.add('b3')
  expect(node.heard()).toEqual(['- a2', '- a1', '+ b1', '+ b2', '+ b3', 'reorg from 0: a1 a2 → b1 b2 b3', 'tip b3'])
})

test('of equal work the first seen stays, on every node its own', async () => {
  //   genesis ─┬─ a1 ─ a2
  //            └─ b1 ─ b2 ─ b3
  const blocks = createBlockBuilder({ seed: 3 })
  blocks.blocks('a', 'genesis', 2)
  blocks.blocks('b', 'genesis', 3, { miner: 'bob' })
  const one = openChain(blocks)
  const two = openChain(blocks)
  expect(await one.addAll('a1', 'b1', 'a2', 'b2')).toEqual(['connected', 'side-branch', 'connected', 'side-branch'])
  expect(await two.addAll('b1', 'a1', 'b2', 'a2')).toEqual(['connected', 'side-branch', 'connected', 'side-branch'])
  expect([one.tip(), two.tip()]).toEqual(['a2', 'b2'])
  await one.add('b3')
  await two.add('b3')
  expect([one.tip(), two.tip()]).toEqual(['b3', 'b3'])
})

test('the chain can change its mind again and again', async () => {
  //   genesis ─┬─ a1 ─ a2 ─ a3 ─ a4
  //            └─ b1 ─ b2 ─ b3
  const blocks = createBlockBuilder({ seed: 4, funds: { alice: 100 } })
  blocks.blocks('a', 'genesis', 3, { transactions: [{ from: 'alice', to: 'bob', amount: 3, fee: 2 }] })
  blocks.blocks('b', 'genesis', 3, { miner: 'bob', transactions: [{ from: 'alice', to: 'carol', amount: 7 }] })
  blocks.block('a4', 'a3')
  const node = openChain(blocks)
  await node.addAll('a1', 'b1', 'b2', 'a2', 'a3', 'b3', 'a4')
  expect(node.heard()).toEqual([
    '+ a1', 'tip a1',
    '- a1', '+ b1', '+ b2', 'reorg from 0: a1 → b1 b2', 'tip b2',
    '- b2', '- b1', '+ a1', '+ a2', '+ a3', 'reorg from 0: b1 b2 → a1 a2 a3', 'tip a3',
    '+ a4', 'tip a4',
  ])
  expect(dumpOf(node.path)).toEqual(await straightTo('a4', blocks))
})

test('a branch of a side branch can win', async () => {
  //   genesis ─ a1 ─┬─ a2 ─ a3 ─ a4
  //                 └─ b2 ─┬─ b3
  //                        └─ c3 ─ c4 ─ c5
  const blocks = createBlockBuilder({ seed: 5 })
  blocks.blocks('a', 'genesis', 4)
  blocks.block('b2', 'a1', { miner: 'bob' })
  blocks.block('b3', 'b2', { miner: 'bob' })
  blocks.block('c3', 'b2', { miner: 'carol' })
  blocks.block('c4', 'c3', { miner: 'carol' })
  blocks.block('c5', 'c4', { miner: 'carol' })
  const node = openChain(blocks)
  await node.addAll('a1', 'a2', 'a3', 'a4', 'b2', 'b3', 'c3', 'c4')
  node.heard()
  await node.add('c5')
  expect(node.heard().at(-2)).toBe('reorg from 1: a2 a3 a4 → b2 c3 c4 c5')
  expect(node.chain.branches().map(({ height }) => height)).toEqual([4, 3])
})

test('work decides, not the number of blocks', async () => {
  //   genesis ─ 1 ─ 2 ─┬─ slow3 ─ slow4 ─ slow5        an hour apart: ever easier
  //                    └─ quick3 ─ quick4              a millisecond apart: harder
  const params = parseParams({ name: 'retarget', initialBits: 0x200f_ffff, limitBits: 0x207f_ffff, halfLifeBlocks: 1 })
  const blocks = createBlockBuilder({ seed: 6, params })
  blocks.blocks('', 'genesis', 2)
  const { timestamp } = blocks.get('2').block.header
  blocks.block('slow3', '2', { timestamp: timestamp + 3_600_000 })
  blocks.block('slow4', 'slow3', { timestamp: timestamp + 7_200_000 })
  blocks.block('slow5', 'slow4', { timestamp: timestamp + 10_800_000 })
  blocks.block('quick3', '2', { timestamp: timestamp + 1 })
  blocks.block('quick4', 'quick3', { timestamp: timestamp + 2 })
  const node = openChain(blocks)
  expect(await node.addAll('1', '2', 'slow3', 'slow4', 'slow5', 'quick3')).toEqual([
    'connected', 'connected', 'connected', 'connected', 'connected', 'side-branch',
  ])
  expect(await node.add('quick4')).toBe('reorganised')
  expect(node.chain.tip.height).toBe(4)
  expect(await openChain(blocks).addAll('1', '2', 'quick3', 'quick4', 'slow3', 'slow4', 'slow5')).toEqual([
    'connected', 'connected', 'connected', 'connected', 'side-branch', 'side-branch', 'side-branch',
  ])
})

test('a reorganisation of 200 blocks is one step, and as exact as one of a single block', async () => {
  const blocks = createBlockBuilder({ seed: 7, funds: { alice: 10_000, bob: 10_000 } })
  blocks.blocks('a', 'genesis', 200, { transactions: [{ from: 'alice', to: 'bob', amount: 3, fee: 2 }] })
  blocks.blocks('b', 'genesis', 201, { miner: 'bob', transactions: [{ from: 'bob', to: 'carol', amount: 7 }] })
  const node = openChain(blocks)
  for (const { block } of [...blocks.path('a200'), ...blocks.path('b200')]) await node.chain.add(block, 'sync')
  expect(await node.add('a200')).toBe('known')
  expect(node.tip()).toBe('a200')
  const result = await node.chain.add(blocks.get('b201').block, 'sync')
  expect(result).toMatchObject({ outcome: 'reorganised', disconnected: 200, connected: 201 })
  expect(dumpOf(node.path)).toEqual(await straightTo('b201', blocks))
})

test('disconnecting is the exact inverse of connecting', async () => {
  //   genesis ─ a1 ─┬─ a2 ─ a3 ─ a4       a2 makes new accounts, empties one, pays itself and the miner
  //                 └─ c1 ─ c2
  const blocks = createBlockBuilder({ seed: 8, funds: { alice: 100, miner: 5 } })
  blocks.block('a1', 'genesis')
  blocks.block('a2', 'a1', {
    transactions: [
      { from: 'alice', to: 'new', amount: 60, fee: 40 },
      { from: 'new', to: 'new', amount: 10 },
      { from: 'new', to: 'unpaid', amount: 0 },
      { from: 'miner', to: 'miner', amount: 1, fee: 2 },
    ],
  })
  blocks.blocks('c', 'a1', 2, { miner: 'carol' })
  blocks.block('a3', 'a2')
  blocks.block('a4', 'a3')
  const node = openChain(blocks)
  await node.addAll('a1', 'a2')
  const at = dumpOf(node.path)
  await node.addAll('c1', 'c2')
  expect(node.tip()).toBe('c2')
  expect(dumpOf(node.path)).toEqual(await straightTo('c2', blocks))
  await node.addAll('a3', 'a4')
  expect(node.tip()).toBe('a4')
  expect(dumpOf(node.path)).toEqual(await straightTo('a4', blocks))
  expect(dumpOf(node.path).history.slice(0, at.history.length)).toEqual(at.history)
})

async function invalidInTheMiddle(): Promise<{ blocks: BlockBuilder; node: TestChain }> {
  //   genesis ─ a1 ─┬─ a2 ─ a3
  //                 └─ b2 ─ b3! ─┬─ b4 ─ b5         b3 overspends, which is found when its branch takes over
  //                              └─ c4
  const blocks = createBlockBuilder({ seed: 9, funds: { alice: 100 } })
  blocks.blocks('a', 'genesis', 3, { transactions: [{ from: 'alice', to: 'bob', amount: 1 }] })
  blocks.block('b2', 'a1', { miner: 'bob', transactions: [{ from: 'alice', to: 'carol', amount: 5 }] })
  blocks.block('b3', 'b2', { miner: 'bob', transactions: [{ from: 'alice', to: 'carol', amount: 1_000 }] })
  blocks.block('b4', 'b3', { miner: 'bob' })
  blocks.block('b5', 'b4', { miner: 'bob' })
  blocks.block('c4', 'b3', { miner: 'carol', timestamp: blocks.get('b4').block.header.timestamp + 1 })
  const node = openChain(blocks)
  expect(await node.addAll('a1', 'a2', 'a3')).toEqual(['connected', 'connected', 'connected'])
  expect(await node.addAll('b2', 'b3')).toEqual(['side-branch', 'side-branch'])
  return { blocks, node }
}

test('an invalid block in the middle of a heavier branch: all rolls back, and it goes with all that follows it', async () => {
  const { blocks, node } = await invalidInTheMiddle()
  const before = dumpOf(node.path)
  node.heard()
  expect(await node.add('b4')).toBe('block-invalid-parent')
  expect(node.heard()).toEqual([])
  expect(node.tip()).toBe('a3')
  expect(dumpOf(node.path)).toEqual(before)
  expect(['b2', 'b3', 'b4'].map((name) => node.chain.has(blocks.get(name).hex))).toEqual([true, false, false])
  expect(node.chain.block(blocks.get('b3').hex)).toBeUndefined()
  expect(node.chain.branches().map(({ hash }) => hash)).toEqual([blocks.get('b2').hex])
})

test('what follows it is refused from then on, and the rest of the branch may still win', async () => {
  const { blocks, node } = await invalidInTheMiddle()
  expect(await node.addAll('b4', 'b3', 'c4', 'b5')).toEqual([
    'block-invalid-parent', 'transaction-overspend', 'block-invalid-parent', 'block-invalid-parent',
  ])
  blocks.block('d3', 'b2')
  blocks.block('d4', 'd3')
  expect(await node.addAll('d3', 'd4')).toEqual(['side-branch', 'reorganised'])
  expect(node.tip()).toBe('d4')
})

test('after a restart nothing of the invalid branch is left', async () => {
  const { blocks, node } = await invalidInTheMiddle()
  await node.add('b4')
  await node.chain.stop()
  const again = openChain(blocks, { path: node.path })
  expect(again.chain.has(blocks.get('b3').hex)).toBe(false)
  expect(again.chain.tip.hash).toBe(blocks.get('a3').hex)
})

test('a stored branch with more work than the tip is taken up at the start', async () => {
  //   genesis ─┬─ a1
  //            └─ b1 ─ b2      stored, and then the power went
  const blocks = createBlockBuilder({ seed: 10, funds: { alice: 9 } })
  blocks.block('a1', 'genesis')
  blocks.blocks('b', 'genesis', 2, { transactions: [{ from: 'alice', to: 'bob', amount: 3 }] })
  const node = openChain(blocks)
  await node.add('a1')
  node.store.write((batch) => {
    for (const name of ['b1', 'b2']) batch.insert(blocks.get(name).hex, blocks.get(name).block)
  })
  await node.chain.stop()
  const again = openChain(blocks, { path: node.path })
  expect(again.chain.tip.hash).toBe(blocks.get('b2').hex)
  expect(dumpOf(node.path)).toEqual(await straightTo('b2', blocks))
})

test('of a stored branch that proves invalid at its end, the valid beginning is taken up if it has the most work', async () => {
  //   genesis ─┬─ a1
  //            ├─ b1 ─ b2 ─ b3 ─ b4!        b3 is best
  //            └─ c1 ─ c2 ─ c3
  const blocks = createBlockBuilder({ seed: 11, funds: { alice: 9 } })
  blocks.block('a1', 'genesis')
  blocks.blocks('b', 'genesis', 3, { miner: 'bob' })
  blocks.block('b4', 'b3', { transactions: [{ from: 'alice', to: 'bob', amount: 10 }] })
  blocks.blocks('c', 'genesis', 3, { miner: 'carol' })
  const node = openChain(blocks)
  await node.add('a1')
  node.store.write((batch) => {
    for (const name of ['b1', 'b2', 'b3', 'b4', 'c1', 'c2', 'c3']) batch.insert(blocks.get(name).hex, blocks.get(name).block)
  })
  await node.chain.stop()
  const again = openChain(blocks, { path: node.path })
  expect(again.chain.tip.hash).toBe(blocks.get('b3').hex)
  expect(again.chain.has(blocks.get('b4').hex)).toBe(false)
  expect(dumpOf(node.path)).toEqual(await straightTo('b3', blocks))
})

test('the tip, and who was first, survive a restart', async () => {
  const blocks = createBlockBuilder({ seed: 12 })
  blocks.blocks('a', 'genesis', 2)
  blocks.blocks('b', 'genesis', 2, { miner: 'bob' })
  const node = openChain(blocks)
  await node.addAll('b1', 'a1', 'a2', 'b2')
  expect(node.tip()).toBe('a2')
  await node.chain.stop()
  const again = openChain(blocks, { path: node.path })
  expect(again.chain.tip).toEqual(node.chain.tip)
  expect(again.chain.branches()).toEqual(node.chain.branches())
})

test.for([1, 2, 3, 4, 5, 6])('random tree %i, in a random order: the most work wins, by whichever way', async (seed) => {
  const random = createRandom(seed)
  const blocks = createBlockBuilder({ seed, funds: { alice: 1_000, bob: 1_000, carol: 1_000 } })
  const people = ['alice', 'bob', 'carol']
  const who = (): string => people[random.below(3)] as string // of three
  const names = ['genesis']
  for (let i = 1; i <= 40; i++) {
    // Mostly near the newest blocks, so that branches grow long.
    const parent = names[Math.max(0, names.length - 1 - random.below(6))] as string // not empty
    const payment = () => ({ from: who(), to: who(), amount: random.below(4), fee: random.below(2) })
    const transactions = Array.from({ length: random.below(3) }, payment)
    names.push(blocks.block(`n${i}`, parent, { miner: who(), transactions }).name)
  }
  const node = openChain(blocks)
  const order = names.slice(1).map((name) => ({ name, key: random.next() })).sort((a, b) => a.key - b.key)
  for (const { name } of order) await node.chain.add(blocks.get(name).block, 'gossip')
  const height = Math.max(...names.map((name) => blocks.get(name).height))
  expect(node.chain.tip.height).toBe(height)
  expect(names.every((name) => node.chain.has(blocks.get(name).hex))).toBe(true)
  const tip = names.find((name) => blocks.get(name).hex === node.chain.tip.hash) as string // one of them
  expect(dumpOf(node.path)).toEqual(await straightTo(tip, blocks))
})

test('side branches are listed by work, then by who was first, and no more than asked for', async () => {
  //   genesis ─┬─ a1 ─ a2 ─ a3
  //            ├─ b1
  //            ├─ c1 ─ c2
  //            └─ d1
  const blocks = createBlockBuilder({ seed: 13 })
  blocks.blocks('a', 'genesis', 3)
  blocks.block('b1', 'genesis', { miner: 'bob' })
  blocks.blocks('c', 'genesis', 2, { miner: 'carol' })
  blocks.block('d1', 'genesis', { miner: 'dave' })
  const node = openChain(blocks)
  await node.addAll('a1', 'a2', 'a3', 'b1', 'c1', 'c2', 'd1')
  const hashes = ['c2', 'b1', 'd1'].map((name) => blocks.get(name).hex)
  expect(node.chain.branches().map(({ hash }) => hash)).toEqual(hashes)
  expect(node.chain.branches(2).map(({ hash }) => hash)).toEqual(hashes.slice(0, 2))
})
