import { generateKeyPair } from '@libp2p/crypto/keys'
import { afterEach, describe, expect, test } from 'vitest'
import { type Clock, systemClock } from '../../src/chain/clock.ts'
import { type PeerBook, PeerMemory, type RememberedPeer } from '../../src/network/peer-book.ts'
import { createBlockBuilder } from '../support/blocks.ts'
import { memoryPath } from '../support/chain.ts'
import { createManualClock } from '../support/manual-clock.ts'
import { createWorld, type World } from '../support/network-node.ts'

let world: World | undefined
afterEach(() => world?.end())

test('a peer that worked is dialled again after a restart, with no address given', async () => {
  world = createWorld(createBlockBuilder())
  const [path, privateKey] = [memoryPath(), await generateKeyPair('Ed25519')]
  const a = await world.node('a')
  const b = await world.node('b', { path, privateKey })
  await b.network.dial(a.address)
  expect(b.store.peers.load()).toMatchObject([{ peerId: a.peerId, address: a.address }])
  const keeps = await world.node('keeps', { path }) // an in-memory file lives as long as somebody has it open
  await b.stop()
  await a.until('b is gone', () => a.network.peers().every(({ name }) => name !== 'b'))
  const again = await world.node('b again', { path, privateKey })
  await again.until('connected again', () => again.network.peers().some(({ peerId }) => peerId === a.peerId))
  expect(keeps.network.peers().length).toBeGreaterThanOrEqual(0)
})

test('who was dialled remembers the dialler too, by the address where it listens', async () => {
  world = createWorld(createBlockBuilder())
  const [a, b] = [await world.node('a'), await world.node('b')]
  await b.network.dial(a.address)
  await a.until('identified', () => a.network.peers()[0]?.agent === 'test b')
  expect(a.store.peers.load()).toMatchObject([{ peerId: b.peerId, address: b.address }])
})

test('--peer is tried until somebody answers, and again when the peer is gone', async () => {
  world = createWorld(createBlockBuilder())
  const privateKey = await generateKeyPair('Ed25519')
  const b = await world.node('b', { peers: ['/memory/late-comer'] })
  await b.logged('peer-unreachable')
  const a = await world.node('a', { listen: ['/memory/late-comer'], privateKey })
  await b.until('connected', () => b.network.peers().length === 1)
  await a.stop()
  await b.until('disconnected', () => b.network.peers().length === 0)
  await world.node('a again', { listen: ['/memory/late-comer'], privateKey })
  await b.until('connected again', () => b.network.peers().length === 1)
})

test('two that dial each other at the same moment keep one connection, and gossip flows', async () => {
  const blocks = createBlockBuilder()
  blocks.blocks('a', 'genesis', 1)
  world = createWorld(blocks)
  const [a, b] = [await world.node('a'), await world.node('b')]
  await Promise.all([a.network.dial(b.address), b.network.dial(a.address)])
  const [dialler, dialled] = a.peerId < b.peerId ? [a, b] : [b, a]
  // The refused one may be a moment in closing.
  await dialled.until('one connection', () => dialled.network.peers()[0]?.direction === 'inbound')
  expect(dialler.network.peers()).toMatchObject([{ direction: 'outbound', peerId: dialled.peerId }])
  expect(dialled.network.peers()).toMatchObject([{ direction: 'inbound', peerId: dialler.peerId }])
  await a.mined('a1')
  await b.at('a1')
})

test('a peer is disconnected on demand, which is no fault', async () => {
  world = createWorld(createBlockBuilder())
  // Nothing is dialled again within this test.
  const { now, after } = systemClock
  const clock: Clock = { now, after: (ms, callback) => after(ms < 500 ? ms : 60_000, callback) }
  const [a, b] = [await world.node('a', { clock }), await world.node('b', { clock })]
  await b.network.dial(a.address)
  const told = new Promise((resolve) => b.network.events.once('peer:disconnected', resolve))
  await b.network.disconnect(a.peerId)
  expect(await told).toEqual({ peerId: a.peerId, name: 'a' })
  expect(b.network.bans()).toEqual([])
})

describe('the memory of peers', () => {
  const book = (): PeerBook & { peers: Map<string, RememberedPeer>; writes: number } => {
    const peers = new Map<string, RememberedPeer>()
    return {
      peers,
      writes: 0,
      load: () => [...peers.values()],
      save(peer) {
        this.writes += 1
        peers.set(peer.address, peer)
      },
      remove: (address) => void peers.delete(address),
    }
  }

  test('writes a peer down once, and again only after ten minutes', () => {
    const clock = createManualClock(1_000_000)
    const disk = book()
    const memory = new PeerMemory(disk, clock)
    memory.seen('a', '/memory/a')
    clock.advance(599_999)
    memory.seen('a', '/memory/a')
    expect(disk.writes).toBe(1)
    clock.advance(1)
    memory.seen('a', '/memory/a')
    expect(disk.writes).toBe(2)
    expect(memory.load()).toEqual([{ peerId: 'a', address: '/memory/a', lastSeen: 1_600_000, lastBlock: 0 }])
  })

  test('keeps the 64 that were seen last', () => {
    const clock = createManualClock(1_000_000)
    const disk = book()
    const memory = new PeerMemory(disk, clock)
    for (let peer = 0; peer < 100; peer++) {
      clock.advance(1)
      memory.seen(String(peer), `/memory/${peer}`)
    }
    expect(disk.peers.size).toBe(64)
    const kept = new PeerMemory(disk, clock).load().map(({ peerId }) => peerId)
    expect(kept).toEqual(Array.from({ length: 64 }, (_, index) => String(99 - index)))
  })

  test('whoever brought blocks stays, however many others were seen since, and comes first', () => {
    const clock = createManualClock(1_000_000)
    const disk = book()
    const memory = new PeerMemory(disk, clock)
    memory.seen('good', '/memory/good')
    memory.seen('good', '/memory/good', 1_000_000) // written at once, though it was just seen
    for (let peer = 0; peer < 100; peer++) {
      clock.advance(1)
      memory.seen(String(peer), `/memory/${peer}`)
    }
    expect(disk.peers.get('/memory/good')).toMatchObject({ lastBlock: 1_000_000 })
    expect(new PeerMemory(disk, clock).load()[0]).toMatchObject({ peerId: 'good' })
    clock.advance(600_000)
    memory.seen('good', '/memory/good') // connected again, no block yet
    expect(disk.peers.get('/memory/good')).toMatchObject({ lastBlock: 1_000_000, lastSeen: 1_600_100 })
  })
})

test('a disk that refuses to remember peers stops nothing', async () => {
  const blocks = createBlockBuilder()
  world = createWorld(blocks)
  const [a, b] = [await world.node('a'), await world.node('b')]
  b.store.peers.save = () => {
    throw new Error('disk full')
  }
  await b.network.dial(a.address)
  await b.until('said so', () => b.log.some(({ reason }) => reason === 'disk full'))
  expect(b.network.peers()).toHaveLength(1)
})
