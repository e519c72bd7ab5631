/**
 * Who has to go when more are connected than there is room for.
 *
 * Some of the room is this node's own: connections that others make never take it, so that it can always reach those
 * whom it chose. Where others' connections fill their part, a newcomer takes the place of one of them, because else
 * whoever came first, and stays, would decide whom this node meets. Model: Bitcoin Core, `SelectNodeToEvict`
 * (src/node/eviction.cpp). Kept are
 *
 *   - whom the user named,
 *   - the eight who were last the first to bring a valid block: costs work,
 *   - the eight with the least latency: costs nearness,
 *   - of the rest the half that is connected longest: costs time;
 *
 * and of those left it is the IP address with the most connections that loses its oldest (not the youngest, as there: else
 * a newcomer has no time to bring a block where many come all the time). Each rule can be bought by somebody who wants
 * all our connections, all of them together hardly by anybody.
 */
import { multiaddr } from '@multiformats/multiaddr'
import { hostOf } from './lan-address.ts'
import type { Peer } from './peers.ts'
import { PROTECTED_BLOCKS, PROTECTED_LATENCIES, RESERVED_OUTBOUND } from './protocols.ts'

/** Connections that others may make. */
export const inboundRoom = (maxPeers: number): number => maxPeers - Math.min(RESERVED_OUTBOUND, maxPeers >> 1)

export interface SlotsOptions {
  /** Connections in all. */
  maxPeers: number
  /** Whether the user named a peer. */
  isConfigured: (peerId: string) => boolean
}

/** Who has to go; undefined while there is room. @param newcomer who came last: not the one, if anybody else can be */
export function toEvict(peers: Iterable<Peer>, newcomer: Peer, { maxPeers, isConfigured }: SlotsOptions): Peer | undefined {
  const all = [...peers]
  const inbound = all.filter(({ direction }) => direction === 'inbound')
  if (all.length <= maxPeers && inbound.length <= inboundRoom(maxPeers)) return undefined
  let rest = inbound.filter((peer) => peer !== newcomer && !isConfigured(peer.key))
  const keep = (count: number, better: (a: Peer, b: Peer) => number, counts: (peer: Peer) => boolean = () => true): void => {
    const kept = new Set(rest.filter(counts).sort(better).slice(0, count))
    rest = rest.filter((peer) => !kept.has(peer))
  }
  keep(PROTECTED_BLOCKS, (a, b) => b.creditedAt - a.creditedAt, ({ creditedAt }) => creditedAt > 0)
  keep(PROTECTED_LATENCIES, (a, b) => latency(a) - latency(b), (peer) => latency(peer) < Infinity)
  keep(rest.length >> 1, (a, b) => a.since - b.since)
  const groups = [...Map.groupBy(rest, ipOf).values()]
  const [crowd] = groups.sort((a, b) => b.length - a.length || oldest(a).since - oldest(b).since)
  if (crowd !== undefined) return oldest(crowd)
  return newcomer.direction === 'inbound' && !isConfigured(newcomer.key) ? newcomer : undefined
}

/**
 * Whether an IP address is refused a connection before a handshake is spent on it: there is no room, and nobody has more
 * of it already. It would only take its own place. Not to be asked of this machine's own addresses, where swarms are.
 */
export function isCrowded(peers: Iterable<Peer>, ip: string, maxPeers: number): boolean {
  const inbound = [...peers].filter(({ direction }) => direction === 'inbound')
  if (inbound.length < inboundRoom(maxPeers)) return false
  const counts = Map.groupBy(inbound, ipOf)
  const own = counts.get(ip)?.length ?? 0
  return own > 1 && [...counts.values()].every(({ length }) => length <= own)
}

const latency = ({ latencyMs }: Peer): number => latencyMs ?? Infinity

const oldest = (peers: readonly Peer[]): Peer => peers.reduce((a, b) => (b.since < a.since ? b : a))

/** The IP address that a peer came from; where it has none, its whole address. */
function ipOf({ address }: Peer): string {
  return hostOf(multiaddr(address))?.ip ?? address
}
