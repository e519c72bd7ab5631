import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { bridgesOf } from '../../src/swarm/bridges.ts'
import { createSwarm } from '../../src/swarm/create-swarm.ts'
import { defaultTopology } from '../../src/swarm/options.ts'
import { Random } from '../../src/swarm/random.ts'
import { type Edge, edgesOf, type Topology } from '../../src/swarm/topology.ts'
import { RunLog } from '../../src/swarm/virtual/run-log.ts'
import type { VirtualSwarm } from '../../src/swarm/virtual/swarm.ts'

/** Those that have a way to each other, in order of their numbers. */
function partsOf(nodes: readonly number[], edges: readonly Edge[]): number[][] {
  const left = new Set(nodes)
  const parts: number[][] = []
  for (const first of left) {
    const part = new Set([first])
    for (const node of part) for (const edge of edges) if (edge.includes(node)) for (const end of edge) if (left.has(end)) part.add(end)
    for (const node of part) left.delete(node)
    parts.push([...part].sort((a, b) => a - b))
  }
  return parts
}

/** Some nodes of a swarm, each in a group, or away. */
const scene = fc.integer({ min: 1, max: 40 }).chain((nodes) => fc.record({
  seed: fc.nat(), nodes: fc.constant(nodes), groups: fc.array(fc.integer({ min: -1, max: 3 }), { minLength: nodes, maxLength: nodes }),
}))

describe('bridges', () => {
  test('make one part of every side of every partition, with whoever is away; not one more than it takes, and none across', () => {
    fc.assert(fc.property(scene, ({ seed, nodes, groups }) => {
      const random = new Random(seed)
      const edges = edgesOf(defaultTopology(nodes), nodes, random)
      const isCut = (a: number, b: number): boolean => groups[a] !== groups[b]
      const running = [...groups.keys()].filter((node) => groups[node] !== -1)
      const sees = ([a, b]: Edge): boolean => !isCut(a, b) && groups[a] !== -1
      const bridges = bridgesOf({ nodes: running, edges, isCut }, random.fork(1))

      const before = partsOf(running, edges.filter(sees)).length
      const sides = [0, 1, 2, 3].map((group) => running.filter((node) => groups[node] === group)).filter((side) => side.length > 0)
      expect(bridges.every(sees)).toBe(true)
      expect(bridges.every(([a, b]) => a < b)).toBe(true)
      expect(partsOf(running, [...edges.filter(sees), ...bridges])).toEqual(sides.toSorted(([a = 0], [b = 0]) => a - b))
      expect(bridges).toHaveLength(before - sides.length)
      expect(bridgesOf({ nodes: running, edges, isCut }, random.fork(1)), 'the same by the seed').toEqual(bridges)
    }), { numRuns: 200 })
  })

  test('are not always the same ones', () => {
    const drawn = (seed: number): string => bridgesOf({ nodes: [0, 1, 2, 3], edges: [], isCut: () => false }, new Random(seed)).join(' ')
    expect(new Set([1, 2, 3, 4, 5, 6, 7, 8].map(drawn)).size).toBeGreaterThan(1)
  })
})

test.each<[number, Topology]>([
  [1, 'full'], [8, 'full'], [9, { kind: 'random', degree: 4 }], [16, { kind: 'random', degree: 4 }], [17, 'random'], [200, 'random'],
])('nobody says who is connected to whom: %i nodes are %j', (nodes, topology) => expect(defaultTopology(nodes)).toEqual(topology))

describe('a swarm of ten', () => {
  const SEEDS = [1, 2, 3]
  const start = async (seed: number, topology?: Topology): Promise<VirtualSwarm> => {
    const swarm = await createSwarm({ nodes: 10, seed, time: 'virtual', latencyMs: 10, ...(topology && { topology }) })
    onTestFinished(() => swarm.stop())
    return swarm
  }
  const tipsOf = (swarm: VirtualSwarm, side: readonly number[]): string[] => [...new Set(side.map((at) => swarm.nodes[at]!.chain.tip.hash))]

  test('agrees on each side of a partition, and on one chain when it is healed; every seed does the same again', async () => {
    const sides = [[0, 1, 2], [3, 4, 5], [6, 7, 8, 9]]
    const run = async (seed: number): Promise<{ hash: string; added: number }> => {
      const swarm = await start(seed)
      const log = new RunLog(swarm)
      const { edges } = swarm
      await swarm.partition(sides)
      for (const [at, side] of sides.entries()) await swarm.mine(side[0]!, at + 1)
      await swarm.run(5_000)
      for (const side of sides) expect(tipsOf(swarm, side), `seed ${seed}, side ${side.join()}`).toHaveLength(1)
      expect(swarm.nodes.map(({ chain }) => chain.tip.height)).toEqual([1, 1, 1, 2, 2, 2, 3, 3, 3, 3])
      await swarm.heal()
      await swarm.converged()
      expect(swarm.nodes.map(({ chain }) => chain.tip.height)).toEqual(Array(10).fill(3))
      expect(swarm.edges.slice(0, edges.length)).toEqual(edges)
      return { hash: log.hash, added: swarm.edges.length - edges.length }
    }
    const runs = await Promise.all(SEEDS.map(run))
    expect(Math.max(...runs.map(({ added }) => added)), 'of these seeds one takes a bridge').toBeGreaterThan(0)
    expect(await Promise.all(SEEDS.map(run))).toEqual(runs)
  })

  test('agrees after kills, and whoever comes back or joins in a partition is connected to those that it sees', async () => {
    const swarm = await start(27) // of 0 to 3 it connects 0 and 1 alone, and not 3 with 4
    expect(swarm.edges.filter(([a, b]) => a < 4 && (b < 4 || String([a, b]) === '3,4'))).toEqual([[0, 1]])
    for (const [end, at] of [['kill', 4], ['kill', 5], ['stop', 6], ['kill', 7], ['kill', 8], ['stop', 9]] as const) {
      await swarm[end](at)
      expect(partsOf(swarm.running, swarm.edges), `after ${end} ${at}`).toEqual([swarm.running])
    }
    await swarm.mine(0)
    await swarm.converged()
    expect(swarm.nodes[3]!.chain.tip.height).toBe(1)

    await swarm.partition([[0, 1], [2, 3], [4]])
    await swarm.restart(4)
    const joined = await swarm.join()
    await swarm.mend(3, 4)
    await swarm.mine(2, 2)
    await swarm.run(5_000)
    expect([0, 1, 2, 3, 4, joined].map((at) => swarm.nodes[at]!.chain.tip.height), '4 is let in by 3, the newcomer is alone').toEqual([1, 1, 3, 3, 3, 0])
  })

  test('obeys a topology that was given: a side falls apart where no edge holds it together', async () => {
    const swarm = await start(1, 'star')
    const { edges } = swarm
    await swarm.partition([[0, 1], [2, 3, 4, 5, 6, 7, 8, 9]])
    await swarm.mine(2)
    await swarm.run(5_000)
    expect([0, 1, 2, 3].map((at) => swarm.nodes[at]!.chain.tip.height)).toEqual([0, 0, 1, 0])
    await swarm.heal()
    expect(swarm.edges).toEqual(edges)
  })

  test('obeys whoever names a newcomer’s neighbours', async () => {
    const swarm = await start(1)
    const joined = await swarm.join({ neighbours: [] })
    await swarm.mine(0)
    await swarm.run(5_000)
    expect(swarm.nodes[joined]!.chain.tip.height).toBe(0)
  })
})
