/**
 * A binary heap whose items know their place in it, so that one whose rank changed is moved instead of all being
 * sorted again: O(log n) for every change, O(n) to build.
 */

/** What lies in a heap keeps its index here; −1 outside. An item is in one heap at a time. */
export interface HeapItem {
  heapIndex: number
}

export class Heap<T extends HeapItem> {
  readonly #items: T[]
  readonly #before: (a: T, b: T) => boolean

  /** @param before whether `a` comes out before `b` */
  constructor(before: (a: T, b: T) => boolean, items: T[] = []) {
    this.#before = before
    this.#items = items
    items.forEach((item, index) => (item.heapIndex = index))
    for (let index = (items.length >>> 1) - 1; index >= 0; index--) this.#sink(index)
  }

  /** The first to come out. */
  get first(): T | undefined {
    return this.#items[0]
  }

  /** Puts an item in, or moves it to where it belongs after its rank changed. */
  place(item: T): void {
    if (item.heapIndex < 0) {
      item.heapIndex = this.#items.length
      this.#items.push(item)
    }
    this.#rise(item.heapIndex)
    this.#sink(item.heapIndex)
  }

  /** Takes an item out; nothing happens where it is not in. */
  remove(item: T): void {
    const index = item.heapIndex
    if (index < 0) return
    const last = this.#items.pop() as T // not empty: `item` is in it
    item.heapIndex = -1
    if (last === item) return
    this.#set(index, last)
    this.place(last)
  }

  /**
   * The items from the first to the last, none of them taken out: O(log n) each, so that a few of many cost little. The
   * heap must not change meanwhile.
   */
  *inOrder(): Generator<T, void, undefined> {
    const items = this.#items
    // What comes next is a child of what came already; so these wait, as a heap of their own, by their index in this one.
    const next: number[] = items.length > 0 ? [0] : []
    const before = (a: number, b: number): boolean => this.#before(items[a] as T, items[b] as T) // both below the length
    while (next.length > 0) {
      const best = next[0] as number // there is one
      yield items[best] as T
      const left = 2 * best + 1
      if (left < items.length) {
        settle(next, 0, left, before)
        if (left + 1 < items.length) lift(next, left + 1, before)
      } else {
        const last = next.pop() as number // there is one
        if (next.length > 0) settle(next, 0, last, before)
      }
    }
  }

  #rise(index: number): void {
    let at = index
    const item = this.#items[at] as T // callers give an index in range
    while (at > 0) {
      const above = (at - 1) >>> 1
      const parent = this.#items[above] as T // above < at
      if (!this.#before(item, parent)) break
      this.#set(at, parent)
      at = above
    }
    this.#set(at, item)
  }

  #sink(index: number): void {
    let at = index
    const item = this.#items[at] as T // callers give an index in range
    for (;;) {
      const left = this.#items[2 * at + 1]
      if (left === undefined) break
      const right = this.#items[2 * at + 2]
      const child = right !== undefined && this.#before(right, left) ? right : left
      if (!this.#before(child, item)) break
      const below = child.heapIndex
      this.#set(at, child)
      at = below
    }
    this.#set(at, item)
  }

  #set(index: number, item: T): void {
    this.#items[index] = item
    item.heapIndex = index
  }
}

type Before = (a: number, b: number) => boolean

/** Puts a number in the place `at` of a heap of numbers, or as far below as it belongs. */
function settle(heap: number[], at: number, value: number, before: Before): void {
  for (;;) {
    let child = 2 * at + 1
    if (child >= heap.length) break
    if (child + 1 < heap.length && before(heap[child + 1] as number, heap[child] as number)) child++ // both in range
    const below = heap[child] as number // in range
    if (!before(below, value)) break
    heap[at] = below
    at = child
  }
  heap[at] = value
}

/** Adds a number to a heap of numbers. */
function lift(heap: number[], value: number, before: Before): void {
  let at = heap.length
  while (at > 0) {
    const parent = (at - 1) >>> 1
    const above = heap[parent] as number // parent < at
    if (!before(value, above)) break
    heap[at] = above
    at = parent
  }
  heap[at] = value
}
