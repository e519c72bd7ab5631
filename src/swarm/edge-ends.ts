/** Which edges are connected: each of an edge's nodes hears of the other by itself, one a little before the other. */
import type { Edge } from './topology.ts'

export class EdgeEnds {
  /** By edge: which of its nodes know the other's status. */
  readonly #ends = new Map<string, Set<number>>()

  /**
   * A node has accepted the status of an edge's other node, or is connected to it no longer.
   * @returns what that makes of the edge: connected once both know, disconnected once neither does
   */
  knows(edge: Edge, at: number, knows: boolean): 'connected' | 'disconnected' | undefined {
    const key = edge.join()
    const ends = this.#ends.get(key) ?? new Set()
    this.#ends.set(key, ends)
    if (knows) return ends.size < ends.add(at).size && ends.size === 2 ? 'connected' : undefined
    return ends.delete(at) && ends.size === 0 ? 'disconnected' : undefined
  }

  /** Whether neither node knows the other. */
  areApart(edge: Edge): boolean {
    return (this.#ends.get(edge.join())?.size ?? 0) === 0
  }
}
