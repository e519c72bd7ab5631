/** Whom discovery dials and when, with a stopped clock and a libp2p that only counts. */
import { generateKeyPair } from '@libp2p/crypto/keys'
import type { Connection, PeerId } from '@libp2p/interface'
import { peerIdFromPrivateKey, peerIdFromString } from '@libp2p/peer-id'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { Discovery } from '../../src/network/discovery.ts'
import type { Interfaces } from '../../src/network/lan-address.ts'
import type { CairnLibp2p } from '../../src/network/cairn-libp2p.ts'
import type { RememberedPeer } from '../../src/network/peer-book.ts'
import { type Peer, peerIdOf, Peers } from '../../src/network/peers.ts'
import { createManualClock } from '../support/manual-clock.ts'

/** One cable at home, and a docker bridge. */
const interfaces = (): Interfaces => ({
  eth0: [{ address: '192.168.1.2', netmask: '255.255.255.0', family: 'IPv4', mac: '', internal: false, cidr: '192.168.1.2/24' }],
  docker0: [{ address: '172.17.0.1', netmask: '255.255.0.0', family: 'IPv4', mac: '', internal: false, cidr: '172.17.0.1/16' }],
})

const peerId = async (): Promise<PeerId> => peerIdFromPrivateKey(await generateKeyPair('Ed25519'))

interface Setting {
  configured?: string[]
  remembered?: RememberedPeer[]
  targetPeers?: number
  /** Whether somebody answers each dial. */
  answer?: boolean
  /** Peers that are connected to us from the start. */
  crowd?: number
}

