/**
 * Which chain is best, and how to get from one to another. Pure.
 *
 *   most cumulative work; of equals, the first seen
 *
 *                    ┌─ d1 ─ d2            path from d2 to c3:  ancestor a,
 *        g ─ … ─ a ──┤                                          disconnect d2, d1,
 *                    └─ c1 ─ c2 ─ c3                            connect c1, c2, c3
 */

/** What fork choice knows of a block. */
export interface ChainNode<Self> {
  readonly parent: Self | undefined
  readonly height: number
  /** Cumulative. */
  readonly work: bigint
  /** Arrival: lower was seen first, and no two blocks have the same. */
  readonly order: number
}

/** The steps from one tip to another. */
export interface Path<Node> {
  /** The last block that both have. */
  ancestor: Node
  /** Blocks to take off, last one first. */
  disconnect: Node[]
  /** Blocks to put on, in ascending height. */
  connect: Node[]
}

/**
 * The best of some tips, where it beats the one we stand on; undefined where we stay. We leave our tip for more work
 * only, never for as much: it was there first.
 */
export function heavierThan<Node extends ChainNode<Node>>(tip: Node, candidates: Iterable<Node>): Node | undefined {
  let best: Node | undefined
  for (const candidate of candidates) {
    if (candidate.work <= tip.work) continue
    const better =
      best === undefined || candidate.work > best.work || (candidate.work === best.work && candidate.order < best.order)
    if (better) best = candidate
  }
  return best
}

/** The path between two blocks of one tree, in as many steps as it is long. */
export function pathBetween<Node extends ChainNode<Node>>(from: Node, to: Node): Path<Node> {
  const disconnect: Node[] = []
  const connect: Node[] = []
  let [left, right] = [from, to]
  while (left.order !== right.order) {
    if (left.height >= right.height) {
      disconnect.push(left)
      left = parentOf(left)
    } else {
      connect.push(right)
      right = parentOf(right)
    }
  }
  return { ancestor: left, disconnect, connect: connect.reverse() }
}

function parentOf<Node extends ChainNode<Node>>(node: Node): Node {
  if (node.parent === undefined) throw new Error('assertion: two blocks of one tree share no ancestor')
  return node.parent
}
