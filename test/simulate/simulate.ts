/**
 * A network by a seed: its shape, its links, its clocks, its miners and liars, and all that happens to it are drawn; then it
 * is left in peace, and judged (judge.ts).
 *
 *   while time passes: payments · parts of the network are cut off · nodes are killed, and start again from what that left ·
 *   nodes restart in order · links get worse or better · clocks are set
 *   then: all is healed, everybody runs, nobody lies, and after half a minute each finds a last block
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Hex } from '../../src/consensus/hex.ts'
import { networkParams } from '../../src/consensus/params.ts'
import { toCompact } from '../../src/consensus/target.ts'
import { PolicyError } from '../../src/mempool/policy.ts'
import { createSwarm } from '../../src/swarm/create-swarm.ts'
import type { LinkConditions } from '../../src/swarm/links.ts'
import { identityOf } from '../../src/swarm/options.ts'
import { Random } from '../../src/swarm/random.ts'
import type { Topology } from '../../src/swarm/topology.ts'
import { RunLog } from '../../src/swarm/virtual/run-log.ts'
import type { VirtualSwarm } from '../../src/swarm/virtual/swarm.ts'
import { Wallet } from '../../src/wallet/wallet.ts'
import { quickFolder } from '../support/quick-folder.ts'
import { type Promises, violations } from './judge.ts'
import { LIES, startLiar } from './liars.ts'

export interface SimulateOptions {
  seed: number
  /** At most; at least three. */
  nodes: number
  /** Of trouble, before the quiet. */
  minutes: number
}

export interface Simulated {
  /** What does not hold, a line each; empty where all does. */
  wrong: string[]
  /** What it was like, for people. */
  story: string
  /** Of the log: the same for the same seed. */
  hash: string
}

const BLOCK_TIME_MS = 5_000
/** Of all nodes together: a block takes 20 hashes. */
const HASHES_A_SECOND = 4
/** What each node has to begin with. */
const ALLOCATED = 1_000
/** Convergence may take the time of a status, of a stalled sync and of a dial that waits. */
const QUIET_MS = 5 * 60_000

export async function simulate({ seed, nodes: most, minutes }: SimulateOptions): Promise<Simulated> {
  const random = new Random(`simulate ${seed}`)
  const count = 3 + random.whole(Math.max(1, most - 2))
  const topology = random.pick<Topology>(['full', 'ring', 'line', 'star', 'random', 'small-world'])
  const folder = quickFolder('simulate')
  const accounts = Array.from({ length: count }, (_, at) => Wallet.open(undefined, { entropy: identityOf(seed, at).walletEntropy }).default.account)
  const shares = accounts.map(() => random.exponential(1))
  const sum = shares.reduce((a, b) => a + b, 0)
  const drawn: Partial<LinkConditions> = {
    latencyMs: random.whole(150), jitterMs: random.whole(100), loss: random.pick([0, 0, 0.01, 0.05]),
    bytesPerSecond: random.pick([Infinity, 1e6, 5e4]),
  }
  const clocks = accounts.map(() => ({ skewMs: random.whole(50_000) - 25_000, driftPpm: random.whole(400) - 200 }))
  const start = (links: Partial<LinkConditions>, name: string): Promise<VirtualSwarm> => createSwarm({
    nodes: count, seed, topology, clocks, folder: join(folder, name), time: 'virtual', ...links,
    network: {
      ...networkParams('simulated'),
      targetBlockTimeMs: BLOCK_TIME_MS,
      initialBits: toCompact((1n << 256n) / BigInt((HASHES_A_SECOND * BLOCK_TIME_MS) / 1_000)),
      limitBits: networkParams('local').limitBits,
      allocations: accounts.map((account) => ({ account, amount: ALLOCATED })),
    },
    hashRates: shares.map((share) => (HASHES_A_SECOND * share) / sum),
  })
  const swarm = await start(drawn, 'nodes').catch((error: unknown) => {
    if (!isUnconnected(error)) throw error
    return start({}, 'again') // the links are too bad to begin on: they may become so later
  })
  const log = new RunLog(swarm)
  const promises: Promises = { sent: [], tips: accounts.map(() => new Set<Hex>()), bans: [] }
  let reorganisations = 0
  swarm.events.on('tip:changed', ({ node, hash, left }) => {
    promises.tips[node]?.add(hash)
    if (left > 0) reorganisations += 1
  })
  for (const at of swarm.nodes.keys()) watchBans(swarm, at, promises)

  const liars = await Promise.all(LIES.filter(() => random.next() < 0.3).map((lie, at) =>
    startLiar({ lie, swarm, random: random.fork(`liar ${lie}`), number: count + at, victims: random.shuffled([...accounts.keys()]).slice(0, 2) })))
  const done = new Map<string, number>()
  try {
    await trouble(swarm, random, minutes * 60_000, promises, (what) => done.set(what, (done.get(what) ?? 0) + 1))
    for (const liar of liars) liar.stop()
    const isQuiet = await quiet(swarm, promises)
    const wrong = [...(isQuiet ? [] : [`no one tip ${QUIET_MS / 60_000} minutes after everything was healed`]), ...violations(swarm, promises)]
    const { height } = swarm.nodes[0]!.chain.tip
    const events = [...done].sort().map(([what, times]) => `${times} ${what}`).join(', ')
    const shape = typeof topology === 'string' ? topology : topology.kind
    return {
      wrong, hash: log.hash,
      story: `${count} nodes (${shape}), ${liars.length} liars, height ${height}, ${reorganisations} reorganisations, ${promises.sent.length} payments, ${events}`,
    }
  } finally {
    await swarm.stop()
    rmSync(folder, { recursive: true })
  }
}

