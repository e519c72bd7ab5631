/**
 * Simulated time: one queue of all that is due in a run, and a clock for each node that reads it.
 *
 * Time moves only while somebody lets it (`advance`, `until`): the earliest of the queue is called, everything settles that
 * follows from it without waiting (promises), and then comes the next; of two that are due in the same moment, the one that
 * was asked for first. So a run is a sequence of calls that depends on nothing but its inputs, and time in which nothing
 * happens costs nothing.
 *
 * Who takes part must wait by its `Clock` alone: `after`, and `turn` where a real node lets the event loop have its turn.
 * Whatever waits for a thread, a socket or the machine's own timers has no place in the queue. Where it must be (a node that
 * starts reads files and loads a module), it is `held`: everything that is due has happened, and time stands until it is
 * done. Anything else that is really asynchronous is found out: nothing is due any more, and still something is waited for.
 *
 * How promises settle between two calls: each call is an immediate of its own, for Node.js runs all microtasks between two
 * immediates. Many of them are one turn of the event loop, which is what makes hours of events pass in seconds.
 *
 * @example
 *   const time = new VirtualTime(1_767_225_600_000)
 *   const clock = time.clock()
 *   clock.after(60_000, () => console.log(clock.now()))
 *   await time.advance(3_600_000)
 */
import type { Clock } from '../../chain/clock.ts'
import { TimerQueue } from './timer-queue.ts'

/** Calls that are made in one turn of the event loop: enough that the turn costs nothing, few enough that a signal is heard. */
const CALLS_A_TURN = 64
/** Real time that something may take while simulated time stands, ms: to start a node on a busy machine. */
const MAX_HELD_MS = 60_000

/** A clock until it is stopped: then nothing that waits for it is called any more. */
export interface VirtualClock extends Required<Clock> {
  stop(): void
}

interface Held {
  what: string
  begin: () => Promise<unknown>
}

type Ended = 'over' | 'nothing is due'

export class VirtualTime {
  readonly #queue = new TimerQueue()
  readonly #held: Held[] = []
  readonly #startMs: number
  #nowMs: number
  #calls = 0
  #isRunning = false

  /** @param startMs ms since the Unix epoch */
  constructor(startMs: number) {
    this.#startMs = startMs
    this.#nowMs = startMs
  }

  /** Milliseconds since the Unix epoch, with fractions. */
  get nowMs(): number {
    return this.#nowMs
  }

  /** Since the run began, ms. */
  get elapsedMs(): number {
    return this.#nowMs - this.#startMs
  }

  /** Calls made so far. */
  get calls(): number {
    return this.#calls
  }

  /** Calls back once, after a delay in ms. @returns cancels */
  after(delayMs: number, callback: () => void): () => void {
    if (Number.isNaN(delayMs)) throw new RangeError('delayMs: must be a number of ms')
    return this.#queue.add(this.#nowMs + Math.max(0, delayMs), callback)
  }

  /** A clock that shows this time, for one node's life. */
  clock(): VirtualClock {
    let isStopped = false
    const after = (delayMs: number, callback: () => void): (() => void) =>
      isStopped ? () => {} : this.after(delayMs, () => {
        if (!isStopped) callback()
      })
    return {
      now: () => Math.floor(this.#nowMs),
      after,
      turn: () => new Promise((resolve) => void after(0, resolve)),
      stop: () => {
        isStopped = true
      },
    }
  }

  /**
   * Lets so much time pass.
   * @throws the signal's reason; whatever a callback throws
   */
  async advance(ms: number, signal?: AbortSignal): Promise<void> {
    const end = this.#nowMs + ms
    await this.#run(end, () => false, signal)
    this.#nowMs = Math.max(this.#nowMs, end)
  }

  /**
   * Lets time pass until something is done.
   * @param what it is, for people
   * @throws Error where nothing is due any more and it is not done; whatever it rejects with; the signal's reason
   */
  async until<Result>(what: string, work: Promise<Result>, signal?: AbortSignal): Promise<Result> {
    let isDone = false
    const done = work.finally(() => (isDone = true))
    done.catch(() => {}) // heard below
    const ended = await this.#run(Infinity, () => isDone, signal)
    if (ended === 'nothing is due' && !isDone) {
      throw new Error(`${what} will never be done: nothing is due in simulated time any more, so it waits for something else`)
    }
    return done
  }

  /**
   * Lets time pass until something holds, but no longer than `maxMs`.
   * @returns whether it does
   */
  async untilHolds(holds: () => boolean, maxMs: number, signal?: AbortSignal): Promise<boolean> {
    const end = this.#nowMs + maxMs
    if ((await this.#run(end, holds, signal)) === 'over') return true
    this.#nowMs = Math.max(this.#nowMs, end)
    return false
  }

  /**
   * Does what really takes time while simulated time stands: after all that is due now, and one after the other. Time must
   * be passing, or pass later, for it to begin.
   */
  hold<Result>(what: string, begin: () => Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#held.push({
        what,
        begin: async () => {
          try {
            resolve(await begin())
          } catch (error) {
            reject(error as Error) // whatever it was
          }
        },
      })
    })
  }

  /** Makes the calls that are due until `end`. */
  async #run(end: number, isOver: () => boolean, signal?: AbortSignal): Promise<Ended> {
    if (this.#isRunning) throw new Error('time is passing already: await what lets it pass, and then let it pass again')
    this.#isRunning = true
    try {
      for (;;) {
        signal?.throwIfAborted()
        const held = this.#held[0]
        const ended = await this.#turn(held === undefined ? end : this.#nowMs, isOver)
        if (ended === 'over') return ended
        if (ended !== undefined && held !== undefined) await this.#holdStill(held)
        else if (ended !== undefined && this.#held.length === 0) return ended
      }
    } finally {
      this.#isRunning = false
    }
  }

  /** What it asks of the clock meanwhile happens, as far as it is due at once. */
  async #holdStill(held: Held): Promise<void> {
    this.#held.shift()
    const state = { isDone: false }
    void held.begin().then(() => (state.isDone = true))
    const began = performance.now()
    while (!state.isDone) {
      await this.#turn(this.#nowMs, () => state.isDone)
      if (performance.now() - began > MAX_HELD_MS) {
        throw new Error(`${held.what} is not done after ${MAX_HELD_MS} ms in which simulated time stood: it waits for time to pass`)
      }
    }
  }

  /** One turn of the event loop, full of calls. @returns undefined where there are more */
  #turn(end: number, isOver: () => boolean): Promise<Ended | undefined> {
    return new Promise((resolve, reject) => {
      let ended: Ended | undefined
      const call = (): void => {
        if (ended !== undefined) return
        try {
          if (isOver()) ended = 'over'
          else if (this.#held.length > 0 && this.#nowMs < end) end = this.#nowMs
          else if (!this.#callNext(end)) ended = 'nothing is due'
        } catch (error) {
          ended = 'nothing is due'
          reject(error as Error) // of a callback: it may be anything
        }
      }
      for (let count = 0; count < CALLS_A_TURN; count++) setImmediate(call)
      setImmediate(() => resolve(ended === undefined && isOver() ? 'over' : ended))
    })
  }

  #callNext(end: number): boolean {
    const next = this.#queue.take(end)
    if (next === undefined) return false
    this.#nowMs = Math.max(this.#nowMs, next.at)
    this.#calls += 1
    next.callback()
    return true
  }
}
