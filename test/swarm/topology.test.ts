import { describe, expect, test } from 'vitest'
import { Random } from '../../src/swarm/random.ts'
import { type Edge, edgesOf, neighboursOf, parseTopology, type Topology } from '../../src/swarm/topology.ts'

const drawn = (topology: Topology, nodes: number, seed = 7): Edge[] => edgesOf(topology, nodes, new Random(seed))

const isConnected = (nodes: number, edges: readonly Edge[]): boolean => {
  const reached = new Set([0])
  for (const node of reached) for (const other of neighboursOf(node, edges)) reached.add(other)
  return reached.size === nodes
}

describe('topologies', () => {
  test('the plain ones', () => {
    expect(drawn('full', 4)).toEqual([[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]])
    expect(drawn('ring', 4)).toEqual([[0, 1], [0, 3], [1, 2], [2, 3]])
    expect(drawn('line', 4)).toEqual([[0, 1], [1, 2], [2, 3]])
    expect(drawn('star', 4)).toEqual([[0, 1], [0, 2], [0, 3]])
  })

  const named = ['full', 'ring', 'line', 'star', 'random', 'small-world'] as const
  test.each(named)('%s connects 1 to 40 nodes, each pair once, in order', (topology) => {
    for (let nodes = 1; nodes <= 40; nodes++) {
      const edges = drawn(topology, nodes)
      expect(isConnected(nodes, edges), `${nodes} nodes`).toBe(true)
      expect(new Set(edges.map(String)).size).toBe(edges.length)
      for (const [a, b] of edges) expect(a).toBeLessThan(b)
    }
  })

  test('random: of about the degree asked for, by the seed', () => {
    for (const degree of [3, 6, 8]) {
      const edges = drawn({ kind: 'random', degree }, 100)
      const degrees = Array.from({ length: 100 }, (_, node) => neighboursOf(node, edges).length)
      expect(Math.max(...degrees)).toBeLessThanOrEqual(degree)
      expect(degrees.reduce((sum, one) => sum + one, 0) / 100).toBeGreaterThan(degree * 0.9)
    }
    expect(drawn('random', 100, 7)).toEqual(drawn('random', 100, 7))
    expect(drawn('random', 100, 7)).not.toEqual(drawn('random', 100, 8))
  })

  test('small world: nearest neighbours, of which a share leads elsewhere', () => {
    const lattice = drawn({ kind: 'small-world', degree: 4, rewired: 0 }, 50)
    expect(neighboursOf(10, lattice)).toEqual([8, 9, 11, 12])
    const edges = drawn({ kind: 'small-world', degree: 4, rewired: 0.2 }, 50)
    expect(edges).toHaveLength(lattice.length)
    const kept = edges.filter((one) => lattice.some((other) => String(one) === String(other))).length
    expect(kept / edges.length).toBeGreaterThan(0.65)
    expect(kept / edges.length).toBeLessThan(0.95)
  })

  test('given: each edge once, whichever way round it is written', () => {
    expect(drawn({ kind: 'given', edges: [[2, 1], [0, 1], [1, 2]] }, 3)).toEqual([[0, 1], [1, 2]])
  })

  test.each<[Topology, string]>([
    [{ kind: 'random', degree: 1 }, 'the degree must be a whole number from 2 to 4 (one less than there are nodes), is 1'],
    [{ kind: 'random', degree: 5 }, 'the degree must be a whole number from 2 to 4 (one less than there are nodes), is 5'],
    [{ kind: 'small-world', degree: 3, rewired: 0 }, 'the degree of a small world must be even, is 3'],
    [{ kind: 'small-world', degree: 2, rewired: 2 }, 'rewired must be a share of the edges, 0 to 1, is 2'],
    [{ kind: 'given', edges: [[0, 5]] }, 'edge 0-5: there is no node 5, they are 0 to 4'],
    [{ kind: 'given', edges: [[1, 1]] }, 'edge 1-1 leads from a node to itself'],
    [{ kind: 'given', edges: [[0, 1], [2, 3], [3, 4]] }, 'no way leads from node 0 to node 2: give an edge to it'],
  ])('refuses %j of 5 nodes', (topology, message) => {
    expect(() => drawn(topology, 5)).toThrow(RangeError)
    expect(() => drawn(topology, 5)).toThrow(message)
  })

  test('small world: drawn again until it is connected', () => {
    for (let seed = 0; seed < 20; seed++) {
      expect(isConnected(30, drawn({ kind: 'small-world', degree: 2, rewired: 1 }, 30, seed))).toBe(true)
    }
  })
})

describe('a topology as text', () => {
  test.each<[string, Topology]>([
    ['ring', 'ring'],
    ['random', 'random'],
    ['random:8', { kind: 'random', degree: 8 }],
    ['small-world', 'small-world'],
    ['small-world:6:0.2', { kind: 'small-world', degree: 6, rewired: 0.2 }],
    ['0-1', { kind: 'given', edges: [[0, 1]] }],
    ['0-1,1-12', { kind: 'given', edges: [[0, 1], [1, 12]] }],
  ])('%s', (text, topology) => expect(parseTopology(text)).toEqual(topology))

  test.each(['', 'rings', 'ring:3', 'random:x', 'random:3:4', 'small-world:4', 'small-world:4:0.1:7', '0-1,', '0-1-2', 'given'])(
    'refuses "%s"', (text) => expect(() => parseTopology(text)).toThrow(`topology: "${text}" is none: there are full, ring`),
  )
})
