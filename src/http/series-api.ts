/** What the interface says of the chain over time, for charts: the part of api.ts about series. */

/**
 * `GET /api/v1/series?since&until&points`: the blocks of the best chain between two times, in groups of neighbours, oldest
 * first. Every list has an entry for each group. Genesis is in none: its time is a parameter, not that of any work.
 */
export interface Series {
  /**
   * Blocks of a group: a power of two, so that there are no more groups than were asked for; 1 where each block is a
   * point of its own. The first block of a group has a height of 1 more than a multiple of it, so groups stay
   * what they are while the chain grows; only the last has fewer blocks.
   */
  step: number
  /** The block that the chain ends with. */
  tip: string
  /** How many blocks. */
  blocks: number[]
  /** Of the last block. */
  heights: number[]
  /** Of the last block. */
  timestamps: number[]
  /** Expected hashes a block, on average. */
  difficulties: number[]
  /** Of those blocks whose interval is known: their intervals together, ms, and their expected hashes together. */
  tookMs: number[]
  work: number[]
  /** Time from the block before, ms; null for block 1, which has only genesis before it. */
  intervalMs: Spread<number | null>
  /** In a block. */
  transactions: Spread<number>
  /** Units that its transactions pay to the miner, together. */
  fees: Spread<number>
  /**
   * From the time in a block's header to the moment when this node had checked it, ms; less than 0 where the miner's clock
   * is ahead. Null where no other node's gossip brought it, and for what came before the node started.
   */
  arrivalMs: Spread<number | null>
  /** The same of all blocks of the answer together. */
  overall: Record<'intervalMs' | 'transactions' | 'fees' | 'arrivalMs', Summary>
}

/** How something is spread over blocks; null where nothing is known of any. */
export interface Summary {
  least: number | null
  median: number | null
  most: number | null
  mean: number | null
}

/** The same of each group. */
export interface Spread<Value> {
  least: Value[]
  median: Value[]
  most: Value[]
  mean: Value[]
}
