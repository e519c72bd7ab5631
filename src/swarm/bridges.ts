/**
 * What nodes of a LAN do when their network falls apart: those that still see each other, and have no way to each other any
 * more, connect anew. The fewest edges that it takes, drawn by the seed.
 *
 *   before        node 1 is dead      with a bridge
 *   0 ─ 1 ─ 2     0       2           0 ───── 2
 *
 * Two nodes see each other where both run and their link is not cut. So after a partition each of its groups is connected,
 * and nothing leads from one to another.
 *
 * @example
 *   bridgesOf({ nodes: [0, 2], edges: [[0, 1], [1, 2]], isCut: () => false }, random)   // [[0, 2]]
 */
import type { Random } from './random.ts'
import { type Edge, edgesOf } from './topology.ts'

export interface Sight {
  /** Those that run. */
  nodes: readonly number[]
  /** Of all nodes. */
  edges: readonly Edge[]
  isCut: (a: number, b: number) => boolean
}

/** The edges to add; none where every node has a way to each that it sees. */
export function bridgesOf({ nodes, edges, isCut }: Sight, random: Random): Edge[] {
  const parts = new Map(nodes.map((node) => [node, new Set([node])]))
  /** @returns whether that joined two parts */
  const joins = ([a, b]: Edge): boolean => {
    const [one, other] = [parts.get(a), parts.get(b)]
    if (one === undefined || other === undefined || one === other || isCut(a, b)) return false
    for (const node of other) parts.set(node, one.add(node))
    return true
  }
  const joined = edges.filter(joins).length
  if (joined >= nodes.length - 1) return [] // all are one part
  const pairs = edgesOf('full', nodes.length, random).map(([a, b]): Edge => [nodes[a] as number, nodes[b] as number]) // indices of it
  return random.shuffled(pairs).filter(joins)
}
