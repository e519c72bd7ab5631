/** What peers say of themselves, or leave behind: no lie and no noise in it harms a node, and nothing of it stays. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { afterEach, expect, test } from 'vitest'
import { hostOf } from '../../src/network/lan-address.ts'
import { createCairnLibp2p } from '../../src/network/libp2p.ts'
import { CONNECTIONS_A_SECOND, FAULT_POINTS, MAX_PENDING_CONNECTIONS, protocolsOf, SCORE_LIMIT } from '../../src/network/protocols.ts'
import { createBlockBuilder } from '../support/blocks.ts'
import { createHostilePeer, type HostilePeer } from '../support/hostile-peer.ts'
import { createManualClock } from '../support/manual-clock.ts'
import { createWorld } from '../support/network-node.ts'
import { createRandom } from '../support/random.ts'

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

async function setUp() {
  const blocks = createBlockBuilder()
  blocks.blocks('a', 'genesis', 3)
  const world = createWorld(blocks)
  ends.push(() => world.end())
  const clock = createManualClock(Date.now())
  const [node, honest] = [await world.node('node', { clock }), await world.node('honest')]
  const attack = async (): Promise<HostilePeer> => {
    const hostile = await createHostilePeer(blocks)
    ends.push(() => hostile.stop())
    return hostile
  }
  return { blocks, clock, node, honest, attack }
}

test('noise instead of who it is: nothing is believed, and the node goes on', async () => {
  const { node, honest, attack } = await setUp()
  const random = createRandom(3)
  for (const length of [0, 1, 40, 4_096, 100_000]) {
    const hostile = await attack()
    await hostile.sayWho(random.bytes(length))
    await hostile.connect(node.address)
    await node.until('it is a peer', () => node.network.peers().some(({ peerId }) => peerId === hostile.peerId))
    expect(node.network.peers().find(({ peerId }) => peerId === hostile.peerId)).toMatchObject({ agent: null })
  }
  await honest.network.dial(node.address)
  await honest.mined('a3')
  await node.at('a3')
})

test('a peer whose claims grow each time and never come true is disconnected', async () => {
  const { clock, node, honest, attack } = await setUp()
  const hostile = await attack()
  await hostile.connect(node.address)
  const gone = (): boolean => node.log.some(({ code }) => code === 'peer-score-low')
  for (let lie = 1; lie <= -SCORE_LIMIT / FAULT_POINTS; lie++) {
    hostile.status = { ...hostile.status, height: 1_000 * lie, work: 2n ** BigInt(100 + lie), time: clock.now() }
    const before = hostile.asked.filter(({ kind }) => kind === 'headers').length
    await hostile.tellStatus()
    await node.until('it is asked for headers, or gone', () => gone() || hostile.asked.filter(({ kind }) => kind === 'headers').length > before)
    clock.advance(3_000) // or its quota of status ends before its score
  }
  await hostile.cutOff
  expect(node.log).toContainEqual(expect.objectContaining({ code: 'peer-score-low', peer: hostile.peerId }))
  await honest.network.dial(node.address)
  await honest.mined('a3')
  await node.at('a3')
})

async function bareOnTcp() {
  const { genesis, params } = createBlockBuilder()
  const libp2p = await createCairnLibp2p({
    privateKey: await generateKeyPair('Ed25519'), protocols: protocolsOf(genesis.id), transport: 'tcp', listen: ['/ip4/127.0.0.1/tcp/0'],
    agent: 'bare', maxPeers: 96, maxBlockBytes: params.maxBlockBytes, gater: {}, score: () => 0, judge: () => {}, now: Date.now,
    traffic: { receivedBytes: 0, sentBytes: 0 },
  })
  await libp2p.start()
  ends.push(() => libp2p.stop() as Promise<void>)
  return libp2p
}

test('of peers that came and went nothing is kept', async () => {
  const libp2p = await bareOnTcp()
  const [address] = libp2p.getMultiaddrs()
  for (let n = 0; n < 20; n++) {
    const hostile = await createHostilePeer(createBlockBuilder(), { transport: 'tcp' })
    const left = once(libp2p, 'peer:disconnect')
    await hostile.dial(String(address))
    await hostile.stop()
    await left
  }
  while ((await libp2p.peerStore.all()).length > 0) await new Promise(setImmediate) // it forgets as soon as the lock is free
})

test('sockets that say nothing hold so many places and no more, and give them back', async () => {
  const libp2p = await bareOnTcp()
  const [address] = libp2p.getMultiaddrs()
  const port = hostOf(address!)!.port
  const hosts = MAX_PENDING_CONNECTIONS / CONNECTIONS_A_SECOND
  const closed: number[] = []
  const sockets: Socket[] = []
  ends.push(async () => sockets.forEach((socket) => socket.destroy()))
  const ended: Promise<unknown>[] = []
  for (let host = 1; host <= hosts + 1; host++) {
    const opened = Array.from({ length: CONNECTIONS_A_SECOND }, () => connect({ host: '127.0.0.1', port, localAddress: `127.0.0.${1 + host}` }))
    for (const socket of opened) {
      sockets.push(socket)
      ended.push(new Promise<void>((resolve) => socket.on('error', () => {}).once('close', () => resolve(void closed.push(host)))))
    }
    await Promise.all(opened.map((socket) => once(socket, 'connect')))
  }
  await Promise.all(ended)
  // Those who found no place left at once, before the first who had one and said nothing.
  expect(closed.slice(0, CONNECTIONS_A_SECOND / 2)).toEqual(Array(CONNECTIONS_A_SECOND / 2).fill(hosts + 1))
  expect(closed.filter((host) => host === 1)).toHaveLength(CONNECTIONS_A_SECOND)
  const honest = await createHostilePeer(createBlockBuilder(), { transport: 'tcp', from: '127.0.0.100' })
  ends.push(() => honest.stop())
  expect((await honest.dial(String(address))).status).toBe('open')
})
