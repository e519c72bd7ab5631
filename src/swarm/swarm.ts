/**
 * Many real nodes in one process, and the network between them to bend: the same chain, mempool, gossip, sync and wallet
 * as `cairn start`.
 *
 *   real       everything that a node does; its threads, its files where there is a folder, its sockets where the
 *              transport is TCP; the time that all of it takes
 *   modelled   the cables: latency, jitter, loss and bandwidth (links.ts, by cable.ts); that a cut ends connections at
 *              once; the wrong clocks (node-clock.ts); a kill, whose files are what a killed process leaves (killed-folder.ts)
 *   left out   discovery: nodes dial along the topology, and anew where it is the default and falls apart (bridges.ts)
 *
 * In simulated time it is another swarm: virtual/swarm.ts.
 *
 * Start, in order: keys and names by the seed → all nodes at once → every edge is dialled. Whatever fails stops what had
 * started. Keys, names, topology and what the links draw follow from the seed; what happens when does not, for threads
 * and sockets take the time that they take.
 *
 * @example
 *   await using swarm = await createSwarm({ nodes: 4, latencyMs: 20, seed: 7 })
 *   swarm.events.on('block:found', ({ node, height }) => console.log(`node ${node} found block ${height}`))
 *   await swarm.partition([[0, 1], [2, 3]])
 *   await Promise.all([swarm.nodes[0]?.mine(3), swarm.nodes[2]?.mine(5)])
 *   await swarm.heal()
 *   await swarm.converged()
 */
import { EventEmitter } from 'node:events'
import { join } from 'node:path'
import type { Clock } from '../chain/clock.ts'
import { createNode, type Node } from '../node/node.ts'
import type { NodeOptions } from '../node/options.ts'
import { until } from '../node/until.ts'
import { Cabling } from './cabling.ts'
import { EdgeEnds } from './edge-ends.ts'
import { type Ground, type GroundComponents, realGround } from './ground.ts'
import { keepAsKilled } from './killed-folder.ts'
import { Links } from './links.ts'
import { type ClockSettings, NodeClock } from './node-clock.ts'
import { checkRoom, conditionsOf, identityOf, MAX_NODES, type ResolvedSwarmOptions, swarmName } from './options.ts'
import { Payments } from './payments.ts'
import { Random } from './random.ts'
import type { SwarmEvents } from './swarm-events.ts'
import { type Edge, edgesOf, newNeighbours } from './topology.ts'
import { watchNode } from './watch-node.ts'

export class Swarm {
  readonly events = new EventEmitter<SwarmEvents>()
  /** Conditions and cuts. To partition and heal, ask the swarm: it waits for what follows. */
  readonly links: Links
  readonly seed: number | string
  /** Makes every clock of the swarm; the nodes' own may be wrong. */
  readonly clock: Clock
  /** A traffic of small payments between the nodes, where one was asked for. */
  readonly payments: Payments
  readonly #options: ResolvedSwarmOptions
  readonly #random: Random
  readonly #nodes: Node[] = []
  readonly #clocks: NodeClock[] = []
  readonly #names = new Set<string>()
  /** By peer id: the number of a node that has run. */
  readonly #numbers = new Map<string, number>()
  readonly #ground: Ground
  readonly #cabling: Cabling
  readonly #ends = new EdgeEnds()
  /** Nodes that are being started or stopped: one after the other. */
  readonly #turns = new Map<number, Promise<void>>()

