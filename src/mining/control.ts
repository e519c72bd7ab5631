/**
 * What the miner and its threads share: 16 bytes of memory that either side reads and writes at any time, so that a
 * busy thread hears of a change without looking at its messages.
 *
 *   bytes 0..3   generation, i32: the number of the search that is wanted now; every other one is to be abandoned
 *   bytes 4..7   cpu, i32: percent of its time that each thread may use
 *   bytes 8..15  hashes, i64: how many were computed, by all threads together
 */
const GENERATION = 0
const CPU = 1
const HASHES = 1

export class Control {
  readonly buffer: SharedArrayBuffer
  readonly #words: Int32Array<SharedArrayBuffer>
  readonly #counters: BigInt64Array<SharedArrayBuffer>

  /** @param buffer the other side's; without it a new one */
  constructor(buffer = new SharedArrayBuffer(16)) {
    this.buffer = buffer
    this.#words = new Int32Array(buffer, 0, 2)
    this.#counters = new BigInt64Array(buffer)
  }

  get generation(): number {
    return Atomics.load(this.#words, GENERATION)
  }

  /**
   * Makes every search under way an old one, and wakes the threads that rest.
   * @returns the generation of the next search
   */
  advance(): number {
    const generation = (Atomics.add(this.#words, GENERATION, 1) + 1) | 0
    Atomics.notify(this.#words, GENERATION)
    return generation
  }

  /** Rests a thread, but no longer than its search is wanted and its share is the same. Never on the main thread. */
  rest(generation: number, ms: number): void {
    Atomics.wait(this.#words, GENERATION, generation, ms)
  }

  get cpu(): number {
    return Atomics.load(this.#words, CPU)
  }

  /** Wakes the threads that rest, too: the rest that they take may be another now. */
  set cpu(percent: number) {
    Atomics.store(this.#words, CPU, percent)
    Atomics.notify(this.#words, GENERATION)
  }

  get hashes(): number {
    return Number(Atomics.load(this.#counters, HASHES))
  }

  /** Adds hashes that were really computed. */
  count(hashes: number): void {
    Atomics.add(this.#counters, HASHES, BigInt(hashes))
  }
}
