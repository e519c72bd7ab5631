/**
 * Which bodies of a branch are still to be asked for, by the place of their headers in it.
 *
 *   ████████████░░░██████░░░░░░░│░░░░░░░░░░░░        ░ to be asked for, lowest first; █ asked for, or here
 *               back           next   window's end
 */
import { MAX_BODIES } from './protocols.ts'

/** Headers `start` up to but not including `end`. */
export interface Batch {
  start: number
  end: number
}

export class WantedBodies {
  readonly #count: number
  /** Given back, lowest first. */
  #back: Batch[] = []
  /** The first that was never asked for. */
  #next = 0

  /** @param count of the headers */
  constructor(count: number) {
    this.#count = count
  }

  /**
   * The first to be asked for, if there is one. New ones are asked for once a whole batch of them is inside the window, so
   * that its moving on by a block is no reason for a request; given back were only such as were inside.
   * @param size of a new batch
   * @param windowEnd where new ones end
   */
  first(size: number, windowEnd: number): number | undefined {
    const fits = this.#next < this.#count && Math.min(this.#next + size, this.#count) <= windowEnd
    return this.#back[0]?.start ?? (fits ? this.#next : undefined)
  }

  /**
   * Takes the first batch: one that was given back as it is, else a new one.
   * @param size of a new one, at most
   */
  take(size: number): Batch {
    const back = this.#back.shift()
    if (back !== undefined) return back
    const batch = { start: this.#next, end: Math.min(this.#next + size, this.#count) }
    this.#next = batch.end
    return batch
  }

  /** To be asked for again. What lies side by side becomes one batch, as far as one request can ask for it. */
  giveBack({ start, end }: Batch): void {
    if (start >= end) return
    const back = [...this.#back, { start, end }].sort((a, b) => a.start - b.start)
    this.#back = []
    for (const batch of back) {
      const last = this.#back.at(-1)
      if (last?.end === batch.start && batch.end - last.start <= MAX_BODIES) last.end = batch.end
      else this.#back.push({ ...batch })
    }
  }
}
