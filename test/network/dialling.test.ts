/** Whom discovery dials and when, with a stopped clock and a libp2p that only counts. */
import { generateKeyPair } from '@libp2p/crypto/keys'
import type { PeerId } from '@libp2p/interface'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { Discovery } from '../../src/network/discovery.ts'
import type { CairnLibp2p } from '../../src/network/libp2p.ts'
import type { RememberedPeer } from '../../src/network/peer-book.ts'
import { Peers } from '../../src/network/peers.ts'
import { createManualClock } from '../support/manual-clock.ts'

const peerId = async (): Promise<PeerId> => peerIdFromPrivateKey(await generateKeyPair('Ed25519'))

async function setUp(options: { configured?: string[]; remembered?: RememberedPeer[]; targetPeers?: number } = {}) {
  const clock = createManualClock(1_000_000)
  const service = new EventTarget()
  /** When each dial was, and to what. */
  const dials: { at: number; addresses: string[] }[] = []
  const libp2p = {
    peerId: await peerId(),
    services: { mdns: { service } },
    dial: (addresses: Multiaddr[]) => {
      dials.push({ at: clock.now() - 1_000_000, addresses: addresses.map(String) })
      return Promise.reject(new Error('nobody there'))
    },
  } as unknown as CairnLibp2p // all of it that discovery uses
  const { configured: peers = [], remembered = [], targetPeers = 16 } = options
  const peerBook = { load: () => remembered, save: () => {}, remove: () => {} }
  const log = pino({ level: 'silent' })
  const discovery = new Discovery({ libp2p, clock, log, peers: new Peers(), peerBook }, { peers, mdns: true, targetPeers })
  discovery.start()
  return {
    dials,
    discovery,
    found: (id: PeerId, ...addresses: string[]) =>
      service.dispatchEvent(new CustomEvent('peer', { detail: { id, multiaddrs: addresses.map((text) => multiaddr(text)) } })),
    /** Moves on in steps, so that what a failed dial plans is planned before time goes on. */
    async pass(ms: number) {
      for (let step = 0; step < ms; step += 50) {
        clock.advance(50)
        await new Promise(setImmediate)
      }
    },
  }
}

test('of what mDNS finds only private addresses are dialled, and with the peer id', async () => {
  const { dials, found, discovery } = await setUp()
  const [id, stranger] = [await peerId(), await peerId()]
  found(id, '/ip4/192.168.1.20/tcp/5051', '/ip4/8.8.8.8/tcp/53', '/dns4/example.org/tcp/1')
  found(stranger, '/ip4/93.184.216.34/tcp/80')
  expect(dials.map(({ addresses }) => addresses)).toEqual([[`/ip4/192.168.1.20/tcp/5051/p2p/${id.toString()}`]])
  await discovery.stop()
})

test('thousands of forged answers make five dials a second, and are kept up to 256', async () => {
  const { dials, found, pass, discovery } = await setUp()
  const ids = await Promise.all(Array.from({ length: 300 }, peerId))
  for (const [index, id] of ids.entries()) found(id, `/ip4/10.0.${index % 250}.1/tcp/5051`)
  await pass(10_000)
  expect(dials.length).toBeLessThanOrEqual(5 + 10 * 5)
  expect(dials.length).toBeGreaterThan(40)
  await pass(60_000)
  expect(new Set(dials.map(({ addresses }) => addresses.join())).size).toBe(256)
  await discovery.stop()
})

test('each failure doubles the wait, up to a minute, and a configured peer is tried for ever', async () => {
  const { dials, pass, discovery } = await setUp({ configured: ['/ip4/192.168.1.20/tcp/5051'] })
  await pass(600_000)
  const waits = dials.slice(1).map(({ at }, index) => at - (dials[index]?.at ?? 0))
  for (const [index, wait] of waits.entries()) {
    const due = Math.min(60_000, 1_000 * 2 ** index)
    expect(wait).toBeGreaterThanOrEqual(0.75 * due)
    expect(wait).toBeLessThanOrEqual(1.25 * due + 100)
  }
  expect(waits.length).toBeGreaterThan(10)
  await discovery.stop()
})

test('a found peer is forgotten after some failures; mDNS may find it again', async () => {
  const { dials, found, pass, discovery } = await setUp()
  const id = await peerId()
  found(id, '/ip4/192.168.1.20/tcp/5051')
  await pass(300_000)
  const before = dials.length
  expect(before).toBe(7)
  found(id, '/ip4/192.168.1.20/tcp/5051')
  expect(dials.length).toBe(before + 1)
  await discovery.stop()
})

test('remembered peers are tried at once, last seen first; with enough peers only the configured ones are', async () => {
  const ids = await Promise.all([peerId(), peerId()])
  const remembered = ids
    .map(String)
    .map((id, lastSeen) => ({ peerId: id, address: `/ip4/10.0.0.${lastSeen}/tcp/1/p2p/${id}`, lastSeen, lastBlock: 0 }))
  const some = await setUp({ remembered })
  expect(some.dials.map(({ addresses }) => addresses[0])).toEqual([remembered[1]?.address, remembered[0]?.address])
  await some.discovery.stop()
  const enough = await setUp({ remembered, configured: ['/ip4/192.168.1.20/tcp/5051'], targetPeers: 0 })
  await enough.pass(100)
  expect(enough.dials.map(({ addresses }) => addresses)).toEqual([['/ip4/192.168.1.20/tcp/5051']])
  await enough.discovery.stop()
})

test('of each candidate it is told where it was heard of, and why the last dial failed', async () => {
  const address = '/ip4/192.168.1.20/tcp/5051'
  const { found, pass, discovery } = await setUp({ configured: [address] })
  const id = await peerId()
  found(id, '/ip4/10.0.0.7/tcp/5051')
  await pass(50)
  const [configured, other] = discovery.candidates()
  const failure = { code: 'peer-unreachable', at: 1_000_000 }
  expect(configured).toMatchObject({ source: 'configured', peerId: null, addresses: [address], failures: 1, lastFailure: failure })
  expect(other).toMatchObject({ source: 'found', peerId: id.toString(), addresses: ['/ip4/10.0.0.7/tcp/5051'], foundAt: 1_000_000 })
  expect(other?.lastFailure?.message).toBe('nothing answers at /ip4/10.0.0.7/tcp/5051 (nobody there): is the node running, and the port right?')
  await discovery.stop()
})
