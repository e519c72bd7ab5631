/**
 * A swarm in simulated time: the same nodes, and the same calls, but time passes only while somebody waits for it, and a run
 * follows from its seed, event for event.
 *
 *   real       the node: chain, storage, mempool, wallet, requests and answers, sync, what is judged and what follows for a
 *              peer, discovery's dials, every rule and every signature, proof of work
 *   simulated  time and clocks (clock.ts); TCP, encryption, streams and gossip (libp2p.ts, gossip.ts); the search for
 *              blocks (mining.ts); the cables, as in a real swarm (links.ts)
 *   left out   threads, sockets, mDNS, HTTP; how long a processor or a disk takes: all work is done in no time
 *
 * Mine by hash rates or by `mine`: a node's own miner, whose threads know no simulated time, refuses (`mining-off`).
 *
 * @example
 *   await using swarm = await createSwarm({ nodes: 20, seed: 7, time: 'virtual', hashRates: Array(20).fill(1), latencyMs: 50 })
 *   await swarm.run(3_600_000)                              // an hour, in a few seconds
 *   await swarm.partition([[0, 1, 2], [3, 4, 5, 6]])
 *   await swarm.runUntil(() => swarm.nodes[3]!.chain.tip.height > 400)
 */
import { type NetworkParams, networkParams } from '../../consensus/params.ts'
import { fromCompact, toCompact, workOf } from '../../consensus/target.ts'
import type { Ground } from '../ground.ts'
import type { ResolvedSwarmOptions } from '../options.ts'
import { Random } from '../random.ts'
import { Swarm } from '../swarm.ts'
import { VirtualTime } from './clock.ts'
import { VirtualLibp2p } from './libp2p.ts'
import { VirtualMining } from './mining.ts'
import { Wires } from './wires.ts'

/** A run begins so long after the genesis block, ms: a clock that is slow is still after it. */
const AFTER_GENESIS_MS = 3_600_000
/** Of a network whose nodes have no hash rates. */
const DEFAULT_DIFFICULTY = 64
/** Hashes for a block that is found in no time; more would take longer than the run that they are for. */
const MAX_DIFFICULTY = 2 ** 20
/** Nothing that a swarm waits for takes longer than this, ms of simulated time. */
const MAX_WAIT_MS = 24 * 3_600_000
/** What a node's own miner says. */
const NO_THREADS =
  'this node lives in simulated time, of which mining threads know nothing: find blocks with swarm.mine(number), or by swarm.setHashRate(number, hashesPerSecond)'

export class VirtualSwarm extends Swarm {
  /** What lies between the nodes: for whoever puts something else among them, such as a liar. Numbers of nodes are taken. */
  readonly wires: Wires<VirtualLibp2p>
  readonly #time: VirtualTime
  readonly #mining: VirtualMining
  readonly #rates: readonly number[]

