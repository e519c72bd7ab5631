/**
 * One job after the other, in the order in which they were asked for: what makes the chain's writer single.
 *
 *   asked for      …  f  e  │ d  c  b │ a         a in hand; b, c, d prepared: what they began goes on beside a
 *                           └─ ahead ─┘
 *
 * A job may prepare itself ahead of its turn. Only the next few in line do, so that what they hold meanwhile is bounded.
 *
 * Between two jobs the event loop gets its turn, so that a long run of blocks does not hold up a node's sockets.
 */
import { type Clock, turn } from './clock.ts'

interface Job {
  prepare(): void
  run(): Promise<void>
  refuse(): void
}

export class SerialQueue {
  readonly #refusal: () => Error
  readonly #ahead: number
  readonly #clock: Pick<Clock, 'turn'> | undefined
  /** In line. The first few are prepared, the others are not. */
  readonly #waiting: Job[] = []
  #prepared = 0
  #working: Promise<void> | undefined
  #open = false

  /**
   * @param refusal the error that a job gets when the queue is closed before its turn
   * @param ahead how many jobs may be prepared beside the one in hand; 0: each only when its turn has come
   * @param clock whose turns there are between two jobs
   */
  constructor(refusal: () => Error, ahead = 0, clock?: Pick<Clock, 'turn'>) {
    this.#refusal = refusal
    this.#ahead = ahead
    this.#clock = clock
  }

  open(): void {
    this.#open = true
  }

  /** Runs a job when its turn comes. What it returns or throws goes to the caller and stops no other job. */
  run<T>(job: () => T | Promise<T>): Promise<T> {
    return this.runPrepared(() => {}, job)
  }

  /**
   * Prepares a job as soon as it is near enough in line, and runs it when its turn comes. What either throws goes to
   * the caller, in its turn.
   */
  runPrepared<P, T>(prepare: () => P, job: (prepared: P) => T | Promise<T>): Promise<T> {
    if (!this.#open) return Promise.reject(this.#refusal())
    return new Promise((resolve, reject) => {
      let prepared: () => P
      this.#waiting.push({
        prepare: () => {
          prepared = resultOf(prepare)
        },
        run: async () => {
          try {
            resolve(await job(prepared()))
          } catch (error) {
            reject(error)
          }
        },
        refuse: () => reject(this.#refusal()),
      })
      this.#prepare(this.#ahead)
      this.#working ??= this.#work()
    })
  }

  /** Refuses the jobs that wait, and those to come; resolves when the one in hand is done. */
  async close(): Promise<void> {
    this.#open = false
    this.#prepared = 0
    for (const job of this.#waiting.splice(0)) job.refuse()
    await this.#working
  }

  /** Prepares the first so many in line. */
  #prepare(count: number): void {
    for (; this.#prepared < Math.min(count, this.#waiting.length); this.#prepared++) this.#waiting[this.#prepared]?.prepare()
  }

  async #work(): Promise<void> {
    // A job never starts inside the call that asks for it: a listener that adds a block must not get ahead of the rest.
    await Promise.resolve()
    for (;;) {
      this.#prepare(1)
      const job = this.#waiting.shift()
      if (job === undefined) break
      this.#prepared -= 1
      this.#prepare(this.#ahead)
      await job.run()
      if (this.#waiting.length > 0) await turn(this.#clock)
    }
    this.#working = undefined
  }
}

/** Calls now, and gives what the call returned or threw to whoever asks. */
function resultOf<T>(call: () => T): () => T {
  try {
    const result = call()
    return () => result
  } catch (error) {
    return () => { throw error }
  }
}
