/**
 * Between two blocks of a long row (a sync, an import) this node rests for a moment, if somebody has asked it for something
 * lately. A block takes two or three milliseconds of work and about ten with its write; without a rest whoever asks waits for
 * one or two of them each time, and the processor has long been promised to others when it is wanted for an answer.
 *
 * So a row goes on at no less than a hundred blocks a second, however much is asked.
 *
 * @example
 *   const courtesy = new Courtesy(clock)
 *   const chain = new Chain({ …, rest: () => courtesy.rest() })
 *   courtesy.asked()                                      // at each request
 */
import type { Clock } from '../chain/clock.ts'

/** Who asks again within this time is still there. */
const LATELY_MS = 100
const REST_MS = 5

export class Courtesy {
  readonly #clock: Pick<Clock, 'now' | 'after'>
  #askedAt = -Infinity

  constructor(clock: Pick<Clock, 'now' | 'after'>) {
    this.#clock = clock
  }

  /** Somebody asks for something. */
  asked(): void {
    this.#askedAt = this.#clock.now()
  }

  /** Resolves at once where nobody asked lately, else in a moment. */
  async rest(): Promise<void> {
    // Either way: a clock that was set back would else make every block wait.
    if (Math.abs(this.#clock.now() - this.#askedAt) > LATELY_MS) return
    await new Promise<void>((resolve) => this.#clock.after(REST_MS, resolve))
  }
}
