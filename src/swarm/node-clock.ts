/**
 * A node's clock that is wrong in a given way: it differs from the swarm's by an offset, and runs fast or slow.
 *
 *   now = base + skew + (base − since) × drift ÷ 1 000 000        whole milliseconds
 *
 * A node's timers run by its own clock too: one that is fast waits less. Both can be changed while the node runs, as
 * people and time servers do.
 *
 * @example
 *   const clock = new NodeClock(systemClock, { skewMs: -90_000 })     // a minute and a half behind
 *   clock.set({ skewMs: 0, driftPpm: 500 })                           // set right, and gains 43 s a day
 */
import type { Clock } from '../chain/clock.ts'

export interface ClockSettings {
  /** How far it is ahead, ms; below 0: behind. @default 0 */
  skewMs?: number
  /** How much it gains, millionths; below 0: it loses. @default 0 */
  driftPpm?: number
}

/** Ten years. */
const MAX_SKEW_MS = 10 * 366 * 86_400_000
/** Twice as fast, or half. */
const MAX_DRIFT_PPM = 500_000

export class NodeClock implements Clock {
  readonly #base: Clock
  /** Ahead of the base at `#since`, ms. */
  #skewMs = 0
  #driftPpm = 0
  #since: number
  readonly turn: Clock['turn']

  /** @throws RangeError naming the setting */
  constructor(base: Clock, settings: ClockSettings = {}) {
    this.#base = base
    this.#since = base.now()
    this.turn = base.turn && (() => base.turn?.() ?? Promise.resolve())
    this.set(settings)
  }

  readonly now = (): number => Math.floor(this.#base.now() + this.aheadMs)

  readonly after = (delayMs: number, callback: () => void): (() => void) =>
    this.#base.after(delayMs / (1 + this.#driftPpm / 1e6), callback)

  /** How far it is ahead of the base now, ms. */
  get aheadMs(): number {
    return this.#skewMs + ((this.#base.now() - this.#since) * this.#driftPpm) / 1e6
  }

  /** Sets it; what is not given goes on as it is. @throws RangeError naming the setting */
  set({ skewMs = this.aheadMs, driftPpm = this.#driftPpm }: ClockSettings): void {
    if (!(Math.abs(skewMs) <= MAX_SKEW_MS)) throw new RangeError(`skewMs: must be within ten years, is ${skewMs} ms`)
    if (!(Math.abs(driftPpm) <= MAX_DRIFT_PPM)) {
      throw new RangeError(`driftPpm: must be from −${MAX_DRIFT_PPM} to ${MAX_DRIFT_PPM} millionths, is ${driftPpm}`)
    }
    this.#skewMs = skewMs
    this.#driftPpm = driftPpm
    this.#since = this.#base.now()
  }
}
