/** What a swarm can be told, with the default of each in one place. */
import { nameOf } from '../node/node-name.ts'
import type { Identity, NodeOptions } from '../node/options.ts'
import type { LinkConditions } from './links.ts'
import type { ClockSettings } from './node-clock.ts'
import { Random } from './random.ts'
import type { Edge, Topology } from './topology.ts'

/** Conditions of every link; `Swarm.links` sets those of one. */
export interface SwarmOptions extends Partial<LinkConditions> {
  /** How many, 1 to 200. */
  nodes: number
  /** @default 'local': two hashes a block, mined on demand */
  network?: NodeOptions['network']
  /**
   * `memory` connects them without any socket, `tcp` by sockets on 127.0.0.1.
   * @default 'memory'
   */
  transport?: 'memory' | 'tcp'
  /**
   * Who is connected to whom. What is given is obeyed, also where a partition or a kill leaves nodes without a way to each
   * other; of the default, nodes that see each other find one another anew, as on a LAN (bridges.ts).
   * @default 'full' up to 8 nodes; 'random' of degree 4 up to 16, and of degree 6 above
   */
  topology?: Topology
  /**
   * Of keys, names, topology and whatever the links draw. What real threads and sockets do follows from no seed.
   * @default a random one; `Swarm.seed` tells it
   */
  seed?: number | string
  /** How wrong each node's clock is, by its number. @default right */
  clocks?: readonly ClockSettings[]
  /**
   * Folder for the nodes' folders, `0`, `1` and so on, each with what a node keeps.
   * @default none: everything in memory
   */
  folder?: string
  /**
   * `virtual`: simulated time, in which a run follows from its seed, event for event, and an hour passes in seconds; see
   * virtual/swarm.ts for what is real then.
   * @default 'real'
   */
  time?: 'real' | 'virtual'
  /**
   * Hashes a second, by the node's number, in simulated time: how often a node finds blocks, beside the difficulty. As few as
   * tens of all together, for each block is really searched for.
   * @default 0 of each: blocks are found by `mine`
   */
  hashRates?: readonly number[]
  /**
   * Small payments between nodes that own coins, how many a minute on average, 0 to 600; see payments.ts.
   * @default 0
   */
  paymentsPerMinute?: number
  /** Share of a mining thread's time, percent; each node has one thread. @default 100 */
  cpu?: number
  /** @default a silent one */
  log?: NodeOptions['log']
  /** Aborts the start. */
  signal?: AbortSignal
}

export interface ResolvedSwarmOptions extends SwarmOptions {
  topology: Topology
  /** Whether somebody asked for it. */
  isTopologyGiven: boolean
  transport: 'memory' | 'tcp'
  seed: number | string
  time: 'real' | 'virtual'
}

export const MAX_NODES = 200
/** A node's room for connections, as the network room has it. */
const MAX_PEERS = 96
/** Above it, everybody connected to everybody costs more than it shows: a handshake for each pair. */
const MAX_FULL = 8
/** Above it a node has as many neighbours as gossip's mesh. */
const MAX_SMALL = 16
const SMALL: Topology = { kind: 'random', degree: 4 }

/**
 * Checks the options and fills in the defaults. Conditions, clocks and topology are checked where they are used.
 * @throws RangeError naming the option and what it must be
 */
export function resolveSwarmOptions(options: SwarmOptions): ResolvedSwarmOptions {
  const { nodes, clocks = [], seed = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0, transport = 'memory', time = 'real', hashRates = [] } = options
  if (!Number.isInteger(nodes) || nodes < 1 || nodes > MAX_NODES) {
    throw new RangeError(`nodes: must be a whole number from 1 to ${MAX_NODES}`)
  }
  if (!['memory', 'tcp'].includes(transport)) throw new RangeError(`transport: must be memory or tcp, is ${String(transport)}`)
  if (!['real', 'virtual'].includes(time)) throw new RangeError(`time: must be real or virtual, is ${String(time)}`)
  if (time === 'virtual' && transport !== 'memory') throw new RangeError('transport: must be memory in simulated time, which knows no sockets')
  if (time === 'real' && hashRates.length > 0) throw new RangeError("hashRates: are of simulated time alone: give time: 'virtual', or mine")
  if (hashRates.length > nodes) throw new RangeError(`hashRates: there are ${hashRates.length} for ${nodes} nodes`)
  if (clocks.length > nodes) throw new RangeError(`clocks: there are ${clocks.length} for ${nodes} nodes`)
  const { topology = defaultTopology(nodes) } = options
  return { ...options, transport, seed, time, topology, isTopologyGiven: options.topology !== undefined }
}

/** Who is connected to whom where nobody says. */
export const defaultTopology = (nodes: number): Topology => (nodes <= MAX_FULL ? 'full' : nodes <= MAX_SMALL ? SMALL : 'random')

/** @returns the edges. @throws RangeError where a node has more of them than it has room for */
export function checkRoom(edges: readonly Edge[]): readonly Edge[] {
  for (const [node, ends] of Map.groupBy(edges.flat(), (end) => end)) {
    if (ends.length <= MAX_PEERS) continue
    throw new RangeError(`topology: node ${node} would have ${ends.length} connections, a node has room for ${MAX_PEERS}: take random or small-world`)
  }
  return edges
}

/** The conditions that were given. */
export function conditionsOf(options: Partial<LinkConditions>): Partial<LinkConditions> {
  const { latencyMs = 0, jitterMs = 0, loss = 0, bytesPerSecond = Infinity } = options
  return { latencyMs, jitterMs, loss, bytesPerSecond }
}

/** The keys of a node, by the swarm's seed. */
export function identityOf(seed: number | string, node: number): Identity {
  const random = new Random(seed).fork(`identity ${node}`)
  return { peerSeed: random.bytes(32), walletEntropy: random.bytes(16) }
}

/** Two words for a node, by the swarm's seed and unlike those that others have. */
export function swarmName(seed: number | string, node: number, taken: ReadonlySet<string>): string {
  for (let draw = 0; ; draw++) {
    const name = nameOf(`${seed}/${node}/${draw}`)
    if (!taken.has(name)) return name
  }
}