  /** Nothing is started. @throws RangeError */
  constructor(options: ResolvedSwarmOptions) {
    const { hashRates = [], seed } = options
    const network = networkOf(options.network, hashRates)
    const time = new VirtualTime(network.genesisTimestamp + AFTER_GENESIS_MS)
    const random = new Random(seed).fork('virtual')
    let wires: Wires<VirtualLibp2p> | undefined
    super({ ...options, network, transport: 'memory' }, ({ links }) => {
      wires = new Wires({ time, links })
      return virtualGround(time, random, wires)
    })
    this.wires = wires as unknown as Wires<VirtualLibp2p> // made in that call
    this.#time = time
    this.#rates = hashRates
    const running = (at: number) => (this.nodes[at]?.running === true ? this.nodes[at] : undefined)
    this.#mining = new VirtualMining({ clock: this.clock, random: random.fork('mining'), node: running })
    this.events.on('node:started', ({ node }) => this.#mining.plan(node))
    this.events.on('node:stopped', ({ node }) => this.#mining.stop(node))
    this.events.on('tip:changed', ({ node }) => this.#mining.plan(node))
  }

  /** Since the run began, ms of simulated time. */
  get elapsedMs(): number {
    return this.#time.elapsedMs
  }

  /** Calls that the run has taken so far: what its speed is measured by. */
  get calls(): number {
    return this.#time.calls
  }

  /** Lets so much time pass. @throws the signal's reason */
  async run(ms: number, signal?: AbortSignal): Promise<void> {
    await this.#time.advance(ms, signal)
  }

  /**
   * Lets time pass until something holds.
   * @param maxMs but no longer than this. @default a day
   * @returns whether it holds
   */
  async runUntil(holds: () => boolean, { maxMs = MAX_WAIT_MS, signal }: { maxMs?: number; signal?: AbortSignal } = {}): Promise<boolean> {
    return this.#time.untilHolds(holds, maxMs, signal)
  }

  /** Sets a node's hash rate, hashes a second; 0: it does not mine. @throws RangeError */
  setHashRate(at: number, hashesPerSecond: number): void {
    if (this.nodes[at] === undefined) throw new RangeError(`there is no node ${at}: they are 0 to ${this.nodes.length - 1}`)
    this.#mining.setRate(at, hashesPerSecond)
  }

  /**
   * A node finds blocks now, one after the other, in no time.
   * @throws RangeError for a node that does not run; MiningError `mining-catching-up`
   */
  async mine(at: number, count = 1): Promise<{ height: number; hash: string }[]> {
    const node = this.nodes[at]
    if (node?.running !== true) throw new RangeError(`node ${at} does not run, so it cannot mine`)
    const blocks: { height: number; hash: string }[] = []
    for (let found = 0; found < count; found++) {
      const { height, hash } = await this.#pass('a block', this.#mining.find(node))
      blocks.push({ height, hash })
    }
    return blocks
  }

  override async start(signal?: AbortSignal): Promise<void> {
    for (const [at, rate] of this.#rates.entries()) this.#mining.setRate(at, rate)
    await this.#pass('the start', super.start(signal))
  }

  override partition(groups: readonly (readonly number[])[], signal?: AbortSignal): Promise<void> {
    return this.#pass('the partition', super.partition(groups, signal))
  }

  override cut(a: number, b: number, signal?: AbortSignal): Promise<void> {
    return this.#pass('the cut', super.cut(a, b, signal))
  }

  override mend(a: number, b: number, signal?: AbortSignal): Promise<void> {
    return this.#pass('the mending', super.mend(a, b, signal))
  }

  override heal(signal?: AbortSignal): Promise<void> {
    return this.#pass('the healing', super.heal(signal))
  }

  override kill(at: number): Promise<void> {
    return this.#pass('the kill', super.kill(at))
  }

  override restart(at: number, signal?: AbortSignal): Promise<void> {
    return this.#pass('the restart', super.restart(at, signal))
  }

  override join(options: Parameters<Swarm['join']>[0] = {}): Promise<number> {
    return this.#pass('the joining', super.join(options))
  }

  override async converged(signal?: AbortSignal): Promise<void> {
    await this.#pass('convergence', super.converged(signal))
  }

  override until(holds: () => boolean, signal?: AbortSignal): Promise<void> {
    return this.#pass('what is waited for', super.until(holds, signal))
  }

  override stop(at?: number): Promise<void> {
    return this.#pass('the stop', super.stop(at))
  }

  /** Lets time pass while something is done. */
  #pass<Result>(what: string, work: Promise<Result>): Promise<Result> {
    return this.#time.until(what, work)
  }
}

/** Simulated time, and simulated wires along the links. */
function virtualGround(time: VirtualTime, random: Random, wires: Wires<VirtualLibp2p>): Ground {
  const clock = time.clock()
  const here = new Map<number, VirtualLibp2p>()
  return {
    clock,
    noMining: NO_THREADS,
    carrier: (node) => (options) => {
      const made = new VirtualLibp2p({ node, wires, clock, random: random.fork(`gossip ${node}`) }, options)
      here.set(node, made)
      return made
    },
    tear: (node) => here.get(node)?.kill(),
    held: (what, work) => time.hold(what, work),
  }
}

/** The network asked for; where none is, one whose difficulty fits the hash rates. */
function networkOf(asked: ResolvedSwarmOptions['network'], hashRates: readonly number[]): NetworkParams {
  if (asked !== undefined) return checked(typeof asked === 'string' ? networkParams(asked) : asked)
  const base = networkParams('virtual')
  const rate = hashRates.reduce((sum, each) => sum + each, 0)
  const difficulty = rate > 0 ? Math.max(2, Math.round((rate * base.targetBlockTimeMs) / 1_000)) : DEFAULT_DIFFICULTY
  return checked({ ...base, initialBits: toCompact((1n << 256n) / BigInt(difficulty) - 1n), limitBits: networkParams('local').limitBits })
}

function checked(params: NetworkParams): NetworkParams {
  const difficulty = Number(workOf(fromCompact(params.initialBits).target))
  if (difficulty <= MAX_DIFFICULTY) return params
  throw new RangeError(
    `network: a block of ${params.name} takes ${difficulty} hashes, and in simulated time each is really searched for: ` +
      `give a network of at most ${MAX_DIFFICULTY}, or none, for one that fits the hash rates`,
  )
}
