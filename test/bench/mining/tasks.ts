/**
 * What is measured in a process of its own:
 *
 *   node tasks.ts NAME JSON        prints one line of JSON
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { pino } from 'pino'
import { toCompact } from '../../../src/consensus/target.ts'
import { fromHex } from '../../../src/consensus/hex.ts'
import { type NetworkParams, networkParams } from '../../../src/consensus/params.ts'
import type { KeyPair } from '../../../src/consensus/signature.ts'
import { signTransaction } from '../../../src/consensus/transaction.ts'
import { genesisOf } from '../../../src/consensus/genesis.ts'
import { createServer } from '../../../src/http/server.ts'
import { Mempool } from '../../../src/mempool/pool.ts'
import { Miner } from '../../../src/mining/miner.ts'
import { type CreateWorker, WorkerPool } from '../../../src/mining/pool.ts'
import { Templates } from '../../../src/mining/template.ts'
import { createNode, type Node } from '../../../src/node/node.ts'
import { createRandom } from '../../support/random.ts'
import { paramsOf, sendersOf } from '../chain/fixture.ts'
import { timed } from '../figure.ts'
import type { MarkingData } from './marking-worker.ts'
import { tipsOf } from './tips.ts'

const log = pino({ level: 'silent' })
const HOPELESS = 1n
const ACCOUNT = new Uint8Array(32).fill(7)

/** Hashes a second of so many threads, by what they counted, after they have warmed up. */
async function hashRate({ threads }: { threads: number }): Promise<unknown> {
  const pool = new WorkerPool(threads, 100)
  const search = pool.search(new Uint8Array(92), HOPELESS)
  await pause(700)
  const before = pool.hashes
  const ms = await timed(() => pause(3_000))
  const hashes = pool.hashes - before
  await pool.stop()
  await search
  return { hashesPerSecond: (1_000 * hashes) / ms }
}

/** Processor time that a thread takes, of one processor. */
async function share({ cpu }: { cpu: number }): Promise<unknown> {
  const pool = new WorkerPool(1, cpu)
  const search = pool.search(new Uint8Array(92), HOPELESS)
  await pause(700)
  const before = process.cpuUsage()
  const ms = await timed(() => pause(2_000))
  const { user, system } = process.cpuUsage(before)
  await pool.stop()
  await search
  return { percent: (user + system) / 1_000 / ms * 100 }
}

/** Payments of one unit with fees of 0 to 999, so many a sender in the order of their nonces. */
function fill(mempool: Pick<Mempool, 'add'>, params: NetworkParams, senders: KeyPair[], each: number): void {
  const genesisHash = genesisOf(params).hash
  const random = createRandom(1)
  for (let nonce = 0; nonce < each; nonce++) {
    for (const keys of senders) {
      const payment = { sender: keys.publicKey, recipient: ACCOUNT, amount: 1, fee: random.below(1_000), nonce, memo: new Uint8Array(0) }
      mempool.add(signTransaction(payment, keys, genesisHash), 'gossip')
    }
  }
}
const sendersOfCount = (count: number): KeyPair[] => sendersOf({ accounts: count, blocks: 0, transactions: 0 })

/** Templates from a mempool of such a shape: built anew, only the first part, and with a later timestamp only. */
async function templates({ senders, each }: { senders: number; each: number }): Promise<unknown> {
  const bits = networkParams('lan').initialBits
  const params: NetworkParams = { ...networkParams('lan'), limitBits: bits }
  const mempool = new Mempool({ genesisHash: genesisOf(params).hash, account: () => ({ balance: 1e9, nonce: 0 }), now: Date.now, log })
  fill(mempool, params, sendersOfCount(senders), each)
  const ancestors = { height: 0, bits, timestamp: params.genesisTimestamp, parentTimestamp: 0 }
  const tip = { hash: '00'.repeat(32), ancestors }
  const made = { params, tip: () => tip, select: (maxBytes: number) => mempool.select(maxBytes), now: Date.now }
  const full: number[] = []
  const quick: number[] = []
  const later: number[] = []
  for (let run = 0; run < 25; run++) {
    full.push(await timed(() => new Templates(made).next(ACCOUNT)))
    const templates = new Templates(made)
    quick.push(await timed(() => templates.next(ACCOUNT, true)))
    templates.next(ACCOUNT)
    later.push(await timed(() => templates.next(ACCOUNT)))
  }
  const warm = (runs: number[]): number[] => runs.slice(5)
  return { fullMs: warm(full), quickMs: warm(quick), laterMs: warm(later) }
}

