/**
 * A token bucket for each caller: `burst` requests at once, `perSecond` from then on. For routes that need no token
 * because what they take carries its own proof, but whose proof costs a signature check.
 */
import { HttpError } from './http-error.ts'

/** Callers remembered at once; the one that was quiet longest is forgotten first. */
const MAX_CALLERS = 1024

export class RateLimit {
  readonly #perSecond: number
  readonly #burst: number
  readonly #now: () => number
  /** `left` in thousandths of a request, so that a refill by the millisecond is exact. */
  readonly #buckets = new Map<string, { left: number; at: number }>()

  /** @param now ms since the Unix epoch */
  constructor({ perSecond, burst }: { perSecond: number; burst: number }, now: () => number) {
    this.#perSecond = perSecond
    this.#burst = burst
    this.#now = now
  }

  /**
   * Counts one request.
   * @param caller who asks, by address
   * @throws HttpError 429 `too-many-requests`, with when to try again
   */
  take(caller: string): void {
    const at = this.#now()
    const before = this.#buckets.get(caller) ?? { left: this.#burst * 1000, at }
    // A clock that was set back refills nothing, and does not count against anybody.
    const refilled = Math.max(0, at - before.at) * this.#perSecond
    const left = Math.min(this.#burst * 1000, before.left + refilled)
    const granted = left >= 1000
    this.#buckets.delete(caller) // and set again: the map's order is who was heard last
    this.#buckets.set(caller, { left: granted ? left - 1000 : left, at })
    const [quietest] = this.#buckets.keys()
    if (this.#buckets.size > MAX_CALLERS && quietest !== undefined) this.#buckets.delete(quietest)
    if (!granted) {
      const seconds = Math.ceil((1000 - left) / this.#perSecond / 1000)
      throw new HttpError(429, 'too-many-requests', `more than ${this.#perSecond} requests a second: try again in ${seconds} s`, {
        'retry-after': String(seconds),
      })
    }
  }
}
