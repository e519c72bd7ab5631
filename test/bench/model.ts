/**
 * What the model of a network takes a node for, beside what a node is: the time of a hop (model/tasks.ts says how), and how
 * long a block is on its way through twenty real nodes in real time, beside the model on the same edges.
 *
 * All twenty are in one process on a few cores, which the model does not know: the nearer everybody is, the more of the time
 * is theirs.
 */
import { modelNetwork } from '../../src/swarm/model/model-network.ts'
import { MEASURED_HOP } from '../../src/swarm/model/options.ts'
import { Random } from '../../src/swarm/random.ts'
import { edgesOf, type Topology } from '../../src/swarm/topology.ts'
import { type Benchmark, figureOf } from './figure.ts'
import type { Hops, Spread } from './model/tasks.ts'
import { runTask } from './task.ts'

const TASKS = new URL('./model/tasks.ts', import.meta.url)
const [SEED, NODES, LATENCY_MS, BLOCKS] = [7, 20, 100, 12]
const GRAPHS: Record<string, Topology> = { 'six random peers each': { kind: 'random', degree: 6 }, 'in a ring': { kind: 'random', degree: 2 } }
/** Payments of a block, and rounds: the hop's line in the model is laid through these. */
const HOPS = [
  { size: '1 kB', payments: 5, rounds: 12, warmUp: 5 },
  { size: '200 kB', payments: 1_250, rounds: 6, warmUp: 3 },
  { size: '1 MB', payments: 6_500, rounds: 3, warmUp: 2 },
]

export const benchmark: Benchmark = async (report) => {
  for (const { size, ...options } of HOPS) {
    const { bytes, ms } = runTask<Hops>(TASKS, 'hops', options)
    const modelled = MEASURED_HOP.ms + (bytes * MEASURED_HOP.msPerMegabyte) / 1e6
    report(figureOf({ name: `block of ${size}: a hop, beside the model's`, unit: 'ms', runs: ms, limitRuns: [modelled] }))
  }

  for (const [what, topology] of Object.entries(GRAPHS)) {
    const edges = edgesOf(topology, NODES, new Random(SEED))
    const { halfMs, mostMs } = runTask<Spread>(TASKS, 'spread', { nodes: NODES, seed: SEED, latencyMs: LATENCY_MS, edges, blocks: BLOCKS })
    const { reachedMs } = modelNetwork({
      nodes: NODES, blocks: BLOCKS * 10, blockMs: 60_000, blockBytes: 1_000, seed: SEED, topology: { kind: 'given', edges },
      surroundings: { latency: { medianMs: LATENCY_MS, sigma: 0 }, line: { uploadBytesPerSecond: Infinity, downloadBytesPerSecond: Infinity, slowStart: false } },
    })
    const name = (share: string): string => `block of 1 kB → ${share} of ${NODES} real nodes, ${what}, beside the model`
    report(figureOf({ name: name('50 %'), unit: 'ms', runs: halfMs, limitRuns: [reachedMs[50].median] }))
    report(figureOf({ name: name('95 %'), unit: 'ms', runs: mostMs, limitRuns: [reachedMs[95].median] }))
  }
}
