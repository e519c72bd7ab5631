/**
 * What a model can be told, with the default of each in one place, and where the numbers come from.
 *
 *   hop        measured on real nodes: `node --expose-gc test/bench/model/tasks.ts`, which says how
 *   LAN        cables and Wi-Fi together: most links a few ms, one in a hundred above 20 (the radio hop of a crowded campus
 *              is worse: Pei and others, "WiFi can be the weakest link of round trip network latency in the wild",
 *              INFOCOM 2016, find half of it above 20 ms); 100 Mbit/s
 *   INTERNET   assumed, of the size that the King data set has between 1 740 hosts (Dabek and others, "Vivaldi", SIGCOMM
 *              2004): round trips of a median of 160 ms and a mean near 180, lognormal with σ 0.5, half of it one way. Lines
 *              of a plain home: 10 Mbit/s up, 50 down
 */
import type { Topology } from '../topology.ts'
import type { Latency } from './graph.ts'
import type { Line, Sending } from './lines.ts'

/** What a node does with a block before it passes it on: `ms + bytes × msPerMegabyte ÷ 1 000 000`. */
export interface Hop {
  ms: number
  msPerMegabyte: number
}

/** What lies between the nodes. */
export interface Surroundings {
  latency: Latency
  line: Line
}

export interface ModelOptions {
  /** How many, 2 to 100 000. */
  nodes: number
  /** Mean time between two blocks that anybody finds, ms. */
  blockMs: number
  /** Of every block. */
  blockBytes: number
  /** Blocks that are found in a run. @default 100 */
  blocks?: number
  /** @default 'internet' */
  surroundings?: 'lan' | 'internet' | Surroundings
  /** Who is connected to whom, as discovery made it. @default random, of 16, or everybody where there are fewer */
  topology?: Topology
  /** Share of the hash rate by the node's number; those that are not named have none. @default all the same */
  hashShares?: readonly number[]
  /** @default as measured */
  hop?: Hop
  /**
   * Blocks travel as header and short ids of their payments (BIP 152, Corallo 2016), in gossip's mesh and checked whole
   * before they go on; who lacks payments asks the sender for them.
   * @default false
   */
  compact?: boolean
  /** How often a node has all of a block's payments when it comes, 0 to 1. Else it lacks two in a hundred. @default 0.9 */
  completeShare?: number
  /** In what order a line carries the copies of one block. @default 'fairly', as TCP does */
  sending?: Sending
  /** Whoever finds a block sends it to every peer at once, in the mesh or not, as network/libp2p.ts has it. @default true */
  floodPublish?: boolean
  /** @default 1 */
  seed?: number | string
}

export type ResolvedModelOptions = Required<ModelOptions> & { surroundings: Surroundings }

export const LAN: Surroundings = {
  latency: { medianMs: 2, sigma: 1 },
  line: { uploadBytesPerSecond: 12_500_000, downloadBytesPerSecond: 12_500_000, slowStart: true },
}

export const INTERNET: Surroundings = {
  latency: { medianMs: 80, sigma: 0.5 },
  line: { uploadBytesPerSecond: 1_250_000, downloadBytesPerSecond: 6_250_000, slowStart: true },
}

const SURROUNDINGS: Partial<Record<string, Surroundings>> = { lan: LAN, internet: INTERNET }

/**
 * A straight line between the least and the median of task `hops`, on two shared and busy cores of an AMD EPYC, Node 24.21: 1.3
 * and 1.9 ms for a block of 932 bytes, 15 and 27 ms for 200 132, 68 and 76 to 157 ms for 1 040 132. The check alone takes 0.5,
 * 11 and 47 ms of it (medians of task `checks`).
 */
export const MEASURED_HOP: Hop = { ms: 1.5, msPerMegabyte: 90 }

/** As many as a node dials until it stops (TARGET_PEERS of the network room). */
const DEGREE = 16
const MOST_NODES = 100_000
/** A block of a run takes some 40 bytes of memory a node, and a kilobyte. */
const [MOST_NODE_BLOCKS, MOST_BLOCKS] = [10_000_000, 100_000]
/** A small world of more takes minutes to draw, and everybody connected to everybody more memory than there is. */
const MOST_IN = { full: 97, 'small-world': 10_000 }
/** Header and miner of a block without payments. */
export const EMPTY_BLOCK_BYTES = 132
/** What a node of today takes at most. */
const MOST_BLOCK_BYTES = 1_048_576

/** Checks the options and fills in the defaults. @throws RangeError naming the option and what it must be */
export function resolveModelOptions(options: ModelOptions): ResolvedModelOptions {
  const {
    nodes, blockMs, blockBytes, blocks = 100, surroundings: asked = 'internet', hop = MEASURED_HOP, compact = false, completeShare = 0.9,
    sending = 'fairly', floodPublish = true, seed = 1, hashShares = [],
  } = options
  whole('nodes', nodes, 2, MOST_NODES)
  whole('blocks', blocks, 1, Math.min(MOST_BLOCKS, Math.floor(MOST_NODE_BLOCKS / nodes)))
  whole('blockBytes', blockBytes, EMPTY_BLOCK_BYTES, MOST_BLOCK_BYTES)
  within('blockMs', blockMs, 1, 86_400_000)
  within('completeShare', completeShare, 0, 1)
  within('hop.ms', hop.ms, 0, 60_000)
  within('hop.msPerMegabyte', hop.msPerMegabyte, 0, 60_000)
  const surroundings = typeof asked === 'string' ? SURROUNDINGS[asked] : asked
  if (surroundings === undefined) throw new RangeError(`surroundings: must be lan, internet, or a latency and a line, is ${String(asked)}`)
  const { latency, line } = surroundings
  within('latency.medianMs', latency.medianMs, 0, 60_000)
  within('latency.sigma', latency.sigma, 0, 3)
  atLeastOne('uploadBytesPerSecond', line.uploadBytesPerSecond)
  atLeastOne('downloadBytesPerSecond', line.downloadBytesPerSecond)
  if (!['fairly', 'in turn'].includes(sending)) throw new RangeError(`sending: must be fairly or in turn, is ${String(sending)}`)
  if (hashShares.length > nodes) throw new RangeError(`hashShares: there are ${hashShares.length} for ${nodes} nodes`)
  for (const share of hashShares) within('hashShares', share, 0, 1e15)
  if (hashShares.length > 0 && !hashShares.some((share) => share > 0)) throw new RangeError('hashShares: nobody mines: give one above 0')
  const topology = options.topology ?? (nodes <= DEGREE + 1 ? 'full' : { kind: 'random', degree: DEGREE } as const)
  const kind = typeof topology === 'string' ? topology : topology.kind
  const most = kind === 'full' || kind === 'small-world' ? MOST_IN[kind] : MOST_NODES
  if (nodes > most) throw new RangeError(`topology: ${kind} takes at most ${most} nodes, there are ${nodes}: take random`)
  return { nodes, blockMs, blockBytes, blocks, surroundings, topology, hashShares, hop, compact, completeShare, sending, floodPublish, seed }
}

function whole(name: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new RangeError(`${name}: must be a whole number from ${least} to ${most}, is ${value}`)
  }
}

function within(name: string, value: number, least: number, most: number): void {
  if (!(value >= least && value <= most)) throw new RangeError(`${name}: must be from ${least} to ${most}, is ${value}`)
}

/** Infinity: a line that takes no time. */
function atLeastOne(name: string, value: number): void {
  if (!(value >= 1)) throw new RangeError(`${name}: must be at least 1, is ${value}`)
}
