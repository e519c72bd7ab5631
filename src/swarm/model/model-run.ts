/**
 * A run of a model: blocks are found, gossip carries them, nodes check them and choose.
 *
 *   found      anybody finds a block: exponential times, and who it is by the shares of the hash rate
 *   arrived    a copy is at a node's line; `came` when the line has carried it. The first one counts: the node tells its mesh
 *              that it wants no other (IDONTWANT, from 512 bytes on), and checks it, one block after the other
 *   asked      of a compact block: the payments that a node lacks are asked for, of whoever sent it
 *   checked    what extends the node's tip, or beats it, goes on to the mesh, but to nobody who sent a copy or wants none. A
 *              block that the node found itself goes to every peer. A side branch goes nowhere
 *   heartbeat  three times, a second apart, six peers outside of the mesh are told of it (IHAVE); `wanted`: who had not
 *              heard it gets it (IWANT), once for each who told it, as gossipsub 17 does
 *   status     a second after a node's tip changed, at once after it caught up, its peers are told of it. `behind`: one that
 *              is behind asks for headers, `fetching` for the bodies of all that it lacks, and has them when `fetched`. The
 *              same where a block came before its parent. One such fetching at a node at a time
 *
 * The run goes on until nothing is due any more. It depends on its options alone.
 */
import type { Random } from '../random.ts'
import { ChainViews, type ModelBlock } from './chain-views.ts'
import { EventQueue, type ModelEvent } from './event-queue.ts'
import { Finding } from './finding.ts'
import { endsOf, type Graph } from './graph.ts'
import { Lines } from './lines.ts'
import type { ResolvedModelOptions } from './options.ts'
import { sizesOf, type Sizes } from './sizes.ts'

const KIND = {
  found: 0, arrived: 1, came: 2, asked: 3, completed: 4, checked: 5, heartbeat: 6, wanted: 7, status: 8, behind: 9, fetching: 10, fetched: 11,
} as const

/** As network/libp2p.ts sets gossipsub up. */
const [D_LAZY, GOSSIP_FACTOR, TOLD] = [6, 0.25, 3]
const HEARTBEAT_MS = 1_000
const LEAST_UNWANTED_BYTES = 512
/** As the network room has it. */
const STATUS_AFTER_TIP_MS = 1_000
/** Of an event that is about no link. */
const NO_END = -1

export class ModelRun {
  readonly chains: ChainViews
  readonly lines: Lines
  /** Events so far. */
  events = 0
  /** Copies of blocks that came by gossip. */
  copies = 0
  readonly #options: ResolvedModelOptions
  readonly #graph: Graph
  readonly #sizes: Sizes
  readonly #queue = new EventQueue()
  readonly #finding: Finding
  readonly #gossip: Random
  /** By node: the peers outside of the mesh, when its processor is free, its heartbeats' phase, and what it fetches. */
  readonly #lazy: Int32Array[]
  readonly #freeAtMs: Float64Array
  readonly #phaseMs: Float64Array
  readonly #fetches: Int32Array
  /** By node: of the highest block that it was told of while it fetched, the end where; −1: none. */
  readonly #toldEnd: Int32Array
  readonly #told: Int32Array

  constructor(options: ResolvedModelOptions, graph: Graph, random: Random) {
    const { nodes, surroundings, sending } = options
    this.#options = options
    this.#graph = graph
    this.#sizes = sizesOf(options)
    this.chains = new ChainViews(nodes, graph.peer.length)
    this.lines = new Lines(nodes, surroundings.line, sending)
    this.#finding = new Finding(options, random.fork('finding'))
    this.#gossip = random.fork('gossip')
    this.#lazy = Array.from({ length: nodes }, (_, node) => Int32Array.from(endsOf(graph, node, 0)))
    this.#freeAtMs = new Float64Array(nodes)
    this.#phaseMs = Float64Array.from({ length: nodes }, () => this.#gossip.next() * HEARTBEAT_MS)
    this.#fetches = new Int32Array(nodes).fill(-1)
    this.#toldEnd = new Int32Array(nodes).fill(NO_END)
    this.#told = new Int32Array(nodes).fill(-1)
  }

  run(): void {
    this.#awaitFind(0)
    const event: ModelEvent = { at: 0, kind: 0, node: 0, block: 0, end: 0 }
    while (this.#queue.take(event)) {
      this.events += 1
      this.#happens(event)
    }
  }

