/**
 * Time as a component, so that a test can stop it and a swarm can bend it.
 * Whatever waits for a time or asks for one takes a `Clock` (or the half of it that it needs), never `Date.now`.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'

export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number
  /**
   * Calls back once, after a delay in ms, and does not keep the process alive for it.
   * @returns cancels
   */
  after(delayMs: number, callback: () => void): () => void
  /**
   * Resolves when whatever else is due has had its turn.
   * @default the event loop's next turn
   */
  turn?(): Promise<void>
}

/**
 * Lets whatever else is due go first: sockets and timers in a real node, what falls into the same moment in a simulated one.
 *
 * Whoever waits for the same turn of the event loop goes on in the same moment, step by step with the others: twenty nodes of
 * one process that have a block to check read it one after the other, then hash, then write, and each step finds its code at
 * hand, in the processor's caches.
 */
export const turn = (clock?: Pick<Clock, 'turn'>): Promise<void> =>
  clock?.turn?.() ?? (next ??= nextTurn().then(() => void (next = undefined)))

/** The turn that somebody waits for, while there is one. */
let next: Promise<void> | undefined

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs)
    timer.unref()
    return () => clearTimeout(timer)
  },
}
