/**
 * Fetches the bodies of a checked branch of headers and adds its blocks in order.
 *
 *   headers   ███████████▓▓▓▓▓▓▓▓░░░░░░░░░░░░░░░░░░░░
 *             connected  │arrived│asked for │ not yet
 *                        └─── bounded window ──┘
 *
 * Every peer has one batch at a time: as many bodies as make about 1 MiB by the sizes seen so far, 128 at most. Whoever
 * answers gets the next batch; a batch of a peer that stalls or fails goes to another. A short answer is no fault: a
 * server ends it where it would get too long, or where it has no more.
 *
 * Judged here: a body that does not go with its header is its sender's fault, and asked for again elsewhere; so are
 * stalls and broken frames, and having none of the bodies of one's own headers. A block that breaks a rule in itself is
 * the fault of whoever gave the headers: the download fails with the `RuleError`, for the caller to judge.
 */
import { setMaxListeners } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import type { Chain } from '../chain/chain.ts'
import { RuleError } from '../consensus/errors.ts'
import { type Block, decodeBody } from '../consensus/types.ts'
import type { HeaderCandidate } from './header-candidate.ts'
import { PeerFault } from './network-error.ts'
import type { Peer } from './peers.ts'
import {
  BATCH_BYTES, MAX_ANSWER_BYTES, MAX_BATCHES_AHEAD, MAX_BODIES, MAX_STALL_TIMEOUT_MS, STALL_TIMEOUT_MS,
} from './protocols.ts'
import type { Requests } from './requests.ts'

export interface BodyDownloadComponents {
  chain: Pick<Chain, 'add'>
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
  added: (height: number) => void
}

/** Headers `start` up to but not including `end`. */
interface Batch {
  start: number
  end: number
}

/** An encoded body, and who sent it. */
interface Arrived {
  encoded: Uint8Array
  from: Peer
}

/** Assumed of a body before the first one came. */
const FIRST_GUESS_BYTES = 8_192

export class BodyDownload {
  readonly #components: BodyDownloadComponents
  readonly #candidate: HeaderCandidate
  readonly #signal: AbortSignal
  /** Ends the requests that are under way when the download is over. */
  readonly #over = new AbortController()
  /** The header whose body is added next. */
  #connected = 0
  /** The first header that no batch has held. */
  #next = 0
  /** To be asked for again, lowest first. */
  #again: Batch[] = []
  readonly #asked = new Map<Peer, Batch>()
  /** By header, waiting for those before. */
  readonly #arrived = new Map<number, Arrived>()
  #arrivedBytes = 0
  /** Not asked any more in this download: it has none of these bodies, or sent something wrong. */
  readonly #useless = new Set<Peer>()
  /** Asked only when there is nobody else. */
  readonly #stalled = new Set<Peer>()
  #averageBytes = FIRST_GUESS_BYTES
  #lastFault: PeerFault | RuleError = new PeerFault('peer-missing-body', 'no peer has the bodies')
  #wake = (): void => {}

