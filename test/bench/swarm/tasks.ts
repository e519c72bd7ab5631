/** What is measured in a process of its own: `node --expose-gc tasks.ts NAME JSON` prints one line of JSON. */
import { setTimeout as pause } from 'node:timers/promises'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { genesisOf } from '../../../src/consensus/genesis.ts'
import { networkParams } from '../../../src/consensus/params.ts'
import { createCairnLibp2p, type WholeLibp2p } from '../../../src/network/libp2p.ts'
import { MAX_PEERS, protocolsOf } from '../../../src/network/protocols.ts'
import { createSwarm } from '../../../src/swarm/create-swarm.ts'
import { defaultTopology } from '../../../src/swarm/options.ts'
import { Random } from '../../../src/swarm/random.ts'
import { Record } from '../../../src/swarm/record.ts'
import { edgesOf } from '../../../src/swarm/topology.ts'
import { timed } from '../figure.ts'

export interface Start {
  seconds: number
}

export interface Memory {
  /** A node, MB. */
  megabytes: number
}

export interface Run {
  /** Of each block of the chain: until 95 % of the nodes had it, ms; null where so many did not get it. */
  reachedMs: (number | null)[]
  /** Blocks beside the chain. */
  side: number
  /** Different tips half a minute after the last block, at most. */
  tips: number
}

/** So many of the nodes mine: each that does has a thread. */
const MINERS = 10
/** Two heartbeats of gossipsub: meshes stand. */
const MESH_MS = 2_500
/** After the last block. */
const QUIET_MS = 30_000

async function start({ nodes, seed }: { nodes: number; seed: number }): Promise<Start> {
  const ms = await timed(() => createSwarm({ nodes, seed }))
  return { seconds: ms / 1_000 }
}

async function memory({ nodes, seed }: { nodes: number; seed: number }): Promise<Memory> {
  return grownBy(nodes, () => createSwarm({ nodes, seed }))
}

/** Connected as a swarm of that many is. */
async function bareMemory({ nodes, seed }: { nodes: number; seed: number }): Promise<Memory> {
  return grownBy(nodes, async () => {
    const bare = await Promise.all(Array.from({ length: nodes }, (_, at) => createBare(at)))
    const edges = edgesOf(defaultTopology(nodes), nodes, new Random(seed).fork('topology'))
    await Promise.all(edges.map(([a, b]) => bare[b]?.dial(bare[a]?.getMultiaddrs() ?? [])))
    return bare
  })
}

/** So that nothing is collected that is measured. */
const kept: object[] = []

/** What the process grows by, a node. */
async function grownBy(nodes: number, make: () => Promise<object>): Promise<Memory> {
  const before = bytesInUse()
  kept.push(await make())
  await pause(MESH_MS)
  return { megabytes: (bytesInUse() - before) / nodes / 1e6 }
}

function bytesInUse(): number {
  globalThis.gc?.() // there with --expose-gc, which runTask gives
  return process.memoryUsage().rss
}

async function createBare(at: number): Promise<WholeLibp2p> {
  const params = networkParams('local')
  const protocols = protocolsOf(genesisOf(params).id)
  const libp2p = await createCairnLibp2p({
    privateKey: await generateKeyPair('Ed25519'), protocols, transport: 'memory', listen: [`/memory/bare-${at}`], agent: 'bare',
    maxPeers: MAX_PEERS, maxBlockBytes: params.maxBlockBytes, networkKey: undefined, gater: {}, score: () => 0, judge: () => {},
    now: Date.now, traffic: { receivedBytes: 0, sentBytes: 0 },
  })
  await libp2p.start()
  for (const topic of [protocols.blocks, protocols.transactions]) libp2p.services.pubsub.subscribe(topic)
  return libp2p
}

/** Blocks come by exponential times, as from a search; who finds one is drawn. The nodes' hashing costs next to nothing. */
async function run({ nodes, seed, durationMs, blockMs }: { nodes: number; seed: number; durationMs: number; blockMs: number }): Promise<Run> {
  const swarm = await createSwarm({ nodes, seed })
  const random = new Random(seed).fork('blocks')
  const miners = swarm.nodes.slice(0, MINERS)
  // Their threads are there before it counts, and so is the mesh.
  await Promise.all(miners.map((node) => node.mine(1)))
  await pause(MESH_MS)
  await miners[0]?.mine(1) // branches of equal work would stay
  await swarm.converged(AbortSignal.timeout(QUIET_MS))

  const record = new Record(swarm)
  const mined: Promise<unknown>[] = []
  const began = performance.now()
  for (let dueMs = random.exponential(blockMs); dueMs < durationMs; dueMs += random.exponential(blockMs)) {
    await pause(Math.max(0, began + dueMs - performance.now()))
    mined.push(random.pick(miners).mine(1))
  }
  await Promise.all(mined)
  await swarm.converged(AbortSignal.timeout(QUIET_MS)).catch(() => {}) // the tips tell
  const tips = new Set(swarm.nodes.map(({ chain }) => chain.tip.hash)).size
  const best = record.best()
  const chain = record.blocks.filter(({ hash }) => best.has(hash))
  return {
    reachedMs: chain.map((block) => record.reachedMs(block, 0.95) ?? null),
    side: record.blocks.length - chain.length,
    tips,
  }
}

const TASKS = { start, memory, bareMemory, run }

const [, , name = '', json = '{}'] = process.argv
const task = TASKS[name as keyof typeof TASKS] // one of them, or the next line says so
if (task === undefined) throw new Error(`no task is called "${name}": there are ${Object.keys(TASKS).join(', ')}`)
console.log(JSON.stringify(await task(JSON.parse(json)))) // what runTask was given
process.exit()
