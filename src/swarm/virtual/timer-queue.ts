/**
 * What is due, earliest first; of the same moment, in the order in which it was asked for. A binary heap, in which what is
 * cancelled lies until its time or until it is half of all: most timers of a node are deadlines that are never reached.
 */
export interface DueCall {
  at: number
  callback: () => void
}

interface Entry extends DueCall {
  /** Number of the call that asked for it. */
  order: number
  cancelled: boolean
}

const isBefore = (a: Entry, b: Entry): boolean => a.at < b.at || (a.at === b.at && a.order < b.order)
/** Fewer are not worth sweeping out. */
const LEAST_SWEPT = 1_024

export class TimerQueue {
  #heap: Entry[] = []
  #asked = 0
  #cancelled = 0

  /** @returns cancels; to be called as often as one likes */
  add(at: number, callback: () => void): () => void {
    const entry: Entry = { at, callback, order: (this.#asked += 1), cancelled: false }
    this.#heap.push(entry)
    this.#rise(this.#heap.length - 1)
    return () => {
      if (entry.cancelled) return
      entry.cancelled = true
      entry.callback = () => {} // what it holds may go now
      this.#cancelled += 1
      if (this.#cancelled > LEAST_SWEPT && this.#cancelled > this.#heap.length / 2) this.#sweep()
    }
  }

  /** When the first is due; Infinity where there is none. */
  get firstAt(): number {
    while (this.#heap[0]?.cancelled === true) {
      this.#cancelled -= 1
      this.#removeFirst()
    }
    return this.#heap[0]?.at ?? Infinity
  }

  /** Takes the first out. */
  take(): DueCall | undefined {
    if (this.firstAt === Infinity) return undefined
    const first = this.#removeFirst()
    first.cancelled = true // to cancel it now does nothing
    return first
  }

  /** There must be one. */
  #removeFirst(): Entry {
    const [first] = this.#heap as [Entry]
    const last = this.#heap.pop() as Entry
    if (last !== first) {
      this.#heap[0] = last
      this.#sink(0)
    }
    return first
  }

  #sweep(): void {
    this.#heap = this.#heap.filter(({ cancelled }) => !cancelled)
    this.#cancelled = 0
    for (let at = (this.#heap.length >> 1) - 1; at >= 0; at--) this.#sink(at)
  }

  #rise(from: number): void {
    const heap = this.#heap
    const entry = heap[from] as Entry // an index of it, here and below
    let at = from
    while (at > 0) {
      const above = (at - 1) >> 1
      const parent = heap[above] as Entry
      if (!isBefore(entry, parent)) break
      heap[at] = parent
      at = above
    }
    heap[at] = entry
  }

  #sink(from: number): void {
    const heap = this.#heap
    const entry = heap[from] as Entry
    let at = from
    for (;;) {
      const left = 2 * at + 1
      if (left >= heap.length) break
      const right = left + 1
      const least = right < heap.length && isBefore(heap[right] as Entry, heap[left] as Entry) ? right : left
      const child = heap[least] as Entry
      if (!isBefore(child, entry)) break
      heap[at] = child
      at = least
    }
    heap[at] = entry
  }
}
