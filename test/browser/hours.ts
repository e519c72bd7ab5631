/**
 * A chain over hours, made at once: blocks come at random, as miners find them whose number changes on the way, and
 * difficulty follows. The same every time.
 */
import { networkParams } from '../../src/consensus/params.ts'
import { fromCompact, workOf } from '../../src/consensus/target.ts'
import type { Block } from '../../src/consensus/types.ts'
import { type BlockBuilder, createBlockBuilder, type Payment } from '../support/blocks.ts'
import { createRandom } from '../support/random.ts'

export interface Hours {
  blocks: BlockBuilder
  /** In order. */
  chain: Block[]
  /** When the last of them was found. */
  endsAt: number
}

/** A stretch of time in which so many hashes a second are done. */
export type Shift = [minutes: number, hashesPerSecond: number]

/** Blocks of 32 hashes to begin with, ten seconds apart where 3.2 hashes a second are done. */
export function makeHours(shifts: readonly Shift[]): Hours {
  const params = { ...networkParams('local'), initialBits: 0x2007_ffff, halfLifeBlocks: 12 }
  const blocks = createBlockBuilder({ seed: 8, params, funds: { alice: 1_000_000 } })
  const random = createRandom(8)
  const chain: Block[] = []
  let [parent, nonce, time] = ['genesis', 0, params.genesisTimestamp + 86_400_000]
  for (const [minutes, hashesPerSecond] of shifts) {
    const end = time + minutes * 60_000
    for (;;) {
      const { bits } = parent === 'genesis' ? { bits: params.initialBits } : blocks.get(parent).block.header
      const difficulty = Number(workOf(fromCompact(bits).target))
      // Whole milliseconds, one or more: the rule.
      time += Math.max(1, Math.round(random.exponential((difficulty * 1_000) / hashesPerSecond)))
      if (time > end) break
      const transactions: Payment[] = Array.from({ length: Math.max(0, random.below(9) - 5) }, () => (
        { from: 'alice', to: 'bob', amount: 1, fee: 1 + random.below(5), nonce: nonce++ }
      ))
      const name = `h${chain.length + 1}`
      chain.push(blocks.block(name, parent, { timestamp: time, transactions, miner: `miner ${random.below(3)}` }).block)
      parent = name
    }
    time = end
  }
  return { blocks, chain, endsAt: chain.at(-1)?.header.timestamp ?? time }
}
