/** What a node tells of its peers, with real nodes in memory: one in sync, one of another network, one banned, nobody. */
import { afterEach, expect, test } from 'vitest'
import { networkParams } from '../../../src/consensus/params.ts'
import { encodeBlock } from '../../../src/consensus/types.ts'
import type { PeerDiagnosis } from '../../../src/network/diagnosis/diagnosis.ts'
import { createBlockBuilder } from '../../support/blocks.ts'
import { createHostilePeer } from '../../support/hostile-peer.ts'
import { createWorld } from '../../support/network-node.ts'

const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

test('each peer is told with how far it came, and why', async () => {
  const blocks = createBlockBuilder()
  blocks.blocks('a', 'genesis', 1)
  const world = createWorld(blocks)
  const elsewhere = createWorld(createBlockBuilder({ params: { ...networkParams('local'), name: 'elsewhere' } }))
  const hostile = await createHostilePeer(blocks)
  ends.push(() => hostile.stop(), () => world.end(), () => elsewhere.end())

  const friend = await world.node('friend')
  const stranger = await elsewhere.node('stranger')
  const node = await world.node('node', { peers: ['/memory/nobody', stranger.address] })
  await node.network.dial(friend.address)
  await node.logged('peer-other-network')
  await hostile.connect(node.address)
  await hostile.publish('blocks', encodeBlock(blocks.block('x', 'genesis', { mined: false }).block))
  await hostile.cutOff
  await node.logged('peer-unreachable')

  const { node: told, peers, interfaces, clock, advice } = await node.network.diagnose()
  expect(told).toMatchObject({ name: 'node', network: 'local', networkId: blocks.genesis.id, mdns: false, networkKey: null })
  expect(interfaces).toEqual([])
  const by = (peerId: string | null): PeerDiagnosis | undefined => peers.find((peer) => peer.peerId === peerId)
  expect(by(friend.peerId)).toMatchObject({ name: 'friend', latencyMs: expect.any(Number) as number, refusedUntil: null })
  expect(['same-network', 'subscribed', 'in-mesh', 'in-sync']).toContain(by(friend.peerId)?.reached)
  expect(by(stranger.peerId)).toMatchObject({ reached: 'identified', stopped: { code: 'peer-other-network' }, source: 'configured' })
  expect(by(hostile.peerId)).toMatchObject({ stopped: { code: 'block-bad-pow' }, refusedUntil: expect.any(Number) as number })
  expect(by(null)).toMatchObject({ addresses: ['/memory/nobody'], reached: 'discovered', stopped: { code: 'peer-unreachable' } })
  expect(clock).toMatchObject({ peers: 1, maxFutureMs: 60_000 })
  expect(advice.length).toBeGreaterThan(0)
})

test('whoever asks while one is under way gets that one; an aborted call and a stopped network say so', async () => {
  const world = createWorld(createBlockBuilder())
  ends.push(() => world.end())
  const node = await world.node('node')
  const [first, second] = await Promise.all([node.network.diagnose(), node.network.diagnose()])
  expect(second).toBe(first)
  await expect(node.network.diagnose(AbortSignal.abort(new Error('changed my mind')))).rejects.toThrow('changed my mind')
  await node.network.stop()
  await expect(node.network.diagnose()).rejects.toMatchObject({ code: 'network-stopped' })
})
