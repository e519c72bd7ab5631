/**
 * Who is where: nodes tell each other their status, both ways in one exchange (the request carries ours, the answer
 * theirs). It is how a node learns that another has more work, and how whatever gossip missed is found.
 *
 * Exchanged
 *   - by the dialler as soon as there is a connection; by the other side 3 s later, told or not: only an answer shows how far
 *     away a peer is and how its clock goes;
 *   - a second after our tip changed (gossip is quicker), at once after a sync, with whoever does not know it yet. The one
 *     who was dialled waits half a second more: both have the same news at nearly the same time, and one exchange will do;
 *   - every 15 s in any case, in turn: whoever was asked last asks next, or the other half a second later;
 * all within the quota. A peer counts from its first accepted status on. One of another genesis, or with none of our
 * protocols, is disconnected; so is one that answered twice with nothing.
 */
import { setMaxListeners } from 'node:events'
import type { Logger } from 'pino'
import type { Clock } from '../chain/clock.ts'
import type { Chain } from '../chain/chain.ts'
import { toHex } from '../consensus/hex.ts'
import type { Status } from './messages.ts'
import { PeerFault } from './network-error.ts'
import type { Peer, Peers } from './peers.ts'
import { STATUS_AFTER_TIP_MS, STATUS_GRACE_MS, STATUS_INTERVAL_MS, STATUS_TURN_MS } from './protocols.ts'
import type { Requests } from './requests.ts'

export interface StatusExchangeComponents {
  chain: Pick<Chain, 'tip' | 'genesis'>
  clock: Clock
  log: Logger
  /** What this node calls itself, and whom its mining pays. */
  name: string
  account: Uint8Array
  peers: Peers
  requests: Pick<Requests, 'status' | 'waitMs'>
  /** A status was accepted; `before`: the one before it. Without one the peer counts from now on. */
  accepted: (peer: Peer & { status: Status }, before: Status | undefined) => void
  /** An exchange failed. */
  failed: (peer: Peer, fault: PeerFault) => void
  /** Disconnects, with no other consequence. */
  cut: (peer: Peer) => void
}

interface Plan {
  /** When, ms since the Unix epoch. */
  at: number
  cancel: () => void
}

export class StatusExchange {
  readonly #components: StatusExchangeComponents
  readonly #stopping = new AbortController()
  readonly #plans = new Map<Peer, Plan>()
  /** Ends the wait after our tip changed, while there is one. */
  #cancelNews: (() => void) | undefined
  /** Exchanges under way: whoever wants one joins it. */
  readonly #running = new Map<Peer, Promise<void>>()

