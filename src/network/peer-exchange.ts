/**
 * Asks peers whom they are connected to, so that one address is enough where multicast is blocked: who knows one node
 * soon knows its neighbours, and they it.
 *
 * A peer is asked when its first status is accepted, and every five minutes while it stays, as long as there are fewer
 * connections than aimed at, or fewer of our own choice than the least. What it tells is hearsay: discovery keeps so many
 * of one teller and no more, dials on the LAN only, and the handshake proves who is there. So a liar can waste a few
 * dials, and send nobody elsewhere.
 *
 * Told of are peers whose status we accepted, at addresses where they can be dialled: where we dialled them, or where
 * they say that they listen at the address that they came from. Loopback addresses are told of on loopback only, for
 * elsewhere they are another machine's.
 */
import { setMaxListeners } from 'node:events'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import type { Logger } from 'pino'
import type { Clock } from '../chain/clock.ts'
import { hostOf, isLoopback } from './lan-address.ts'
import type { KnownPeer } from './messages.ts'
import { PeerFault } from './network-error.ts'
import { type Peer, type Peers, reachable } from './peers.ts'
import { MAX_TOLD, MAX_TOLD_ADDRESSES, PEERS_INTERVAL_MS } from './protocols.ts'
import type { Requests } from './requests.ts'
import type { Code } from './verdicts.ts'

export interface PeerExchangeComponents {
  clock: Clock
  log: Logger
  peers: Peers
  requests: Pick<Requests, 'peers' | 'waitMs'>
  judge: (peerId: string, code: Code, found: string) => void
  /** Whether an address is on the LAN. */
  isNear: (address: Multiaddr) => boolean
  /** A peer told of a node. */
  told: (teller: Peer, peerId: string, addresses: Multiaddr[]) => void
}

export interface PeerExchangeOptions {
  /** Connections aimed at. */
  targetPeers: number
}

export class PeerExchange {
  readonly #components: PeerExchangeComponents
  readonly #options: PeerExchangeOptions
  readonly #stopping = new AbortController()
  /** When each was asked last. */
  readonly #asked = new WeakMap<Peer, number>()

  constructor(components: PeerExchangeComponents, options: PeerExchangeOptions) {
    this.#components = components
    this.#options = options
    setMaxListeners(0, this.#stopping.signal) // one a request
  }

  /** A peer's status was accepted. */
  consider(peer: Peer): void {
    const { clock, log, peers, requests, judge } = this.#components
    const now = clock.now()
    if (peers.areEnough(this.#options.targetPeers) || now - (this.#asked.get(peer) ?? -Infinity) < PEERS_INTERVAL_MS || requests.waitMs(peer, 'peers') > 0) return
    this.#asked.set(peer, now)
    this.#ask(peer).catch((error: unknown) => {
      if (this.#stopping.signal.aborted) return
      if (error instanceof PeerFault) judge(peer.key, error.code, error.message)
      else log.error({ err: error, peer: peer.key }, 'failed to ask a peer for others')
    })
  }

  /** What a peer is told. @param asker its peer id */
  known(asker: string): KnownPeer[] {
    const { peers, isNear } = this.#components
    const local = isLocal(peers.get(asker))
    return peers.accepted()
      .filter(({ key }) => key !== asker)
      .map((peer) => ({
        peerId: peer.key,
        addresses: reachable(peer).addresses.filter((address) => isNear(address) && (local || !isLoopbackAt(address))).slice(0, MAX_TOLD_ADDRESSES),
      }))
      .filter(({ addresses }) => addresses.length > 0)
      .slice(-MAX_TOLD) // who came last is who others have not met
  }

  stop(): void {
    this.#stopping.abort(new PeerFault('peer-gone', 'this node stops'))
  }

  async #ask(peer: Peer): Promise<void> {
    const { log, requests, told } = this.#components
    const known = await requests.peers(peer, this.#stopping.signal)
    log.debug({ peer: peer.key, count: known.length }, 'was told of other nodes')
    for (const { peerId, addresses } of known) {
      const near = addresses.filter((address) => !isLoopbackAt(address) || isLocal(peer))
      if (near.length > 0) told(peer, peerId, near)
    }
  }
}

function isLoopbackAt(address: Multiaddr): boolean {
  const host = hostOf(address)
  return host !== undefined && isLoopback(host.ip, host.family)
}

/** Whether a peer is on this machine, so that our loopback is its own. */
const isLocal = (peer: Peer | undefined): boolean => peer !== undefined && isLoopbackAt(multiaddr(peer.address))
