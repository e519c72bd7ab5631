/**
 * Where an arrow key leads from a stone of the tree, among those that are drawn.
 *
 *   ←  the block before         Home  the oldest on the chain that is drawn
 *   →  the block after, on the same branch where it goes on, else on the chain
 *   ↓  the nearest stone of a branch below                End  the tip
 *   ↑  the nearest stone above
 */
import type { PlacedStone } from './tree-layout.ts'

/**
 * @param hash the stone that one stands on
 * @returns the hash of the stone to go to; undefined where there is none, or where the key is another
 */
export function stepFrom(stones: readonly PlacedStone[], hash: string, key: string): string | undefined {
  const from = stones.find(({ block }) => block.hash === hash)
  if (from === undefined) return undefined
  const chain = stones.filter(({ lane }) => lane === 0)
  switch (key) {
    case 'ArrowLeft': return stones.find(({ block }) => block.hash === from.block.parent)?.block.hash
    case 'ArrowRight': {
      const after = stones.filter(({ block }) => block.parent === hash)
      return (after.find(({ lane }) => lane === from.lane) ?? after.find(({ lane }) => lane === 0) ?? after[0])?.block.hash
    }
    case 'ArrowDown': return nearest(from, stones.filter(({ lane }) => lane > from.lane))
    case 'ArrowUp': return nearest(from, stones.filter(({ lane }) => lane < from.lane))
    case 'Home': return chain[0]?.block.hash
    case 'End': return chain.at(-1)?.block.hash
    default: return undefined
  }
}

/** The one that is the fewest heights away; of several, the one in the nearest lane. */
function nearest(from: PlacedStone, stones: readonly PlacedStone[]): string | undefined {
  const [heights, lanes] = [
    (stone: PlacedStone): number => Math.abs(stone.block.height - from.block.height),
    (stone: PlacedStone): number => Math.abs(stone.lane - from.lane),
  ]
  return stones.toSorted((a, b) => heights(a) - heights(b) || lanes(a) - lanes(b))[0]?.block.hash
}
