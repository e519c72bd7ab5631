/** When a block may be forwarded: `block:checked`, before it is stored where that can be known. */
import { expect, test } from 'vitest'
import { SqliteStore } from '../../src/storage/sqlite-store.ts'
import { createBlockBuilder } from '../support/blocks.ts'
import { memoryPath, openChain, type TestChain } from '../support/chain.ts'

//   genesis ─ a1 ─┬─ a2
//                 ├─ b2 ─ b3
//                 └─ x2            overspends
const forks = () => {
  const blocks = createBlockBuilder({ seed: 1, funds: { alice: 100 } })
  blocks.blocks('a', 'genesis', 2, { transactions: [{ from: 'alice', to: 'bob', amount: 1 }] })
  blocks.block('b2', 'a1', { miner: 'bob' })
  blocks.block('b3', 'b2', { miner: 'bob' })
  blocks.block('x2', 'a1', { transactions: [{ from: 'alice', to: 'bob', amount: 1_000 }] })
  return blocks
}

/** A chain that notes what it checked and when it wrote, in order. */
function noting(): { node: TestChain; notes: string[] } {
  const blocks = forks()
  const path = memoryPath()
  const store = SqliteStore.open(path, blocks.params)
  const notes: string[] = []
  const write = store.write.bind(store)
  const node = openChain(blocks, { path, store })
  store.write = (work) => {
    notes.push('write')
    return write(work)
  }
  const { events } = node.chain
  events.on('block:checked', ({ hash, origin }) => notes.push(`checked ${blocks.nameOf(hash)} of ${origin}`))
  events.on('block:connected', ({ hash }) => notes.push(`connected ${blocks.nameOf(hash)}`))
  return { node, notes }
}

test.each(['gossip', 'local'] as const)('a block of %s that extends the tip is told of before it is written', async (origin) => {
  const { node, notes } = noting()
  await node.add('a1', origin)
  expect(notes).toEqual([`checked a1 of ${origin}`, 'write', 'connected a1'])
})

test.each(['sync', 'store'] as const)('a block of %s is not news', async (origin) => {
  const { node, notes } = noting()
  await node.add('a1', origin)
  expect(notes).toEqual(['write', 'connected a1'])
})

test('a side branch is told of when it wins, once that is written, and only its last block', async () => {
  const { node, notes } = noting()
  await node.addAll('a1', 'a2')
  notes.length = 0
  expect(await node.addAll('b2', 'b3')).toEqual(['side-branch', 'reorganised'])
  expect(notes).toEqual(['write', 'write', 'checked b3 of gossip', 'connected b2', 'connected b3'])
})

test('a block that breaks a rule of the ledger is neither told of nor written', async () => {
  const { node, notes } = noting()
  await node.add('a1')
  notes.length = 0
  expect(await node.add('x2')).toBe('transaction-overspend')
  expect(notes).toEqual([])
})

test('a block that waited for its parent is told of in its turn', async () => {
  const { node, notes } = noting()
  await node.addAll('a2', 'a1')
  expect(notes.filter((note) => note !== 'write')).toEqual([
    'checked a1 of gossip', 'connected a1', 'checked a2 of gossip', 'connected a2',
  ])
})
