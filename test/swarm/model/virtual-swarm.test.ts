/**
 * The model beside real nodes in simulated time, on one graph with the same lengths of links. What differs is chance: which
 * links are in the mesh, who finds a block and when. Both follow from their seeds, so neither the figures nor the error of
 * the one beside the other ever change.
 */
import { expect, test } from 'vitest'
import { createSwarm } from '../../../src/swarm/create-swarm.ts'
import { graphOf } from '../../../src/swarm/model/graph.ts'
import { modelNetwork } from '../../../src/swarm/model/model-network.ts'
import { Random } from '../../../src/swarm/random.ts'
import { Record } from '../../../src/swarm/record.ts'
import { edgesOf, type Topology } from '../../../src/swarm/topology.ts'

const [SEED, NODES, BLOCKS] = [7, 30, 20]
const LATENCY = { medianMs: 80, sigma: 0.5 }
/** Nodes in simulated time take none for their work. */
const NO_WORK = { ms: 0, msPerMegabyte: 0 }

/** Median of the time in which blocks of real nodes came to a share of them, ms. */
async function virtual(topology: Topology, shares: number[]): Promise<number[]> {
  const edges = edgesOf(topology, NODES, new Random(SEED))
  const graph = graphOf({ nodes: NODES, edges, latency: LATENCY, random: new Random(SEED).fork('model') })
  await using swarm = await createSwarm({ nodes: NODES, seed: SEED, time: 'virtual', topology: { kind: 'given', edges } })
  for (const [end, peer] of graph.peer.entries()) {
    swarm.links.set(graph.peer[graph.back[end] ?? 0] ?? 0, peer, { latencyMs: graph.latencyMs[end] ?? 0 })
  }
  await swarm.run(5_000) // meshes stand
  const record = new Record(swarm)
  const finders = new Random(SEED).fork('finders')
  for (let block = 0; block < BLOCKS; block++) {
    await swarm.mine(finders.whole(NODES))
    await swarm.run(3_000)
  }
  return shares.map((share) => median(record.blocks.map((block) => record.reachedMs(block, share) ?? Infinity)))
}

const median = (numbers: number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN

test.each([
  ['random peers', { kind: 'random', degree: 8 }],
  ['a ring', 'ring'],
] satisfies [string, Topology][])('%s: a block is with half and nearly all of the nodes when it is with real ones', async (_, topology) => {
  const [half, most] = await virtual(topology, [0.5, 0.95])
  const { reachedMs } = modelNetwork({
    nodes: NODES, blocks: BLOCKS * 4, blockMs: 60_000, blockBytes: 600, seed: SEED, hop: NO_WORK,
    topology: { kind: 'given', edges: edgesOf(topology, NODES, new Random(SEED)) },
    surroundings: { latency: LATENCY, line: { uploadBytesPerSecond: Infinity, downloadBytesPerSecond: Infinity, slowStart: false } },
  })
  expect(Math.abs(reachedMs[50].median / (half ?? 0) - 1)).toBeLessThan(0.1)
  expect(Math.abs(reachedMs[95].median / (most ?? 0) - 1)).toBeLessThan(0.1)
})
