/**
 * What happens in the swarm, as facts; the words are in words/. Pure.
 *
 * How a fork ended is known only by whoever saw it: `followFork` keeps the ends of the branches while there are several,
 * and when all nodes agree, says how far the deepest of the losers went back.
 */
import { type BlocksByHash, pathTo, type SwarmView } from './swarm-view.ts'

/** What all agreeing again cost. */
export interface Settled {
  /** Blocks that left, of the deepest branch that lost. */
  left: number
  /** Blocks that came in their place. */
  entered: number
  /** Height of the last block that stayed. */
  ancestor: number
}

export interface Fork {
  /** Tips of the branches while there are several. */
  open: readonly string[]
  /** How the last one ended. */
  settled: Settled | undefined
}

export const NO_FORK: Fork = { open: [], settled: undefined }

/** @param before the fork as it was at the view before */
export function followFork(before: Fork, { branches }: SwarmView, blocks: BlocksByHash): Fork {
  if (branches.length > 1) return { open: branches.map(({ tip }) => tip.hash), settled: undefined }
  const [one] = branches
  if (one === undefined || before.open.length === 0) return before
  const winner = pathTo(one.tip.hash, blocks)
  const settled = before.open.flatMap((hash): Settled[] => {
    const tip = blocks.get(hash)
    if (tip === undefined || winner.has(hash)) return []
    const ancestor = [...pathTo(hash, blocks).values()].find((block) => winner.has(block.hash))?.height ?? 0
    return [{ left: tip.height - ancestor, entered: one.tip.height - ancestor, ancestor }]
  })
  return { open: [], settled: settled.sort((a, b) => b.left - a.left)[0] }
}

export type Story =
  /** No node runs. */
  | { kind: 'none' }
  /** Nothing mined yet. */
  | { kind: 'genesis' }
  /** Some nodes do not reach others; `branches` as below, one where they still agree. */
  | { kind: 'parted'; parts: number[][]; branches: SwarmView['branches'] }
  /** All reach each other, and stand on several branches. */
  | { kind: 'forked'; branches: SwarmView['branches'] }
  /** One branch, whose last block some do not have yet. */
  | { kind: 'spreading'; height: number; have: number; of: number }
  | { kind: 'agreed'; height: number; settled: Settled | undefined }

/**
 * @param parts of the nodes that run
 * @param view of the same
 */
export function storyOf(parts: readonly number[][], view: SwarmView, { settled }: Fork): Story {
  const [first] = view.branches
  if (first === undefined) return { kind: 'none' }
  if (parts.length > 1) return { kind: 'parted', parts: [...parts], branches: view.branches }
  if (view.branches.length > 1) return { kind: 'forked', branches: view.branches }
  const { tip: { hash, height } } = first
  if (height === 0) return { kind: 'genesis' }
  const [have, of] = [view.standing.get(hash)?.length ?? 0, parts[0]?.length ?? 0]
  return have < of ? { kind: 'spreading', height, have, of } : { kind: 'agreed', height, settled }
}
