/** Who can reach whom: the parts that a network falls into. Pure. */
import type { SwarmEdge, SwarmNode } from '../../swarm-http/api.ts'

type Numbered = Pick<SwarmNode, 'node'>

/**
 * The parts, in the order of their first nodes, each in the order of its nodes.
 * @param nodes those that count
 * @param edges those that pass
 */
export function partsOf(nodes: readonly Numbered[], edges: readonly SwarmEdge[]): number[][] {
  const neighbours = new Map(nodes.map(({ node }) => [node, [] as number[]])) // an empty list says nothing of what it will hold
  for (const { nodes: [a, b] } of edges) {
    if (!neighbours.has(a) || !neighbours.has(b)) continue
    neighbours.get(a)?.push(b)
    neighbours.get(b)?.push(a)
  }
  const parts: number[][] = []
  const seen = new Set<number>()
  for (const { node } of nodes) {
    if (seen.has(node)) continue
    const part = new Set([node])
    for (const at of part) for (const next of neighbours.get(at) ?? []) part.add(next)
    for (const at of part) seen.add(at)
    parts.push([...part].sort((a, b) => a - b))
  }
  return parts
}

/** The parts as the cuts make them, whoever runs: how the network is drawn. */
export const drawnParts = (nodes: readonly Numbered[], edges: readonly SwarmEdge[]): number[][] =>
  partsOf(nodes, edges.filter(({ state }) => state !== 'cut'))

/** The parts of those that run: what the network is now. */
export const livingParts = (nodes: readonly SwarmNode[], edges: readonly SwarmEdge[]): number[][] =>
  drawnParts(nodes.filter(({ running }) => running), edges)

/** Groups for a partition in which the chosen keep to themselves, and everybody else is parted as before. */
export function withoutOthers(chosen: ReadonlySet<number>, parts: readonly (readonly number[])[]): number[][] {
  const rest = parts.map((part) => part.filter((node) => !chosen.has(node)))
  return [[...chosen].sort((a, b) => a - b), ...rest].filter((group) => group.length > 0)
}

/** Groups for a partition along a line: each part falls into those on one side of it and those on the other. */
export const dividedBy = (isLeft: (node: number) => boolean, parts: readonly (readonly number[])[]): number[][] =>
  parts
    .flatMap((part) => [part.filter(isLeft), part.filter((node) => !isLeft(node))])
    .filter((group) => group.length > 0)
