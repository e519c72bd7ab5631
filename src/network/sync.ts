/**
 * Catching up: headers first, bodies only once the headers prove to be worth it.
 *
 *   1. pick a peer: who sent a block without its parent, else whose status claims the most work above ours
 *   2. headers: from our locator on, each checked against the one before (header-candidate.ts)
 *   3. while their work does not exceed ours: more headers, or the branch is dropped
 *   4. bodies, from several peers at once; each block goes through the chain (body-download.ts)
 *   5. again from 2 while the peer has more; again from 1 while any peer has more; then tell everybody where we are
 *
 * One at a time. A peer whom it failed with is not tried again before its next status. What follows for it from the
 * failure: verdicts.ts.
 */
import { setMaxListeners } from 'node:events'
import type { Logger } from 'pino'
import type { Chain } from '../chain/chain.ts'
import type { Clock } from '../chain/clock.ts'
import { RuleError } from '../consensus/errors.ts'
import { BodyDownload } from './body-download.ts'
import { HeaderCandidate } from './header-candidate.ts'
import { PeerFault } from './network-error.ts'
import type { Peer, Peers } from './peers.ts'
import { MAX_CANDIDATE_HEADERS, MAX_HEADERS, MAX_LOCATOR_HASHES, SYNC_SEGMENT_HEADERS } from './protocols.ts'
import type { Requests } from './requests.ts'
import type { Code } from './verdicts.ts'

export interface SyncProgress {
  state: 'idle' | 'headers' | 'bodies'
  /** Height of our best block. */
  height: number
  /** Height aimed at; the same when idle. */
  target: number
}

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

/** Requests for headers that one branch may take: what fits, and some for a peer that changes branches meanwhile. */
const MAX_HEADER_REQUESTS = MAX_CANDIDATE_HEADERS / MAX_HEADERS + 16

export class Sync {
  readonly #components: SyncComponents
  readonly #stopping = new AbortController()
  /** Sent a block whose parent we do not have; asked first, whatever work they claim. */
  readonly #orphans = new Set<string>()
  /** Failed since their last status. */
  readonly #failed = new Set<string>()
  readonly #stalls = new Map<string, number>()
  #running: Promise<void> | undefined
  #progress: SyncProgress | undefined

