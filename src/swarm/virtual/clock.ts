/**
 * Simulated time: one queue of all that is due in a run, and a clock for each node that reads it.
 *
 * Time moves only while somebody waits for it (`advance`, `until`): the earliest of the queue is called, everything settles that
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

/** Somebody lets time pass: until something is over, or a time has come. */
interface Goal {
  end: number
  isOver: () => boolean
  reach(how: Reached): void
  fail(error: unknown): void
}

/** `time`: its end has come, or nothing is due any more. */
type Reached = 'over' | 'time'

export class VirtualTime {
  readonly #queue = new TimerQueue()
  readonly #held: { what: string; begin: () => Promise<unknown> }[] = []
  readonly #goals = new Set<Goal>()
  readonly #startMs: number
  #nowMs: number
  #calls = 0
  #isPassing = false

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

  /** A clock that shows this time, for a node. */
  clock(): Required<Clock> {
    const after = (delayMs: number, callback: () => void): (() => void) => this.after(delayMs, callback)
    return {
      now: () => Math.floor(this.#nowMs),
      after,
      turn: () => new Promise((resolve) => void after(0, resolve)),
    }
  }

  /**
   * Lets so much time pass.
   * @throws the signal's reason; whatever a callback throws
   */
  async advance(ms: number, signal?: AbortSignal): Promise<void> {
    await this.#pass(this.#nowMs + ms, () => false, signal)
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
    if ((await this.#pass(Infinity, () => isDone, signal)) === 'time' && !isDone) {
      throw new Error(`${what} will never be done: nothing is due in simulated time any more, so it waits for something else`)
    }
    return done
  }

  /**
   * Lets time pass until something holds, but no longer than `maxMs`.
   * @returns whether it does
   */
  async untilHolds(holds: () => boolean, maxMs: number, signal?: AbortSignal): Promise<boolean> {
    return (await this.#pass(this.#nowMs + maxMs, holds, signal)) === 'over'
  }

  /**
   * Does what really takes time while simulated time stands: after all that is due now, and one after the other. It begins
   * as soon as time passes.
   */
  hold<Result>(what: string, begin: () => Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#held.push({ what, begin: () => begin().then(resolve, reject) })
    })
  }

  async #pass(end: number, isOver: () => boolean, signal: AbortSignal | undefined): Promise<Reached> {
    signal?.throwIfAborted()
    const { promise, resolve, reject } = Promise.withResolvers<Reached>()
    const goal: Goal = { end, isOver, reach: resolve, fail: reject }
    const stop = (): void => goal.fail(signal?.reason)
    signal?.addEventListener('abort', stop)
    this.#goals.add(goal)
    void this.#run()
    try {
      return await promise
    } finally {
      signal?.removeEventListener('abort', stop)
      this.#goals.delete(goal)
    }
  }

  /** Makes calls for as long as anybody lets time pass. Never rejects. */
  async #run(): Promise<void> {
    if (this.#isPassing) return
    this.#isPassing = true
    try {
      while (this.#goals.size > 0) {
        await this.#turn()
        const held = this.#isDueNow ? undefined : this.#held.shift()
        if (held !== undefined) await this.#holdStill(held)
      }
    } catch (error) {
      for (const goal of this.#goals) goal.fail(error)
    }
    this.#isPassing = false
  }

  /** What it asks of the clock meanwhile happens, as far as it is due at once. */
  async #holdStill({ what, begin }: { what: string; begin: () => Promise<unknown> }): Promise<void> {
    const state = { isDone: false }
    void begin().then(() => (state.isDone = true))
    const began = performance.now()
    while (!state.isDone) {
      await this.#turn(state)
      if (performance.now() - began > MAX_HELD_MS) {
        throw new Error(`${what} is not done after ${MAX_HELD_MS} ms in which simulated time stood: it waits for time to pass`)
      }
    }
  }

  /**
   * One turn of the event loop, full of calls; between two of them all promises settle that can.
   * @param held while it is not done, time stands
   */
  #turn(held?: { isDone: boolean }): Promise<void> {
    return new Promise((resolve, reject) => {
      let isOver = false
      const call = (): void => {
        if (isOver) return
        try {
          isOver = held === undefined ? !this.#callNext() : held.isDone || !this.#isDueNow || !this.#callFirst()
        } catch (error) {
          isOver = true
          reject(error as Error) // of a callback: it may be anything
        }
      }
      for (let count = 0; count < CALLS_A_TURN; count++) setImmediate(call)
      setImmediate(() => resolve())
    })
  }

  get #isDueNow(): boolean {
    return this.#queue.firstAt <= this.#nowMs
  }

  /** @returns false where there is nothing to call for now */
  #callNext(): boolean {
    const next = this.#queue.firstAt
    let least = Infinity
    let isAnyOver = false
    for (const goal of this.#goals) {
      if (goal.isOver()) {
        this.#reached(goal, 'over')
        isAnyOver = true
      } else least = Math.min(least, goal.end)
    }
    if (isAnyOver) return true // what follows from that comes before the next call
    if (this.#goals.size === 0 || (this.#held.length > 0 && !this.#isDueNow)) return false
    if (next <= least && next < Infinity) return this.#callFirst()
    if (least < Infinity) this.#nowMs = Math.max(this.#nowMs, least)
    for (const goal of this.#goals) if (goal.end === least) this.#reached(goal, 'time')
    return true
  }

  #callFirst(): boolean {
    const first = this.#queue.take()
    if (first === undefined) return false
    this.#nowMs = Math.max(this.#nowMs, first.at)
    this.#calls += 1
    first.callback()
    return true
  }

  #reached(goal: Goal, how: Reached): void {
    this.#goals.delete(goal)
    goal.reach(how)
  }
}
