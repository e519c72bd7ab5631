/**
 * What follows when a peer connects, says who it is, and goes.
 *
 *   connected   → where there is no room somebody has to go (slots.ts); it is greeted with our status, and counts as a
 *                 peer once its own is accepted
 *   identified  → what program it is and where it listens is known; it can be remembered
 *   closed      → whatever waits for it is dropped; it is dialled again where that is wanted
 */
import type { PeerId } from '@libp2p/interface'
import type { Logger } from 'pino'
import type { Clock } from '../chain/clock.ts'
import { agentOf } from './agent.ts'
import type { Departures } from './departures.ts'
import type { Discovery } from './discovery.ts'
import type { Gossip } from './gossip.ts'
import type { CairnLibp2p, CairnLibp2pEvents } from './cairn-libp2p.ts'
import type { Tell } from './network-options.ts'
import { infoOf, type Peer, type Peers } from './peers.ts'
import { GOSSIP_GRACE_MS, MAX_LISTENS } from './protocols.ts'
import { toEvict } from './slots.ts'
import type { StatusExchange } from './status-exchange.ts'
import type { Sync } from './sync.ts'

export interface ConnectionsComponents {
  libp2p: CairnLibp2p
  clock: Clock
  log: Logger
  peers: Peers
  status: Pick<StatusExchange, 'exchange' | 'greet' | 'forget'>
  sync: Pick<Sync, 'forget'>
  discovery: Pick<Discovery, 'isConfigured' | 'left' | 'worked'>
  gossip: Pick<Gossip, 'flows'>
  departures: Pick<Departures, 'fault' | 'left'>
  score: (peerId: string) => number
  tell: Tell
  /** Connections in all. */
  maxPeers: number
}

export class Connections {
  readonly #components: ConnectionsComponents

  constructor(components: ConnectionsComponents) {
    this.#components = components
  }

  /** libp2p's events are listened to for as long as it runs. */
  start(): void {
    const { libp2p } = this.#components
    libp2p.addEventListener('peer:connect', ({ detail }) => this.#opened(detail))
    libp2p.addEventListener('peer:disconnect', ({ detail }) => this.closed(detail))
    libp2p.addEventListener('connection:close', ({ detail }) => this.#lessened(detail.remotePeer))
    libp2p.addEventListener('peer:identify', ({ detail }) => this.#identified(detail))
  }

  /** A peer's last connection is closed. */
  closed(id: PeerId): void {
    const { peers, status, sync, discovery, departures, tell } = this.#components
    const peer = peers.close(id.toString())
    if (peer === undefined) return
    status.forget(peer)
    sync.forget(peer.key)
    discovery.left(peer)
    departures.left(peer)
    if (peer.status === undefined) return
    tell('peer:disconnected', { peerId: peer.key, name: peer.status.name })
  }

  /** Ends a peer's connections at once. */
  cut(id: PeerId): void {
    for (const connection of this.#components.libp2p.getConnections(id)) connection.abort(new Error('cut off'))
  }

  /** Ends connections that are dead though nobody said so: this machine is on another network than before. */
  probe(): void {
    const { peers, status } = this.#components
    for (const peer of peers) {
      status.exchange(peer).catch(() => {
        if (peers.has(peer)) this.cut(peer.id)
      })
    }
  }

  /** gossipsub does not mend a broken stream; a new connection does. */
  checkGossip(peer: Peer): void {
    const { clock, departures, log, gossip } = this.#components
    if (clock.now() - peer.since < GOSSIP_GRACE_MS || gossip.flows(peer.id)) return
    log.info({ code: 'peer-not-gossiping', peer: peer.key }, 'disconnected a peer')
    departures.fault(peer.key, 'peer-not-gossiping', 'gossip did not flow both ways')
    this.cut(peer.id)
  }

  #opened(id: PeerId): void {
    const { libp2p, peers, status, clock } = this.#components
    const [connection] = libp2p.getConnections(id)
    if (connection === undefined) return
    const peer = peers.open(id, connection, clock.now())
    const { maxPeers, discovery, log } = this.#components
    const leaving = toEvict(peers, peer, { maxPeers, isConfigured: (key) => discovery.isConfigured(key) })
    if (leaving !== undefined) {
      const { key, address } = leaving
      log.info({ code: 'peer-evicted', peer: key, address, newcomer: peer.key }, 'disconnected a peer to make room')
      this.cut(leaving.id)
    }
    if (leaving !== peer) status.greet(peer)
  }

  /** One of a peer's connections is closed: it is known by one that is left. */
  #lessened(id: PeerId): void {
    const { libp2p, peers, score, tell } = this.#components
    const peer = peers.get(id.toString())
    const [left] = libp2p.getConnections(id).filter(({ status }) => status === 'open')
    if (peer === undefined || left === undefined) return
    peer.direction = left.direction
    peer.address = left.remoteAddr.toString()
    if (peer.status !== undefined) tell('peer:updated', infoOf(peer, score(peer.key)))
  }

  #identified({ peerId, agentVersion, listenAddrs }: CairnLibp2pEvents['peer:identify']['detail']): void {
    const { peers, discovery, score, tell } = this.#components
    const peer = peers.get(peerId.toString())
    if (peer === undefined) return
    peer.agent = agentOf(agentVersion)
    peer.listens = listenAddrs.slice(0, MAX_LISTENS).map((address) => address.toString())
    if (peer.status === undefined) return
    discovery.worked(peer)
    tell('peer:updated', infoOf(peer, score(peer.key)))
  }
}
