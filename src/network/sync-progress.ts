/** How far a sync is, how fast it goes and how long it still takes. */
import type { Clock } from '../chain/clock.ts'

export interface SyncProgress {
  state: 'idle' | 'headers' | 'bodies'
  /** Height of our best block. */
  height: number
  /** Height aimed at; the same when idle. */
  target: number
  /** Over the last seconds; null when idle, and until it is known. */
  blocksPerSecond: number | null
  /** Until the target at that pace, ms; null where the pace is. */
  remainingMs: number | null
}

/** Over so long the pace is taken: short enough to follow it, long enough not to jump. */
const WINDOW_MS = 10_000
/** Before this the pace is not known. */
const FIRST_MS = 1_000
/** Between two samples. */
const SAMPLE_MS = 250

/** The pace of a height that rises. */
export class Pace {
  readonly #now: Clock['now']
  /** The last few seconds, oldest first. */
  #samples: { at: number; height: number }[] = []

  constructor(now: Clock['now']) {
    this.#now = now
  }

  /** Nothing is known any more. */
  clear(): void {
    this.#samples = []
  }

  /** @returns blocks a second, or null */
  at(height: number): number | null {
    const now = this.#now()
    const last = this.#samples.at(-1)
    if (last === undefined || now - last.at >= SAMPLE_MS || now < last.at) this.#samples.push({ at: now, height })
    // A clock that was set back begins anew.
    this.#samples = this.#samples.filter(({ at }) => at <= now && now - at <= WINDOW_MS)
    const [first] = this.#samples
    if (first === undefined || now - first.at < FIRST_MS || height <= first.height) return null
    return (1_000 * (height - first.height)) / (now - first.at)
  }
}

export const idleAt = (height: number): SyncProgress => ({
  state: 'idle', height, target: height, blocksPerSecond: null, remainingMs: null,
})
