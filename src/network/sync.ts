/**
 * Catching up: headers first, bodies only once the headers prove to be worth it.
 *
 *   1. pick a peer: who sent a block without its parent, else whose status claims the most work above ours
 *   2. headers: from our locator on, each checked against the one before; while their work does not exceed ours more
 *      headers, or the branch is dropped; from the next peer too where that takes long (header-search.ts)
 *   3. bodies, from several peers at once; each block goes through the chain (body-download.ts)
 *   4. again from 2 while the peer has more; again from 1 while any peer has more; then tell everybody where we are
 *
 * One branch at a time. A peer whom it failed with is not tried again before its next status. What follows for it from
 * the failure: verdicts.ts. After a restart the blocks that were added are there, and it goes on from those.
 */
import { setMaxListeners } from 'node:events'
import type { Logger } from 'pino'
import type { Chain } from '../chain/chain.ts'
import type { Clock } from '../chain/clock.ts'
import { RuleError } from '../consensus/errors.ts'
import type { Hex } from '../consensus/hex.ts'
import { BodyDownload } from './body-download.ts'
import type { HeaderCandidate } from './header-candidate.ts'
import { type Branch, HeaderSearch } from './header-search.ts'
import { PeerFault } from './network-error.ts'
import type { Peer, Peers } from './peers.ts'
import type { Requests } from './requests.ts'
import { idleAt, Pace, type SyncProgress } from './sync-progress.ts'
import type { Code } from './verdicts.ts'

export interface SyncComponents {
  chain: Pick<Chain, 'add' | 'ancestors' | 'locator' | 'params' | 'record' | 'tip'>
  clock: Clock
  log: Logger
  peers: Peers
  requests: Pick<Requests, 'headers' | 'bodies'>
  judge: (peerId: string, code: Code, found: string) => void
  /** A peer led to valid blocks that nobody had brought before. */
  credit: (peerId: string) => void
  /** A peer's score: better ones are asked first. */
  score: (peerId: string) => number
  progress: (progress: SyncProgress) => void
  /** It is idle again, after it changed our chain. */
  ended: () => void
}

/** Between two reports of its progress: a few a second are enough for an eye. */
const REPORT_MS = 250

export class Sync {
  readonly #components: SyncComponents
  readonly #stopping = new AbortController()
  /** Who sent a block whose parent we did not have, and its hash; asked first, whatever work they claim. */
  readonly #orphans = new Map<string, Hex>()
  /** Failed since their last status. */
  readonly #failed = new Set<string>()
  /** Had not answered for headers when another one had; asked after all others. */
  readonly #late = new Set<string>()
  readonly #stalls = new Map<string, number>()
  #running: Promise<void> | undefined
  /** Undefined: idle. */
  #now: Pick<SyncProgress, 'state' | 'target'> | undefined
  #reportedAt = -Infinity
  readonly #pace: Pace

