/** Mining beside a sync, on whole nodes: it waits for blocks that arrive and, from the start, for a moment to hear of them. */
import { once } from 'node:events'
import { afterEach, expect, test } from 'vitest'
import { FIRST_LOOK_MS } from '../../src/node/catch-up.ts'
import { createNode, type Node } from '../../src/node/node.ts'
import type { NodeOptions } from '../../src/node/options.ts'
import { until } from '../../src/node/until.ts'
import { createBlockBuilder } from '../support/blocks.ts'
import { createHostilePeer, type HostilePeer } from '../support/hostile-peer.ts'
import { createManualClock } from '../support/manual-clock.ts'
import { quickFolder } from '../support/quick-folder.ts'

const started: Pick<Node | HostilePeer, 'stop'>[] = []
afterEach(async () => {
  for (const one of started.splice(0).reverse()) await one.stop()
})
async function start(options: NodeOptions = {}): Promise<Node> {
  const node = createNode({ network: 'local', transport: 'memory', threads: 1, ...options })
  await node.start()
  started.push(node)
  return node
}
/** Resolves when the node asks for bodies. */
const bodies = (node: Node): Promise<void> => until([[node.network.events, 'sync:progress']], () => node.network.sync.state === 'bodies')
/** Tips of side branches up to a height; above, a thread may have found a block in the instant of another's find. */
const branchesUpTo = (node: Node, limit: number) => node.chain.branches().filter(({ height }) => height <= limit)
const waiting = (node: Node): boolean => node.miner.progress().waiting

test('a node that is behind mines nothing of its own on the way, on demand or continuously', async () => {
  const ahead = await start()
  await ahead.mine(150)
  const behind = await start()
  const asked = bodies(behind)
  const dialled = behind.network.dial(ahead.network.addresses[0] ?? '')
  await asked
  const mining = behind.mine(1)
  behind.miner.run(behind.wallet.default.account)
  expect(waiting(behind)).toBe(true)
  expect(await mining).toMatchObject([{ height: 151 }])
  await dialled
  await behind.miner.pause()
  expect(branchesUpTo(behind, 150)).toEqual([])
  expect(waiting(behind)).toBe(false)
})

test('what waits for a sync can be cancelled', async () => {
  const ahead = await start()
  await ahead.mine(50)
  const behind = await start()
  const asked = bodies(behind)
  void behind.network.dial(ahead.network.addresses[0] ?? '')
  await asked
  const cancel = new AbortController()
  const mining = behind.mine(1, cancel.signal)
  cancel.abort(new Error('no longer wanted'))
  await expect(mining).rejects.toThrow('no longer wanted')
  await behind.untilBlock(ahead.chain.tip.hash)
  expect(behind.chain.tip.height).toBe(50)
})

test('a peer that promises blocks and never sends them stops nobody', async () => {
  const blocks = createBlockBuilder()
  blocks.blocks('a', 'genesis', 20)
  const clock = createManualClock(blocks.get('a20').block.header.timestamp)
  const node = await start({ network: blocks.params, clock })
  const peer = await createHostilePeer(blocks)
  started.push(peer)
  peer.pretend('a20')
  peer.answers.bodies = () => undefined
  const asked = bodies(node)
  await peer.connect(node.network.addresses[0] ?? '')
  await peer.tellStatus()
  await asked
  expect(node.network.sync.state).toBe('bodies')
  const mining = node.mine(1)
  expect(waiting(node)).toBe(true)
  clock.advance(4_000)
  expect(await mining).toMatchObject([{ height: 1 }])
})

test('a node alone never waits', async () => {
  const node = await start()
  expect(await node.mine(3)).toHaveLength(3)
})

test('a node that mines from its start makes nothing on its old tip beside a peer that is far ahead', async () => {
  const ahead = await start()
  await ahead.mine(50)
  const [address = ''] = ahead.network.addresses
  const clock = createManualClock(ahead.chain.tip.header.timestamp)
  const behind = await start({ mine: true, peers: [address], clock })
  expect(behind.miner.progress()).toMatchObject({ running: true, waiting: true })
  await behind.network.dial(address)
  await behind.untilBlock(ahead.chain.hashAt(50) ?? '')
  expect(behind.chain.branches()).toEqual([])
  expect(waiting(behind)).toBe(true) // another peer may be farther ahead still
  const found = once(behind.miner.events, 'block:found')
  clock.advance(FIRST_LOOK_MS)
  expect((await found)[0]).toMatchObject({ height: 51 })
  expect(branchesUpTo(behind, 50)).toEqual([])
})

test('a node that mines from its start and finds nobody begins after two seconds, and without mDNS and peers at once', async () => {
  const clock = createManualClock(Date.now())
  const looking = await start({ mine: true, peers: ['/memory/nobody-is-here'], clock })
  expect(waiting(looking)).toBe(true)
  clock.advance(FIRST_LOOK_MS - 1)
  expect(waiting(looking)).toBe(true)
  clock.advance(1)
  expect(waiting(looking)).toBe(false)
  const alone = await start({ mine: true })
  expect(waiting(alone)).toBe(false)
})

test('peers of earlier times are waited for, too', async () => {
  const dataDir = quickFolder('mining-waits')
  const other = await start()
  const first = createNode({ network: 'local', transport: 'memory', dataDir, peers: other.network.addresses })
  await first.start()
  await until([[first.network.events, 'peer:connected']], () => first.network.peers().length === 1)
  await first.stop()
  const again = await start({ dataDir, mine: true, clock: createManualClock(Date.now()) })
  expect(waiting(again)).toBe(true)
})
