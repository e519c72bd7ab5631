/** What a swarm's page makes of nodes and blocks: the tree, who stands where, the parts, and the story. */
import { describe, expect, test } from 'vitest'
import type { SwarmBlock, SwarmEdge, SwarmNode } from '../../src/swarm-http/api.ts'
import { dividedBy, drawnParts, halfOf, livingParts, withoutOthers } from '../../src/web/swarm/parts.ts'
import { followFork, NO_FORK, storyOf } from '../../src/web/swarm/story.ts'
import { EMPTY_VIEW, viewOf } from '../../src/web/swarm/swarm-view.ts'

/**
 * Blocks by name, each after its parent:
 *
 *   g ── a1 ── a2 ── a3 ── a4
 *     └─ b1 ── b2 ── b3
 */
const blocks = new Map<string, SwarmBlock>()
for (const line of ['g', 'a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'b3']) {
  const height = Number(line.slice(1) || 0)
  const parent = height === 0 ? '' : height === 1 ? 'g' : `${line[0]}${height - 1}`
  blocks.set(line, { hash: line, parent, height, timestamp: 0, miner: line[0] ?? '', node: null, transactionCount: 0, work: height.toString(16) })
}

/** Nodes by the names of their tips; one in brackets does not run. */
const nodesAt = (...tips: string[]): SwarmNode[] => tips.map((tip, node) => {
  const hash = tip.replace(/[()]/g, '')
  return {
    node, name: `n${node}`, account: '', running: hash === tip, mining: false, height: blocks.get(hash)?.height ?? 0, tip: hash, mined: 0,
  }
})
const edge = (a: number, b: number, state: SwarmEdge['state'] = 'connected'): SwarmEdge => ({ nodes: [a, b], state, conditions: null })
const hashes = (list: readonly SwarmBlock[]): string => list.map(({ hash }) => hash).join(' ')

describe('the tree', () => {
  test('one branch: the line leads to its end, and who lags behind is on it', () => {
    const { best, branches, standing, side } = viewOf(nodesAt('a3', 'a2', 'a3'), blocks)
    expect(hashes(best)).toBe('g a1 a2 a3')
    expect(branches.map(({ tip, nodes, fork }) => [tip.hash, nodes, fork])).toEqual([['a3', [0, 1, 2], 0]])
    expect([...standing]).toEqual([['a3', [0, 2]], ['a2', [1]]])
    expect([...side.keys()].sort()).toEqual(['a4', 'b1', 'b2', 'b3'])
  })

  test('two branches: each has its nodes, and what they share is nobody’s', () => {
    const { best, branches, held } = viewOf(nodesAt('a2', 'b3', 'b2', 'g', '(a4)'), blocks)
    expect(hashes(best)).toBe('g b1 b2 b3')
    expect(branches.map(({ tip, nodes, fork }) => [tip.hash, nodes, fork])).toEqual([['b3', [1, 2], 0], ['a2', [0], 0]])
    expect([...held].sort()).toEqual(['a1', 'a2', 'b1', 'b2', 'b3', 'g'])
  })

  test('the upper line stays while somebody stands on it, and only then the other branch takes its place', () => {
    const first = viewOf(nodesAt('a2', 'b1'), blocks)
    expect(hashes(first.best)).toBe('g a1 a2')
    const overtaken = viewOf(nodesAt('a2', 'b3'), blocks, first)
    expect(hashes(overtaken.best)).toBe('g a1 a2')
    const grown = viewOf(nodesAt('a3', 'b3'), blocks, overtaken)
    expect(hashes(grown.best)).toBe('g a1 a2 a3')
    expect(hashes(viewOf(nodesAt('b3', 'b3'), blocks, grown).best)).toBe('g b1 b2 b3')
  })

  test('nobody runs, or a tip is not known: what was seen last stays', () => {
    const before = viewOf(nodesAt('a2'), blocks)
    expect(hashes(viewOf(nodesAt('(a2)'), blocks, before).best)).toBe('g a1 a2')
    expect(viewOf(nodesAt('unknown'), blocks).branches).toEqual([])
  })
})

describe('the parts', () => {
  const nodes = nodesAt('g', 'g', 'g', '(g)', 'g')

  test('cuts part it; a node that does not run joins nobody', () => {
    const edges = [edge(0, 1), edge(1, 2, 'cut'), edge(2, 3, 'apart'), edge(3, 4, 'apart')]
    expect(drawnParts(nodes, edges)).toEqual([[0, 1], [2, 3, 4]])
    expect(livingParts(nodes, edges)).toEqual([[0, 1], [2], [4]])
    expect(livingParts([], [])).toEqual([])
  })

  test('groups for a partition: the chosen alone, the others as before; or each part along a line', () => {
    expect(withoutOthers(new Set([3, 1]), [[0, 1, 2], [3, 4]])).toEqual([[1, 3], [0, 2], [4]])
    expect(withoutOthers(new Set([3, 4]), [[0, 1, 2], [3, 4]])).toEqual([[3, 4], [0, 1, 2]])
    expect(dividedBy((node) => node < 1, [[0, 1], [2, 3]])).toEqual([[0], [1], [2, 3]])
  })
})

test('a half is of nodes that reach each other', () => {
  const ring = [edge(0, 3), edge(3, 1), edge(1, 4), edge(4, 2), edge(2, 5), edge(5, 0)]
  expect(halfOf([0, 1, 2, 3, 4, 5], ring).sort()).toEqual([0, 3, 5])
  expect(halfOf([0, 1, 2], [edge(0, 1), edge(1, 2), edge(0, 2, 'cut')])).toEqual([0, 1])
  expect(halfOf([4], [])).toEqual([4])
  expect(halfOf([], [])).toEqual([])
})

describe('the story', () => {
  const tell = (tips: string[], edges: SwarmEdge[] = [edge(0, 1), edge(1, 2)], fork = NO_FORK) => {
    const nodes = nodesAt(...tips)
    return storyOf(livingParts(nodes, edges), viewOf(nodes, blocks), fork)
  }

  test('nothing yet, a block that spreads, all agree', () => {
    expect(tell(['(g)', '(g)', '(g)'])).toEqual({ kind: 'none' })
    expect(tell(['g', 'g', 'g'])).toEqual({ kind: 'genesis' })
    expect(tell(['a1', 'a1', 'g'])).toEqual({ kind: 'spreading', height: 1, have: 2, of: 3 })
    expect(tell(['a1', 'a1', 'a1'])).toEqual({ kind: 'agreed', height: 1, settled: undefined })
  })

  test('parted, with one branch yet or two; two branches in a network that is whole', () => {
    const parted = [edge(0, 1), edge(1, 2, 'cut')]
    expect(tell(['a1', 'a1', 'a1'], parted)).toMatchObject({ kind: 'parted', parts: [[0, 1], [2]], branches: [{}] })
    expect(tell(['a1', 'a1', 'b1'], parted)).toMatchObject({ kind: 'parted', branches: [{}, {}] })
    expect(tell(['a1', 'a1', 'b1'])).toMatchObject({ kind: 'forked', branches: [{}, {}] })
  })

  test('a fork that has ended says how many blocks left and came', () => {
    const during = followFork(NO_FORK, viewOf(nodesAt('a2', 'b3', 'b3'), blocks), blocks)
    expect(during).toEqual({ open: ['b3', 'a2'], settled: undefined })
    const after = followFork(during, viewOf(nodesAt('b3', 'b3', 'b3'), blocks), blocks)
    expect(after).toEqual({ open: [], settled: { left: 2, entered: 3, ancestor: 0 } })
    expect(followFork(after, viewOf(nodesAt('b3', 'b3', 'b3'), blocks), blocks)).toBe(after)
    expect(tell(['b3', 'b3', 'b3'], undefined, after)).toMatchObject({ kind: 'agreed', settled: { left: 2, entered: 3 } })
    expect(followFork(after, EMPTY_VIEW, blocks)).toBe(after)
  })
})
