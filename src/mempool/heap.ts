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
