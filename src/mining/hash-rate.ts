/** Hashes a second, over the last few seconds. Real time, not the node's clock: real hashes are counted. */
export class HashRate {
  #samples: { atMs: number; hashes: number }[] = []

  /**
   * Notes a count.
   * @param hashes computed so far, ever
   */
  sample(hashes: number): void {
    this.#samples.push({ atMs: performance.now(), hashes })
    if (this.#samples.length > WINDOW) this.#samples.shift()
  }

  /** Forgets all: from here on nothing is computed. */
  reset(): void {
    this.#samples = []
  }

  /** The rate from the oldest sample to now; 0 where that is too short a time to tell. */
  at(hashes: number): number {
    const oldest = this.#samples[0]
    if (oldest === undefined) return 0
    const elapsedMs = performance.now() - oldest.atMs
    return elapsedMs < SHORTEST_MS ? 0 : ((hashes - oldest.hashes) * 1_000) / elapsedMs
  }
}

/** Samples kept; the miner takes one a second. */
const WINDOW = 5

const SHORTEST_MS = 50
