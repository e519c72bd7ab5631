/**
 * A long row of blocks into a chain: several in flight, so that the chain can verify the signatures of those that come
 * while it writes those that came.
 *
 * The first block that is refused ends it, and its error names its height; those before it are in the chain. What the
 * row itself fails with comes after the blocks that it gave before, whose faults are the earlier ones.
 */
import type { AddResult, Chain } from '../chain/chain.ts'
import { turn } from '../chain/clock.ts'
import { RuleError, type RuleCode } from '../consensus/errors.ts'
import type { Block } from '../consensus/types.ts'

/** Enough to keep every processor busy across the borders of blocks… */
const MAX_BLOCKS = 16
/** …and few enough that all of them, decoded, are a small part of the memory. Two may always be in flight. */
const MAX_BYTES = 1_048_576

/** A block of the row. */
export interface NextBlock {
  /** Where it stands in the row: what errors name it by, whatever its header says. */
  height: number
  block: Block
  /** Encoded size. */
  bytes: number
}

/** A block breaks a rule, or (`block-too-early`) cannot be judged now. The message begins with the code. */
export class BlockRefused extends Error {
  override readonly name = 'BlockRefused'
  readonly height: number
  readonly code: RuleCode

  constructor(height: number, { code, message }: RuleError) {
    super(message)
    this.height = height
    this.code = code
  }
}

/**
 * Adds every block, in order.
 * @param onAdded told of each in order, once the chain has it
 * @throws BlockRefused; whatever else the chain, the row or `onAdded` throws, as it is
 */
export async function addBlocks(
  chain: Pick<Chain, 'add'>,
  row: Iterable<NextBlock> | AsyncIterable<NextBlock>,
  onAdded: (block: Block, result: AddResult) => void,
): Promise<void> {
  const inFlight: (NextBlock & { adding: Promise<AddResult> })[] = []
  let bytes = 0
  const isFull = (): boolean => inFlight.length > MAX_BLOCKS || (bytes > MAX_BYTES && inFlight.length > 2)
  const settleFirst = async (): Promise<void> => {
    const first = inFlight.shift()
    if (first === undefined) return
    bytes -= first.bytes
    try {
      onAdded(first.block, taken(await first.adding))
    } catch (error) {
      inFlight.length = 0 // they follow one that was refused: nothing that they fail with says more
      throw error instanceof RuleError ? new BlockRefused(first.height, error) : error
    }
  }
  try {
    for await (const next of row) {
      const adding = chain.add(next.block, 'store')
      adding.catch(() => {}) // heard when its turn comes, if it comes
      inFlight.push({ ...next, adding })
      bytes += next.bytes
      while (isFull()) await settleFirst()
      await turn() // a block was decoded and looked at: sockets get their turn before the next
    }
  } finally {
    while (inFlight.length > 0) await settleFirst()
  }
}

/** The result of a block that the chain keeps; one that waits is of no use to whoever adds a row in order. */
function taken(result: AddResult): AddResult {
  if (result.outcome !== 'waiting') return result
  const early = 'it is ahead of this machine’s clock: set the clock and try again'
  throw new RuleError(result.code, result.code === 'block-too-early' ? early : 'its parent is not the block before it')
}
