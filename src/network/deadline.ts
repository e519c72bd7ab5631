/**
 * A time limit that can be moved: aborts when it has passed, or as soon as an outer signal does.
 *
 * @example
 *   const deadline = new Deadline(clock, 2_000, signal, () => new PeerFault('peer-timeout', 'no body for 2000 ms'))
 *   try { … deadline.signal … deadline.extend() … } finally { deadline.end() }
 */
import type { Clock } from '../chain/clock.ts'

export class Deadline {
  readonly signal: AbortSignal
  readonly #clock: Clock
  readonly #ms: number
  readonly #error: () => Error
  readonly #controller = new AbortController()
  readonly #outer: AbortSignal
  #cancel: () => void

  /** @param error what the signal's reason is when time is up */
  constructor(clock: Clock, ms: number, outer: AbortSignal, error: () => Error) {
    this.#clock = clock
    this.#ms = ms
    this.#error = error
    this.#outer = outer
    this.signal = this.#controller.signal
    this.#cancel = this.#set()
    if (outer.aborted) this.#abort()
    else outer.addEventListener('abort', this.#abort, { once: true })
  }

  /** Something came: the whole time again from now. */
  extend(): void {
    this.#cancel()
    this.#cancel = this.#set()
  }

  /** To be called whatever happened: drops timer and listener. */
  end(): void {
    this.#cancel()
    this.#outer.removeEventListener('abort', this.#abort)
  }

  #set(): () => void {
    return this.#clock.after(this.#ms, () => this.#controller.abort(this.#error()))
  }

  readonly #abort = (): void => this.#controller.abort(this.#outer.reason)
}
