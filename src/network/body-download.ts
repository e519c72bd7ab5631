/**
 * Fetches the bodies of a checked branch of headers and adds its blocks in order.
 *
 *   headers   ███████████▒▒▒▒▓▓▓▓▓▓▓▓░░░░░░░░░░░░░░░░░░░░
 *             connected  │   │arrived│asked for │ not yet
 *                        │   └─── bounded window ──┘
 *                        └ in hand: given to the chain, several at once
 *
 * Every peer has one batch at a time: as many bodies as make about 1 MiB by the sizes seen so far, 128 at most. The next
 * one is asked for long before its blocks are needed, so the pipe never runs dry. Whoever answers gets the next batch; a
 * batch of a peer that stalls or fails goes to another. A short answer is no fault: a server ends it where it would get
 * too long, or where it has no more.
 *
 * One slow peer holds up nobody: when the chain has nothing to do but wait for a batch that was asked for half a second
 * ago, and another peer has nothing to do at all, that one gets the rest of it. The slow one has done nothing wrong; it
 * is asked again when there is nobody else.
 *
 * Judged here: a body that does not go with its header is its sender's fault, and asked for again elsewhere; so are
 * stalls and broken frames, and having none of the bodies of one's own headers. A block that breaks a rule in itself is
 * the fault of whoever gave the headers: the download fails with the `RuleError`, for the caller to judge.
 */
import { setMaxListeners } from 'node:events'
import type { Chain } from '../chain/chain.ts'
import { type Clock, turn } from '../chain/clock.ts'
import { RuleError } from '../consensus/errors.ts'
import { type Arrived, BlocksInHand, type Refused } from './blocks-in-hand.ts'
import type { HeaderCandidate } from './header-candidate.ts'
import { PeerFault } from './network-error.ts'
import type { Peer } from './peers.ts'
import {
  BATCH_BYTES, LATE_MS, MAX_ANSWER_BYTES, MAX_BATCHES_AHEAD, MAX_BODIES, MAX_STALL_TIMEOUT_MS, STALL_TIMEOUT_MS,
} from './protocols.ts'
import type { Requests } from './requests.ts'
import { type Batch, WantedBodies } from './wanted-bodies.ts'

export interface BodyDownloadComponents {
  chain: Pick<Chain, 'add'>
  clock: Clock
  requests: Pick<Requests, 'bodies'>
  /** Whoever gave the headers, and so has the bodies. */
  headersFrom: Peer
  /** Peers connected now, best first. */
  peers: () => Peer[]
  /** A peer failed; what follows for it is decided there. */
  judge: (peer: Peer, fault: PeerFault | RuleError) => void
  /** Stalls in a row by peer id, kept from one download to the next: each doubles the time that the peer gets. */
  stalls: Map<string, number>
  /** A block was added. */
  added: () => void
}

/** A request that is under way. */
interface Asked {
  peer: Peer
  /** What has not come yet. */
  rest: Batch
  /** When, ms since the Unix epoch. */
  at: number
  progressed: boolean
  /** Ends it. */
  end: AbortController
}

/** Assumed of a body before the first one came. */
const FIRST_GUESS_BYTES = 8_192

export class BodyDownload {
  readonly #components: BodyDownloadComponents
  readonly #candidate: HeaderCandidate
  readonly #signal: AbortSignal
  readonly #wanted: WantedBodies
  readonly #asked = new Map<Peer, Asked>()
  /** By header, waiting for those before. */
  readonly #arrived = new Map<number, Arrived>()
  #arrivedBytes = 0
  readonly #inHand: BlocksInHand
  /** The header whose body is given to the chain next. */
  #next = 0
  /** The header whose block the chain has next. */
  #connected = 0
  /** Not asked any more in this download: it has none of these bodies, or sent something wrong. */
  readonly #useless = new Set<Peer>()
  /** Stalled, or held up the others: asked only when there is nobody else. */
  readonly #slow = new Set<Peer>()
  #averageBytes = FIRST_GUESS_BYTES
  #lastFault: PeerFault | RuleError = new PeerFault('peer-missing-body', 'no peer has the bodies')
  #wake = (): void => {}

