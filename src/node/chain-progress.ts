/** How far a long work on a chain (export, import, verify) has come. */
export interface ChainProgress {
  /** Share of the work that is done, 0 to 1. */
  done: number
  /** Blocks done, genesis not counted. */
  blocks: number
  /** Blocks in all. */
  of: number
  /** Transactions in the blocks that were looked into. */
  transactions: number
}