  #happens({ at, kind, node, block: index, end }: ModelEvent): void {
    if (kind === KIND.found) return this.#found(at, node)
    const block = this.chains.block(index)
    switch (kind) {
      case KIND.arrived: return this.#later(at, this.lines.takeMs(node, this.#sizes.copy, at), KIND.came, node, block, end)
      case KIND.came: return this.#came(at, node, block, end)
      case KIND.asked: return this.#sendOne(at, end, block, this.#sizes.lacking, KIND.completed)
      case KIND.completed: return this.#check(this.lines.takeMs(node, this.#sizes.lacking, at), node, block, end)
      case KIND.checked: return this.#checked(at, node, block, end)
      case KIND.heartbeat: return this.#heartbeat(at, node, block, end)
      case KIND.wanted: return this.#wanted(at, node, block, end)
      case KIND.status: return this.#status(at, node, block)
      case KIND.behind: return this.#behind(at, node, block, end)
      case KIND.fetching: return this.#fetching(at, node, block, end)
      case KIND.fetched: return this.#fetched(at, node, block)
    }
  }

  #add(at: number, kind: number, node: number, { index }: ModelBlock, end: number): void {
    this.#queue.add(at, kind, node, index, end)
  }

  /** What is due now happens now: no way through the queue for a line that is free. */
  #later(now: number, at: number, kind: number, node: number, block: ModelBlock, end: number): void {
    if (at > now) this.#add(at, kind, node, block, end)
    else this.#happens({ at, kind, node, block: block.index, end })
  }

  #awaitFind(now: number): void {
    const { afterMs, node } = this.#finding.next()
    this.#queue.add(now + afterMs, KIND.found, node, 0, NO_END)
  }

  #found(now: number, miner: number): void {
    const block = this.chains.find(miner, now)
    this.chains.hear(miner, block, now)
    this.#check(now, miner, block, NO_END)
    if (this.chains.blocks.length < this.#options.blocks) this.#awaitFind(now)
  }

  #came(now: number, node: number, block: ModelBlock, end: number): void {
    const { compact, completeShare } = this.#options
    const { copy, lacking, control } = this.#sizes
    this.copies += 1
    block.carried[end] = 1
    if (block.heardAtMs[node] !== Infinity) return
    this.chains.hear(node, block, now)
    if (copy >= LEAST_UNWANTED_BYTES) {
      for (let other = this.#graph.first[node] ?? 0; other < (this.#graph.first[node + 1] ?? 0); other++) {
        if (this.#graph.isMesh[other] === 1 && other !== end) this.lines.count(node, this.#peer(other), control)
      }
    }
    const isComplete = !compact || lacking === 0 || this.#gossip.next() < completeShare
    if (isComplete) return this.#check(now, node, block, end)
    this.lines.count(node, this.#peer(end), control)
    this.#add(now + this.#latency(end), KIND.asked, this.#peer(end), block, this.#back(end))
  }

  #check(now: number, node: number, block: ModelBlock, end: number): void {
    const { hop, blockBytes } = this.#options
    const done = Math.max(now, this.#freeAtMs[node] ?? 0) + hop.ms + (blockBytes * hop.msPerMegabyte) / 1e6
    this.#freeAtMs[node] = done
    this.#add(done, KIND.checked, node, block, end)
  }

  #checked(now: number, node: number, block: ModelBlock, end: number): void {
    if (block.hasAtMs[node] !== Infinity) return // fetched meanwhile
    if (!this.chains.hasParent(node, block)) {
      this.chains.wait(node, block)
      return this.#fetch(now, node, block, end)
    }
    if (!this.chains.take(node, block, now)) return
    this.#passOn(now, node, block)
    this.#add(now + STATUS_AFTER_TIP_MS, KIND.status, node, block, NO_END)
  }

  #passOn(now: number, node: number, block: ModelBlock): void {
    const { first, isMesh, peer, latencyMs } = this.#graph
    const isFlooded = this.#options.floodPublish && block.miner === node
    const { copy } = this.#sizes
    const ends: number[] = []
    for (let end = first[node] ?? 0; end < (first[node + 1] ?? 0); end++) {
      if (!isFlooded && isMesh[end] !== 1) continue
      const heardAt = block.heardAtMs[peer[end] ?? 0] ?? Infinity
      const isUnwanted = copy >= LEAST_UNWANTED_BYTES && isMesh[end] === 1 && heardAt + (latencyMs[end] ?? 0) <= now
      if (block.carried[end] === 0 && !isUnwanted) ends.push(end)
    }
    const start = this.lines.begin(node, ends.length, copy, now)
    for (const [index, end] of ends.entries()) {
      const at = this.lines.arrivalMs({ start, index, copies: ends.length, bytes: copy, latencyMs: this.#latency(end) })
      this.#add(at, KIND.arrived, this.#peer(end), block, this.#back(end))
    }
    if ((this.#lazy[node]?.length ?? 0) > 0) this.#add(this.#nextHeartbeat(node, now), KIND.heartbeat, node, block, 1)
  }

  /** @param count of the heartbeats at which it is told of, in place of an end */
  #heartbeat(now: number, node: number, block: ModelBlock, count: number): void {
    const lazy = this.#lazy[node] ?? new Int32Array(0)
    const told = Math.min(lazy.length, Math.max(D_LAZY, Math.floor(lazy.length * GOSSIP_FACTOR)))
    // So many that follow each other, from anywhere on: each is as likely as any other.
    const from = Math.floor(this.#gossip.next() * lazy.length)
    // Once everybody has it nobody asks, and the heartbeats that are left cost their bytes alone.
    const times = block.unheard === 0 ? TOLD - count + 1 : 1
    for (let step = 0; step < told; step++) {
      const end = lazy[(from + step) % lazy.length] ?? 0
      this.lines.count(node, this.#peer(end), this.#sizes.control * times)
      if (block.heardAtMs[this.#peer(end)] === Infinity) this.#add(now + 2 * this.#latency(end), KIND.wanted, node, block, end)
    }
    if (count + times <= TOLD) this.#add(now + HEARTBEAT_MS, KIND.heartbeat, node, block, count + 1)
  }

  /** A peer that was told of a block asks for it, if it had not come when it was told. */
  #wanted(now: number, node: number, block: ModelBlock, end: number): void {
    if ((block.heardAtMs[this.#peer(end)] ?? 0) <= now - this.#latency(end)) return
    this.lines.count(this.#peer(end), node, this.#sizes.control)
    this.#sendOne(now, end, block, this.#sizes.copy, KIND.arrived)
  }

  #status(now: number, node: number, block: ModelBlock): void {
    if (this.chains.tips[node] !== block.index) return // another one is told
    for (let end = this.#graph.first[node] ?? 0; end < (this.#graph.first[node + 1] ?? 0); end++) {
      const peer = this.#peer(end)
      if (block.hasAtMs[peer] !== Infinity || block.height <= this.chains.tipHeight(peer)) continue
      this.lines.count(node, peer, this.#sizes.status)
      this.lines.count(peer, node, this.#sizes.status)
      this.#add(now + this.#latency(end), KIND.behind, peer, block, this.#back(end))
    }
  }

  #behind(now: number, node: number, block: ModelBlock, end: number): void {
    if (block.hasAtMs[node] === Infinity && block.height > this.chains.tipHeight(node)) this.#fetch(now, node, block, end)
  }

  /** Asks a peer for a block and all that leads to it: a round trip for headers, then one for bodies. */
  #fetch(now: number, node: number, block: ModelBlock, end: number): void {
    if ((this.#fetches[node] ?? -1) >= 0) {
      const told = this.#told[node] ?? -1
      if (told >= 0 && this.chains.block(told).height >= block.height) return
      this.#told[node] = block.index
      this.#toldEnd[node] = end
      return
    }
    this.#fetches[node] = block.index
    this.lines.count(node, this.#peer(end), this.#sizes.control * 2)
    this.lines.count(this.#peer(end), node, this.#sizes.control)
    this.#add(now + 3 * this.#latency(end), KIND.fetching, node, block, end)
  }

  /** The request for bodies is at the peer. @param end the asking node's */
  #fetching(now: number, node: number, block: ModelBlock, end: number): void {
    const bytes = this.#options.blockBytes * this.#lacked(node, block).length
    const start = this.lines.begin(this.#peer(end), 1, bytes, now)
    const at = bytes === 0 ? now : this.lines.arrivalMs({ start, index: 0, copies: 1, bytes, latencyMs: this.#latency(end) })
    this.#add(at, KIND.fetched, node, block, end)
  }

  #fetched(now: number, node: number, block: ModelBlock): void {
    const lacked = this.#lacked(node, block)
    const before = this.chains.tips[node]
    this.lines.takeMs(node, this.#options.blockBytes * lacked.length, now)
    for (const one of this.chains.missing(node, block)) {
      this.chains.hear(node, one, now)
      this.chains.take(node, one, now)
    }
    this.#fetches[node] = -1
    const tip = this.chains.tips[node] ?? -1
    if (tip !== before) this.#add(now, KIND.status, node, this.chains.block(tip), NO_END)
    const [told, toldEnd] = [this.#told[node] ?? -1, this.#toldEnd[node] ?? NO_END]
    this.#told[node] = -1
    if (told >= 0) this.#behind(now, node, this.chains.block(told), toldEnd)
  }

  /** What a node has to be sent to have a block: all that it lacks, but what waits there already. */
  #lacked(node: number, block: ModelBlock): ModelBlock[] {
    return this.chains.missing(node, block).filter((one) => one.heardAtMs[node] === Infinity)
  }

  /** From a node over one of its ends, to what happens there when it comes. */
  #sendOne(now: number, end: number, block: ModelBlock, bytes: number, kind: number): void {
    const node = this.#peer(this.#back(end))
    const start = this.lines.begin(node, 1, bytes, now)
    const at = this.lines.arrivalMs({ start, index: 0, copies: 1, bytes, latencyMs: this.#latency(end) })
    this.#add(at, kind, this.#peer(end), block, this.#back(end))
  }

  #nextHeartbeat(node: number, now: number): number {
    const phase = this.#phaseMs[node] ?? 0
    return phase + (Math.floor((now - phase) / HEARTBEAT_MS) + 1) * HEARTBEAT_MS
  }

  #peer(end: number): number {
    return this.#graph.peer[end] ?? 0
  }

  #back(end: number): number {
    return this.#graph.back[end] ?? 0
  }

  #latency(end: number): number {
    return this.#graph.latencyMs[end] ?? 0
  }
}
