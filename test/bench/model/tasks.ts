/**
 * What the model of a network is measured from: `node --expose-gc tasks.ts NAME JSON` prints one line of JSON.
 *
 *   hops     real nodes in a line, in one process, over the in-memory transport with its encryption: how long a block is
 *            from node to node. A line has no duplicates and one node at work at a time, so that the time from one end to
 *            the other, divided by its links, is a hop: to pack, carry, unpack and check it. What a node does after it has
 *            passed a block on (it stores it and tells its mempool) is done on the same thread, so the figure is rather
 *            too high.
 *   checks   one node: from a block's bytes until it may be passed on (`block:checked`)
 *   spread   real nodes, in real time, on links of one latency: until a block of 1 kB is with half and with 95 % of them
 */
import { setTimeout as pause } from 'node:timers/promises'
import { networkParams } from '../../../src/consensus/params.ts'
import { type Block, decodeBlock, encodeBlock, encodedBodyIn, type Transaction } from '../../../src/consensus/types.ts'
import { createNode, type Node } from '../../../src/node/node.ts'
import { createSwarm } from '../../../src/swarm/create-swarm.ts'
import { Record } from '../../../src/swarm/record.ts'
import type { Edge } from '../../../src/swarm/topology.ts'
import { type BlockBuilder, createBlockBuilder } from '../../support/blocks.ts'

export interface Hops {
  bytes: number
  /** Of a hop, one a round. */
  ms: number[]
}

interface Options {
  payments: number
  rounds: number
  /** Rounds that are not counted: compiled code, warm caches. */
  warmUp: number
}

export interface Spread {
  /** One a block, ms. */
  halfMs: number[]
  mostMs: number[]
}

/** So many of the nodes mine: each that does has a thread. */
const MINERS = 5
/** Nodes of the line. */
const NODES = 6
/** So many senders, each with a few payments a block: the mempool keeps 16 of one. */
const SENDERS = 600
/** Two heartbeats of gossipsub: meshes stand. */
const MESH_MS = 2_500
/** After a block nodes tell each other their status within a second; the next round begins after that. */
const REST_MS = 1_300

async function hops(options: Options): Promise<Hops> {
  const builder = builderOf()
  const nodes = await Promise.all(Array.from({ length: NODES }, () => started(builder)))
  for (const [at, node] of nodes.entries()) if (at > 0) await node.network.dial(nodes[at - 1]?.network.addresses[0] ?? '')
  await pause(MESH_MS)
  const [first, last] = [nodes[0], nodes.at(-1)]
  if (first === undefined || last === undefined) throw new Error('there are no nodes')
  const ms: number[] = []
  let bytes = 0
  for (const block of blocksOf(builder, options)) {
    for (const node of nodes) fill(node, block)
    await pause(REST_MS)
    const [began, ended] = [checkedAt(first), checkedAt(last)]
    void first.chain.add(block, 'local')
    ms.push((-(await began) + (await ended)) / (NODES - 1))
    bytes = encodeBlock(block).length
  }
  await Promise.all(nodes.map((node) => node.stop()))
  return { bytes, ms: ms.slice(options.warmUp) }
}

async function checks(options: Options): Promise<Hops> {
  const builder = builderOf()
  const node = await started(builder)
  const ms: number[] = []
  let bytes = 0
  for (const block of blocksOf(builder, options)) {
    fill(node, block)
    const data = encodeBlock(block)
    bytes = data.length
    await pause(50)
    const checked = checkedAt(node)
    const began = performance.now()
    const added = node.chain.add(decodeBlock(data), 'gossip', { encodedBody: encodedBodyIn(data) })
    ms.push((await checked) - began)
    await added
  }
  await node.stop()
  return { bytes, ms: ms.slice(options.warmUp) }
}

/** By its own latency and edges: the model runs on the same. */
async function spread({ nodes, seed, latencyMs, edges, blocks }: { nodes: number; seed: number; latencyMs: number; edges: Edge[]; blocks: number }): Promise<Spread> {
  const swarm = await createSwarm({ nodes, seed, latencyMs, topology: { kind: 'given', edges } })
  const miners = swarm.nodes.slice(0, MINERS)
  await Promise.all(miners.map((node) => node.mine(1))) // their threads are there before it counts, and so is the mesh
  await pause(MESH_MS)
  await miners[0]?.mine(1) // branches of equal work would stay
  await swarm.converged(AbortSignal.timeout(30_000))
  const record = new Record(swarm)
  for (let block = 0; block < blocks; block++) {
    await miners[block % MINERS]?.mine(1)
    await pause(REST_MS)
  }
  const of = (share: number): number[] => record.blocks.map((block) => record.reachedMs(block, share) ?? Infinity)
  return { halfMs: of(0.5), mostMs: of(0.95) }
}

/** When a node has next checked a block. */
const checkedAt = ({ chain }: Node): Promise<number> =>
  new Promise((resolve) => chain.events.once('block:checked', () => resolve(performance.now())))

async function started({ params }: BlockBuilder): Promise<Node> {
  const node = createNode({ network: params, transport: 'memory' })
  await node.start()
  return node
}

/** The payments of a block are pending. */
function fill({ mempool }: Node, { body: { transactions } }: Block): void {
  for (const transaction of transactions) mempool.add(transaction, 'sync')
}

const senderOf = (at: number): string => `sender ${at}`

const builderOf = (): BlockBuilder =>
  createBlockBuilder({
    params: networkParams('local'),
    funds: Object.fromEntries(Array.from({ length: SENDERS }, (_, at) => [senderOf(at), 1_000_000])),
  })

/** One block a round after the other, each of so many payments, the next of each sender in turn. */
function* blocksOf(builder: BlockBuilder, { payments, rounds, warmUp }: Options): Generator<Block> {
  for (let round = 0; round < warmUp + rounds; round++) {
    const transactions = Array.from({ length: payments }, (_, index): Transaction => {
      const at = round * payments + index
      return builder.pay({ from: senderOf(at % SENDERS), to: senderOf((at + 1) % SENDERS), amount: 1, fee: 1, nonce: Math.floor(at / SENDERS) })
    })
    yield builder.block(`block ${round}`, round === 0 ? 'genesis' : `block ${round - 1}`, { transactions }).block
  }
}

const TASKS = { hops, checks, spread }

const [, , name = '', json = '{}'] = process.argv
const task = TASKS[name as keyof typeof TASKS] // one of them, or the next line says so
if (task === undefined) throw new Error(`no task is called "${name}": there are ${Object.keys(TASKS).join(', ')}`)
console.log(JSON.stringify(await task(JSON.parse(json)))) // what runTask was given
process.exit()
