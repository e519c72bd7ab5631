/**
 * What is due in a model, earliest first; of the same moment, in the order in which it was asked for.
 *
 * A binary heap, as virtual/timer-queue.ts, but of numbers in typed arrays: an event costs no object and no closure. A block
 * among 10 000 nodes makes some two hundred thousand of them, and nobody ever cancels one. No promise settles between two,
 * so none of virtual/clock.ts's turns of the event loop is needed either.
 */

/** Of one thing that happens: what, at which node, about which block, and over which end of a link. */
export interface ModelEvent {
  at: number
  kind: number
  node: number
  block: number
  end: number
}

const FIRST_ROOM = 1_024
/** Numbers of an event in its slot: kind, node, block, end. */
const WIDTH = 4

export class EventQueue {
  /** By place in the heap. */
  #times = new Float64Array(FIRST_ROOM)
  #orders = new Float64Array(FIRST_ROOM)
  #slots = Int32Array.from({ length: FIRST_ROOM }, (_, slot) => slot)
  /** By slot; the slots from `length` on in the heap are free. */
  #events = new Int32Array(FIRST_ROOM * WIDTH)
  #length = 0
  #asked = 0

  get length(): number {
    return this.#length
  }

  add(at: number, kind: number, node: number, block: number, end: number): void {
    if (this.#length === this.#times.length) this.#grow()
    const slot = this.#slots[this.#length] as number // within the room, here and below
    const events = this.#events
    events[slot * WIDTH] = kind
    events[slot * WIDTH + 1] = node
    events[slot * WIDTH + 2] = block
    events[slot * WIDTH + 3] = end
    this.#rise(this.#length, at, (this.#asked += 1), slot)
    this.#length += 1
  }

  /** Takes the first out, into an object that is there. @returns whether there was one */
  take(into: ModelEvent): boolean {
    if (this.#length === 0) return false
    const [times, orders, slots, events] = [this.#times, this.#orders, this.#slots, this.#events]
    const slot = slots[0] as number
    into.at = times[0] as number
    into.kind = events[slot * WIDTH] as number
    into.node = events[slot * WIDTH + 1] as number
    into.block = events[slot * WIDTH + 2] as number
    into.end = events[slot * WIDTH + 3] as number
    const last = (this.#length -= 1)
    const [at, order, lastSlot] = [times[last] as number, orders[last] as number, slots[last] as number]
    slots[last] = slot
    if (last > 0) this.#sink(at, order, lastSlot)
    return true
  }

  #rise(from: number, at: number, order: number, slot: number): void {
    const [times, orders, slots] = [this.#times, this.#orders, this.#slots]
    let place = from
    while (place > 0) {
      const above = (place - 1) >> 1
      if ((times[above] as number) <= at) break // of equals, what is there was asked for before
      times[place] = times[above] as number
      orders[place] = orders[above] as number
      slots[place] = slots[above] as number
      place = above
    }
    times[place] = at
    orders[place] = order
    slots[place] = slot
  }

  /** Puts an event where the first was, and lets it sink. */
  #sink(at: number, order: number, slot: number): void {
    const [times, orders, slots, length] = [this.#times, this.#orders, this.#slots, this.#length]
    let place = 0
    for (;;) {
      let child = 2 * place + 1
      if (child >= length) break
      const right = child + 1
      if (right < length && isBefore(times[right] as number, orders[right] as number, times[child] as number, orders[child] as number)) child = right
      if (!isBefore(times[child] as number, orders[child] as number, at, order)) break
      times[place] = times[child] as number
      orders[place] = orders[child] as number
      slots[place] = slots[child] as number
      place = child
    }
    times[place] = at
    orders[place] = order
    slots[place] = slot
  }

  #grow(): void {
    const before = this.#times.length
    const room = before * 2
    const [times, orders, slots, events] = [this.#times, this.#orders, this.#slots, this.#events]
    this.#times = new Float64Array(room)
    this.#times.set(times)
    this.#orders = new Float64Array(room)
    this.#orders.set(orders)
    this.#slots = Int32Array.from({ length: room }, (_, slot) => slot)
    this.#slots.set(slots)
    this.#events = new Int32Array(room * WIDTH)
    this.#events.set(events)
  }
}

const isBefore = (at: number, order: number, thanAt: number, thanOrder: number): boolean =>
  at < thanAt || (at === thanAt && order < thanOrder)
