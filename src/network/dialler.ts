/**
 * Whom of the candidates to dial now.
 *
 *   configured   whenever they are not connected
 *   good         (they brought us a block) while this node has fewer connections of its own than it reserves
 *   the others   while it has fewer connections than it aims at, or fewer of its own choice than the least
 *
 * The last rule is against an eclipse: however many connect to us, some of our links are to whom we chose, which is
 * nobody who is known only because it connected to us; and at most two at one IP address, unless they are good or it is
 * this machine's own.
 *
 * At most five dials a second. Each failure doubles a candidate's wait, up to a minute, give or take a quarter. Of those
 * that are due the configured are first; then remembered and heard-of ones take turns, so that a list of a school's
 * machines does not delay what is found at home; then who failed less, who is good, whose IP address had its turn
 * longest ago (a thousand names at one address wait for one another, and for nobody else), who was due first.
 */
import { multiaddr } from '@multiformats/multiaddr'
import type { Logger } from 'pino'
import type { Clock } from '../chain/clock.ts'
import { type Candidate, type Candidates, hostNameOf } from './candidates.ts'
import { dialError } from './dial-error.ts'
import { nearestFirst } from './lan-address.ts'
import type { CairnLibp2p } from './cairn-libp2p.ts'
import { type Peers, withPeerId } from './peers.ts'
import {
  DIAL_BACKOFF_MS, DIALS_PER_SECOND, MAX_CANDIDATES, MAX_DIAL_BACKOFF_MS, MAX_OUTBOUND_A_HOST, MIN_OUTBOUND, RESERVED_OUTBOUND,
} from './protocols.ts'
import { TokenBucket } from './quota.ts'
import { setLatest } from './set-latest.ts'

export interface DiallerComponents {
  libp2p: Pick<CairnLibp2p, 'dial'>
  clock: Clock
  /** Chance, in [0, 1), so that nodes do not act in step. @default Math.random */
  random?: () => number
  log: Logger
  peers: Peers
  candidates: Candidates
  /** Whether an IP address is this machine's own: whatever runs there is no stranger. */
  isHere: (ip: string) => boolean
  /** A dial has ended. */
  dialled: (outcome: 'connected' | 'failed') => void
}

export interface DiallerOptions {
  /** Connections aimed at. */
  targetPeers: number
}

/** Who was only heard of is forgotten after so many failures in a row: about a minute. It may be heard of again. */
const MAX_HEARD_FAILURES = 6

export class Dialler {
  readonly #components: DiallerComponents
  readonly #options: DiallerOptions
  readonly #dials: TokenBucket
  /** Number of the dial that each IP address had last, oldest first. */
  readonly #turns = new Map<string, number>()
  #dialled = 0
  /** Whether a remembered candidate was dialled last, and not one that was heard of. */
  #wasRemembered = false
  readonly #stopping = new AbortController()
  #cancel: () => void = () => {}
  /** When it plans next by itself. */
  #plannedAt = Infinity

  constructor(components: DiallerComponents, options: DiallerOptions) {
    this.#components = components
    this.#options = options
    this.#dials = new TokenBucket({ count: DIALS_PER_SECOND, perMs: 1_000 }, components.clock.now)
  }

  stop(): void {
    this.#stopping.abort()
    this.#cancel()
  }

