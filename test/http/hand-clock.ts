import type { Clock } from '../../src/chain/clock.ts'

/** A clock whose timers run when the test says so. */
export function handClock() {
  let timers: (() => void)[] = []
  let armed = Promise.withResolvers<void>()
  const clock: Clock = {
    now: () => 0,
    after(_delayMs, callback) {
      timers.push(callback)
      armed.resolve()
      return () => (timers = timers.filter((timer) => timer !== callback))
    },
  }
  return {
    clock,
    waiting: () => timers.length,
    /** Resolves once something waits, and lets that time pass. */
    async pass() {
      await armed.promise
      armed = Promise.withResolvers()
      const due = timers
      timers = []
      for (const timer of due) timer()
    },
  }
}
