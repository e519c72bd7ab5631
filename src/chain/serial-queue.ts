/**
 * One job after the other, in the order in which they were asked for: what makes the chain's writer single.
 *
 * Between two jobs the event loop gets its turn, so that a long run of blocks does not hold up a node's sockets.
 */
import { setImmediate as turn } from 'node:timers/promises'

interface Job {
  run(): Promise<void>
  refuse(): void
}

export class SerialQueue {
  readonly #refusal: () => Error
  readonly #waiting: Job[] = []
  #working: Promise<void> | undefined
  #open = false

  /** @param refusal the error that a job gets when the queue is closed before its turn */
  constructor(refusal: () => Error) {
    this.#refusal = refusal
  }

  open(): void {
    this.#open = true
  }

  /** Runs a job when its turn comes. What it returns or throws goes to the caller and stops no other job. */
  run<T>(job: () => T | Promise<T>): Promise<T> {
    if (!this.#open) return Promise.reject(this.#refusal())
    return new Promise((resolve, reject) => {
      this.#waiting.push({
        run: async () => {
          try {
            resolve(await job())
          } catch (error) {
            reject(error)
          }
        },
        refuse: () => reject(this.#refusal()),
      })
      this.#working ??= this.#work()
    })
  }

  /** Refuses the jobs that wait, and those to come; resolves when the one in hand is done. */
  async close(): Promise<void> {
    this.#open = false
    for (const job of this.#waiting.splice(0)) job.refuse()
    await this.#working
  }

  async #work(): Promise<void> {
    // A job never starts inside the call that asks for it: a listener that adds a block must not get ahead of the rest.
    await Promise.resolve()
    for (let job = this.#waiting.shift(); job !== undefined; job = this.#waiting.shift()) {
      await job.run()
      if (this.#waiting.length > 0) await turn()
    }
    this.#working = undefined
  }
}
