/**
 * Finds the branch to fetch next: whose headers, checked as far as headers can be, have more work than our chain.
 *
 *   asked   a ├──────────────── …           late: the next one is asked beside it, half a second later
 *           b      ├───── found             the first branch with more work than ours ends the search
 *
 * One peer is asked, in the order in which they are proposed; another one beside it where that takes long, so that
 * whoever stalls costs half a second and not a request's whole time; the next one at once where one fails. All the
 * headers held meanwhile are bounded together. Whoever was asked and did not win is told of as late: it may be honest.
 *
 * Judged by whoever searches: `PeerFault` and `RuleError` of a peer.
 */
import { setMaxListeners } from 'node:events'
import type { Chain } from '../chain/chain.ts'
import type { Clock } from '../chain/clock.ts'
import { HeaderCandidate } from './header-candidate.ts'
import { PeerFault } from './network-error.ts'
import type { Peer } from './peers.ts'
import {
  LATE_MS, MAX_CANDIDATE_HEADERS, MAX_HEADERS, MAX_LOCATOR_HASHES, MAX_SEARCHED_PEERS, SYNC_SEGMENT_HEADERS,
} from './protocols.ts'
import type { Requests } from './requests.ts'

export interface Branch {
  peer: Peer
  candidate: HeaderCandidate
  /** What the peer has beyond these headers; `early` where the next one is ahead of our clock. */
  rest: 'none' | 'early' | 'more'
}

export interface HeaderSearchComponents {
  chain: Pick<Chain, 'ancestors' | 'locator' | 'params' | 'record' | 'tip'>
  clock: Clock
  requests: Pick<Requests, 'headers'>
  /** The best peer to ask, besides those. */
  next: (asked: ReadonlySet<Peer>) => Peer | undefined
  /** A peer failed, or (`early`) has no more for now. */
  failed: (peer: Peer, error: unknown) => void
  early: (peer: Peer) => void
  /** A peer had not answered when another one had. */
  late: (peer: Peer) => void
}

/** Requests for headers that one branch may take: what fits, and some for a peer that changes branches meanwhile. */
const MAX_HEADER_REQUESTS = MAX_CANDIDATE_HEADERS / MAX_HEADERS + 16

export class HeaderSearch {
  readonly #components: HeaderSearchComponents
  readonly #outer: AbortSignal
  readonly #over = new AbortController()
  readonly #asked = new Set<Peer>()
  /** Under way. */
  readonly #candidates = new Map<Peer, HeaderCandidate>()
  /** When the next one is asked beside those, ms since the Unix epoch. */
  #nextAt = 0
  #found: Branch | undefined
  #wake = (): void => {}

  constructor(components: HeaderSearchComponents, signal: AbortSignal) {
    this.#components = components
    this.#outer = signal
    setMaxListeners(0, this.#over.signal) // one a request
  }

  /**
   * Resolves with the first branch that has more work than our chain, or undefined where nobody has one.
   * @throws the signal's reason
   */
  async run(): Promise<Branch | undefined> {
    const stop = (): void => {
      this.#over.abort(this.#outer.reason)
      this.#wake()
    }
    this.#outer.addEventListener('abort', stop)
    try {
      for (;;) {
        this.#outer.throwIfAborted()
        if (this.#found !== undefined) return this.#found
        const peer = this.#isDue() ? this.#components.next(this.#asked) : undefined
        if (peer !== undefined) void this.#ask(peer)
        else if (this.#candidates.size === 0) return undefined
        else await this.#change()
      }
    } finally {
      this.#outer.removeEventListener('abort', stop)
      if (this.#found !== undefined) for (const peer of this.#candidates.keys()) this.#components.late(peer)
      this.#over.abort(new PeerFault('peer-gone', 'the search is over'))
    }
  }

  #isDue(): boolean {
    const { size } = this.#candidates
    return size === 0 || (size < MAX_SEARCHED_PEERS && this.#components.clock.now() >= this.#nextAt)
  }

  /** Waits until a peer has answered or failed, or the next one is due. */
  async #change(): Promise<void> {
    const { clock } = this.#components
    // Nobody else was there: somebody may come.
    if (this.#isDue()) this.#nextAt = clock.now() + LATE_MS
    const waitMs = this.#nextAt - clock.now()
    await new Promise<void>((resolve) => {
      const cancel = waitMs > 0 ? clock.after(waitMs, () => this.#wake()) : () => {}
      this.#wake = () => {
        cancel()
        resolve()
      }
    })
  }

  async #ask(peer: Peer): Promise<void> {
    const { chain, clock, failed, early } = this.#components
    const { signal } = this.#over
    this.#asked.add(peer)
    this.#nextAt = clock.now() + LATE_MS
    const candidate = new HeaderCandidate(chain, clock, chain.tip)
    this.#candidates.set(peer, candidate)
    const claimed = peer.status?.work ?? 0n // what its answers to come must have; it may claim more meanwhile
    try {
      const rest = await this.#follow(peer, candidate)
      if (candidate.work > chain.tip.work) {
        this.#found ??= { peer, candidate, rest }
      } else if (rest === 'early') {
        early(peer)
      } else if (claimed > chain.tip.work) {
        throw new PeerFault('peer-low-work', `its headers end with work ${candidate.work}, it claims ${claimed}`)
      }
    } catch (error) {
      if (signal.aborted) return
      failed(peer, error)
    }
    this.#candidates.delete(peer)
    this.#nextAt = 0
    this.#wake()
  }

  /** Takes in a peer's headers as long as they are worth it. */
  async #follow(peer: Peer, candidate: HeaderCandidate): Promise<Branch['rest']> {
    const { chain, requests } = this.#components
    const { signal } = this.#over
    for (let count = 0; count < MAX_HEADER_REQUESTS && !this.#isTooLong(candidate); count++) {
      const locator = [...new Set([candidate.tip, ...chain.locator()])].slice(0, MAX_LOCATOR_HASHES)
      const headers = await requests.headers(peer, locator, signal)
      if (!(await candidate.append(headers, signal))) return 'early'
      if (headers.length < MAX_HEADERS) return 'none'
      if (candidate.work > chain.tip.work && candidate.length >= SYNC_SEGMENT_HEADERS) return 'more'
    }
    throw new PeerFault('peer-low-work', `${candidate.length} headers have work ${candidate.work}, less than ours`)
  }

  /** Whether there is no room for more of it: the longest goes when all together are too long. */
  #isTooLong(candidate: HeaderCandidate): boolean {
    const lengths = [...this.#candidates.values()].map(({ length }) => length)
    const all = lengths.reduce((sum, length) => sum + length, 0)
    return all >= MAX_CANDIDATE_HEADERS && candidate.length === Math.max(...lengths)
  }
}