  constructor(components: SyncComponents) {
    this.#components = components
    this.#pace = new Pace(components.clock.now)
    setMaxListeners(0, this.#stopping.signal)
  }

  get progress(): SyncProgress {
    const { height } = this.#components.chain.tip
    if (this.#now === undefined) return idleAt(height)
    const blocksPerSecond = this.#now.state === 'bodies' ? this.#pace.at(height) : null
    const missing = Math.max(0, this.#now.target - height)
    const remainingMs = blocksPerSecond === null ? null : Math.round((1_000 * missing) / blocksPerSecond)
    return { ...this.#now, height, blocksPerSecond, remainingMs }
  }

  /** A peer's status was accepted: perhaps it has more than we do. */
  consider(peer: Peer): void {
    this.#failed.delete(peer.key)
    this.#late.delete(peer.key)
    this.#start()
  }

  /** A peer sent a block whose parent we do not have. Of several the last one counts: who has it has those before. */
  ask(peerId: string, hash: Hex): void {
    this.#orphans.set(peerId, hash)
    this.#start()
  }

  /** A peer is gone. */
  forget(peerId: string): void {
    this.#orphans.delete(peerId)
    this.#failed.delete(peerId)
    this.#late.delete(peerId)
    this.#stalls.delete(peerId)
  }

  /** Resolves when nothing is under way any more. */
  async stop(): Promise<void> {
    this.#stopping.abort(new PeerFault('peer-gone', 'this node stops'))
    await this.#running
  }

  #start(): void {
    if (this.#running !== undefined || this.#stopping.signal.aborted || this.#pick() === undefined) return
    this.#running = this.#run().finally(() => {
      this.#running = undefined
      this.#start() // somebody may have come at the very end
    })
  }

  async #run(): Promise<void> {
    const { chain } = this.#components
    const before = chain.tip.hash
    for (let first = this.#pick(); first !== undefined && !this.#stopping.signal.aborted; ) {
      const goesOn = await this.#step(first)
      first = goesOn ?? this.#pick()
    }
    if (this.#stopping.signal.aborted) return // it has not caught up
    this.#tell(undefined)
    if (chain.tip.hash !== before) this.#components.ended()
  }

  /**
   * Steps 2 and 3 with one branch.
   * @param first whom to ask for headers first
   * @returns the peer, where it has more of that branch
   */
  async #step(first: Peer): Promise<Peer | undefined> {
    let branch: Branch | undefined
    try {
      this.#tell({ state: 'headers', target: first.status?.height ?? 0 })
      branch = await this.#search(first).run()
      if (branch !== undefined && (await this.#fetch(branch)) && branch.rest === 'more') return branch.peer
    } catch (error) {
      if (!this.#stopping.signal.aborted) this.#fail(branch?.peer ?? first, error)
    } finally {
      this.#forgetGone()
    }
    return undefined
  }

  /** Whoever left while it was asked was forgotten before it was found wanting: nothing of it is to stay. */
  #forgetGone(): void {
    for (const known of [this.#orphans, this.#failed, this.#late, this.#stalls]) {
      for (const peerId of known.keys()) if (this.#components.peers.get(peerId) === undefined) known.delete(peerId)
    }
  }

  #fail(peer: Peer, error: unknown): void {
    const { log, judge } = this.#components
    this.#failed.add(peer.key)
    if (error instanceof PeerFault || error instanceof RuleError) {
      log.warn({ code: error.code, peer: peer.key, reason: error.message }, 'could not catch up with a peer')
      judge(peer.key, error.code, error.message)
    } else {
      log.error({ err: error, peer: peer.key }, 'failed to catch up: a bug, or a disk that fails')
    }
  }

  /** The best peer to ask for headers, besides those that were asked. */
  #pick(asked: ReadonlySet<Peer> = new Set()): Peer | undefined {
    const { chain, peers } = this.#components
    for (const [peerId, hash] of this.#orphans) {
      const peer = peers.get(peerId)
      const isMissing = chain.record(hash) === undefined // unless a sync that was under way has brought it
      if (peer !== undefined && isMissing && !this.#failed.has(peerId) && !asked.has(peer)) return peer
      this.#orphans.delete(peerId)
    }
    const { work } = chain.tip
    const isLate = (peer: Peer): number => (this.#late.has(peer.key) ? 1 : 0)
    const byWork = (a: bigint, b: bigint): number => (a === b ? 0 : a > b ? -1 : 1)
    let best: ReturnType<Peers['accepted']>[number] | undefined
    for (const peer of peers.accepted()) {
      if (peer.status.work <= work || this.#failed.has(peer.key) || asked.has(peer)) continue
      const order = best === undefined ? -1 : isLate(peer) - isLate(best) || byWork(peer.status.work, best.status.work) || this.#byPromise(peer, best)
      if (order < 0) best = peer
    }
    return best
  }

  /** The better behaved, then the nearer. */
  #byPromise(a: Peer, b: Peer): number {
    const { score } = this.#components
    const stalls = (peer: Peer): number => this.#stalls.get(peer.key) ?? 0
    return stalls(a) - stalls(b) || score(b.key) - score(a.key) || (a.latencyMs ?? Infinity) - (b.latencyMs ?? Infinity) || 0
  }

  /** Step 2. */
  #search(first: Peer): HeaderSearch {
    const { chain, clock, requests } = this.#components
    return new HeaderSearch(
      {
        chain,
        clock,
        requests,
        next: (asked) => {
          const peer = asked.has(first) ? this.#pick(asked) : first
          if (peer !== undefined) this.#orphans.delete(peer.key)
          return peer
        },
        failed: (peer, error) => this.#fail(peer, error),
        early: (peer) => this.#failed.add(peer.key), // until its next status
        late: (peer) => this.#late.add(peer.key),
      },
      this.#stopping.signal,
    )
  }

  /**
   * Step 3.
   * @returns false where nobody is left to ask
   */
  async #fetch({ peer, candidate, rest }: Branch): Promise<boolean> {
    const { chain, log } = this.#components
    const from = chain.tip.height
    // What is beyond these headers is only claimed; yet without it a long chain would seem to be near its end all the time.
    const target = rest === 'more' ? Math.max(candidate.height, peer.status?.height ?? 0) : candidate.height
    this.#tell({ state: 'bodies', target })
    const download = this.#download(peer, candidate, target)
    if (await download.run()) {
      this.#components.credit(peer.key)
      log.debug({ peer: peer.key, from, height: chain.tip.height }, 'took over what a peer had more')
      return true
    }
    const { code, message } = download.lastFault
    const { height } = chain.tip
    log.warn({ code, peer: peer.key, height, target: candidate.height, reason: message }, 'nobody left to ask for bodies')
    this.#failed.add(peer.key)
    return false
  }

  #download(headersFrom: Peer, candidate: HeaderCandidate, target: number): BodyDownload {
    const { chain, clock, requests, judge, peers } = this.#components
    return new BodyDownload(
      {
        chain,
        clock,
        requests,
        headersFrom,
        stalls: this.#stalls,
        peers: () => {
          const others = peers.accepted().filter((peer) => peer !== headersFrom)
          return [...(peers.has(headersFrom) ? [headersFrom] : []), ...others.sort((a, b) => this.#byPromise(a, b))]
        },
        judge: (peer, fault) => judge(peer.key, fault.code, fault.message),
        added: () => this.#tell({ state: 'bodies', target }),
      },
      candidate,
      this.#stopping.signal,
    )
  }

  /** Tells of each new state at once, and in between now and then. @param now undefined: it is idle */
  #tell(now: Pick<SyncProgress, 'state' | 'target'> | undefined): void {
    const { clock, progress } = this.#components
    const isNew = now?.state !== this.#now?.state
    this.#now = now
    if (now === undefined) this.#pace.clear()
    const sinceReportMs = clock.now() - this.#reportedAt
    const known = this.progress
    if (!isNew && (now === undefined || (sinceReportMs >= 0 && sinceReportMs < REPORT_MS))) return
    this.#reportedAt = clock.now()
    progress(known)
  }
}