/** Something happens every few seconds. */
async function trouble(swarm: VirtualSwarm, random: Random, forMs: number, promises: Promises, tell: (what: string) => void): Promise<void> {
  const end = swarm.elapsedMs + forMs
  while (swarm.elapsedMs < end) {
    await swarm.run(random.exponential(4_000))
    const all = [...swarm.nodes.keys()]
    const running = swarm.running
    const dead = all.filter((at) => !running.includes(at))
    const drawn = random.whole(20)
    if (drawn < 10) {
      if (pay(swarm, random, promises)) tell('paid')
    } else if (drawn < 12) {
      const order = random.shuffled(all)
      const at = 1 + random.whole(order.length - 1)
      await swarm.partition([order.slice(0, at), order.slice(at)])
      tell('partitions')
    } else if (drawn < 14) {
      // Whoever heals waits for connections; here nobody does.
      swarm.links.heal()
      tell('heals')
    } else if (drawn < 15 && running.length > 2) {
      await swarm.kill(random.pick(running))
      tell('kills')
    } else if (drawn < 17 && dead.length > 0) {
      await restart(swarm, random.pick(dead), promises)
      tell('restarts')
    } else if (drawn < 18) {
      await restart(swarm, random.pick(running), promises)
      tell('restarts')
    } else if (drawn < 19) {
      swarm.links.setAll({ latencyMs: random.whole(150), jitterMs: random.whole(200), loss: random.pick([0, 0.01, 0.1]) })
      tell('changes of the links')
    } else {
      swarm.setClock(random.pick(all), { skewMs: random.whole(50_000) - 25_000 })
      tell('set clocks')
    }
  }
}

async function restart(swarm: VirtualSwarm, at: number, promises: Promises): Promise<void> {
  // Its neighbours may be out of reach.
  await swarm.restart(at).catch((error: unknown) => {
    if (!isUnconnected(error)) throw error
  })
  watchBans(swarm, at, promises)
}

/** Whether a swarm says that links are too slow for a handshake. */
const isUnconnected = (error: unknown): boolean => error instanceof Error && error.message.includes('could not connect')

/** @returns whether somebody could */
function pay(swarm: VirtualSwarm, random: Random, { sent }: Promises): boolean {
  const node = random.pick(swarm.running)
  const payer = swarm.nodes[node]!
  const payee = random.pick(swarm.nodes.filter(({ running }) => running)).wallet.default.account
  try {
    const { id, transaction } = payer.send({ recipient: payee, amount: 1 + random.whole(60), fee: random.whole(5) })
    sent.push({ node, id, transaction })
    return true
  } catch (error) {
    if (error instanceof PolicyError) return false // no money, or too many that wait
    throw error
  }
}

/** Whatever an honest node holds against an honest one. */
function watchBans({ nodes }: VirtualSwarm, at: number, { bans }: Promises): void {
  const names = new Map(nodes.flatMap((node, other) => (node.running ? [[node.network.peerId, other] as const] : [])))
  nodes[at]?.network.events.on('peer:judged', ({ peerId, code, consequence }) => {
    const other = names.get(peerId)
    if (other !== undefined && consequence === 'ban') bans.push(`node ${other} by node ${at} for ${code}`)
  })
}

/** @returns whether all nodes came to one tip */
async function quiet(swarm: VirtualSwarm, promises: Promises): Promise<boolean> {
  for (const at of swarm.nodes.keys()) swarm.setHashRate(at, 0)
  swarm.links.setAll({ latencyMs: 20, jitterMs: 5, loss: 0, bytesPerSecond: 1e7 })
  swarm.links.heal()
  for (const at of swarm.nodes.keys()) {
    swarm.setClock(at, { skewMs: 0, driftPpm: 0 })
    if (!swarm.running.includes(at)) await restart(swarm, at, promises)
  }
  await swarm.run(30_000)
  const isOne = (): boolean => new Set(swarm.nodes.map(({ chain }) => chain.tip.hash)).size === 1
  // Branches of the same work stay side by side until somebody finds a block. Then everybody finds one, for a payment may be
  // pending at some nodes only: who was taken for a bad peer is not gossiped with for a while.
  const [[best] = [0]] = [...swarm.nodes.entries()].sort(([, a], [, b]) => Number(b.chain.tip.work - a.chain.tip.work))
  for (const at of [best, ...swarm.nodes.keys()]) {
    await swarm.mine(at).catch(() => {}) // it catches up: then others have more
    if (!(await swarm.runUntil(isOne, { maxMs: QUIET_MS }))) return false
    await swarm.run(5_000)
  }
  return swarm.runUntil(isOne, { maxMs: QUIET_MS })
}