  /** Dials whoever is due, and sees to the next. To be called whenever something changed. */
  plan(): void {
    const { clock } = this.#components
    const now = clock.now()
    // However many are heard of meanwhile, the next dial is planned.
    if (this.#stopping.signal.aborted || this.#plannedAt <= now + this.#dials.waitMs()) return
    this.#cancel()
    for (;;) {
      const next = this.#next(this.#wanted().filter(({ dueAt }) => dueAt <= now))
      if (next === undefined || !this.#dials.take()) break
      this.#turn(next)
      void this.#dial(next)
    }
    const waiting = this.#wanted()
    this.#plannedAt = Infinity
    if (waiting.length === 0) return
    const due = Math.min(...waiting.map(({ dueAt }) => dueAt))
    const wait = Math.max(due - now, this.#dials.waitMs(), 1)
    this.#plannedAt = now + wait
    this.#cancel = clock.after(wait, () => {
      this.#plannedAt = Infinity
      this.plan()
    })
  }

  /** Puts a candidate's next dial off, by its failures. */
  defer(candidate: Candidate): void {
    const wait = Math.min(MAX_DIAL_BACKOFF_MS, DIAL_BACKOFF_MS * 2 ** Math.max(0, candidate.failures - 1))
    const { clock, random = Math.random } = this.#components
    candidate.dueAt = clock.now() + wait * (0.75 + random() / 2)
  }

  /** Those who are not connected and would be welcome. */
  #wanted(): Candidate[] {
    const { candidates, peers } = this.#components
    const all = [...candidates]
    const dialling = all.filter((candidate) => candidate.dialling).length
    const outbound = peers.outbound + dialling
    const { targetPeers } = this.#options
    const few = peers.size + dialling < targetPeers
    const fewOfOurs = outbound < Math.min(MIN_OUTBOUND, targetPeers)
    const roomForGood = outbound < Math.min(RESERVED_OUTBOUND, targetPeers)
    const hosts = Map.groupBy(all.filter((candidate) => this.#isOurs(candidate)), hostNameOf)
    return all.filter((candidate) => {
      const { source, good, came, dialling: busy, peerId } = candidate
      if (busy || (peerId !== undefined && peers.get(peerId) !== undefined)) return false
      if (source === 'configured') return true
      if (good) return few || roomForGood
      const host = hostNameOf(candidate)
      const crowded = (hosts.get(host)?.length ?? 0) >= MAX_OUTBOUND_A_HOST && !this.#components.isHere(host)
      return !crowded && (few || (fewOfOurs && !came))
    })
  }

  /** Whether this node dials a candidate, or did and is connected to it. */
  #isOurs({ dialling, peerId }: Candidate): boolean {
    return dialling || (peerId !== undefined && this.#components.peers.get(peerId)?.direction === 'outbound')
  }

  #next(due: Candidate[]): Candidate | undefined {
    const remembered = (candidate: Candidate): number => Number((candidate.source === 'remembered') === this.#wasRemembered)
    const turn = (candidate: Candidate): number => this.#turns.get(hostNameOf(candidate)) ?? 0
    const order = (a: Candidate, b: Candidate): number =>
      Number(b.source === 'configured') - Number(a.source === 'configured') ||
      remembered(a) - remembered(b) || a.failures - b.failures || Number(b.good) - Number(a.good) || turn(a) - turn(b) || a.dueAt - b.dueAt
    return due.reduce<Candidate | undefined>((a, b) => (a === undefined || order(b, a) < 0 ? b : a), undefined)
  }

  /** Takes note that a candidate and its IP address have their turn. */
  #turn(candidate: Candidate): void {
    setLatest(this.#turns, hostNameOf(candidate), (this.#dialled += 1), 4 * MAX_CANDIDATES)
    if (candidate.source !== 'configured') this.#wasRemembered = candidate.source === 'remembered'
  }

  async #dial(candidate: Candidate): Promise<void> {
    const { libp2p, clock, log, peers, candidates } = this.#components
    candidate.dialling = true
    try {
      const addresses = nearestFirst(candidate.addresses).map((address) => {
        const { expected } = candidate
        return expected === undefined ? address : multiaddr(withPeerId(address, expected))
      })
      const { remotePeer } = await libp2p.dial(addresses, { signal: this.#stopping.signal })
      candidate.peerId = remotePeer.toString()
      candidate.lastFailure = null
      this.#components.dialled('connected')
    } catch (error) {
      if (this.#stopping.signal.aborted) return
      if (candidate.peerId !== undefined && peers.get(candidate.peerId) !== undefined) {
        candidate.dialling = false // it dialled us in the same moment, and one connection is enough
        return this.plan()
      }
      const level = candidate.source === 'configured' && candidate.failures === 0 ? 'warn' : 'debug'
      const address = candidate.addresses.join(', ')
      const { code, message } = dialError(address, error)
      this.#components.dialled('failed')
      candidate.lastFailure = { code, message, at: clock.now() }
      log[level]({ code, address, reason: message }, 'could not connect; tries again')
    }
    candidate.dialling = false
    // Counted as a failure until its status is good, so that a stranger is not dialled again every second.
    candidate.failures += 1
    this.defer(candidate)
    const heardOf = candidate.source === 'found' || candidate.source === 'told'
    if (heardOf && candidate.failures > MAX_HEARD_FAILURES) candidates.forget(candidate)
    this.plan()
  }
}