  constructor(components: BodyDownloadComponents, candidate: HeaderCandidate, signal: AbortSignal) {
    this.#components = components
    this.#candidate = candidate
    this.#signal = signal
    setMaxListeners(0, this.#over.signal) // one a request
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
    const stop = (): void => {
      this.#over.abort(this.#signal.reason)
      this.#wake()
    }
    this.#signal.addEventListener('abort', stop)
    try {
      while (this.#connected < this.#candidate.length) {
        this.#signal.throwIfAborted()
        this.#assign()
        const arrived = this.#arrived.get(this.#connected)
        if (arrived !== undefined) await this.#connect(arrived)
        else if (this.#asked.size === 0) return false
        else await new Promise<void>((resolve) => (this.#wake = resolve))
      }
      return true
    } finally {
      this.#signal.removeEventListener('abort', stop)
      this.#over.abort(new PeerFault('peer-gone', 'the download is over'))
    }
  }

  /** Gives every idle peer a batch, as far as the window goes. */
  #assign(): void {
    const { headersFrom, peers } = this.#components
    if (this.#again.length === 0 && this.#windowEnd <= this.#next) return
    const idle = peers().filter((peer) => !this.#asked.has(peer) && !this.#useless.has(peer))
    const good = idle.filter((peer) => !this.#stalled.has(peer))
    // Whoever stalled gets another try only when there is nobody else, not even one who is busy.
    const willing = good.length > 0 || this.#asked.size > 0 ? good : idle
    for (const peer of willing) {
      const [first = { start: this.#next, end: this.#windowEnd }] = this.#again
      if (first.end <= first.start) return
      // Its status is as old as its last one; whoever gave us the headers has at least those.
      const reach = peer === headersFrom ? Infinity : (peer.status?.height ?? 0)
      if (reach <= this.#candidate.base.height + first.start) continue
      // The block that is added next is always asked for; what is ahead of it, as far as there is room.
      const heldBytes = this.#arrivedBytes + this.#asked.size * MAX_ANSWER_BYTES
      if (first.start > this.#connected && heldBytes >= MAX_BATCHES_AHEAD * MAX_ANSWER_BYTES) return
      const batch = this.#again.shift() ?? this.#fresh()
      this.#asked.set(peer, batch)
      void this.#ask(peer, batch)
    }
  }

  get #batchSize(): number {
    return Math.min(MAX_BODIES, Math.max(1, Math.floor(BATCH_BYTES / this.#averageBytes)))
  }

  get #windowEnd(): number {
    return Math.min(this.#candidate.length, this.#connected + MAX_BATCHES_AHEAD * this.#batchSize)
  }

  #fresh(): Batch {
    const batch = { start: this.#next, end: Math.min(this.#windowEnd, this.#next + this.#batchSize) }
    this.#next = batch.end
    return batch
  }

  async #ask(peer: Peer, { start, end }: Batch): Promise<void> {
    const { headersFrom, requests, stalls } = this.#components
    let at = start
    try {
      const hashes = Array.from({ length: end - start }, (_, index) => this.#candidate.hash(start + index))
      const timeoutMs = Math.min(MAX_STALL_TIMEOUT_MS, STALL_TIMEOUT_MS * 2 ** (stalls.get(peer.key) ?? 0))
      await requests.bodies(peer, hashes, timeoutMs, this.#over.signal, (encoded) => {
        this.#arrived.set(at, { encoded, from: peer })
        this.#arrivedBytes += encoded.length
        this.#averageBytes = 0.9 * this.#averageBytes + 0.1 * encoded.length
        at++
        this.#wake()
      })
      if (at > start) {
        stalls.delete(peer.key)
        this.#stalled.delete(peer)
      } else if (peer === headersFrom) {
        throw new PeerFault('peer-missing-body', 'it has none of the bodies of its headers')
      } else {
        this.#useless.add(peer) // it is on another branch
      }
    } catch (error) {
      if (this.#over.signal.aborted) return
      this.#failed(peer, error, at > start)
    } finally {
      this.#asked.delete(peer)
      if (at < end) this.#repeat({ start: at, end })
      this.#wake()
    }
  }

  #failed(peer: Peer, error: unknown, progressed: boolean): void {
    const { judge, stalls } = this.#components
    const fault = error instanceof PeerFault || error instanceof RuleError ? error : new PeerFault('peer-gone', String(error))
    if (fault.code === 'peer-timeout') {
      // The second stall in a row without a single body, and it is not asked again here.
      if (this.#stalled.has(peer) && !progressed) this.#useless.add(peer)
      this.#stalled.add(peer)
      stalls.set(peer.key, (stalls.get(peer.key) ?? 0) + 1)
    } else {
      this.#useless.add(peer)
    }
    this.#lastFault = fault
    judge(peer, fault)
  }

  #repeat(batch: Batch): void {
    const again = [...this.#again, batch].sort((a, b) => a.start - b.start)
    this.#again = []
    for (const { start, end } of again) {
      const last = this.#again.at(-1)
      if (last?.end === start && end - last.start <= MAX_BODIES) last.end = end
      else this.#again.push({ start, end })
    }
  }

  /** Adds the next block. */
  async #connect({ encoded, from }: Arrived): Promise<void> {
    const { chain, added } = this.#components
    const index = this.#connected
    this.#drop(index, encoded)
    try {
      const block: Block = { header: this.#candidate.header(index), body: decodeBody(encoded) }
      const result = await chain.add(block, 'sync')
      if (result.outcome === 'waiting') {
        throw new PeerFault('peer-missing-body', `block ${result.hash} cannot be added yet: ${result.code}`)
      }
      this.#connected += 1
      added(block.header.height)
    } catch (error) {
      if (!(error instanceof RuleError) || error.fault !== 'body') throw error
      this.#reject(from, error, index)
    }
    await turn() // adding takes milliseconds, and promises alone let no packet in
  }

  #drop(index: number, encoded: Uint8Array): void {
    this.#arrived.delete(index)
    this.#arrivedBytes -= encoded.length
  }

  /** A body was wrong: whatever its sender sent is asked for again, from others. */
  #reject(from: Peer, error: RuleError, index: number): void {
    this.#useless.add(from)
    this.#repeat({ start: index, end: index + 1 })
    for (const [other, { encoded, from: sender }] of this.#arrived) {
      if (sender !== from) continue
      this.#drop(other, encoded)
      this.#repeat({ start: other, end: other + 1 })
    }
    this.#lastFault = error
    this.#components.judge(from, error)
  }
}
