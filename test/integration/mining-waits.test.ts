/** Mining beside a sync, on whole nodes: it waits for blocks that arrive, and for nothing else. */
import { afterEach, expect, test } from 'vitest'
import { createNode, type Node } from '../../src/node/node.ts'
import type { NodeOptions } from '../../src/node/options.ts'
import { until } from '../../src/node/until.ts'
import { createBlockBuilder } from '../support/blocks.ts'
import { createHostilePeer, type HostilePeer } from '../support/hostile-peer.ts'
import { createManualClock } from '../support/manual-clock.ts'

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
  expect(behind.chain.branches()).toEqual([])
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
