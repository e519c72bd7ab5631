/** Who can reach whom: the parts that a network falls into. Pure. */
import type { SwarmEdge, SwarmNode } from '../../swarm-http/api.ts'

type Numbered = Pick<SwarmNode, 'node'>

/**
 * The parts, in the order of their first nodes, each in the order of its nodes.
 * @param nodes those that count
 * @param edges those that pass
 */
export function partsOf(nodes: readonly Numbered[], edges: readonly SwarmEdge[]): number[][] {
  const neighbours = neighboursOf(nodes.map(({ node }) => node), edges)
  const parts: number[][] = []
  const seen = new Set<number>()
  for (const { node } of nodes) {
    if (seen.has(node)) continue
    const part = reachedFrom(node, neighbours)
    for (const at of part) seen.add(at)
    parts.push([...part].sort((a, b) => a - b))
  }
  return parts
}

/** By node: whom it reaches at once. */
function neighboursOf(nodes: readonly number[], edges: readonly SwarmEdge[]): Map<number, number[]> {
  const neighbours = new Map(nodes.map((node) => [node, [] as number[]])) // an empty list says nothing of what it will hold
  for (const { nodes: [a, b] } of edges) {
    if (!neighbours.has(a) || !neighbours.has(b)) continue
    neighbours.get(a)?.push(b)
    neighbours.get(b)?.push(a)
  }
  return neighbours
}

/** A node and all that it reaches, the nearest first. */
function reachedFrom(node: number, neighbours: ReadonlyMap<number, readonly number[]>): Set<number> {
  const reached = new Set([node])
  for (const at of reached) for (const next of neighbours.get(at) ?? []) reached.add(next)
  return reached
}

/** The parts as the cuts make them, whoever runs: how the network is drawn. */
export const drawnParts = (nodes: readonly Numbered[], edges: readonly SwarmEdge[]): number[][] =>
  partsOf(nodes, edges.filter(({ state }) => state !== 'cut'))

/** The parts of those that run: what the network is now. */
export const livingParts = (nodes: readonly SwarmNode[], edges: readonly SwarmEdge[]): number[][] =>
  drawnParts(nodes.filter(({ running }) => running), edges)

/**
 * The half of a part that is nearest to its first node: nodes that reach each other without the other half, where a half
 * by number would leave some of them alone.
 */
export function halfOf(part: readonly number[], edges: readonly SwarmEdge[]): number[] {
  const [first] = part
  if (first === undefined) return []
  const passing = edges.filter(({ state }) => state !== 'cut')
  return [...reachedFrom(first, neighboursOf(part, passing))].slice(0, Math.ceil(part.length / 2))
}

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