/** A node as `cairn start` makes it, but for its disk and the LAN. */
async function startNode(params: NetworkParams, threads: number): Promise<Node> {
  const node = createNode({ network: params, mdns: false, listen: ['/ip4/127.0.0.1/tcp/0'], threads: Math.max(1, threads) })
  await node.start()
  return node
}

/** From the chain's word of a new tip to the first hash on it of the last thread, for each of so many tips. */
async function tips({ threads, pending, tips }: { threads: number; pending: number; tips: number }): Promise<unknown> {
  const senders = sendersOfCount(Math.min(pending, 20_000))
  // With many pending, as difficult as network `lan` begins: there the first template is a part.
  const many = pending > 400
  const params: NetworkParams = { ...paramsOf(senders), ...(many && { initialBits: toCompact(1n << 236n), limitBits: toCompact(1n << 236n) }) }
  const blocks = await tipsOf(params, tips)
  const node = await startNode(params, threads)
  const { chain, mempool } = node
  const marks: BigInt64Array[] = []
  const createWorker: CreateWorker = (shared) => {
    const data: MarkingData = { shared, marks: new SharedArrayBuffer(16) }
    marks.push(new BigInt64Array(data.marks))
    return new Worker(new URL('./marking-worker.ts', import.meta.url), { workerData: data, execArgv: [] })
  }
  // The node's own miner rests; this one is wired as it is, with threads that take notes.
  const miner = new Miner(
    {
      params,
      tip() {
        const { hash } = chain.tip
        return { hash, ancestors: chain.ancestors(hash)! } // of the tip
      },
      select: (maxBytes) => mempool.select(maxBytes),
      add: (block) => chain.add(block, 'local'),
      now: node.clock.now,
      log,
      createWorker,
    },
    { threads },
  )
  let told = 0n
  chain.events.prependListener('tip:changed', () => (told = process.hrtime.bigint()))
  chain.events.on('tip:changed', () => miner.tipChanged())
  fill(mempool, params, senders, 1)
  miner.run(ACCOUNT)
  await pause(1_000)
  const random = createRandom(2)
  const latenciesMs: number[] = []
  for (const block of blocks) {
    const { hash } = await chain.add(block, 'gossip')
    // Long enough for every thread, and never in step with the slices.
    await pause(20 + random.below(20) + (many ? 60 : 0))
    const tag = new DataView(fromHex(hash).buffer).getBigInt64(0)
    while (marks.some(([noted]) => noted !== tag)) await pause(5)
    latenciesMs.push(Math.max(...marks.map(([, at = 0n]) => Number(at - told) / 1e6)))
  }
  await miner.stop()
  await node.stop()
  return { latenciesMs: latenciesMs.slice(5) }
}

export interface Delays {
  p50Ms: number
  p99Ms: number
  maxMs: number
  answerP99Ms: number
}

/** The event loop of a node that serves its status twenty times a second, while so many threads mine for nothing. */
async function eventLoop({ threads }: { threads: number }): Promise<Delays> {
  const params: NetworkParams = { ...networkParams('lan'), initialBits: 0x1700_ffff }
  const node = await startNode(params, threads)
  const server = await createServer(node, { host: '127.0.0.1', port: 0, explicitPort: true, token: 'x', log })
  await server.start()
  if (threads > 0) node.miner.run(ACCOUNT)
  await pause(1_500)
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const answers: number[] = []
  for (let i = 0; i < 100; i++) {
    answers.push(await timed(async () => (await fetch(`${server.url}/api/v1/status`)).json()))
    await pause(50)
  }
  delay.disable()
  await server.stop()
  await node.stop()
  const ms = (percent: number): number => delay.percentile(percent) / 1e6
  answers.sort((a, b) => a - b)
  // It counts from one timer of 1 ms to the next: what is beyond that is delay.
  return { p50Ms: ms(50) - 1, p99Ms: ms(99) - 1, maxMs: delay.max / 1e6 - 1, answerP99Ms: answers[98] ?? Number.NaN }
}

const TASKS: Record<string, (options: never) => Promise<unknown>> = { hashRate, share, templates, tips, eventLoop }

const [name = '', options = '{}'] = process.argv.slice(2)
const task = TASKS[name]
if (task === undefined) throw new Error(`usage: tasks.ts ${Object.keys(TASKS).join('|')} JSON`)
console.log(JSON.stringify(await task(JSON.parse(options) as never))) // what mining.ts of the benchmarks gives
process.exit(0)
