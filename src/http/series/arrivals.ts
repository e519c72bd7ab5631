/**
 * How long blocks took to come here: from the time in a block's header to the moment when this node had checked it, for
 * blocks that gossip brought. That is what a node can know of how blocks spread, and it is more than the way alone:
 *
 *   - the header's time is by the miner's clock, and the end by this node's: the difference of the two is in it, and where
 *     the miner's is ahead it may be less than nothing;
 *   - a miner takes the time when it begins with a template, which it renews every half a second, so up to so much of its
 *     search is in it.
 *
 * Blocks of this node's own did not come, and those of a sync were old when they were asked for: of neither is anything
 * known. It is kept in memory only, and begins anew with the node.
 */
import type { Chain } from '../../chain/chain.ts'
import type { Clock } from '../../chain/clock.ts'
import { RULES } from '../../consensus/errors.ts'
import type { Hex } from '../../consensus/hex.ts'
import { hear } from '../hear.ts'

export interface ArrivalsComponents {
  chain: Pick<Chain, 'events'>
  clock: Pick<Clock, 'now'>
}

/**
 * Blocks that are remembered, on whichever branch: about 150 KB. Those on the best chain are in its columns (block-columns.ts)
 * for as long as the node runs.
 */
const MAX_BLOCKS = 1_000

export class Arrivals {
  readonly #components: ArrivalsComponents
  readonly #maxBlocks: number
  readonly #arrivalMs = new Map<Hex, number>()
  readonly #attached = new DisposableStack()

  constructor(components: ArrivalsComponents, { maxBlocks = MAX_BLOCKS }: { maxBlocks?: number } = {}) {
    this.#components = components
    this.#maxBlocks = maxBlocks
  }

  /** Begins to hear; the node runs. */
  start(): void {
    const { chain, clock } = this.#components
    hear(this.#attached, chain.events, 'block:judged', ({ hash, block, origin, outcome }) => {
      // One that had to wait (for its parent, or its time) is judged twice: it came the first time.
      if (origin !== 'gossip' || Object.hasOwn(RULES, outcome) || this.#arrivalMs.has(hash)) return
      this.#arrivalMs.set(hash, clock.now() - block.header.timestamp)
      const [oldest] = this.#arrivalMs.keys()
      if (this.#arrivalMs.size > this.#maxBlocks && oldest !== undefined) this.#arrivalMs.delete(oldest)
    })
  }

  stop(): void {
    this.#attached.dispose()
  }

  /** Of a block, ms; undefined where it is not known. */
  of(hash: Hex): number | undefined {
    return this.#arrivalMs.get(hash)
  }
}
