/**
 * Who is cabled to whom: the shape of a swarm's network, as a list of edges between nodes 0 to n − 1.
 *
 *   full          everybody with everybody
 *   ring, line    each with the next; a ring's last also with its first
 *   star          everybody with node 0
 *   random        each with `degree` others or a little fewer, always connected: rings in random orders, laid on each
 *                 other, and for an odd degree random pairs
 *   small-world   a ring where each knows its `degree` nearest, and a share of the edges leads anywhere instead
 *                 (Watts and Strogatz, "Collective dynamics of 'small-world' networks", 1998); drawn again until connected
 *   given         as you say
 *
 * @example
 *   edgesOf('ring', 4, random)                                  // [[0, 1], [0, 3], [1, 2], [2, 3]]
 *   edgesOf({ kind: 'random', degree: 8 }, 100, random)
 *   parseTopology('small-world:6:0.2')
 */
import type { Random } from './random.ts'

/** Two nodes, the smaller number first. */
export type Edge = readonly [number, number]

export type Topology =
  | 'full'
  | 'ring'
  | 'line'
  | 'star'
  /** Of degree 6, as many as gossip's mesh has; or of as many as there are. */
  | 'random'
  /** Of degree 4, a fifth of the edges rewired. */
  | 'small-world'
  | { kind: 'random'; /** 2 to nodes − 1. */ degree: number }
  | { kind: 'small-world'; /** Even, 2 to nodes − 1. */ degree: number; /** Share of the edges, 0 to 1. */ rewired: number }
  | { kind: 'given'; edges: readonly Edge[] }

const RANDOM_DEGREE = 6
const SMALL_WORLD = { degree: 4, rewired: 0.2 }

/**
 * The edges, each once, in order.
 * @throws RangeError naming what does not fit, and what would
 */
export function edgesOf(topology: Topology, nodes: number, random: Random): Edge[] {
  const all = Array.from({ length: nodes }, (_, node) => node)
  switch (topology) {
    case 'full': return all.flatMap((b) => all.slice(0, b).map((a): Edge => [a, b])).sort(byNumber)
    case 'line': return line(all)
    case 'ring': return distinct(ring(all))
    case 'star': return all.slice(1).map((b): Edge => [0, b])
    case 'random': return nodes < 4 ? edgesOf('full', nodes, random) : laidRings(all, Math.min(RANDOM_DEGREE, nodes - 1), random)
    case 'small-world': return nodes < 6 ? edgesOf('ring', nodes, random) : smallWorld(all, SMALL_WORLD, random)
  }
  switch (topology.kind) {
    case 'random':
      checkDegree(topology.degree, nodes)
      return laidRings(all, topology.degree, random)
    case 'small-world':
      checkDegree(topology.degree, nodes)
      if (topology.degree % 2 !== 0) throw new RangeError(`topology: the degree of a small world must be even, is ${topology.degree}`)
      if (!(topology.rewired >= 0 && topology.rewired <= 1)) {
        throw new RangeError(`topology: rewired must be a share of the edges, 0 to 1, is ${topology.rewired}`)
      }
      return smallWorld(all, topology, random)
    case 'given': return given(topology.edges, nodes)
  }
}

/**
 * A topology as text: `full`, `ring`, `line`, `star`, `random`, `random:DEGREE`, `small-world`, `small-world:DEGREE:SHARE`,
 * or edges, `0-1,1-2`.
 * @throws RangeError for anything else
 */
export function parseTopology(text: string): Topology {
  const [kind, degree, rewired, ...rest] = text.split(':')
  switch (kind) {
    case 'full': case 'ring': case 'line': case 'star':
      if (degree === undefined) return kind
      break
    case 'random':
      if (degree === undefined) return kind
      if (isNumber(degree) && rewired === undefined) return { kind, degree: Number(degree) }
      break
    case 'small-world':
      if (degree === undefined) return kind
      if (isNumber(degree) && isNumber(rewired ?? '') && rest.length === 0) {
        return { kind, degree: Number(degree), rewired: Number(rewired) }
      }
      break
  }
  if (/^\d+-\d+(,\d+-\d+)*$/.test(text)) {
    return { kind: 'given', edges: text.split(',').map((edge) => edge.split('-').map(Number) as [number, number]) } // two each
  }
  throw new RangeError(
    `topology: "${text}" is none: there are full, ring, line, star, random, random:DEGREE, small-world, small-world:DEGREE:SHARE, and edges like 0-1,1-2`,
  )
}

