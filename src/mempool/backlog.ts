/**
 * How much is pending before a transaction, and when it will be mined.
 *
 *   blocks = max(1, ⌈(bytes before it + its own) ÷ room of a block⌉)
 *   wait   = blocks × mean time between blocks
 *   mean   = (Σ of the last n intervals + time since the last block) ÷ n
 *
 * Before it is what blocks take first: what pays more, or the same and came earlier, where a transaction counts as the
 * worst of its sender's up to and with it, for they are mined in order. To look for a block is a process without memory:
 * the next one is a whole mean interval away whenever one asks. The mean is the estimate of greatest likelihood where
 * the last interval is still open, so it grows when nobody mines.
 *
 * What comes later and pays more is not foreseen, nor how well sizes fit: it is an estimate.
 */
import { BLOCK_OFFSET_BYTES, paysMore, type PendingTransaction } from './queue.ts'

/** A transaction's turn: what it counts as, and its room in a block. */
export interface Turn {
  fee: number
  /** ms since the Unix epoch */
  receivedAt: number
  /** How many of its sender come before it. */
  position: number
  /** Encoded size plus an SSZ offset. */
  bytes: number
}

/** Below zero where `a` is taken first. */
const compareTurns = (a: Omit<Turn, 'bytes'>, b: Omit<Turn, 'bytes'>): number =>
  b.fee - a.fee || a.receivedAt - b.receivedAt || a.position - b.position

/** The turns of a sender's ready transactions, in nonce order: each counts as the worst so far. */
export function turnsOf(ready: readonly PendingTransaction[]): Turn[] {
  let worst = { fee: Infinity, receivedAt: 0 }
  return ready.map(({ transaction: { fee }, receivedAt, bytes }, position) => {
    const own = { fee, receivedAt }
    if (paysMore(worst, own)) worst = own
    return { ...worst, position, bytes: bytes + BLOCK_OFFSET_BYTES }
  })
}

/** What waits at one moment. */
export class Backlog {
  readonly #turns: Turn[]
  /** Bytes of the turns before each, and at the end of all. */
  readonly #before: Float64Array

  /** @param turns in any order; kept, and sorted */
  constructor(turns: Turn[]) {
    this.#turns = turns.sort(compareTurns)
    this.#before = new Float64Array(turns.length + 1)
    for (const [at, { bytes }] of turns.entries()) this.#before[at + 1] = (this.#before[at] ?? 0) + bytes
  }

  /** Bytes that blocks take before a turn. */
  bytesBefore(turn: Omit<Turn, 'bytes'>): number {
    let low = 0
    let high = this.#turns.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (compareTurns(this.#turns[middle] as Turn, turn) < 0) low = middle + 1 // below the length
      else high = middle
    }
    return this.#before[low] ?? 0
  }

  /** The least fee with which a transaction that comes now is among the first so many bytes. */
  leastFeeWithin(roomBytes: number, bytes: number): number {
    const last = this.#turns.find((_, at) => (this.#before[at + 1] ?? 0) + bytes > roomBytes)
    return last === undefined ? 0 : last.fee + 1
  }
}

/** A backlog of this many turns or fewer is made anew whenever something has changed… */
const SMALL = 2_000
/** …and a longer one after this, ms: an estimate is no better for being newer, and a flood changes it at every call. */
const MAX_AGE_MS = 250

/** The backlog of a pool that changes, made when it is asked for. */
export class CurrentBacklog {
  readonly #turns: () => Turn[]
  #made: { at: number; size: number; backlog: Backlog } | undefined
  #isOld = false

  constructor(turns: () => Turn[]) {
    this.#turns = turns
  }

  /** Something has changed. */
  outdate(): void {
    this.#isOld = true
  }

  at(now: number): Backlog {
    const made = this.#made
    if (made !== undefined && (!this.#isOld || (made.size > SMALL && Math.abs(now - made.at) < MAX_AGE_MS))) return made.backlog
    const turns = this.#turns()
    const backlog = new Backlog(turns)
    this.#made = { at: now, size: turns.length, backlog }
    this.#isOld = false
    return backlog
  }
}

/** @param room of a block for transactions, bytes */
export const blocksUntilMined = (bytesBefore: number, bytes: number, room: number): number =>
  Math.max(1, Math.ceil((bytesBefore + bytes) / room))

/** Intervals of one chain that its mean is taken of: five minutes of ten-second blocks. */
export const MEAN_BLOCKS = 30
/** No interval counts for more than this many targets, as in the rule of difficulty: the class slept, it did not mine slowly. */
const MAX_TARGETS = 60

/**
 * Mean time between blocks, ms.
 * @param timestamps of the last blocks in ascending order, at most MEAN_BLOCKS + 1, genesis not among them; ms
 * @param targetMs what difficulty aims at, and what is expected of a chain that is too young to tell
 */
export function meanBlockTimeMs(timestamps: readonly number[], now: number, targetMs: number): number {
  if (timestamps.length < 2) return targetMs
  const clamped = (from: number, to: number): number => Math.min(Math.max(0, to - from), MAX_TARGETS * targetMs)
  const all = [...timestamps, now]
  const sum = timestamps.reduce((total, timestamp, at) => total + clamped(timestamp, all[at + 1] ?? now), 0)
  return Math.max(1, sum / (timestamps.length - 1))
}
