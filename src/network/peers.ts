/** Peers that are connected now, and what is known of each. */
import type { PeerId } from '@libp2p/interface'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import type { Hex } from '../consensus/hex.ts'
import type { CairnConnection } from './cairn-libp2p.ts'
import { hostOf } from './lan-address.ts'
import type { Status } from './messages.ts'
import { MAX_REMEMBERED_FAULTS, MIN_OUTBOUND } from './protocols.ts'
import { setLatest } from './set-latest.ts'

/** A connected peer of our network, for people: the shape of `GET /api/v1/peers`. */
export interface PeerInfo {
  peerId: string
  name: string | null
  /** Whom its mining pays, as it says; 32 bytes. */
  account: Uint8Array | null
  agent: string | null
  /** Multiaddr of the connection. */
  address: string
  direction: 'inbound' | 'outbound'
  /** Round trip of the last exchange of status. */
  latencyMs: number | null
  height: number | null
  tip: Hex | null
  /** 0 is neutral; below, it misbehaved. */
  score: number
  /** When it connected, ms since the Unix epoch. */
  since: number
}

/** A connected peer, of our network or not known yet. */
export interface Peer {
  readonly id: PeerId
  /** The id as text: the key in every map. */
  readonly key: string
  /** Of its oldest connection. */
  direction: 'inbound' | 'outbound'
  address: string
  readonly since: number
  /** From identify; null before. */
  agent: string | null
  /** Addresses that it says it listens on, from identify. */
  listens: string[]
  /** What it last said of itself. Undefined: not accepted yet, and not counted as a peer. */
  status: Status | undefined
  latencyMs: number | null
  /** Its clock minus ours, ms, within half the latency; null before the first exchange that we began. */
  clockOffsetMs: number | null
  /** When we last asked for its status, ms since the Unix epoch. */
  askedAt: number | undefined
  /** When it last asked for ours, which tells its own, ms since the Unix epoch. */
  toldAt: number | undefined
  /** The last tip of ours that it was told. */
  toldTip: Hex | undefined
  /** When it was last the first to bring a valid block, ms since the Unix epoch; 0: never. */
  creditedAt: number
  /** Its pending transactions are worth asking for as soon as it is on our chain. */
  poolDue: boolean
}

export class Peers implements Iterable<Peer> {
  readonly #peers = new Map<string, Peer>()
  /** When each peer was last the first to bring a valid block: it outlives a connection. Last credited last. */
  readonly #credits = new Map<string, number>()

  /** A first connection to a peer. */
  open(id: PeerId, connection: CairnConnection, now: number): Peer {
    const key = id.toString()
    const peer: Peer = {
      id,
      key,
      direction: connection.direction,
      address: connection.remoteAddr.toString(),
      since: now,
      agent: null,
      listens: [],
      status: undefined,
      latencyMs: null,
      clockOffsetMs: null,
      askedAt: undefined,
      toldAt: undefined,
      toldTip: undefined,
      creditedAt: this.#credits.get(key) ?? 0,
      poolDue: true,
    }
    this.#peers.set(key, peer)
    return peer
  }

  /** Its last connection is closed. */
  close(key: string): Peer | undefined {
    const peer = this.#peers.get(key)
    this.#peers.delete(key)
    return peer
  }

  /** A peer was the first to bring a valid block. */
  credit(key: string, now: number): Peer | undefined {
    setLatest(this.#credits, key, now, MAX_REMEMBERED_FAULTS)
    const peer = this.#peers.get(key)
    if (peer !== undefined) peer.creditedAt = now
    return peer
  }

  get(key: string): Peer | undefined {
    return this.#peers.get(key)
  }

  /** Whether this is still the same connection's peer, not one that came back since. */
  has(peer: Peer): boolean {
    return this.#peers.get(peer.key) === peer
  }

  get size(): number {
    return this.#peers.size
  }

  /** Whether there are as many connections as aimed at, and of this node's own choice as many as it wants at least. */
  areEnough(targetPeers: number): boolean {
    return this.size >= targetPeers && this.outbound >= Math.min(MIN_OUTBOUND, targetPeers)
  }

  /** Connections that this node chose. */
  get outbound(): number {
    let count = 0
    for (const { direction } of this) if (direction === 'outbound') count += 1
    return count
  }

  [Symbol.iterator](): Iterator<Peer> {
    return this.#peers.values()
  }

  /** Those whose status was accepted. */
  accepted(): (Peer & { status: Status })[] {
    return [...this.#peers.values()].filter((peer): peer is Peer & { status: Status } => peer.status !== undefined)
  }
}

interface Reachable {
  addresses: Multiaddr[]
  /** The first of them as text, with the peer id at its end. */
  first: string | undefined
}

/** What was found last of each peer: it is asked for with every status, and addresses are slow to parse and to write. */
const found = new WeakMap<Peer, Pick<Peer, 'address' | 'direction' | 'listens'> & Reachable>()

/** Where a peer can be dialled: where we did, or where it says that it listens at the address it came from. */
export function reachable(peer: Peer): Readonly<Reachable> {
  const known = found.get(peer)
  const { address, direction, listens } = peer
  if (known?.address === address && known.direction === direction && known.listens === listens) return known
  const addresses = reachableNow(peer)
  const now = { address, direction, listens, addresses, first: addresses[0] && withPeerId(addresses[0], peer.key) }
  found.set(peer, now)
  return now
}

function reachableNow(peer: Peer): Multiaddr[] {
  const address = multiaddr(peer.address)
  if (peer.direction === 'outbound') return [withoutPeerId(address)]
  const from = hostOf(address)?.ip
  return peer.listens.map((text) => withoutPeerId(multiaddr(text))).filter((listen) => from === undefined || hostOf(listen)?.ip === from)
}

const withoutPeerId = (address: Multiaddr): Multiaddr => (peerIdOf(address) === undefined ? address : address.decapsulate('/p2p'))

/** The peer id at the end of an address, if it has one. */
export const peerIdOf = (address: Multiaddr): string | undefined =>
  address.getComponents().findLast(({ name }) => name === 'p2p')?.value

/** An address with the peer id at its end. */
export const withPeerId = (address: Multiaddr, peerId: string): string =>
  peerIdOf(address) === undefined ? `${address.toString()}/p2p/${peerId}` : address.toString()

/** @param score see reputation.ts */
export const infoOf = (peer: Peer, score: number): PeerInfo => ({
  peerId: peer.key,
  name: peer.status?.name ?? null,
  account: peer.status?.account ?? null,
  agent: peer.agent,
  address: peer.address,
  direction: peer.direction,
  latencyMs: peer.latencyMs,
  height: peer.status?.height ?? null,
  tip: peer.status?.tip ?? null,
  score,
  since: peer.since,
})
