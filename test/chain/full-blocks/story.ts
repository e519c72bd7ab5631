/**
 * A generator of full block tests, after Bitcoin Core's `feature_block` and btcd's `fullblocktests`: chapters tell one
 * story on one tree, block after block, and say of each what must come of it. Everything is generated before anything
 * runs; then full-blocks.test.ts takes the steps in order through a real chain with a real store.
 *
 * Whatever is offered has a name of its own and is drawn in full-blocks.test.ts. After each step the verdict and the
 * name of the tip are exactly as told. A step's tip is the block itself where it is connected, else the tip from before;
 * a chapter names another where one step moves more (an orphan's parent, the time of an early block).
 *
 * @example
 *   story.block('a1', 'genesis', 'connected')
 *   story.block('version-2', 'a1', 'block-bad-version', { mutate: ({ header }) => void (header.version = 2) })
 *   story.variant('a1-other-body', 'a1', 'known', ({ header }) => ({ header, body: otherBody }))
 *   story.checkpoint()
 */
import { expect } from 'vitest'
import type { RuleCode } from '../../../src/consensus/errors.ts'
import { networkParams } from '../../../src/consensus/params.ts'
import { type Block, decodeBlock, encodeBlock, MAX_U64 } from '../../../src/consensus/types.ts'
import { type BlockBuilder, type BlockOptions, createBlockBuilder } from '../../support/blocks.ts'
import { openChain, type TestChain } from '../../support/chain.ts'
import { dumpOf } from '../../support/dump.ts'
import { verdict } from '../../support/judge.ts'

/** What comes of a step: an outcome of the chain, the code of the rule that is broken, or `valid` of a bare check. */
export type Expected = 'connected' | 'reorganised' | 'side-branch' | 'known' | 'valid' | RuleCode

/** One thing that happens to the chain. */
export interface Step {
  name: string
  expected: Expected
  /** Name of the tip afterwards. */
  tip: string
  run(node: TestChain): Promise<string>
}

export interface Story {
  readonly blocks: BlockBuilder
  readonly steps: Step[]
  /** Everything offered or checked, by name. */
  readonly names: Set<string>
  /** Makes a block and offers it. */
  block(name: string, parent: string, expected: Expected, options?: BlockOptions, tip?: string): void
  /** Makes a block that is offered later. */
  later(name: string, parent: string, options?: BlockOptions): void
  /** Offers a block that was made before. */
  offer(name: string, expected: Expected, tip?: string): void
  /** Offers an altered copy of a block, under a name of its own; the copy is not mined again. */
  variant(name: string, of: string, expected: Expected, alter: (copy: Block) => void): void
  /** Offers a block as bytes that differ from its encoding. */
  bytes(name: string, of: string, alter: (bytes: Uint8Array) => Uint8Array): void
  /** Asks a rule about something that is no block. */
  check(name: string, expected: Expected, rule: () => unknown): void
  /** Moves the clock, and lets the chain take up whatever is due. */
  advance(ms: number, tip?: string): void
  /** Compares all that the store says of the best chain with a straight way from genesis to its tip. */
  checkpoint(): void
}

/** A clock that stands here when the story begins, ms after genesis. */
export const CLOCK_AT_MS = 86_400_000

/**
 * The network of the story. Its allocations are more than `parseParams` would allow, for only so a balance can overflow;
 * its blocks are small, its halvings near, and its difficulty moves within a few blocks.
 */
const PARAMS = {
  ...networkParams('local'),
  name: 'full-blocks',
  initialBits: 0x200f_ffff,
  limitBits: 0x200f_ffff,
  halfLifeBlocks: 4,
  maxBlockBytes: 2_000,
  halvingInterval: 12,
}

/** `rich` has all that an account may have, `hoard` has room for 40 more. */
const FUNDS = { alice: 1_000, bob: 1_000, carol: 1_000, rich: MAX_U64, hoard: MAX_U64 - 40 }

/** An independent copy, which needs no encoding: what is altered may have none. */
const copyOf = ({ header, body }: Block): Block => ({
  header: { ...header },
  body: { miner: body.miner, transactions: body.transactions.map((transaction) => ({ ...transaction })) },
})

export function createStory(): Story {
  const blocks = createBlockBuilder({ seed: 120, params: PARAMS, funds: FUNDS })
  const steps: Step[] = []
  const names = new Set<string>()
  let tip = 'genesis'

  const name = (given: string): void => {
    if (names.has(given)) throw new Error(`${given} is told of already`)
    names.add(given)
  }
  const step = (name: string, expected: Expected, run: Step['run'], after?: string): void => {
    tip = after ?? (expected === 'connected' || expected === 'reorganised' ? name : tip)
    steps.push({ name, expected, tip, run })
  }
  const later: Story['later'] = (given, parent, options) => {
    name(given)
    blocks.block(given, parent, options)
  }
  const offer: Story['offer'] = (given, expected, after) => step(given, expected, (node) => node.add(given), after)

  return {
    blocks,
    steps,
    names,
    later,
    offer,
    block(given, parent, expected, options, after) {
      later(given, parent, options)
      offer(given, expected, after)
    },
    variant(given, of, expected, alter) {
      name(given)
      const copy = copyOf(blocks.get(of).block)
      alter(copy)
      step(given, expected, (node) => node.offer(copy))
    },
    bytes(given, of, alter) {
      name(given)
      const bytes = alter(encodeBlock(blocks.get(of).block))
      step(given, 'block-bad-encoding', async () => verdict(() => decodeBlock(bytes)))
    },
    check(given, expected, rule) {
      name(given)
      step(given, expected, async () => verdict(rule))
    },
    advance(ms, after) {
      const run = async (node: TestChain): Promise<string> => {
        node.clock.advance(ms)
        // Taken in turn, so that when it is answered whatever was due has been taken up.
        return node.offer(blocks.genesis.block)
      }
      step(`${ms} ms later`, 'known', run, after ?? tip)
    },
    checkpoint() {
      const at = tip
      const run = async (node: TestChain): Promise<string> => {
        const straight = openChain(blocks, { clock: node.clock })
        for (const { block } of blocks.path(at)) await straight.chain.add(block, 'sync')
        expect(dumpOf(node.path)).toEqual(dumpOf(straight.path))
        await straight.stop()
        return 'valid'
      }
      step(`checkpoint at ${at}`, 'valid', run, at)
    },
  }
}
