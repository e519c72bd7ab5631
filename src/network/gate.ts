/**
 * Who gets a connection at all: libp2p asks before a dial, when a connection arrives, and when it is known whose it is.
 *
 * Refused are
 *   - whoever is banned or has a score that is too low, in either direction (reputation.ts);
 *   - whoever has three connections already: the same peer again and again would take everybody's place;
 *   - where there is no room, the IP address that has most of it (slots.ts);
 *   - an IP address where a peer was just cut off, more than once a second (cut-hosts.ts);
 *   - the second connection of two nodes that dial each other in the same moment, which discovery often brings about. Of
 *     the two, that one stays which the node with the smaller peer id dials: both find the same without a word. It
 *     must not be opened and then closed, because gossipsub does not mend a stream that ends with its connection.
 */
import type { PeerId } from '@libp2p/interface'
import type { Clock } from '../chain/clock.ts'
import type { CutHosts } from './cut-hosts.ts'
import { hostOf, isOwnIp } from './lan-address.ts'
import type { CairnGate, CairnLibp2p } from './cairn-libp2p.ts'
import type { Peers } from './peers.ts'
import type { Reputation } from './reputation.ts'
import { MAX_CONNECTIONS_A_PEER } from './protocols.ts'
import { isCrowded } from './slots.ts'

export interface GateComponents {
  /** Made after its gate. */
  libp2p: () => Pick<CairnLibp2p, 'getConnections' | 'getDialQueue' | 'getMultiaddrs' | 'peerId'>
  clock: Clock
  peers: Peers
  reputation: Pick<Reputation, 'gater'>
  cutHosts: Pick<CutHosts, 'add' | 'refuses'>
}

/** A connection of ours that is younger was made in the same moment as theirs; an older one may be dead, and theirs its heir. */
const SAME_MOMENT_MS = 5_000

/** @param maxPeers connections in all */
export function createGate({ libp2p, clock, peers, reputation, cutHosts }: GateComponents, maxPeers: number): CairnGate {
  const gater = reputation.gater()
  const isSecond = (peer: PeerId): boolean => {
    if (libp2p().peerId.toString() > peer.toString()) return false
    if (libp2p().getDialQueue().some(({ status, peerId }) => status === 'active' && peerId?.equals(peer) === true)) return true
    const known = peers.get(peer.toString())
    return known?.direction === 'outbound' && Math.abs(clock.now() - known.since) < SAME_MOMENT_MS
  }
  return {
    ...gater,
    denyInboundConnection: ({ remoteAddr }) => {
      const host = hostOf(remoteAddr)
      if (host === undefined || isOwnIp(host.ip, libp2p().getMultiaddrs())) return false // swarms are at our own
      return cutHosts.refuses(host.ip) || isCrowded(peers, host.ip, maxPeers)
    },
    denyInboundEncryptedConnection: async (peer, connection) => {
      const refused = (await gater.denyInboundEncryptedConnection?.(peer, connection)) === true
      const host = hostOf(connection.remoteAddr)
      if (refused && host !== undefined) cutHosts.add(host.ip) // it comes again and again, and each time costs a handshake
      return refused || isSecond(peer)
    },
    denyInboundUpgradedConnection: (peer) => libp2p().getConnections(peer).length >= MAX_CONNECTIONS_A_PEER,
  }
}