  constructor(components: StatusExchangeComponents) {
    this.#components = components
    setMaxListeners(0, this.#stopping.signal) // one a request
  }

  /** What we say of ourselves now. */
  own(): Status {
    const { chain, clock, name, account } = this.#components
    const { hash, height, work } = chain.tip
    return { genesis: toHex(chain.genesis.hash), tip: hash, height, work, time: clock.now(), account, name }
  }

  /** A peer connected. */
  greet(peer: Peer): void {
    this.#plan(peer, peer.direction === 'outbound' ? 0 : STATUS_GRACE_MS)
  }

  /** A peer disconnected. */
  forget(peer: Peer): void {
    this.#plans.get(peer)?.cancel()
    this.#plans.delete(peer)
  }

  /** Our tip changed. @param atOnce nobody heard of it by gossip */
  tipChanged(atOnce: boolean): void {
    const { clock, peers } = this.#components
    if (atOnce) for (const peer of peers.accepted()) this.#plan(peer, 0)
    // One for all peers: with a plan for each, a block on its way to many nodes of one process waits for hundreds.
    else this.#cancelNews ??= clock.after(STATUS_AFTER_TIP_MS, () => this.#tellNews())
  }

  /** A peer asked, telling its status, and was answered with ours. */
  told(peer: Peer, theirs: Status, ours: Status): void {
    peer.toldTip = ours.tip
    peer.toldAt = this.#components.clock.now()
    try {
      this.#accept(peer, theirs)
    } catch (error) {
      this.#fail(peer, error)
    }
  }

  /**
   * Exchanges now; where an exchange is under way, that one.
   * @throws PeerFault after its consequences are drawn; the reason of `stop`
   */
  async exchange(peer: Peer): Promise<void> {
    const running = this.#running.get(peer) ?? this.#exchange(peer).finally(() => this.#running.delete(peer))
    this.#running.set(peer, running)
    await running
  }

  stop(): void {
    this.#stopping.abort(new PeerFault('peer-gone', 'this node stops'))
    this.#cancelNews?.()
    for (const peer of this.#plans.keys()) this.forget(peer)
  }

  async #exchange(peer: Peer): Promise<void> {
    const { clock, requests } = this.#components
    this.forget(peer)
    peer.askedAt = clock.now()
    const own = this.own()
    try {
      const { status, latencyMs, clockOffsetMs } = await requests.status(peer, own, this.#stopping.signal)
      peer.toldTip = own.tip
      peer.latencyMs = latencyMs
      peer.clockOffsetMs = clockOffsetMs
      this.#accept(peer, status)
    } catch (error) {
      if (!this.#stopping.signal.aborted) this.#fail(peer, error)
      throw error
    }
  }

  #accept(peer: Peer, status: Status): void {
    const { chain, peers, accepted } = this.#components
    if (!peers.has(peer)) return
    if (status.genesis !== toHex(chain.genesis.hash)) {
      throw new PeerFault('peer-other-network', `its genesis is ${status.genesis}, ours ${toHex(chain.genesis.hash)}`)
    }
    const before = peer.status
    const known: Peer & { status: Status } = Object.assign(peer, { status })
    // Unless something is planned sooner.
    this.#plan(peer, STATUS_INTERVAL_MS)
    accepted(known, before)
  }

  #fail(peer: Peer, error: unknown): void {
    const { log, peers, failed, cut } = this.#components
    if (!peers.has(peer)) return
    if (!(error instanceof PeerFault)) {
      log.error({ err: error, peer: peer.key }, 'failed to exchange status')
      this.#plan(peer, STATUS_INTERVAL_MS)
      return
    }
    const again = peer.status !== undefined || this.#components.clock.now() - peer.since < STATUS_INTERVAL_MS
    if (error.code === 'peer-other-network') {
      const { key, agent, address } = peer
      log.warn({ code: error.code, peer: key, agent, address, reason: error.message }, 'disconnected a peer of another network')
    }
    failed(peer, error)
    if (again && error.code !== 'peer-other-network') this.#plan(peer, STATUS_INTERVAL_MS)
    else cut(peer)
  }

  #tellNews(): void {
    this.#cancelNews = undefined
    for (const peer of this.#components.peers.accepted()) {
      if (!this.#knowsTip(peer)) this.#plan(peer, peer.direction === 'outbound' ? 0 : STATUS_TURN_MS)
    }
  }

  /** Whether a peer has our tip or as much work, as far as the two of us have said. */
  #knowsTip({ status, toldTip }: Peer): boolean {
    const { tip } = this.#components.chain
    return status !== undefined && (toldTip === tip.hash || status.work >= tip.work)
  }

  /** Sees to an exchange after a delay, or sooner if one is planned sooner; never sooner than our pace allows. */
  #plan(peer: Peer, delayMs: number): void {
    const { clock, requests } = this.#components
    if (this.#stopping.signal.aborted) return
    const wait = Math.max(delayMs, requests.waitMs(peer, 'status'))
    const at = clock.now() + wait
    const planned = this.#plans.get(peer)
    if (planned !== undefined && planned.at <= at) return
    planned?.cancel()
    this.#plans.set(peer, { at, cancel: clock.after(wait, () => this.#due(peer)) })
  }

  #due(peer: Peer): void {
    this.#plans.delete(peer)
    const { clock, peers } = this.#components
    if (!peers.has(peer)) return
    const waitMs = nextAt(peer) - clock.now()
    // Gossip or the peer itself was quicker.
    if (this.#knowsTip(peer) && waitMs > 0) return this.#plan(peer, waitMs)
    this.exchange(peer).catch(() => {}) // its consequences are drawn
  }
}

/**
 * When we ask a peer again though there is no news, ms since the Unix epoch: after an interval in which neither asked, and
 * after two of them also where it keeps asking, as only an answer shows how far away it is and how its clock goes.
 */
function nextAt({ askedAt = -Infinity, toldAt = -Infinity }: Peer): number {
  const inTurn = Math.max(toldAt, askedAt + STATUS_TURN_MS) + STATUS_INTERVAL_MS
  return Math.min(inTurn, askedAt + 2 * STATUS_INTERVAL_MS)
}
