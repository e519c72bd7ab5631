/** Who finds the next block of a model, and when: exponential times, for a search has no memory, and shares of the hash rate. */
import type { Random } from '../random.ts'
import type { ResolvedModelOptions } from './options.ts'

export class Finding {
  readonly #random: Random
  readonly #blockMs: number
  /** Sums of the shares up to each node. */
  readonly #sums: Float64Array

  constructor({ nodes, blockMs, hashShares }: Pick<ResolvedModelOptions, 'nodes' | 'blockMs' | 'hashShares'>, random: Random) {
    this.#random = random
    this.#blockMs = blockMs
    let sum = 0
    this.#sums = Float64Array.from({ length: nodes }, (_, node) => (sum += hashShares.length === 0 ? 1 : (hashShares[node] ?? 0)))
  }

  next(): { afterMs: number; node: number } {
    const afterMs = this.#random.exponential(this.#blockMs)
    const luck = this.#random.next() * (this.#sums.at(-1) ?? 0)
    // The first node whose sum is above it.
    let [low, high] = [0, this.#sums.length - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#sums[middle] ?? 0) > luck) high = middle
      else low = middle + 1
    }
    return { afterMs, node: low }
  }
}
