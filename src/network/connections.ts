/**
 * What follows when a peer connects, says who it is, and goes.
 *
 *   connected   → it is greeted with our status; it counts as a peer once its own is accepted
 *   identified  → what program it is and where it listens is known; it can be remembered
 *   closed      → whatever waits for it is dropped; it is dialled again where that is wanted
 */
import { setMaxListeners } from 'node:events'
import type { IdentifyResult, PeerId } from '@libp2p/interface'
import type { Logger } from 'pino'
import type { Clock } from '../chain/clock.ts'
import { Deadline } from './deadline.ts'
import type { Discovery } from './discovery.ts'
import type { Gossip } from './gossip.ts'
import type { CairnLibp2p } from './libp2p.ts'
import { PeerFault } from './network-error.ts'
import type { Tell } from './network-options.ts'
import { infoOf, type Peer, type Peers } from './peers.ts'
import { GOSSIP_GRACE_MS, REQUEST_TIMEOUT_MS } from './protocols.ts'
import type { StatusExchange } from './status-exchange.ts'
import type { Sync } from './sync.ts'

export interface ConnectionsComponents {
  libp2p: CairnLibp2p
  clock: Clock
  log: Logger
  peers: Peers
  status: Pick<StatusExchange, 'greet' | 'forget'>
  sync: Pick<Sync, 'forget'>
  discovery: Pick<Discovery, 'left' | 'worked'>
  gossip: Pick<Gossip, 'flows'>
  score: (peerId: string) => number
  tell: Tell
}

export class Connections {
  readonly #components: ConnectionsComponents
  readonly #stopping = new AbortController()

  constructor(components: ConnectionsComponents) {
    this.#components = components
    setMaxListeners(0, this.#stopping.signal) // one a probe
  }

  /** libp2p's events are listened to for as long as it runs. */
  start(): void {
    const { libp2p } = this.#components
    libp2p.addEventListener('peer:connect', ({ detail }) => this.#opened(detail))
    libp2p.addEventListener('peer:disconnect', ({ detail }) => this.closed(detail))
    libp2p.addEventListener('peer:identify', ({ detail }) => this.#identified(detail))
  }

  /** A peer's last connection is closed. */
  closed(id: PeerId): void {
    const { peers, status, sync, discovery, log, tell } = this.#components
    const peer = peers.close(id.toString())
    if (peer === undefined) return
    status.forget(peer)
    sync.forget(peer.key)
    discovery.left(peer)
    if (peer.status === undefined) return
    log.info({ peer: peer.key, name: peer.status.name }, 'peer disconnected')
    tell('peer:disconnected', { peerId: peer.key, name: peer.status.name })
  }

  /** Ends a peer's connections at once. */
  cut(id: PeerId): void {
    for (const connection of this.#components.libp2p.getConnections(id)) connection.abort(new Error('cut off'))
  }

  /** Ends connections that are dead though nobody said so: this machine is on another network than before. */
  probe(): void {
    const { libp2p, clock, peers } = this.#components
    for (const { id, key } of peers) {
      const deadline = new Deadline(clock, REQUEST_TIMEOUT_MS, this.#stopping.signal, () => new PeerFault('peer-gone', 'no answer'))
      libp2p.services.ping.ping(id, { signal: deadline.signal })
        .catch(() => {
          if (peers.get(key)?.id === id) this.cut(id)
        })
        .finally(() => deadline.end())
    }
  }

  stop(): void {
    this.#stopping.abort(new PeerFault('peer-gone', 'this node stops'))
  }

  /** gossipsub does not mend a broken stream; a new connection does. */
  checkGossip(peer: Peer): void {
    const { clock, log, gossip } = this.#components
    if (clock.now() - peer.since < GOSSIP_GRACE_MS || gossip.flows(peer.id)) return
    log.info({ code: 'peer-not-gossiping', peer: peer.key }, 'disconnected a peer')
    this.cut(peer.id)
  }

  #opened(id: PeerId): void {
    const { libp2p, peers, status, clock } = this.#components
    const [connection] = libp2p.getConnections(id)
    if (connection !== undefined) status.greet(peers.open(id, connection, clock.now()))
  }

  #identified({ peerId, agentVersion, listenAddrs }: IdentifyResult): void {
    const { peers, discovery, score, tell } = this.#components
    const peer = peers.get(peerId.toString())
    if (peer === undefined) return
    peer.agent = agentVersion ?? null
    peer.listens = listenAddrs.map((address) => address.toString())
    if (peer.status === undefined) return
    discovery.worked(peer)
    tell('peer:updated', infoOf(peer, score(peer.key)))
  }
}
