/**
 * Time as a component, so that a test can stop it and a swarm can bend it.
 * Whatever waits for a time or asks for one takes a `Clock` (or the half of it that it needs), never `Date.now`.
 */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number
  /**
   * Calls back once, after a delay in ms, and does not keep the process alive for it.
   * @returns cancels
   */
  after(delayMs: number, callback: () => void): () => void
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs)
    timer.unref()
    return () => clearTimeout(timer)
  },
}
