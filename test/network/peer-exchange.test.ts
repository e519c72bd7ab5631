/** One address is enough: peers tell of their peers. Over TCP on loopback, because an address without an IP is on no LAN. */
import { generateKeyPair } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { encodeFrame } from '../../src/network/frames.ts'
import { decodePeers, encodePeers } from '../../src/network/messages.ts'
import { type BlockBuilder, createBlockBuilder } from '../support/blocks.ts'
import { createHostilePeer } from '../support/hostile-peer.ts'
import { createWorld, type NodeOptions, type World } from '../support/network-node.ts'

const tcp: NodeOptions = { transport: 'tcp', listen: ['/ip4/127.0.0.1/tcp/0'], mdns: false }
let blocks: BlockBuilder
let world: World
beforeEach(() => {
  blocks = createBlockBuilder()
  world = createWorld(blocks)
})
afterEach(() => world.end())
const strangers = async (count: number): Promise<string[]> =>
  Promise.all(Array.from({ length: count }, async () => peerIdFromPrivateKey(await generateKeyPair('Ed25519')).toString()))

test('two that know only a third get to know each other', async () => {
  const a = await world.node('a', tcp)
  const b = await world.node('b', { ...tcp, peers: [a.address] })
  await a.until('b is identified', () => a.network.peers()[0]?.agent === 'test b')
  const c = await world.node('c', { ...tcp, peers: [a.address] })
  await c.until('c knows b', () => c.network.peers().some(({ name }) => name === 'b'))
  await b.until('b knows c', () => b.network.peers().some(({ name }) => name === 'c'))
})

test('with as many connections as aimed at nobody is asked', async () => {
  const a = await world.node('a', tcp)
  const b = await world.node('b', { ...tcp, peers: [a.address] })
  await a.until('b is identified', () => a.network.peers()[0]?.agent === 'test b')
  const c = await world.node('c', { ...tcp, targetPeers: 1, peers: [a.address] })
  await c.until('c knows a', () => c.network.peers().length === 1)
  await a.until('a knows c', () => a.network.peers().length === 2)
  expect(c.log.some(({ msg }) => msg === 'was told of other nodes')).toBe(false)
  expect(b.network.peers()).toHaveLength(1)
})

test('a liar fills the table with 32 entries and no more, and sends nobody off the LAN', async () => {
  const node = await world.node('node')
  const hostile = await createHostilePeer(blocks)
  const ids = await strangers(32)
  const lies = ids.map((peerId, n) => ({ peerId, addresses: [multiaddr(n % 2 === 0 ? `/ip4/8.8.8.${n}/tcp/53` : '/ip4/127.0.0.1/tcp/22')] }))
  hostile.answers.peers = () => [encodePeers(lies)]
  await hostile.connect(node.address)
  await node.until('it was told', () => node.log.some(({ msg }) => msg === 'was told of other nodes'))
  // Public addresses, and a loopback that is not the liar's.
  expect(node.log.filter(({ code }) => code === 'peer-unreachable')).toEqual([])
  await hostile.stop()
})

test('a peer is told of others, not of itself, and not of loopback from elsewhere', async () => {
  const node = await world.node('node', tcp)
  const other = await world.node('other', { ...tcp, peers: [node.address] })
  await node.until('other is identified', () => node.network.peers()[0]?.agent === 'test other')
  const near = await createHostilePeer(blocks, { transport: 'tcp' })
  await near.connect(node.address)
  const answer = await near.send('peers', encodeFrame(new Uint8Array()))
  expect(answer).toHaveLength(1)
  expect(decodePeers(answer[0] as Uint8Array).map(({ peerId }) => peerId)).toEqual([other.peerId])
  await near.stop()
})

test.each<[string, () => Uint8Array[], string]>([
  ['no message', () => [Uint8Array.of(1, 2, 3)], 'peer-bad-message'],
  ['two answers', () => [new Uint8Array(), new Uint8Array()], 'peer-unasked'],
  ['a frame above the limit', () => [new Uint8Array(12_000)], 'peer-bad-frame'],
])('%s in an answer bans', async (_what, answer, code) => {
  const node = await world.node('node')
  const hostile = await createHostilePeer(blocks)
  hostile.answers.peers = answer
  await hostile.connect(node.address)
  await hostile.cutOff
  expect(node.network.bans()).toMatchObject([{ peerId: hostile.peerId, code }])
  await hostile.stop()
})
