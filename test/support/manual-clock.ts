/** A clock that stands until a test moves it. */
import type { Clock } from '../../src/chain/clock.ts'

export interface ManualClock extends Clock {
  /** Moves on by so many ms, calling back on the way whoever asked for it, in order of time. */
  advance(ms: number): void
  /** How many callbacks are waited for. */
  readonly pending: number
}

export function createManualClock(start: number): ManualClock {
  let now = start
  const timers = new Set<{ at: number; callback: () => void }>()
  return {
    now: () => now,
    after(delayMs, callback) {
      const timer = { at: now + delayMs, callback }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    advance(ms) {
      const end = now + ms
      for (;;) {
        const [next] = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)
        if (next === undefined) break
        timers.delete(next)
        now = Math.max(now, next.at)
        next.callback()
      }
      now = end
    },
    get pending() {
      return timers.size
    },
  }
}
