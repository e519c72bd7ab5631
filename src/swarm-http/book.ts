/**
 * What is to be seen of a swarm, kept up to date by its events: who is where, who is connected, and one tree of the blocks
 * of all nodes.
 *
 * Changes are collected and told together ten times a second: a block that a hundred nodes adopt is one message, not a
 * hundred. The newest blocks are kept, however many nodes have them.
 *
 * @example
 *   const book = new SwarmBook(swarm)
 *   book.start((change) => channel.publish('swarm:changed', change))
 *   book.status().nodes[0]?.tip
 */
import { type Address, toAddress } from '../consensus/account.ts'
import { fromHex, type Hex, toHex } from '../consensus/hex.ts'
import { hear } from '../http/hear.ts'
import type { LinkConditions } from '../swarm/links.ts'
import { MAX_NODES } from '../swarm/options.ts'
import type { Swarm } from '../swarm/swarm.ts'
import type { SwarmEvents } from '../swarm/swarm-events.ts'
import type { SwarmBlock, SwarmChange, SwarmConditions, SwarmEdge, SwarmNode, SwarmPayments, SwarmStatus } from './api.ts'

const TELL_EVERY_MS = 100
/** Blocks kept, those found last: more than any screen shows. */
const KEPT_BLOCKS = 4_096
/** Blocks read of a chain that a node begins with. */
const FIRST_BLOCKS = 300

type Edge = Swarm['edges'][number]

export class SwarmBook {
  readonly #swarm: Swarm
  readonly #nodes = new Map<number, SwarmNode>()
  /** In the order in which they came. */
  readonly #blocks = new Map<Hex, SwarmBlock>()
  readonly #byAccount = new Map<Address, number>()
  /** Edges whose nodes know each other. */
  readonly #connected = new Set<string>()
  readonly #attached = new DisposableStack()
  /** What listens to the parts of a node, which are others after each start. */
  readonly #attachedTo = new Map<number, DisposableStack>()
  #changed = nothing()
  #tell: (change: SwarmChange) => void = () => {}
  #cancelTell: (() => void) | undefined

  constructor(swarm: Swarm) {
    this.#swarm = swarm
  }

