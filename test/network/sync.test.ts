import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { toHex } from '../../src/consensus/hex.ts'
import { transactionId } from '../../src/consensus/transaction.ts'
import type { SyncProgress } from '../../src/network/network.ts'
import { createBlockBuilder } from '../support/blocks.ts'
import { createWorld, type World } from '../support/network-node.ts'

let world: World
afterEach(() => world.end())

test('a late joiner catches up 300 blocks: headers first, then bodies', async () => {
  const blocks = createBlockBuilder()
  blocks.blocks('a', 'genesis', 300)
  world = createWorld(blocks)
  const [a, b] = [await world.node('a'), await world.node('b')]
  await a.mined('a300')
  const states: SyncProgress['state'][] = []
  b.network.events.on('sync:progress', ({ state }) => states.push(state))
  await b.network.dial(a.address)
  await b.at('a300')
  await b.until('idle', () => b.network.sync.state === 'idle')
  expect([...new Set(states)]).toEqual(['headers', 'bodies', 'idle'])
  expect(b.network.sync).toEqual({ state: 'idle', height: 300, target: 300, blocksPerSecond: null, remainingMs: null })
})

//   genesis ── a1 ── a2                       a's, with a payment in a2
//          └── b1 ── b2 ── b3 ── b4 ── b5     b's
test('two nodes that were apart with 2 and 5 blocks come to the 5, and the payment of the 2 is pending on both', async () => {
  const blocks = createBlockBuilder({ funds: { alice: 100 } })
  const payment = blocks.pay({ from: 'alice', to: 'bob', amount: 30, fee: 1 })
  blocks.block('a1', 'genesis', { miner: 'ann' })
  blocks.block('a2', 'a1', { miner: 'ann', transactions: [payment] })
  blocks.blocks('b', 'genesis', 5, { miner: 'ben' })
  world = createWorld(blocks)
  const [a, b] = [await world.node('a'), await world.node('b')]
  // Gossiped once already, though nobody was there to hear it: gossip alone would not bring it again.
  await a.mined('a1')
  a.mempool.add(payment, 'local')
  await a.mined('a2')
  await b.mined('b5')
  await b.network.dial(a.address)
  await a.at('b5')
  expect(b.chain.tip.hash).toBe(blocks.get('b5').hex)
  const id = toHex(transactionId(payment))
  await a.until('the payment is pending again', () => a.mempool.get(id) !== undefined)
  await b.until('the payment is pending here too', () => b.mempool.get(id) !== undefined)
})

test('the shorter chain may be the one that is dialled, too', async () => {
  const blocks = createBlockBuilder()
  blocks.blocks('a', 'genesis', 2, { miner: 'ann' })
  blocks.blocks('b', 'genesis', 5, { miner: 'ben' })
  world = createWorld(blocks)
  const [a, b] = [await world.node('a'), await world.node('b')]
  await a.mined('a2')
  await b.mined('b5')
  await a.network.dial(b.address)
  await a.at('b5')
})

test('what one node caught up with, it passes on: three in a line', async () => {
  const blocks = createBlockBuilder()
  blocks.blocks('a', 'genesis', 20)
  world = createWorld(blocks)
  const [a, b, c] = [await world.node('a'), await world.node('b'), await world.node('c')]
  await a.mined('a20')
  await c.network.dial(b.address)
  await b.network.dial(a.address)
  await c.at('a20')
})

test('a block whose parent is missing makes the node ask its sender at once', async () => {
  const blocks = createBlockBuilder()
  blocks.blocks('a', 'genesis', 4)
  world = createWorld(blocks)
  const [a, b] = [await world.node('a'), await world.node('b')]
  await b.network.dial(a.address)
  await b.until('connected', () => b.network.peers().length === 1)
  // a1 to a3 are not gossiped, as after a loss; then a4 is.
  for (const { block } of blocks.path('a3')) await a.chain.add(block, 'sync')
  await a.chain.add(blocks.get('a4').block, 'local')
  await b.at('a4')
  expect((await b.logged('block-unknown-parent')).hash).toBe(blocks.get('a4').hex)
})

test('bodies come from several peers', async () => {
  const blocks = createBlockBuilder()
  blocks.blocks('a', 'genesis', 400)
  world = createWorld(blocks)
  const [a, b, c] = [await world.node('a'), await world.node('b'), await world.node('c')]
  await a.mined('a400')
  await b.mined('a400')
  const served = new Map<string, number>()
  for (const [name, node] of [['a', a], ['b', b]] as const) {
    const { encodedBody } = node.chain
    node.chain.encodedBody = (hash) => {
      served.set(name, (served.get(name) ?? 0) + 1)
      return encodedBody.call(node.chain, hash)
    }
  }
  await Promise.all([c.network.dial(a.address), c.network.dial(b.address)])
  await c.at('a400')
  expect([...served.keys()].sort()).toEqual(['a', 'b'])
  expect([...served.values()].reduce((sum, count) => sum + count)).toBe(400)
})

test('a sync that a restart interrupts goes on where it was', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cairn-sync-'))
  try {
    const blocks = createBlockBuilder()
    blocks.blocks('a', 'genesis', 150)
    world = createWorld(blocks)
    const path = join(folder, 'chain.sqlite')
    const [a, before] = [await world.node('a'), await world.node('before', { path })]
    await a.mined('a150')
    const served: string[] = []
    const { encodedBody } = a.chain
    a.chain.encodedBody = (hash) => {
      served.push(hash)
      return encodedBody.call(a.chain, hash)
    }
    void before.network.dial(a.address)
    await before.until('half-way', () => before.chain.tip.height >= 20)
    await before.stop()
    served.length = 0
    const after = await world.node('after', { path })
    const { height } = after.chain.tip
    expect(height).toBeGreaterThanOrEqual(20)
    expect(height).toBeLessThan(150)
    await after.network.dial(a.address)
    await after.at('a150')
    expect(served.slice(0, 1)).toEqual([blocks.get(`a${height + 1}`).hex])
    expect(served).toHaveLength(150 - height)
  } finally {
    await world.end()
    rmSync(folder, { recursive: true })
  }
})