async function setUp({ configured = [], remembered = [], targetPeers = 16, answer = false, crowd = 0 }: Setting = {}) {
  const clock = createManualClock(1_000_000)
  const peers = new Peers()
  let place: Interfaces = interfaces()
  const connect = (id: PeerId, direction: 'inbound' | 'outbound', address: string): Peer => {
    const connection = { direction, remoteAddr: multiaddr(address) } as unknown as Connection // all of it that is looked at
    return peers.open(id, connection, clock.now())
  }
  for (let n = 0; n < crowd; n++) connect(await peerId(), 'inbound', `/ip4/192.168.1.66/tcp/${1 + n}`)
  /** When each dial was, and to what. */
  const dials: { at: number; addresses: string[] }[] = []
  const libp2p = {
    peerId: await peerId(),
    getMultiaddrs: () => [multiaddr('/ip4/192.168.1.2/tcp/5051')],
    dial: (addresses: Multiaddr[]) => {
      dials.push({ at: clock.now() - 1_000_000, addresses: addresses.map(String) })
      if (!answer) return Promise.reject(new Error('nobody there'))
      const remotePeer = peerIdFromString(peerIdOf(addresses[0]!)!)
      connect(remotePeer, 'outbound', String(addresses[0]))
      return Promise.resolve({ remotePeer })
    },
  } as unknown as CairnLibp2p // all of it that discovery uses
  /** What mDNS was told, in order. */
  const mdns: string[] = []
  const multicast = { start: () => void mdns.push('start'), stop: () => Promise.resolve(void mdns.push('stop')) }
  const peerBook = { load: () => remembered, save: () => {}, remove: () => {} }
  const moved = (): void => void mdns.push('moved')
  const discovery = new Discovery(
    { libp2p, clock, log: pino({ level: 'silent' }), peers, peerBook, mdns: multicast, moved, dialled: () => {}, interfaces: () => place },
    { peers: configured, targetPeers },
  )
  discovery.start()
  await new Promise(setImmediate)
  return {
    dials, discovery, peers, connect, mdns,
    find: (id: string, address: string) => discovery.found(id, multiaddr(address)),
    found: (id: PeerId, ...addresses: string[]) => addresses.forEach((address) => discovery.found(id.toString(), multiaddr(address))),
    move: (to: Interfaces) => void (place = to),
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

test('forged answers: five dials a second, none off the LAN, and an honest node among them is dialled', async () => {
  const { dials, discovery, pass, find } = await setUp()
  const ids = (await Promise.all(Array.from({ length: 500 }, peerId))).map(String)
  const honest = (await peerId()).toString()
  const lies = (n: number): string[] => [
    `/ip4/192.168.1.${3 + (n % 250)}/tcp/${1 + n}`, // whole LAN, any port, with the id of nobody there
    `/ip4/8.8.${n % 256}.8/tcp/53`, '/dns4/example.org/tcp/5051', '/ip4/224.0.0.251/tcp/5353', '/ip4/255.255.255.255/tcp/5051',
    '/ip4/192.168.1.255/tcp/5051', '/ip4/192.168.1.0/tcp/5051', '/ip4/0.0.0.0/tcp/5051', '/ip4/192.168.1.77/tcp/0',
    '/ip4/192.168.1.2/tcp/5051', // ourselves
    '/ip6/2001:4860:4860::8888/tcp/53', '/ip4/192.168.1.80/udp/5051',
  ]
  // One minute, ten thousand packets; the honest node answers each of our questions.
  for (let n = 0; n < 10_000; n++) {
    find(ids[n % 500] ?? '', lies(n)[n % 2 === 0 ? 0 : n % 12] ?? '')
    if (n % 1_667 === 800) find(honest, '/ip4/192.168.1.20/tcp/5051')
    if (n % 8 === 0) await pass(50)
  }
  expect(dials.length).toBeGreaterThan(5 * 55)
  expect(dials.length).toBeLessThanOrEqual(5 + 5 * 63)
  const hosts = dials.flatMap(({ addresses }) => addresses.map((address) => address.split('/')[2] ?? ''))
  expect(hosts.filter((host) => !/^192\.168\.1\.([2-9]|\d\d|1\d\d|2[0-4]\d|25[0-4])$/.test(host) || host === '192.168.1.2')).toEqual([])
  expect(dials.some(({ addresses }) => addresses.includes(`/ip4/192.168.1.20/tcp/5051/p2p/${honest}`))).toBe(true)
  expect(discovery.candidates().length).toBeLessThanOrEqual(256)
  await discovery.stop()
})

test('a thousand names at one address wait for one another, and for nobody else', async () => {
  const { dials, find, pass, discovery } = await setUp()
  const ids = (await Promise.all(Array.from({ length: 1_000 }, peerId))).map(String)
  ids.forEach((id, n) => find(id, `/ip4/192.168.1.66/tcp/${1 + n}`))
  find((await peerId()).toString(), '/ip4/192.168.1.20/tcp/5051')
  await pass(250)
  expect(dials.at(-1)?.addresses[0]).toMatch('192.168.1.20')
  await discovery.stop()
})

test('of a node only its own entry is believed: another address does not replace one that worked', async () => {
  const { dials, discovery, find, pass, peers, connect } = await setUp()
  const id = await peerId()
  find(id.toString(), '/ip4/192.168.1.20/tcp/5051')
  const peer = connect(id, 'outbound', '/ip4/192.168.1.20/tcp/5051')
  discovery.worked(peer)
  for (let host = 100; host < 120; host++) find(id.toString(), `/ip4/192.168.1.${host}/tcp/1`)
  peers.close(peer.key)
  discovery.left(peer)
  await pass(2_000)
  expect(dials.at(-1)?.addresses).toContain(`/ip4/192.168.1.20/tcp/5051/p2p/${id.toString()}`)
  expect(dials.at(-1)?.addresses).toHaveLength(4)
  await discovery.stop()
})

test('of one teller 32 are kept, and nothing that it tells replaces what we know', async () => {
  const { discovery, connect, find } = await setUp({ targetPeers: 0 })
  const known = (await peerId()).toString()
  find(known, '/ip4/192.168.1.20/tcp/5051')
  const [liar, honest] = [connect(await peerId(), 'inbound', '/ip4/192.168.1.66/tcp/4'), connect(await peerId(), 'inbound', '/ip4/192.168.1.7/tcp/4')]
  for (let n = 0; n < 100; n++) discovery.told(liar, (await peerId()).toString(), [multiaddr(`/ip4/192.168.1.66/tcp/${1 + n}`)])
  discovery.told(liar, known, [multiaddr('/ip4/192.168.1.66/tcp/5')])
  const other = (await peerId()).toString()
  discovery.told(honest, other, [multiaddr('/ip4/192.168.1.9/tcp/5051')])
  const candidates = discovery.candidates()
  expect(candidates.filter(({ source }) => source === 'told')).toHaveLength(33)
  expect(candidates.find(({ peerId: id }) => id === known)?.addresses).toEqual(['/ip4/192.168.1.20/tcp/5051'])
  expect(candidates.some(({ peerId: id }) => id === other)).toBe(true)
  await discovery.stop()
})

test('remembered ones and found ones take turns: what is found at home does not wait for a school’s machines', async () => {
  const remembered = (await Promise.all(Array.from({ length: 60 }, peerId))).map((id, n) => (
    { peerId: id.toString(), address: `/ip4/10.0.0.${n + 1}/tcp/1/p2p/${id.toString()}`, lastSeen: 100 - n, lastBlock: 0 }))
  const { dials, find, pass, discovery } = await setUp({ remembered })
  expect(dials).toHaveLength(5)
  find((await peerId()).toString(), '/ip4/192.168.1.20/tcp/5051')
  await pass(250)
  expect(dials.slice(5).map(({ addresses }) => addresses[0]?.split('/')[2])).toEqual(['192.168.1.20'])
  await discovery.stop()
})

test('who brought blocks is dialled first', async () => {
  const remembered = (await Promise.all([1, 2, 3].map(peerId))).map((id, n) => (
    { peerId: id.toString(), address: `/ip4/10.0.0.${n + 1}/tcp/1/p2p/${id.toString()}`, lastSeen: 100 - n, lastBlock: n === 2 ? 50 : 0 }))
  const { dials, discovery } = await setUp({ remembered })
  expect(dials.map(({ addresses }) => addresses[0]?.split('/')[2])).toEqual(['10.0.0.3', '10.0.0.1', '10.0.0.2'])
  await discovery.stop()
})

test('however many connected to us, eight connections are of our own choice, and sixteen to who brought blocks', async () => {
  const good = (await Promise.all(Array.from({ length: 20 }, peerId))).map((id, n) => (
    { peerId: id.toString(), address: `/ip4/10.0.0.${n + 1}/tcp/1/p2p/${id.toString()}`, lastSeen: 100, lastBlock: 50 }))
  for (const [remembered, most] of [[good.map((peer) => ({ ...peer, lastBlock: 0 })), 8], [good, 16]] as const) {
    const { dials, discovery, find, pass, connect } = await setUp({ remembered: [...remembered], answer: true, crowd: 60 })
    find((await peerId()).toString(), '/ip4/192.168.1.20/tcp/5051')
    await pass(20_000)
    expect(dials).toHaveLength(most)
    expect(connect).toBeDefined()
    await discovery.stop()
  }
})

test('of the nodes at one address two are dialled, and none that is known only because it connected to us', async () => {
  const { dials, discovery, find, pass, peers, connect } = await setUp({ answer: true, crowd: 20 })
  for (let port = 1; port <= 20; port++) find((await peerId()).toString(), `/ip4/192.168.1.66/tcp/${port}`)
  const visitor = connect(await peerId(), 'inbound', '/ip4/192.168.1.70/tcp/40000')
  visitor.listens = ['/ip4/192.168.1.70/tcp/5051']
  discovery.worked(visitor)
  peers.close(visitor.key)
  discovery.left(visitor)
  find((await peerId()).toString(), '/ip4/192.168.1.20/tcp/5051')
  await pass(20_000)
  expect(dials.map(({ addresses }) => addresses[0]?.split('/')[2]).sort()).toEqual(['192.168.1.20', '192.168.1.66', '192.168.1.66'])
  await discovery.stop()
})

test('on another network everybody is due at once, and mDNS starts anew there', async () => {
  const { dials, discovery, pass, move, mdns } = await setUp({ configured: ['/ip4/192.168.1.20/tcp/5051'] })
  await pass(100_000) // its wait has grown to a minute
  const before = dials.length
  expect(mdns).toEqual(['stop', 'start'])
  move({})
  await pass(3_000)
  expect(dials.length).toBeGreaterThan(before)
  expect(mdns).toEqual(['stop', 'start', 'moved', 'stop', 'start'])
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
