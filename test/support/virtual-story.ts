/**
 * A short story of a swarm in simulated time with everything in it: payments, a partition, a kill and a restart from the files
 * that it leaves, wrong clocks, links that lose. As a program (`node test/support/virtual-story.ts SEED`), with a thread
 * beside it that keeps a processor busy, it prints as JSON the hash of its log, and what Node was asked for while time
 * passed: in a process of its own, for in that of the tests others ask too.
 */
import { createHook } from 'node:async_hooks'
import { rmSync } from 'node:fs'
import { isMainThread, Worker } from 'node:worker_threads'
import { createSwarm } from '../../src/swarm/create-swarm.ts'
import { RunLog } from '../../src/swarm/virtual/run-log.ts'
import type { VirtualSwarm } from '../../src/swarm/virtual/swarm.ts'
import { quickFolder } from './quick-folder.ts'

export interface Told {
  /** SHA-256 of the log. */
  hash: string
  count: number
  lines: readonly string[]
  heights: number[]
  payments: number
  /** How often a branch was left. */
  reorganisations: number
}

/** Three minutes of five nodes. @param during called while time passes */
export async function tellStory(seed: number, during: (work: () => Promise<void>) => Promise<void> = (work) => work()): Promise<Told> {
  const folder = quickFolder('story')
  const swarm = await createSwarm({
    nodes: 5, seed, folder, time: 'virtual', hashRates: [4, 3, 3, 2, 1], topology: 'ring',
    latencyMs: 80, jitterMs: 40, loss: 0.02, bytesPerSecond: 200_000, clocks: [{ skewMs: 4_000 }, {}, { skewMs: -9_000, driftPpm: 200 }],
  })
  const log = new RunLog(swarm, { keepsLines: true })
  let [payments, reorganisations] = [0, 0]
  swarm.events.on('tip:changed', ({ left }) => void (reorganisations += left > 0 ? 1 : 0))
  const watch = (at: number): void => {
    swarm.nodes[at]?.mempool.events.on('transaction:added', ({ pending: { id }, origin }) => log.add('transaction:added', { at: swarm.elapsedMs, node: at, id, origin }))
  }
  for (const at of swarm.nodes.keys()) watch(at)
  const pay = (from: number, to: number): void => {
    const [payer, payee] = [swarm.nodes[from]!, swarm.nodes[to]!]
    const { account } = payer.wallet.default
    if (payer.chain.account(account).balance < 20) return
    payer.send({ recipient: payee.wallet.default.account, amount: 10, fee: payments % 4 })
    payments += 1
  }
  await during(async () => {
    await swarm.run(40_000)
    pay(0, 1)
    pay(1, 2)
    await swarm.partition([[0, 1], [2, 3, 4]])
    await swarm.run(30_000)
    pay(0, 3)
    pay(2, 1)
    swarm.setClock(2, { skewMs: 1_000, driftPpm: 0 })
    await swarm.run(20_000)
    await swarm.heal()
    await swarm.run(1_500)
  })
  await swarm.kill(1)
  await during(() => swarm.run(25_000))
  await swarm.restart(1)
  watch(1)
  await during(async () => {
    pay(1, 4)
    await swarm.run(30_000)
    await quiet(swarm)
  })
  const heights = swarm.nodes.map(({ chain }) => chain.tip.height)
  await swarm.stop()
  rmSync(folder, { recursive: true })
  const { hash, count, lines } = log
  return { hash, count, lines, heights, payments, reorganisations }
}

/** Nobody mines any more, and one last block decides between branches that have the same work. */
async function quiet(swarm: VirtualSwarm): Promise<void> {
  for (const at of swarm.nodes.keys()) swarm.setHashRate(at, 0)
  await swarm.run(30_000)
  await swarm.mine(0)
  await swarm.converged()
}

const [, script, seed] = process.argv
if (isMainThread && script === import.meta.filename && seed !== undefined) {
  const busy = new Worker('for (;;) ;', { eval: true })
  const made = new Set<string>()
  const hook = createHook({ init: (_, type) => void made.add(type) })
  const { hash } = await tellStory(Number(seed), async (work) => {
    if (made.size === 0) hook.enable() // of the first part: it slows every promise
    await work().finally(() => hook.disable())
  })
  await busy.terminate()
  console.log(JSON.stringify({ hash, made: [...made] }))
}