  constructor(components: SyncComponents) {
    this.#components = components
    setMaxListeners(0, this.#stopping.signal)
  }

  get progress(): SyncProgress {
    const { height } = this.#components.chain.tip
    return this.#progress ?? { state: 'idle', height, target: height }
  }

  /** A peer's status was accepted: perhaps it has more than we do. */
  consider(peer: Peer): void {
    this.#failed.delete(peer.key)
    this.#start()
  }

  /** A peer sent a block whose parent we do not have. */
  ask(peerId: string): void {
    this.#orphans.add(peerId)
    this.#start()
  }

  /** A peer is gone. */
  forget(peerId: string): void {
    this.#orphans.delete(peerId)
    this.#failed.delete(peerId)
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
    const { chain, log, judge } = this.#components
    const before = chain.tip.hash
    for (let peer = this.#pick(); peer !== undefined && !this.#stopping.signal.aborted; peer = this.#pick()) {
      this.#orphans.delete(peer.key)
      try {
        await this.#follow(peer)
      } catch (error) {
        if (this.#stopping.signal.aborted) break
        this.#failed.add(peer.key)
        if (error instanceof PeerFault || error instanceof RuleError) {
          log.warn({ code: error.code, peer: peer.key, reason: error.message }, 'could not catch up with a peer')
          judge(peer.key, error.code, error.message)
        } else {
          log.error({ err: error, peer: peer.key }, 'failed to catch up: a bug, or a disk that fails')
        }
      }
    }
    this.#tell(undefined)
    if (chain.tip.hash !== before && !this.#stopping.signal.aborted) this.#components.ended()
  }

  #pick(): Peer | undefined {
    const { chain, peers } = this.#components
    for (const peerId of this.#orphans) {
      const peer = peers.get(peerId)
      if (peer !== undefined && !this.#failed.has(peerId)) return peer
      this.#orphans.delete(peerId)
    }
    const { work } = chain.tip
    return peers
      .accepted()
      .filter((peer) => peer.status.work > work && !this.#failed.has(peer.key))
      .sort((a, b) => (a.status.work === b.status.work ? this.#byPromise(a, b) : a.status.work > b.status.work ? -1 : 1))[0]
  }

  /** The better behaved, then the nearer. */
  #byPromise(a: Peer, b: Peer): number {
    const { score } = this.#components
    const stalls = (peer: Peer): number => this.#stalls.get(peer.key) ?? 0
    return stalls(a) - stalls(b) || score(b.key) - score(a.key) || (a.latencyMs ?? Infinity) - (b.latencyMs ?? Infinity) || 0
  }

  /** Steps 2 to 5 with one peer. */
  async #follow(peer: Peer): Promise<void> {
    const { chain, log } = this.#components
    const { signal } = this.#stopping
    const from = chain.tip.height
    for (;;) {
      this.#tell({ state: 'headers', target: peer.status?.height ?? from })
      const { candidate, rest } = await this.#headers(peer)
      if (candidate.work <= chain.tip.work) {
        if (rest === 'none' && peer.status !== undefined && peer.status.work > chain.tip.work) {
          throw new PeerFault('peer-low-work', `its headers end with work ${candidate.work}, it claims ${peer.status.work}`)
        }
        if (rest === 'early') this.#failed.add(peer.key) // until its next status
        return
      }
      this.#tell({ state: 'bodies', target: candidate.height })
      const download = this.#download(peer, candidate)
      if (!(await download.run())) {
        const { code, message } = download.lastFault
        const { height } = chain.tip
        log.warn({ code, peer: peer.key, height, target: candidate.height, reason: message }, 'nobody left to ask for bodies')
        this.#failed.add(peer.key)
        return
      }
      this.#components.credit(peer.key)
      log.info({ peer: peer.key, from, height: chain.tip.height }, 'caught up')
      if (rest !== 'more') return
      signal.throwIfAborted()
    }
  }

  /**
   * Steps 2 and 3.
   * @returns `rest`: what the peer has beyond these headers; `early` where the next one is ahead of our clock
   */
  async #headers(peer: Peer): Promise<{ candidate: HeaderCandidate; rest: 'none' | 'early' | 'more' }> {
    const { chain, clock, requests } = this.#components
    const { signal } = this.#stopping
    const candidate = new HeaderCandidate(chain, clock.now, chain.tip)
    for (let count = 0; count < MAX_HEADER_REQUESTS && candidate.length < MAX_CANDIDATE_HEADERS; count++) {
      const locator = [...new Set([candidate.tip, ...chain.locator()])].slice(0, MAX_LOCATOR_HASHES)
      const headers = await requests.headers(peer, locator, signal)
      if (!(await candidate.append(headers, signal))) return { candidate, rest: 'early' }
      if (headers.length < MAX_HEADERS) return { candidate, rest: 'none' }
      if (candidate.work > chain.tip.work && candidate.length >= SYNC_SEGMENT_HEADERS) return { candidate, rest: 'more' }
    }
    throw new PeerFault('peer-low-work', `${candidate.length} headers have work ${candidate.work}, less than ours`)
  }

  /** Step 4. */
  #download(headersFrom: Peer, candidate: HeaderCandidate): BodyDownload {
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
        added: () => this.#tell({ state: 'bodies', target: candidate.height }),
      },
      candidate,
      this.#stopping.signal,
    )
  }

  #tell(now: Omit<SyncProgress, 'height'> | undefined): void {
    if (now === undefined && this.#progress === undefined) return
    this.#progress = now && { ...now, height: this.#components.chain.tip.height }
    this.#components.progress(this.progress)
  }
}
