/**
 * A model of a network of thousands of nodes: how fast blocks reach everybody, how many are lost to forks, and what it costs
 * each node's line, over block time and size.
 *
 * Nodes are numbers here, not real ones: `createSwarm` runs some dozens or a hundred of those, this ten thousand. What is
 * modelled, message by message: gossip's mesh, IHAVE, IWANT and IDONTWANT, the network room's status and fetching, lines that
 * several copies share, TCP's slow start, the time that a node takes for a block, compact blocks; see model-run.ts. Numbers
 * that stand for real things are in options.ts, each with its source.
 *
 * Not modelled: nodes that come, go or lie; loss and congestion beyond a full line; geography (each link is drawn by itself);
 * the difficulty's answer to lost blocks: the time between blocks is of all that are found, also of those that are lost.
 * Payments take no part: what their gossip costs is worked out, not run (`paymentsBytesPerSecond`), and takes nothing from
 * what blocks have of a line. Where both together are more than a line carries, the figures of the blocks are too good.
 *
 * The expected share of blocks that are lost is Decker and Wattenhofer's ("Information propagation in the Bitcoin network",
 * 2013), with t the mean over all hash rate of how long it goes on searching below a height that was reached:
 *
 *   1 − e^(−t ÷ T)
 *
 * A run depends on its options alone: the same seed gives the same figures.
 *
 * @example
 *   const { reachedMs, staleShare } = modelNetwork({ nodes: 10_000, blockMs: 10_000, blockBytes: 200_000 })
 *   const smaller = modelNetwork({ nodes: 10_000, blockMs: 10_000, blockBytes: 200_000, compact: true })
 */
import { Random } from '../random.ts'
import { edgesOf } from '../topology.ts'
import { checkRoom } from '../options.ts'
import type { ChainViews, ModelBlock } from './chain-views.ts'
import { type Graph, graphOf } from './graph.ts'
import { ModelRun } from './model-run.ts'
import { type ModelOptions, type ResolvedModelOptions, resolveModelOptions } from './options.ts'
import { sizesOf } from './sizes.ts'

/** Of the blocks of the chain, ms. */
export interface Reached {
  median: number
  /** Of nineteen blocks in twenty. */
  p95: number
}

export interface ModelFigures {
  /** Blocks that were found. */
  found: number
  /** Until so many of a hundred nodes had a block of the chain; Infinity where so many never did. */
  reachedMs: { 50: Reached; 95: Reached; 99: Reached }
  /** Blocks that are not in the chain at the end, of all. */
  staleShare: number
  /** Its sampling error, one standard deviation. */
  staleError: number
  /** By the equation. */
  expectedStaleShare: number
  /** The equation's t, ms. */
  delayMs: number
  /** Bytes a second of blocks, status and all that belongs to them, over the time in which blocks were found. */
  sentBytesPerSecond: Load
  receivedBytesPerSecond: Load
  /** What gossip of the payments in those blocks costs each node's line besides, each way. */
  paymentsBytesPerSecond: number
  /** Copies of a block that came to a node by gossip. */
  copies: number
  /** Nodes in a node's mesh, on average. */
  meshDegree: number
  /** Steps that the run took. */
  events: number
}

export interface Load {
  mean: number
  /** Of the node that has most. */
  busiest: number
}

/** Heartbeats at which a message is told of, and to how many, as model-run.ts has it. */
const TOLD_TIMES = 18

/** @throws RangeError naming the option and what it must be */
export function modelNetwork(options: ModelOptions): ModelFigures {
  const resolved = resolveModelOptions(options)
  const { nodes, topology, surroundings, seed } = resolved
  const random = new Random(seed).fork('model')
  const edges = edgesOf(topology, nodes, random.fork('topology'))
  checkRoom(edges)
  const graph = graphOf({ nodes, edges, latency: surroundings.latency, random })
  const run = new ModelRun(resolved, graph, random)
  run.run()
  return figuresOf(run, graph, resolved)
}

function figuresOf(run: ModelRun, graph: Graph, options: ResolvedModelOptions): ModelFigures {
  const { nodes, blockMs } = options
  const { blocks } = run.chains
  const chain = run.chains.best()
  const found = blocks.length
  const staleShare = 1 - chain.length / found
  const delayMs = mean(run.chains.heights.map((height) => delayOf(height, options)))
  const elapsedS = (blocks.at(-1)?.foundAtMs ?? 0) / 1_000
  const load = (bytes: Float64Array): Load => ({
    mean: mean([...bytes]) / elapsedS,
    busiest: bytes.reduce((most, one) => Math.max(most, one), 0) / elapsedS,
  })
  const meshDegree = graph.isMesh.reduce((sum, one) => sum + one, 0) / nodes
  const { payments, payment, control } = sizesOf(options)
  const eachPayment = Math.max(1, meshDegree - 1) * payment + Math.min(TOLD_TIMES, 3 * (graph.peer.length / nodes - meshDegree)) * control
  return {
    found,
    reachedMs: { 50: reached(chain, nodes, 0.5), 95: reached(chain, nodes, 0.95), 99: reached(chain, nodes, 0.99) },
    staleShare, staleError: Math.sqrt((staleShare * (1 - staleShare)) / found), expectedStaleShare: -Math.expm1(-delayMs / blockMs), delayMs,
    sentBytesPerSecond: load(run.lines.sentBytes), receivedBytesPerSecond: load(run.lines.receivedBytes),
    paymentsBytesPerSecond: (payments * eachPayment * 1_000) / blockMs,
    copies: run.copies / found / nodes, meshDegree, events: run.events,
  }
}

/** How long the hash rate goes on below a height that is reached, on average, ms. Who never reached it is left out. */
function delayOf({ reachedAtMs, foundAtMs }: ChainViews['heights'][0], { hashShares }: ResolvedModelOptions): number {
  let [sum, shares] = [0, 0]
  for (const [node, at] of reachedAtMs.entries()) {
    const share = hashShares.length === 0 ? 1 : (hashShares[node] ?? 0)
    if (share === 0 || at === Infinity) continue
    sum += share * (at - foundAtMs)
    shares += share
  }
  return sum / shares
}

function reached(chain: readonly ModelBlock[], nodes: number, share: number): Reached {
  const times = chain.map(({ hasAtMs, foundAtMs }) => (hasAtMs.toSorted()[Math.ceil(share * nodes) - 1] ?? Infinity) - foundAtMs).sort((a, b) => a - b)
  const at = (part: number): number => times[Math.max(0, Math.ceil(part * times.length) - 1)] ?? Number.NaN
  return { median: at(0.5), p95: at(0.95) }
}

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0) / numbers.length
