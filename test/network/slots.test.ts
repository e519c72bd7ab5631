import type { Connection, PeerId } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { beforeEach, describe, expect, test } from 'vitest'
import { type Peer, Peers } from '../../src/network/peers.ts'
import { inboundRoom, isCrowded, toEvict } from '../../src/network/slots.ts'

const MAX_PEERS = 96
let peers: Peers
beforeEach(() => void (peers = new Peers()))

/** Connects a peer; what is not given is as bad as can be. */
function connect(key: string, at: { ip?: string; since?: number; latencyMs?: number; creditedAt?: number; outbound?: boolean } = {}): Peer {
  const { ip = '192.168.1.66', since = 1_000, latencyMs = null, creditedAt = 0, outbound = false } = at
  const connection = { direction: outbound ? 'outbound' : 'inbound', remoteAddr: multiaddr(`/ip4/${ip}/tcp/${4_000 + peers.size}`) }
  const peer = peers.open({ toString: () => key } as PeerId, connection as unknown as Connection, since) // all of them that is looked at
  return Object.assign(peer, { latencyMs, creditedAt })
}
const crowd = (count: number, at: Parameters<typeof connect>[1] = {}): Peer[] =>
  Array.from({ length: count }, (_, n) => connect(`crowd-${peers.size}`, { since: 100 + n, ...at }))
const evict = (newcomer: Peer, configured: string[] = []): Peer | undefined =>
  toEvict(peers, newcomer, { maxPeers: MAX_PEERS, isConfigured: (key) => configured.includes(key) })

describe('who has to go', () => {
  test('nobody while there is room: 80 of 96 for others', () => {
    expect(inboundRoom(MAX_PEERS)).toBe(80)
    const last = crowd(80).at(-1)!
    expect(evict(last)).toBeUndefined()
    expect(evict(connect('newcomer'))).toBeDefined()
  })

  test('connections of our own take nothing from theirs, and are never given up', () => {
    crowd(80)
    for (let n = 0; n < 16; n++) expect(evict(connect(`ours-${n}`, { outbound: true }))).toBeUndefined()
    expect(evict(connect('ours-16', { outbound: true }))?.direction).toBe('inbound')
  })

  test('the oldest that nothing speaks for, of the address with the most connections', () => {
    const few = Array.from({ length: 10 }, (_, n) => connect(`few-${n}`, { ip: `192.168.1.${100 + n}`, since: 5_000 + n }))
    const many = crowd(70)
    const newcomer = connect('newcomer', { ip: '192.168.1.5', since: 9_000 })
    // Of the 80 the half that is connected longest stays; the others are of this address and of the few.
    expect(evict(newcomer)).toBe(many[40])
    expect(few).not.toContain(evict(newcomer))
  })

  test('not who brought blocks lately, nor who is near, nor whom the user named, however young', () => {
    crowd(50, { creditedAt: 0 })
    const good = Array.from({ length: 8 }, (_, n) => connect(`good-${n}`, { since: 8_000 + n, creditedAt: 7_000 + n }))
    const near = Array.from({ length: 8 }, (_, n) => connect(`near-${n}`, { since: 8_100 + n, latencyMs: 1 + n }))
    const far = Array.from({ length: 13 }, (_, n) => connect(`far-${n}`, { since: 8_200 + n, latencyMs: 500 }))
    const named = connect('named', { since: 8_999 })
    const gone: Peer[] = []
    for (let n = 0; n < 20; n++) {
      const leaving = evict(connect(`newcomer-${n}`, { since: 9_000 + n }), ['named'])!
      gone.push(leaving)
      peers.close(leaving.key)
    }
    expect(gone.filter((peer) => [...good, ...near, named].includes(peer))).toEqual([])
    expect(gone).toContain(far[0])
  })

  test('the half that is connected longest stays, however many come', () => {
    const first = crowd(80)
    for (let n = 0; n < 200; n++) peers.close(evict(connect(`newcomer-${n}`, { since: 9_000 + n }))!.key)
    expect(first.slice(0, 39).every(({ key }) => peers.get(key) !== undefined)).toBe(true)
    expect(peers.size).toBe(80)
  })

  test('where everybody is kept, the newcomer', () => {
    const all = crowd(80)
    const newcomer = connect('newcomer')
    expect(evict(newcomer, all.map(({ key }) => key))).toBe(newcomer)
  })
})

describe('an address is refused before a handshake', () => {
  test('where there is no room and nobody has more of it', () => {
    crowd(79)
    connect('other', { ip: '192.168.1.5' })
    expect(isCrowded(peers, '192.168.1.66', MAX_PEERS)).toBe(true)
    expect(isCrowded(peers, '192.168.1.5', MAX_PEERS)).toBe(false)
    expect(isCrowded(peers, '192.168.1.9', MAX_PEERS)).toBe(false)
  })
  test('not while there is room', () => {
    crowd(79)
    expect(isCrowded(peers, '192.168.1.66', MAX_PEERS)).toBe(false)
  })
})