  /** Reads what is there, and tells what changes from now on. */
  start(tell: (change: SwarmChange) => void): void {
    const { events, running, edges } = this.#swarm
    this.#tell = tell
    for (const at of running) this.#meet(at)
    for (const edge of edges) if (this.#knowEachOther(edge)) this.#connected.add(edge.join())
    this.#cancelTell?.() // whoever listens reads all of that first
    this.#cancelTell = undefined
    this.#changed = nothing()
    const on = <Name extends keyof SwarmEvents>(name: Name, listener: (...event: SwarmEvents[Name]) => void): void =>
      hear(this.#attached, events, name, listener)
    on('node:started', ({ node }) => {
      this.#meet(node)
      this.#edgesChanged()
    })
    on('node:stopped', ({ node }) => {
      this.#attachedTo.get(node)?.dispose()
      this.#update(node, { running: false, mining: false })
      this.#edgesChanged()
    })
    on('nodes:connected', ({ nodes }) => {
      this.#connected.add(nodes.join())
      this.#edgesChanged(nodes)
    })
    on('nodes:disconnected', ({ nodes }) => {
      this.#connected.delete(nodes.join())
      this.#edgesChanged(nodes)
    })
    on('links:changed', () => {
      this.#changed.conditions = true
      this.#edgesChanged()
    })
    on('payment:sent', () => this.paymentsChanged())
    on('block:found', (found) => this.#found(found))
    on('tip:changed', ({ node, hash, height }) => {
      if (!this.#blocks.has(hash)) this.#read(node, hash)
      this.#update(node, { tip: hash, height })
      this.paymentsChanged()
    })
  }

  stop(): void {
    this.#cancelTell?.()
    for (const attached of this.#attachedTo.values()) attached.dispose()
    this.#attached.dispose()
  }

  status(): SwarmStatus {
    const { seed, edges, clock, nodes: [first] } = this.#swarm
    if (first === undefined) throw new Error('a swarm has a node at least')
    return {
      network: first.params.name,
      genesis: toHex(first.genesis.hash),
      seed: String(seed),
      maxNodes: MAX_NODES,
      nodes: [...this.#nodes.values()],
      edges: edges.map((edge) => this.#edge(edge)),
      conditions: told(this.#swarm.links.conditions),
      payments: this.#payments(),
      time: clock.now(),
    }
  }

  /** The newest of all branches, in order of height. */
  blocks(limit: number): SwarmBlock[] {
    return [...this.#blocks.values()].sort((a, b) => a.height - b.height).slice(-limit)
  }

  /** A node runs. */
  #meet(at: number): void {
    const node = this.#swarm.nodes[at]
    if (node === undefined) throw new Error(`node ${at} is told of and not there`)
    const { chain: { tip: { hash: tip, height } }, wallet, miner, name } = node
    const account = toAddress(wallet.default.account)
    this.#byAccount.set(account, at)
    this.#read(at, tip)
    const mined = this.#nodes.get(at)?.mined ?? 0
    this.#nodes.set(at, { node: at, name, account, running: true, mining: miner.progress().running, height, tip, mined })
    this.#update(at, {})
    const attached = new DisposableStack()
    this.#attachedTo.set(at, attached)
    hear(attached, miner.events, 'mining:progress', ({ running: mining }) => {
      if (this.#nodes.get(at)?.mining !== mining) this.#update(at, { mining })
    })
  }

  #found({ at: timestamp, node, hash, parent, height, miner, transactions, difficulty }: SwarmEvents['block:found'][0]): void {
    const work = BigInt(`0x${this.#blocks.get(parent)?.work ?? '0'}`) + BigInt(difficulty)
    const account = toAddress(fromHex(miner))
    this.#add({
      hash, parent, height, timestamp, miner: account, node: this.#byAccount.get(account) ?? null,
      transactionCount: transactions, work: work.toString(16),
    })
    this.#update(node, { mined: (this.#nodes.get(node)?.mined ?? 0) + 1 })
  }

  /** Reads what is not known yet of a node's chain, back from a block. */
  #read(at: number, from: Hex): void {
    const chain = this.#swarm.nodes[at]?.chain
    const read: SwarmBlock[] = []
    for (let hash = from; read.length < FIRST_BLOCKS && !this.#blocks.has(hash);) {
      const [record, block] = [chain?.record(hash), chain?.block(hash)]
      if (record === undefined || block === undefined) break
      const { header: { timestamp, parent }, body: { miner, transactions } } = block
      const account = toAddress(miner)
      read.push({
        hash, parent: toHex(parent), height: record.height, timestamp, miner: account, node: this.#byAccount.get(account) ?? null,
        transactionCount: transactions.length, work: record.work.toString(16),
      })
      hash = toHex(parent)
    }
    for (const block of read.reverse()) this.#add(block)
  }

  #add(block: SwarmBlock): void {
    if (this.#blocks.has(block.hash)) return
    this.#blocks.set(block.hash, block)
    const [oldest] = this.#blocks.keys()
    if (this.#blocks.size > KEPT_BLOCKS && oldest !== undefined) this.#blocks.delete(oldest)
    this.#changed.blocks.push(block)
    this.#tellSoon()
  }

  #update(at: number, changes: Partial<SwarmNode>): void {
    const node = this.#nodes.get(at)
    if (node === undefined) return // it is met when it has started
    this.#nodes.set(at, { ...node, ...changes })
    this.#changed.nodes.add(at)
    this.#tellSoon()
  }

  /** @param edge @default every edge */
  #edgesChanged(edge?: Edge): void {
    for (const changed of edge === undefined ? this.#swarm.edges : [edge]) this.#changed.edges.set(changed.join(), changed)
    this.#tellSoon()
  }

  #knowEachOther([a, b]: Edge): boolean {
    const [one, other] = [this.#swarm.nodes[a], this.#swarm.nodes[b]]
    return one?.running === true && other?.running === true &&
      one.network.peers().some(({ peerId }) => peerId === other.network.peerId)
  }

  #edge(edge: Edge): SwarmEdge {
    const [a, b] = edge
    const joined = this.#connected.has(edge.join()) ? 'connected' : 'apart'
    const { links } = this.#swarm
    const [own, all] = [links.between(a, b), links.conditions]
    const conditions = CONDITIONS.every((name) => own[name] === all[name]) ? null : told(own)
    return { nodes: [a, b], state: links.isCut(a, b) ? 'cut' : joined, conditions }
  }

  /** Whoever sets their rate says so: of that, the swarm tells nothing. */
  paymentsChanged(): void {
    this.#changed.payments = true
    this.#tellSoon()
  }

  #payments(): SwarmPayments {
    const { payments: { perMinute, sent }, nodes, running } = this.#swarm
    return { perMinute, sent, pending: Math.max(0, ...running.map((at) => nodes[at]?.mempool.size ?? 0)) }
  }

  /** Once for all that changes in the next moment. */
  #tellSoon(): void {
    this.#cancelTell ??= this.#swarm.clock.after(TELL_EVERY_MS, () => {
      const { nodes, edges, blocks, conditions, payments } = this.#changed
      this.#cancelTell = undefined
      this.#changed = nothing()
      this.#tell({
        ...(nodes.size > 0 && { nodes: [...nodes].flatMap((at) => this.#nodes.get(at) ?? []) }),
        ...(edges.size > 0 && { edges: [...edges.values()].map((edge) => this.#edge(edge)) }),
        ...(blocks.length > 0 && { blocks }),
        ...(conditions && { conditions: told(this.#swarm.links.conditions) }),
        ...(payments && { payments: this.#payments() }),
      })
    })
  }
}

const CONDITIONS = ['latencyMs', 'jitterMs', 'loss', 'bytesPerSecond'] as const

/** JSON knows no infinity. */
const told = ({ latencyMs, jitterMs, loss, bytesPerSecond }: Readonly<LinkConditions>): SwarmConditions =>
  ({ latencyMs, jitterMs, loss, bytesPerSecond: bytesPerSecond === Infinity ? null : bytesPerSecond })

/** What has changed since it was last told. */
const nothing = () => ({
  nodes: new Set<number>(),
  edges: new Map<string, Edge>(),
  blocks: [] as SwarmBlock[], // an empty list says nothing of what it will hold
  conditions: false,
  payments: false,
})