  constructor(components: BodyDownloadComponents, candidate: HeaderCandidate, signal: AbortSignal) {
    this.#components = components
    this.#candidate = candidate
    this.#signal = signal
    this.#wanted = new WantedBodies(candidate.length)
    this.#inHand = new BlocksInHand(components.chain)
  }

  /** Why the last peer that failed did. */
  get lastFault(): PeerFault | RuleError {
    return this.#lastFault
  }

  /**
   * Resolves with true when every block of the candidate was added, with false when nobody is left to ask.
   * @throws RuleError, the signal's reason, whatever the chain throws
   */
  async run(): Promise<boolean> {
    const stop = (): void => this.#wake()
    this.#signal.addEventListener('abort', stop)
    try {
      while (this.#connected < this.#candidate.length) {
        this.#signal.throwIfAborted()
        this.#ask()
        if (this.#arrivedNext !== undefined) await this.#handOver() // without a wait where there is nothing: what comes meanwhile would wake nobody
        if (!this.#inHand.isEmpty) await this.#connect()
        else if (this.#asked.size === 0) return false
        else await this.#waitForNext()
      }
      return true
    } finally {
      this.#signal.removeEventListener('abort', stop)
      for (const asked of this.#asked.values()) this.#drop(asked, 'the download is over')
      await this.#inHand.end()
    }
  }

  /** Gives every idle peer a batch, as far as the window goes. */
  #ask(): void {
    const idle = this.#components.peers().filter((peer) => !this.#asked.has(peer) && !this.#useless.has(peer))
    const good = idle.filter((peer) => !this.#slow.has(peer))
    // Whoever was slow gets another try only when there is nobody else, not even one who is busy.
    for (const peer of good.length > 0 || this.#asked.size > 0 ? good : idle) {
      const first = this.#wanted.first(this.#batchSize, this.#windowEnd)
      if (first === undefined) return
      if (!this.#reaches(peer, first)) continue
      // The block that is added next is always asked for; what is ahead of it, as far as there is room.
      const heldBytes = this.#arrivedBytes + this.#inHand.bytes + this.#asked.size * MAX_ANSWER_BYTES
      if (first > this.#next && heldBytes >= MAX_BATCHES_AHEAD * MAX_ANSWER_BYTES) return
      void this.#fetch(peer, this.#wanted.take(this.#batchSize))
    }
  }

  /** Its status is as old as its last one; whoever gave us the headers has at least those. */
  #reaches(peer: Peer, index: number): boolean {
    const height = peer === this.#components.headersFrom ? Infinity : (peer.status?.height ?? 0)
    return height > this.#candidate.base.height + index
  }

  get #batchSize(): number {
    return Math.min(MAX_BODIES, Math.max(1, Math.floor(BATCH_BYTES / this.#averageBytes)))
  }

  get #windowEnd(): number {
    return this.#connected + MAX_BATCHES_AHEAD * this.#batchSize
  }

  /** Requests a batch; what does not come of it is wanted again. */
  async #fetch(peer: Peer, rest: Batch): Promise<void> {
    const { clock, headersFrom, requests, stalls } = this.#components
    const asked: Asked = { peer, rest, at: clock.now(), progressed: false, end: new AbortController() }
    const { signal } = asked.end
    setMaxListeners(0, signal)
    this.#asked.set(peer, asked)
    try {
      const hashes = Array.from({ length: rest.end - rest.start }, (_, at) => this.#candidate.hash(rest.start + at))
      const timeoutMs = Math.min(MAX_STALL_TIMEOUT_MS, STALL_TIMEOUT_MS * 2 ** (stalls.get(peer.key) ?? 0))
      await requests.bodies(peer, hashes, timeoutMs, signal, (encoded) => {
        if (!signal.aborted) this.#take(asked, encoded)
      })
      if (signal.aborted) return
      if (asked.progressed) {
        stalls.delete(peer.key)
        this.#slow.delete(peer)
      } else if (peer === headersFrom) {
        throw new PeerFault('peer-missing-body', 'it has none of the bodies of its headers')
      } else {
        this.#useless.add(peer) // it is on another branch
      }
    } catch (error) {
      if (!signal.aborted) this.#failed(asked, error)
    } finally {
      this.#drop(asked, 'it has ended')
      this.#wake()
    }
  }

  #take(asked: Asked, encoded: Uint8Array): void {
    this.#arrived.set(asked.rest.start++, { encoded, from: asked.peer })
    asked.progressed = true
    this.#arrivedBytes += encoded.length
    this.#averageBytes = 0.9 * this.#averageBytes + 0.1 * encoded.length
    this.#wake()
  }

  #failed({ peer, progressed }: Asked, error: unknown): void {
    const { judge, stalls } = this.#components
    const fault = error instanceof PeerFault || error instanceof RuleError ? error : new PeerFault('peer-gone', String(error))
    if (fault.code === 'peer-timeout') {
      // The second time without a single body, and it is not asked again here.
      if (this.#slow.has(peer) && !progressed) this.#useless.add(peer)
      this.#slow.add(peer)
      stalls.set(peer.key, (stalls.get(peer.key) ?? 0) + 1)
    } else {
      this.#useless.add(peer)
    }
    this.#lastFault = fault
    judge(peer, fault)
  }

  /** Ends a request, unless it was ended before. */
  #drop(asked: Asked, why: string): void {
    if (asked.end.signal.aborted) return
    asked.end.abort(new PeerFault('peer-gone', why))
    this.#asked.delete(asked.peer)
    this.#wanted.giveBack(asked.rest)
  }

  /** Gives the chain what has arrived and comes next. Each is decoded and looked at, so sockets get their turn between two. */
  async #handOver(): Promise<void> {
    for (let arrived = this.#arrivedNext; arrived !== undefined; arrived = this.#arrivedNext) {
      this.#forget(this.#next, arrived)
      this.#inHand.add(this.#next, this.#candidate.header(this.#next), arrived)
      this.#next += 1
      if (this.#arrivedNext !== undefined) await turn(this.#components.clock)
      this.#signal.throwIfAborted()
    }
  }

  /** What comes next, if it has arrived and the chain may be given it. */
  get #arrivedNext(): Arrived | undefined {
    return this.#inHand.isFull ? undefined : this.#arrived.get(this.#next)
  }

  /** Waits until the chain has the first block in hand. */
  async #connect(): Promise<void> {
    const refused = await this.#inHand.first()
    if (refused !== undefined) return this.#reject(refused)
    this.#connected += 1
    this.#components.added()
  }

  /** Waits for something to happen; where the next block is late and somebody else could bring it, that is made to. */
  async #waitForNext(): Promise<void> {
    const { clock, peers } = this.#components
    const holder = [...this.#asked.values()].find(({ rest }) => rest.start <= this.#next && this.#next < rest.end)
    const lateInMs = holder === undefined ? Infinity : holder.at + LATE_MS - clock.now()
    if (holder !== undefined && lateInMs <= 0) {
      const isFree = (peer: Peer): boolean => !this.#asked.has(peer) && !this.#useless.has(peer) && !this.#slow.has(peer)
      if (peers().some((peer) => isFree(peer) && this.#reaches(peer, this.#next))) {
        this.#slow.add(holder.peer)
        return this.#drop(holder, 'another peer is asked instead')
      }
    }
    await new Promise<void>((resolve) => {
      const cancel = lateInMs > 0 && lateInMs < Infinity ? clock.after(lateInMs, () => this.#wake()) : () => {}
      this.#wake = () => {
        cancel()
        resolve()
      }
    })
  }

  #forget(index: number, { encoded }: Arrived): void {
    this.#arrived.delete(index)
    this.#arrivedBytes -= encoded.length
  }

  /** A body was wrong: whatever its sender sent, or is sending, is asked for again, from others. */
  #reject({ error, from, index, after }: Refused): void {
    this.#useless.add(from)
    this.#next = index
    this.#wanted.giveBack({ start: index, end: index + 1 })
    for (const [other, arrived] of after) {
      this.#arrived.set(other, arrived)
      this.#arrivedBytes += arrived.encoded.length
    }
    for (const [other, arrived] of this.#arrived) {
      if (arrived.from !== from) continue
      this.#forget(other, arrived)
      this.#wanted.giveBack({ start: other, end: other + 1 })
    }
    const asked = this.#asked.get(from)
    if (asked !== undefined) this.#drop(asked, 'it sent a wrong body')
    this.#lastFault = error
    this.#components.judge(from, error)
  }
}