/** The nodes that a node has an edge with, in order. */
export const neighboursOf = (node: number, edges: readonly Edge[]): number[] =>
  edges.flatMap(([a, b]) => (a === node ? [b] : b === node ? [a] : [])).sort((a, b) => a - b)

/**
 * Whom a node that comes later is connected to.
 * @param running the nodes that it can be connected to
 * @param nodes how many there are, running or not
 * @returns in a full topology everybody; else as many as the others have, drawn
 */
export function newNeighbours(topology: Topology, running: readonly number[], nodes: number, edges: readonly Edge[], random: Random): number[] {
  if (topology === 'full') return [...running]
  return random.shuffled(running).slice(0, Math.max(1, Math.round((2 * edges.length) / nodes)))
}

const isNumber = (text: string): boolean => /^\d+(\.\d+)?$/.test(text)

const line = (order: readonly number[]): Edge[] => order.slice(1).map((node, at) => edge(order[at] as number, node)) // one before each

const ring = (order: readonly number[]): Edge[] =>
  order.length < 3 ? line(order) : [...line(order), edge(order[0] as number, order.at(-1) as number)] // it has three

function laidRings(all: readonly number[], degree: number, random: Random): Edge[] {
  const edges: Edge[] = []
  for (let laid = 0; laid < Math.floor(degree / 2); laid++) edges.push(...ring(random.shuffled(all)))
  if (degree % 2 !== 0) {
    const order = random.shuffled(all)
    for (let at = 1; at < order.length; at += 2) edges.push(edge(order[at - 1] as number, order[at] as number)) // both below its length
  }
  return distinct(edges)
}

function smallWorld(all: readonly number[], { degree, rewired }: { degree: number; rewired: number }, random: Random): Edge[] {
  // Each node keeps as many edges as it had to one side: at the very least one draw in √n or so is connected.
  for (;;) {
    const edges = new Map<string, Edge>()
    const put = (between: Edge): void => void edges.set(between.join(), between)
    const lattice = all.flatMap((a) => Array.from({ length: degree / 2 }, (_, at) => edge(a, (a + at + 1) % all.length)))
    for (const between of lattice) put(between)
    for (const between of lattice) {
      if (random.next() >= rewired) continue
      const [a] = between
      const free = all.filter((b) => b !== a && !edges.has(edge(a, b).join()))
      if (free.length === 0) continue
      edges.delete(between.join())
      put(edge(a, random.pick(free)))
    }
    const drawn = [...edges.values()].sort(byNumber)
    if (unreached(all.length, drawn) === undefined) return drawn
  }
}

function given(edges: readonly Edge[], nodes: number): Edge[] {
  for (const [a, b] of edges) {
    for (const node of [a, b]) {
      if (!Number.isInteger(node) || node < 0 || node >= nodes) {
        throw new RangeError(`topology: edge ${a}-${b}: there is no node ${node}, they are 0 to ${nodes - 1}`)
      }
    }
    if (a === b) throw new RangeError(`topology: edge ${a}-${b} leads from a node to itself`)
  }
  const sorted = distinct(edges.map(([a, b]) => edge(a, b)))
  const alone = unreached(nodes, sorted)
  if (alone !== undefined) {
    throw new RangeError(`topology: no way leads from node 0 to node ${alone}: give an edge to it, or part the network with partition()`)
  }
  return sorted
}

/** A node that cannot be reached from the first. */
function unreached(nodes: number, edges: readonly Edge[]): number | undefined {
  const neighbours = Map.groupBy([...edges, ...edges.map(([a, b]) => [b, a] as const)], ([a]) => a)
  const reached = new Set([0])
  for (const node of reached) for (const [, other] of neighbours.get(node) ?? []) reached.add(other)
  return Array.from({ length: nodes }, (_, node) => node).find((node) => !reached.has(node))
}

function checkDegree(degree: number, nodes: number): void {
  if (!Number.isInteger(degree) || degree < 2 || degree > nodes - 1) {
    throw new RangeError(`topology: the degree must be a whole number from 2 to ${nodes - 1} (one less than there are nodes), is ${degree}`)
  }
}

const edge = (a: number, b: number): Edge => (a < b ? [a, b] : [b, a])
const byNumber = ([a, b]: Edge, [c, d]: Edge): number => a - c || b - d
const distinct = (edges: readonly Edge[]): Edge[] => [...new Map(edges.map((one) => [one.join(), one])).values()].sort(byNumber)
