/**
 * What lies between simulated nodes: who listens where, and bytes that are on their way.
 *
 * How long they take is what `Links` says of the two nodes and the bytes, in simulated time. On one way nothing overtakes
 * what was sent before. When a link is cut, the connections over it end at once, on both sides, and what was on its way is
 * lost with them.
 */
import type { Links } from '../links.ts'
import type { VirtualTime } from './clock.ts'

/** Whatever listens at an address. */
export interface Listener {
  /** Its number in the swarm. */
  readonly node: number
}

/** What one way carries to one moment: many frames that are sent together arrive together. */
interface Packet {
  at: number
  deliveries: (() => void)[]
}

export class Wires<Here extends Listener> {
  readonly time: VirtualTime
  readonly #links: Links
  readonly #listeners = new Map<string, Here>()
  readonly #last = new Map<number, Packet>()
  readonly #cutListeners = new Set<() => void>()

  constructor({ time, links }: { time: VirtualTime; links: Links }) {
    this.time = time
    this.#links = links
    links.onChange((change) => {
      if (change === 'cut') for (const listener of this.#cutListeners) listener()
    })
  }

  /** @throws Error where somebody listens already */
  listen(address: string, here: Here): void {
    if (this.#listeners.has(address)) throw new Error(`${address} is taken`)
    this.#listeners.set(address, here)
  }

  unlisten(here: Here): void {
    for (const [address, other] of this.#listeners) if (other === here) this.#listeners.delete(address)
  }

  at(address: string): Here | undefined {
    return this.#listeners.get(address)
  }

  isCut(a: number, b: number): boolean {
    return this.#links.isCut(a, b)
  }

  /** Calls back after links were cut. @returns ends that */
  onCut(listener: () => void): () => void {
    this.#cutListeners.add(listener)
    return () => void this.#cutListeners.delete(listener)
  }

  /** Sends bytes from one node to another. @returns whether they are on their way: false where the link is cut */
  send(from: number, to: number, bytes: number, deliver: () => void): boolean {
    const { time } = this
    const delayMs = from === to ? 0 : this.#links.delayMs(from, to, bytes, time.nowMs)
    if (delayMs === Infinity) return false
    const way = from * 2 ** 20 + to // as Links numbers them
    const at = time.nowMs + delayMs
    const last = this.#last.get(way)
    if (last?.at === at) {
      last.deliveries.push(deliver)
      return true
    }
    const packet: Packet = { at, deliveries: [deliver] }
    this.#last.set(way, packet)
    time.after(delayMs, () => {
      if (this.#last.get(way) === packet) this.#last.delete(way)
      if (this.isCut(from, to)) return // lost on its way
      for (const delivery of packet.deliveries) delivery()
    })
    return true
  }
}
