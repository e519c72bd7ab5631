/**
 * What is measured in a process of its own:
 *
 *   node propagation-tasks.ts NAME JSON        prints one line of JSON
 *
 * Twenty nodes, each linked to about seven others: a ring, so that all hang together, and chords drawn from a seed. The
 * bare gossipsubs are linked as the nodes are then.
 */
import { once } from 'node:events'
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { TopicValidatorResult } from '@libp2p/gossipsub'
import { networkParams } from '../../../src/consensus/params.ts'
import { type Block, encodeBlock, encodeTransaction, type Transaction } from '../../../src/consensus/types.ts'
import { createCairnLibp2p, type WholeLibp2p } from '../../../src/network/libp2p.ts'
import { MAX_PEERS, type Protocols, protocolsOf } from '../../../src/network/protocols.ts'
import type { Traffic } from '../../../src/network/traffic.ts'
import { createNode, type Node } from '../../../src/node/node.ts'
import { type BlockBuilder, createBlockBuilder } from '../../support/blocks.ts'
import { createRandom } from '../../support/random.ts'

const NODES = 20
/** 95 %. */
const MOST = 19
const LINKS = 70
/** So many senders, each with a few payments a block: the mempool keeps 16 of one. */
const SENDERS = 250
/** Rounds that are not counted: compiled code, warm caches. */
const WARM_UP = 5
/** Two heartbeats of gossipsub: meshes stand. */
const MESH_MS = 2_500
/** After a block nodes tell each other their status within a second and a half; the next round begins after that. */
const REST_MS = 1_800
/** After garbage was collected: what is left of that work goes on beside the program for a while. */
const SWEEP_MS = 50

export interface Races {
  /** One a round, ms. */
  nodesMs: number[]
  bareMs: number[]
  /** What all received together, as a multiple of the block. */
  nodesCopies: number[]
  bareCopies: number[]
}

export interface Rates {
  nodesPerSecond: number[]
  barePerSecond: number[]
}

interface Rivals {
  nodes: Node[]
  bare: WholeLibp2p[]
  bareTraffic: Traffic[]
  protocols: Protocols
  stop(): Promise<void>
}

async function blocks({ payments, rounds }: { payments: number; rounds: number }): Promise<Races> {
  const builder = builderOf()
  const rivals = await start(builder)
  const { nodes, bare, bareTraffic, protocols } = rivals
  const races: Races = { nodesMs: [], bareMs: [], nodesCopies: [], bareCopies: [] }
  const received = { nodes: () => sumOf(nodes.map(({ network }) => network.traffic)), bare: () => sumOf(bareTraffic) }
  let parent = 'genesis'
  for (let round = 0; round < WARM_UP + rounds; round++) {
    const transactions = paymentsOf(builder, payments, round)
    for (const { mempool } of nodes) for (const transaction of transactions) mempool.add(transaction, 'sync')
    const { block } = builder.block(`block ${round}`, parent, { transactions })
    parent = `block ${round}`
    await pause(REST_MS)
    const size = encodeBlock(block).length
    for (const rival of round % 2 === 0 ? ['nodes', 'bare'] as const : ['bare', 'nodes'] as const) {
      globalThis.gc?.() // there with --expose-gc, which runTask gives: nobody's race pays for the other's garbage
      await pause(SWEEP_MS)
      const before = received[rival]()
      const at = round % NODES
      const ms = await (rival === 'nodes' ? raceNodes(nodes, block, at) : raceBare(bare, protocols.blocks, block, at))
      await turn() // for what is on its way
      if (round < WARM_UP) continue
      races[`${rival}Ms`].push(ms)
      races[`${rival}Copies`].push((received[rival]() - before) / size)
    }
  }
  await rivals.stop()
  return races
}

/** From a block's being found on one node to the moment when most nodes have it as their tip, ms. */
async function raceNodes(nodes: Node[], block: Block, at: number): Promise<number> {
  const arrived = countdown(MOST)
  for (const { chain } of nodes) chain.events.once('tip:changed', arrived.one)
  const everybody = Promise.all(nodes.map(({ chain }) => once(chain.events, 'tip:changed')))
  const began = performance.now()
  void nodes[at]?.chain.add(block, 'local')
  const ms = (await arrived.done) - began
  await everybody
  return ms
}

/** From publishing to the moment when most have the message, whoever published it among them, ms. */
async function raceBare(bare: WholeLibp2p[], topic: string, block: Block, at: number): Promise<number> {
  const arrived = countdown(MOST - 1)
  const everybody = Promise.all(bare.filter((_, other) => other !== at).map(({ services: { pubsub } }) => {
    pubsub.addEventListener('message', arrived.one, { once: true })
    return new Promise((resolve) => pubsub.addEventListener('message', resolve, { once: true }))
  }))
  const began = performance.now()
  void bare[at]?.services.pubsub.publish(topic, encodeBlock(block))
  const ms = (await arrived.done) - began
  await everybody
  return ms
}

