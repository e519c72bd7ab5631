/**
 * Where the nodes of a Merkle path lie: the transaction at the bottom, the body root at the top, and at each step the
 * hash beside the way on the side where it is in the tree. What pairs with zeros at the top of the tree is one step.
 *
 *              ● body root
 *            ╱   ╲
 *          ●      ○ miner
 *        ╱   ╲
 *      ○      ● this transaction
 */
import type { PathStep } from './merkle-path.ts'

export interface Rung {
  kind: PathStep['kind'] | 'leaf'
  /** Of the node of the way. */
  node: string
  y: number
  /** What it is paired with to give the node above; none at the root. */
  pair: { kind: PathStep['kind']; hash: string; side: PathStep['side']; levels: number } | undefined
}

/** Distance between two nodes, px. */
export const RUNG_GAP = 62
const MARGIN = 30

/** @param id of the transaction */
export function layoutPath(id: string, steps: readonly PathStep[]): { rungs: Rung[]; height: number } {
  const joined: { step: PathStep; levels: number }[] = []
  for (const [at, step] of steps.entries()) {
    const previous = joined.at(-1)
    const allZeros = step.kind === 'zeros' && steps.slice(at).every(({ kind }) => kind !== 'tree')
    if (allZeros && previous?.step.kind === 'zeros') joined[joined.length - 1] = { step, levels: previous.levels + 1 }
    else joined.push({ step, levels: 1 })
  }
  const nodes = [id, ...joined.map(({ step }) => step.node)]
  const height = 2 * MARGIN + RUNG_GAP * joined.length
  const rungs = nodes.map((node, at): Rung => {
    const next = joined[at]
    return {
      kind: at === 0 ? 'leaf' : (joined[at - 1]?.step.kind ?? 'leaf'),
      node,
      y: height - MARGIN - at * RUNG_GAP,
      pair: next && { kind: next.step.kind, hash: next.step.beside, side: next.step.side, levels: next.levels },
    }
  })
  return { rungs, height }
}
