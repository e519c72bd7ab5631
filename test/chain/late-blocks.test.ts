import { once } from 'node:events'
import { expect, test } from 'vitest'
import { createBlockBuilder } from '../support/blocks.ts'
import { openChain } from '../support/chain.ts'

function permutations<T>(items: T[]): T[][] {
  if (items.length <= 1) return [items]
  return items.flatMap((item, at) => permutations(items.toSpliced(at, 1)).map((rest) => [item, ...rest]))
}

test('blocks may arrive in any order', async () => {
  //   genesis ─ a1 ─┬─ a2 ─ a3
  //                 └─ b2
  const blocks = createBlockBuilder({ seed: 1, funds: { alice: 50 } })
  blocks.blocks('a', 'genesis', 3, { transactions: [{ from: 'alice', to: 'bob', amount: 5 }] })
  blocks.block('b2', 'a1', { miner: 'bob' })
  for (const order of permutations(['a1', 'a2', 'a3', 'b2'])) {
    const node = openChain(blocks)
    await node.addAll(...order)
    expect(node.tip(), order.join(' ')).toBe('a3')
    expect(node.chain.has(blocks.get('b2').hex)).toBe(true)
    await node.stop()
  }
})

test('when add resolves, all that waited for the block has been taken up, in one event a block', async () => {
  const blocks = createBlockBuilder({ seed: 2 })
  blocks.blocks('a', 'genesis', 5)
  const node = openChain(blocks)
  expect(await node.addAll('a5', 'a3', 'a2', 'a4', 'a4')).toEqual(Array.from({ length: 5 }, () => 'block-unknown-parent'))
  expect(node.heard()).toEqual([])
  expect(await node.add('a1')).toBe('connected')
  expect(node.heard()).toEqual(['+ a1', 'tip a1', '+ a2', 'tip a2', '+ a3', 'tip a3', '+ a4', 'tip a4', '+ a5', 'tip a5'])
})

test('a block that waits is no answer for another body under its header: that one is refused, and the block still comes in', async () => {
  const blocks = createBlockBuilder({ seed: 8, funds: { alice: 50 } })
  blocks.block('a1', 'genesis')
  const { block } = blocks.block('a2', 'a1', { transactions: [{ from: 'alice', to: 'bob', amount: 5 }] })
  const node = openChain(blocks)
  expect(await node.add('a2')).toBe('block-unknown-parent')
  expect(await node.offer({ ...block, body: { ...block.body, transactions: [] } })).toBe('block-bad-body-root')
  expect(await node.offer({ ...block, body: { ...block.body, miner: blocks.account('eve') } })).toBe('block-bad-body-root')
  expect(await node.add('a2')).toBe('block-unknown-parent')
  expect(await node.add('a1')).toBe('connected')
  expect(node.tip()).toBe('a2')
})

test('an early block waits for its time, to the millisecond', async () => {
  const blocks = createBlockBuilder({ seed: 3 })
  const node = openChain(blocks)
  const limit = node.clock.now() + blocks.params.maxFutureMs
  blocks.block('a1', 'genesis', { timestamp: limit })
  blocks.block('a2', 'a1', { timestamp: limit + 500 })
  expect(await node.addAll('a1', 'a2', 'a2')).toEqual(['connected', 'block-too-early', 'block-too-early'])
  node.clock.advance(499)
  expect(node.tip()).toBe('a1')
  const changed = once(node.chain.events, 'tip:changed')
  node.clock.advance(1)
  await changed
  expect(node.tip()).toBe('a2')
  expect(node.clock.pending).toBe(0)
})

test('children of an early block wait for it', async () => {
  const blocks = createBlockBuilder({ seed: 4 })
  const node = openChain(blocks)
  const limit = node.clock.now() + blocks.params.maxFutureMs
  blocks.block('a1', 'genesis', { timestamp: limit + 1_000 })
  blocks.block('a2', 'a1', { timestamp: limit + 1_001 })
  blocks.block('a3', 'a2', { timestamp: limit + 90_000 })
  expect(await node.addAll('a3', 'a2', 'a1')).toEqual(['block-unknown-parent', 'block-unknown-parent', 'block-too-early'])
  const tips: string[] = []
  const { promise: all, resolve } = Promise.withResolvers<void>()
  node.chain.events.on('tip:changed', () => {
    tips.push(node.tip())
    if (tips.length === 3) resolve()
    // Each of them may be due only when the one before it is in.
    node.clock.advance(90_000)
  })
  node.clock.advance(1_000)
  await all
  expect(tips).toEqual(['a1', 'a2', 'a3'])
})

test('the wait for a far future is bounded, so that a clock that is set right is noticed', async () => {
  const blocks = createBlockBuilder({ seed: 5 })
  const node = openChain(blocks)
  blocks.block('a1', 'genesis', { timestamp: Number.MAX_SAFE_INTEGER })
  expect(await node.add('a1')).toBe('block-too-early')
  const delays: number[] = []
  const { after } = node.clock
  node.clock.after = (delayMs, callback) => {
    delays.push(delayMs)
    return after(delayMs, callback)
  }
  node.clock.advance(60_000)
  blocks.block('b1', 'genesis')
  await node.add('b1')
  expect(node.clock.pending).toBe(1)
  expect(delays.every((delay) => delay <= 60_000)).toBe(true)
})

test('an early block that proves invalid is refused when its time comes', async () => {
  const blocks = createBlockBuilder({ seed: 6, funds: { alice: 5 } })
  const node = openChain(blocks)
  const timestamp = node.clock.now() + blocks.params.maxFutureMs + 1
  blocks.block('bad', 'genesis', { timestamp, transactions: [{ from: 'alice', to: 'bob', amount: 6 }] })
  blocks.block('a1', 'genesis')
  expect(await node.add('bad')).toBe('block-too-early')
  node.clock.advance(1)
  await node.add('a1') // its turn is after that of the early block
  expect(await node.add('bad')).toBe('transaction-overspend')
  expect(node.tip()).toBe('a1')
})

test('a flood of orphans stays within bounds, and what made way comes in when it comes again', async () => {
  const blocks = createBlockBuilder({ seed: 7 })
  blocks.block('a1', 'genesis')
  const flood = Array.from({ length: 50 }, (_, i) => blocks.block(`f${i}`, 'a1', { miner: `miner ${i}` }).name)
  const node = openChain(blocks, { chain: { waiting: { maxBlocks: 10 } } })
  expect(new Set(await node.addAll(...flood))).toEqual(new Set(['block-unknown-parent']))
  await node.add('a1')
  const stored = flood.filter((name) => node.chain.has(blocks.get(name).hex))
  expect(stored).toEqual(flood.slice(40))
  expect(new Set(await node.addAll(...flood.slice(0, 40)))).toEqual(new Set(['side-branch']))
})

test('a stopped chain drops its timer', async () => {
  const blocks = createBlockBuilder({ seed: 8 })
  const node = openChain(blocks)
  blocks.block('a1', 'genesis', { timestamp: node.clock.now() + blocks.params.maxFutureMs + 1_000 })
  await node.add('a1')
  expect(node.clock.pending).toBe(1)
  await node.chain.stop()
  expect(node.clock.pending).toBe(0)
  node.clock.advance(2_000)
  expect(node.tip()).toBe('genesis')
})
