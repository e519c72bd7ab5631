/**
 * Asks peers for their pending transactions: once when they come to our chain after they connected, and once more each
 * time that they come back to it from a branch (what their abandoned blocks held is pending there again).
 *
 * "On our chain" means that their tip is on our best chain: only then do their transactions fit our accounts. What is
 * new here is gossiped on, because gossip may have ended at the gap between the two nodes; unless it is a lot, which is
 * what a newcomer finds and everybody else has.
 *
 * Where our own pace does not allow to ask yet, that is done as soon as it does; whoever refused, because it was asked too
 * often before we started again, is asked again when its quota has one to give.
 */
import { setMaxListeners } from 'node:events'
import type { Logger } from 'pino'
import type { Chain } from '../chain/chain.ts'
import { type Clock, turn } from '../chain/clock.ts'
import { RuleError } from '../consensus/errors.ts'
import type { Transaction } from '../consensus/types.ts'
import { PolicyError } from '../mempool/policy.ts'
import type { Mempool } from '../mempool/pool.ts'
import type { Status } from './messages.ts'
import { PeerFault } from './network-error.ts'
import type { Peer, Peers } from './peers.ts'
import { OWN_PACE, QUOTAS } from './protocols.ts'
import type { Requests } from './requests.ts'
import type { Code } from './verdicts.ts'

export interface PoolExchangeComponents {
  chain: Pick<Chain, 'isBest'>
  mempool: Pick<Mempool, 'add'>
  peers: Pick<Peers, 'has'>
  requests: Pick<Requests, 'mempool' | 'waitMs'>
  clock: Pick<Clock, 'after' | 'turn'>
  log: Logger
  judge: (peerId: string, code: Code, found: string) => void
  publish: (transaction: Transaction) => void
}

/** More new ones than this at once are a newcomer's, not a gap's. */
const MAX_PUBLISHED = 256
/** Signatures verified before others get a turn: a few ms. */
const CHECKED_A_TURN = 64
/** In this time a request comes back to whoever used them all up, and a little more, as in our own pace. */
const REFUSED_MS = (OWN_PACE * QUOTAS.mempool.perMs) / QUOTAS.mempool.count

export class PoolExchange {
  readonly #components: PoolExchangeComponents
  readonly #stopping = new AbortController()
  readonly #running = new Set<Peer>()
  /** Peers that are asked later, and what cancels that. */
  readonly #plans = new Map<Peer, () => void>()

  constructor(components: PoolExchangeComponents) {
    this.#components = components
    setMaxListeners(0, this.#stopping.signal) // one a request
  }

  /** A peer's status was accepted. */
  consider(peer: Peer & { status: Status }): void {
    const { chain, log, requests } = this.#components
    if (!chain.isBest(peer.status.tip)) {
      peer.poolDue = true
      return
    }
    if (!peer.poolDue || this.#running.has(peer) || this.#plans.has(peer)) return
    const waitMs = requests.waitMs(peer, 'mempool')
    if (waitMs > 0) return this.#plan(peer, waitMs)
    peer.poolDue = false
    this.#running.add(peer)
    this.#fetch(peer)
      .catch((error: unknown) => {
        if (this.#stopping.signal.aborted) return
        peer.poolDue = true // at its next status
        if (error instanceof PeerFault && error.code === 'peer-refused') this.#plan(peer, REFUSED_MS)
        if (error instanceof PeerFault || error instanceof RuleError) this.#components.judge(peer.key, error.code, error.message)
        else log.error({ err: error, peer: peer.key }, 'failed to take over pending transactions')
      })
      .finally(() => this.#running.delete(peer))
  }

  stop(): void {
    this.#stopping.abort(new PeerFault('peer-gone', 'this node stops'))
    for (const cancel of this.#plans.values()) cancel()
    this.#plans.clear()
  }

  /** Considers a peer again after a delay, and not before. */
  #plan(peer: Peer & { status: Status }, delayMs: number): void {
    const { clock, peers } = this.#components
    const due = (): void => {
      this.#plans.delete(peer)
      if (peers.has(peer)) this.consider(peer)
    }
    this.#plans.set(peer, clock.after(delayMs, due))
  }

  async #fetch(peer: Peer): Promise<void> {
    const { mempool, requests, clock, log, publish } = this.#components
    const added: Transaction[] = []
    let count = 0
    await requests.mempool(peer, this.#stopping.signal, async (transaction) => {
      if (++count % CHECKED_A_TURN === 0) await turn(clock)
      try {
        mempool.add(transaction, 'sync')
        added.push(transaction)
      } catch (error) {
        if (!(error instanceof PolicyError)) throw error
      }
    })
    if (count > 0) log.info({ peer: peer.key, offered: count, added: added.length }, 'took over pending transactions')
    if (added.length <= MAX_PUBLISHED) for (const transaction of added) publish(transaction)
  }
}