  /**
   * Nothing is started.
   * @param ground what time passes by, and what carries the connections. @default the machine's own
   * @throws RangeError
   */
  constructor(options: ResolvedSwarmOptions, ground: (components: GroundComponents) => Ground = realGround) {
    const { nodes, seed, topology, isTopologyGiven } = options
    this.events.setMaxListeners(0) // one a wait, however many wait
    this.#options = options
    this.seed = seed
    this.#random = new Random(seed)
    this.links = new Links({ conditions: conditionsOf(options), random: this.#random.fork('links') })
    this.#ground = ground({ links: this.links, nodeOf: (peerId) => this.#numbers.get(peerId) })
    this.clock = this.#ground.clock
    const edges = checkRoom(edgesOf(topology, nodes, this.#random.fork('topology')))
    const components = { clock: this.clock, links: this.links, node: (at: number) => this.#node(at), running: () => this.running }
    this.#cabling = new Cabling(components, edges, isTopologyGiven ? undefined : this.#random.fork('bridges'))
    this.payments = new Payments({ swarm: this, random: this.#random.fork('payments') }, options.paymentsPerMinute)
    for (let at = 0; at < nodes; at++) this.#make()
    this.links.onChange((change) => {
      this.events.emit('links:changed', { at: this.clock.now(), change })
      const work = change === 'cut' ? this.#cabling.bridge() : change === 'healed' ? this.#cabling.connect() : undefined
      work?.catch(() => {}) // whoever cuts or heals by the swarm hears of it
    })
  }

  /** By number; a killed node is there still, and not `running`. */
  get nodes(): readonly Node[] {
    return this.#nodes
  }

  /** Who is connected to whom while no link is cut; bridges that partitions and kills led to are among them, and stay. */
  get edges(): readonly Edge[] {
    return this.#cabling.edges
  }

  /** Numbers of the nodes that run. */
  get running(): number[] {
    return [...this.#nodes.keys()].filter((at) => this.#node(at).running)
  }

  /** Starts all nodes, and resolves when they are connected. */
  async start(signal?: AbortSignal): Promise<void> {
    await Promise.all([...this.#nodes.keys()].map((at) => this.#inTurn(at, () => this.#start(at, signal))))
    await this.#cabling.connect(undefined, signal)
    this.payments.start()
  }

  /**
   * Parts the network: only nodes of one group reach each other, and a node in no group is alone. Connections between
   * groups end at once. Nodes of a group that have no way to each other any more connect anew, as on a LAN, where they see
   * each other still. Only where a topology was given it is obeyed, so that a group may fall apart.
   * @throws RangeError for a node that is none or in two groups; as `restart`
   */
  async partition(groups: readonly (readonly number[])[], signal?: AbortSignal): Promise<void> {
    for (const at of groups.flat()) this.#node(at)
    this.links.partition(groups)
    await this.#apart(signal)
  }

  /** Cuts the link of two nodes, until `heal`; if it was the last way between nodes, as `partition`. @throws as `partition` */
  async cut(a: number, b: number, signal?: AbortSignal): Promise<void> {
    this.#node(a)
    this.#node(b)
    this.links.cut(a, b)
    await this.#apart(signal)
  }

  /** Ends the cut of one link, also one that a partition makes; resolves when its nodes are connected. @throws as `restart` */
  async mend(a: number, b: number, signal?: AbortSignal): Promise<void> {
    for (const at of [a, b]) this.#node(at)
    this.links.mend(a, b)
    await this.#cabling.connect(b, signal)
  }

  /** Ends every partition and cut; resolves when all are connected again. @throws the signal's reason */
  async heal(signal?: AbortSignal): Promise<void> {
    this.links.heal()
    await this.#cabling.connect(undefined, signal)
  }

  /**
   * Ends a node as if its process had been killed: its connections break with no word, and nothing is finished. In memory
   * everything is lost but its keys, which follow from the seed; with a folder, the files are what a killed process leaves.
   * @throws RangeError for a node that is none; as `restart`: what it leaves apart connects anew, as after `partition`
   */
  async kill(at: number): Promise<void> {
    await this.#inTurn(at, () => this.#stop(at, true))
    await this.#cabling.bridge()
  }

  /**
   * Starts a node that does not run, and connects it; one that runs is stopped in order before. `nodes[at]` stays the same.
   * @throws RangeError for a node that is none; whatever its start throws; the signal's reason
   */
  async restart(at: number, signal?: AbortSignal): Promise<void> {
    await this.#inTurn(at, async () => {
      await this.#stop(at, false)
      await this.#start(at, signal)
    })
    await this.#cabling.connect(at, signal)
  }

  /**
   * Adds a node, starts and connects it.
   * @param neighbours whom it is connected to. @default in a full topology everybody; else as many as the others have, drawn
   * @returns its number
   * @throws RangeError; as `restart`
   */
  async join({ neighbours, signal }: { neighbours?: readonly number[]; signal?: AbortSignal } = {}): Promise<number> {
    const at = this.#nodes.length
    if (at >= MAX_NODES) throw new RangeError(`join: there are ${MAX_NODES} nodes, no more fit`)
    for (const other of neighbours ?? []) this.#node(other)
    const chosen = neighbours ?? newNeighbours(this.#options.topology, this.running, at, this.edges, this.#random.fork(`join ${at}`))
    const added = chosen.map((other): Edge => [other, at])
    checkRoom([...this.edges, ...added])
    if (neighbours !== undefined) this.#cabling.asGiven()
    for (const edge of added) this.#cabling.add(edge)
    this.#make()
    await this.restart(at, signal)
    return at
  }

  /** Sets a node's clock, also while it runs. @throws RangeError */
  setClock(at: number, settings: ClockSettings): void {
    this.#node(at)
    this.#clocks[at]?.set(settings)
  }

  /** How far a node's clock is ahead of the swarm's, ms. */
  clockAheadMs(at: number): number {
    return this.#clocks[at]?.aheadMs ?? 0
  }

  /**
   * Resolves when every running node has the same tip. Rejects with the signal's reason.
   *
   * Branches of equal work stay, each with the nodes that saw it first, until another block decides: after several nodes
   * mined at once, let one mine a block more.
   */
  async converged(signal?: AbortSignal): Promise<void> {
    const agree = (): boolean => new Set(this.running.map((at) => this.#node(at).chain.tip.hash)).size <= 1
    await this.until(agree, signal)
  }

  /** Resolves when something holds: now, or after some event of the swarm. Rejects with the signal's reason. */
  async until(holds: () => boolean, signal?: AbortSignal): Promise<void> {
    const names = ['tip:changed', 'block:received', 'block:found', 'node:started', 'node:stopped', 'nodes:connected', 'nodes:disconnected'] as const
    await until(names.map((name) => [this.events, name] as const), holds, signal)
  }

  /** Stops one node in order, or all of them. Of what is not running: nothing. */
  async stop(at?: number): Promise<void> {
    if (at !== undefined) return this.#inTurn(at, () => this.#stop(at, false)).then(() => this.#cabling.bridge())
    this.payments.stop()
    this.#cabling.stop()
    await Promise.all([...this.#nodes.keys()].map((each) => this.#inTurn(each, () => this.#stop(each, false))))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  #node(at: number): Node {
    const node = this.#nodes[at]
    if (node === undefined) throw new RangeError(`there is no node ${at}: they are 0 to ${this.#nodes.length - 1}`)
    return node
  }

  #make(): void {
    const { network = 'local', transport, clocks, folder, cpu, log } = this.#options
    const at = this.#nodes.length
    const clock = new NodeClock(this.clock, clocks?.[at])
    const name = swarmName(this.seed, at, this.#names)
    const random = this.#random.fork(`node ${at}`)
    const options: NodeOptions = {
      network, transport, clock, name, cpu, log, mdns: false, threads: 1, targetPeers: 0,
      identity: identityOf(this.seed, at),
      dataDir: folder && join(folder, String(at)),
      random: () => random.next(),
      libp2p: this.#ground.carrier(at), noMining: this.#ground.noMining,
      ...(transport === 'tcp' && { listen: ['/ip4/127.0.0.1/tcp/0'] }),
    }
    this.#nodes.push(createNode(options))
    this.#clocks.push(clock)
    this.#names.add(name)
  }

  async #start(at: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    const node = this.#node(at)
    await this.#ground.held(`the start of node ${at}`, () => node.start())
    this.#numbers.set(node.network.peerId, at)
    watchNode(at, node, {
      events: this.events,
      now: this.clock.now,
      nodeOf: (peerId) => this.#numbers.get(peerId),
      knows: (edge, knows) => this.#knows(edge, at, knows),
    })
    this.events.emit('node:started', { at: this.clock.now(), node: at, name: node.name })
  }

  async #stop(at: number, killed: boolean): Promise<void> {
    const node = this.#node(at)
    if (!node.running) return
    const { name, dataFolder } = node
    const leave = killed && dataFolder !== undefined ? keepAsKilled(dataFolder.path) : undefined
    if (killed) this.#ground.tear(at)
    await this.#ground.held(`the stop of node ${at}`, () => node.stop())
    leave?.()
    this.events.emit('node:stopped', { at: this.clock.now(), node: at, name, killed })
  }

  /** What a node's start, stop and kill are done in: one at a time. */
  #inTurn(at: number, work: () => Promise<void>): Promise<void> {
    this.#node(at)
    const turn = (this.#turns.get(at) ?? Promise.resolve()).then(work)
    this.#turns.set(at, turn.catch(() => {})) // whoever asked hears of it
    return turn
  }

  /** Resolves when no connection goes over a cut link, and bridges are there. */
  async #apart(signal?: AbortSignal): Promise<void> {
    const cut = this.edges.filter(([a, b]) => this.links.isCut(a, b))
    await this.until(() => cut.every((edge) => this.#ends.areApart(edge)), signal)
    await this.#cabling.bridge(signal)
  }

  #knows(edge: Edge, at: number, knows: boolean): void {
    const now = this.#ends.knows(edge, at, knows)
    if (now !== undefined) this.events.emit(`nodes:${now}`, { at: this.clock.now(), nodes: edge })
    if (!knows) this.#cabling.lost(edge)
  }
}