async function transactions({ count, rounds }: { count: number; rounds: number }): Promise<Rates> {
  const builder = builderOf()
  const rivals = await start(builder)
  const { nodes, bare, protocols } = rivals
  const nodesPerSecond: number[] = []
  const barePerSecond: number[] = []
  for (let round = 0; round <= rounds; round++) {
    const payments = paymentsOf(builder, count, round)
    const ofNodes = countdown(NODES * count)
    for (const { mempool } of nodes) mempool.events.on('transaction:added', ofNodes.one)
    let began = performance.now()
    payments.forEach((payment, index) => nodes[index % NODES]?.mempool.add(payment, 'local'))
    const nodesMs = (await ofNodes.done) - began
    for (const { mempool } of nodes) mempool.events.off('transaction:added', ofNodes.one)
    await pause(REST_MS)

    const ofBare = countdown((NODES - 1) * count)
    for (const { services: { pubsub } } of bare) pubsub.addEventListener('message', ofBare.one)
    began = performance.now()
    payments.forEach((payment, index) => void bare[index % NODES]?.services.pubsub.publish(protocols.transactions, encodeTransaction(payment)))
    const bareMs = (await ofBare.done) - began
    for (const { services: { pubsub } } of bare) pubsub.removeEventListener('message', ofBare.one)
    await pause(REST_MS)
    if (round === 0) continue
    nodesPerSecond.push((1_000 * count) / nodesMs)
    barePerSecond.push((1_000 * count) / bareMs)
  }
  await rivals.stop()
  return { nodesPerSecond, barePerSecond }
}

const sumOf = (traffic: Traffic[]): number => traffic.reduce((sum, { receivedBytes }) => sum + receivedBytes, 0)

/** Resolves with the time at which so many have called `one`. */
function countdown(count: number): { one: () => void; done: Promise<number> } {
  const { promise, resolve } = Promise.withResolvers<number>()
  let left = count
  const one = (): void => {
    if (--left === 0) resolve(performance.now())
  }
  return { one, done: promise }
}

const senderOf = (at: number): string => `sender ${at}`

const builderOf = (): BlockBuilder =>
  createBlockBuilder({
    params: networkParams('local'),
    funds: Object.fromEntries(Array.from({ length: SENDERS }, (_, at) => [senderOf(at), 1_000_000])),
  })

/** So many payments, the next of each sender in turn. */
function paymentsOf(builder: BlockBuilder, count: number, round: number): Transaction[] {
  return Array.from({ length: count }, (_, index) => {
    const at = round * count + index
    return builder.pay({ from: senderOf(at % SENDERS), to: senderOf((at + 1) % SENDERS), amount: 1, fee: 1, nonce: Math.floor(at / SENDERS) })
  })
}

async function start({ params, genesis }: BlockBuilder): Promise<Rivals> {
  const nodes = Array.from({ length: NODES }, () => createNode({ network: params, transport: 'memory' }))
  for (const node of nodes) await node.start()
  for (const [from, to] of links()) await nodes[from]?.network.dial(nodes[to]?.network.addresses[0] ?? '')
  const protocols = protocolsOf(genesis.id)
  const bareTraffic = nodes.map(() => ({ receivedBytes: 0, sentBytes: 0 }))
  const bare = await Promise.all(bareTraffic.map((traffic, at) => createBare(protocols, params.maxBlockBytes, at, traffic)))
  for (const [from, node] of nodes.entries()) {
    for (const { peerId } of node.network.peers()) {
      const to = nodes.findIndex(({ network }) => network.peerId === peerId)
      const other = bare[to]
      if (from < to && other !== undefined) await bare[from]?.dial(other.getMultiaddrs())
    }
  }
  await pause(MESH_MS)
  const linked = nodes.reduce((sum, { network }) => sum + network.peers().length, 0) / 2
  if (linked !== LINKS) throw new Error(`the nodes have ${linked} links instead of ${LINKS}: they are not linked as the others are`)
  return {
    nodes, bare, bareTraffic, protocols,
    stop: async () => {
      await Promise.all([...nodes, ...bare].map((one) => one.stop()))
    },
  }
}

async function createBare(protocols: Protocols, maxBlockBytes: number, at: number, traffic: Traffic): Promise<WholeLibp2p> {
  const libp2p = await createCairnLibp2p({
    privateKey: await generateKeyPair('Ed25519'), protocols, transport: 'memory', listen: [`/memory/bare-${at}`],
    agent: 'bare', maxPeers: MAX_PEERS, maxBlockBytes, networkKey: undefined, gater: {}, score: () => 0, judge: () => {}, now: Date.now, traffic,
  })
  await libp2p.start()
  const { pubsub } = libp2p.services
  pubsub.addEventListener('gossipsub:message', ({ detail: { msgId, propagationSource } }) => {
    pubsub.reportMessageValidationResult(msgId, propagationSource.toString(), TopicValidatorResult.Accept)
  })
  pubsub.subscribe(protocols.blocks)
  pubsub.subscribe(protocols.transactions)
  return libp2p
}

/** Pairs of nodes: a ring, and chords until there are enough. */
function links(): [number, number][] {
  const random = createRandom(1)
  const pairs = new Map<string, [number, number]>()
  const link = (a: number, b: number): void => {
    const pair: [number, number] = a < b ? [a, b] : [b, a]
    if (a !== b) pairs.set(pair.join(), pair)
  }
  for (let at = 0; at < NODES; at++) link(at, (at + 1) % NODES)
  while (pairs.size < LINKS) link(random.below(NODES), random.below(NODES))
  return [...pairs.values()]
}

const TASKS: Record<string, (options: never) => Promise<unknown>> = { blocks, transactions }

const [name = '', options = '{}'] = process.argv.slice(2)
const task = TASKS[name]
if (task === undefined) throw new Error(`no task is called ${name}`)
console.log(JSON.stringify(await task(JSON.parse(options) as never))) // what the task of that name takes
process.exit(0)
