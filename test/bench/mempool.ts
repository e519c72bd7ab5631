/**
 * The mempool: admission in one process, over HTTP and over gossip, each beside what libsodium alone verifies on one
 * thread; reading it; a restart; and a flood of spam, of a million with --full. Each in a process of its own
 * (mempool/tasks.ts), whoever sends in another.
 */
import { rawVerifications } from './chain/raw-verifications.ts'
import { type Benchmark, type Figure, figureOf, median } from './figure.ts'
import { runTask } from './task.ts'

const RUNS = 3
const CONNECTIONS = 64
/** Blocks of the network under spam take a thread about a second. */
const SPAM_HASHES = 2 ** 23

const task = <T>(name: string, options: object): T => runTask(new URL('./mempool/tasks.ts', import.meta.url), name, options)

interface Rate {
  perSecond: number
}

interface Spam {
  verdicts: Record<string, number>
  mostPending: number
  mostBytes: number
  blocksUntilMined: number[]
  perSecond: number
  growthMb: number
}

/** A rate beside the same run's limit, with a goal on the rate itself. */
function rateOf(name: string, runs: number[], limitRuns: number[], atLeast?: number): Figure {
  const figure = figureOf({ name, unit: '/s', runs, limitRuns })
  return atLeast === undefined ? figure : { ...figure, goal: `≥ ${atLeast} /s`, holds: median(runs) >= atLeast }
}

export const benchmark: Benchmark = async (report, { full }) => {
  const rates: Record<'pool' | 'json' | 'ssz' | 'gossip' | 'alone', number[]> = { pool: [], json: [], ssz: [], gossip: [], alone: [] }
  const reading: { listMs: number; pageMs: number; backlogMs: number }[] = []
  const http = { senders: 20_000, each: 1, connections: CONNECTIONS } // as many as the pool holds: the first seconds are compiling
  for (let run = 0; run < RUNS; run++) {
    rates.alone.push(await rawVerifications({ accounts: 2_000, blocks: 1, transactions: 2_000 }, 1))
    const pool = task<Rate & (typeof reading)[0]>('pool', { senders: 20_000, each: 1 })
    rates.pool.push(pool.perSecond)
    reading.push(pool)
    rates.json.push(task<Rate>('http', { ...http, form: 'json' }).perSecond)
    rates.ssz.push(task<Rate>('http', { ...http, form: 'ssz' }).perSecond)
    rates.gossip.push(task<Rate>('gossip', { senders: 20_000, each: 1 }).perSecond)
  }
  report(rateOf('admission in one process, beside libsodium alone', rates.pool, rates.alone))
  report(rateOf('admission over HTTP, JSON, on disk when answered', rates.json, rates.alone, 2_000))
  report(rateOf('admission over HTTP, SSZ, on disk when answered', rates.ssz, rates.alone, 2_000))
  report(rateOf('admission over gossip', rates.gossip, rates.alone, 5_000))
  report(figureOf({ name: 'all of 20 000 in order', unit: 'ms', runs: reading.map(({ listMs }) => listMs) }))
  report(figureOf({ name: 'a page of 1 000 of them', unit: 'ms', runs: reading.map(({ pageMs }) => pageMs) }))
  report(figureOf({ name: 'the backlog of 20 000', unit: 'ms', runs: reading.map(({ backlogMs }) => backlogMs) }))

  const restarts = Array.from({ length: RUNS }, () =>
    task<{ emptyMs: number; stopMs: number; startMs: number; allMs: number }>('restart', { senders: 20_000, each: 1 }))
  const empty = restarts.map(({ emptyMs }) => emptyMs)
  report(figureOf({ name: 'start on 20 000 pending, beside none', unit: 'ms', runs: restarts.map(({ startMs }) => startMs), limitRuns: empty, atMost: 2 }))
  report(figureOf({ name: 'until all of them are pending again', unit: 'ms', runs: restarts.map(({ allMs }) => allMs) }))
  report(figureOf({ name: 'stop with 20 000 pending', unit: 'ms', runs: restarts.map(({ stopMs }) => stopMs) }))

  spam(report, full ? 1_000_000 : 100_000)
}

function spam(report: Parameters<Benchmark>[0], count: number): void {
  const name = `${count.toLocaleString('en').replaceAll(',', ' ')} spam transactions`
  const { mostPending, mostBytes, blocksUntilMined, perSecond, growthMb, verdicts } =
    task<Spam>('spam', { count, senders: 4_000, hashes: SPAM_HASHES, payments: 20 })
  report(figureOf({ name: `${name}: offered`, unit: '/s', runs: [perSecond] }))
  report(figureOf({ name: `${name}: admitted`, unit: 'transactions', runs: [verdicts.added ?? 0] }))
  report(figureOf({ name: `${name}: most pending`, unit: 'transactions', runs: [mostPending], atMost: 20_000 }))
  report(figureOf({ name: `${name}: most bytes`, unit: 'bytes', runs: [mostBytes], atMost: 32_000_000 }))
  report(figureOf({ name: `${name}: memory`, unit: 'MB', runs: [growthMb], atMost: 100 }))
  report(figureOf({ name: `blocks until each of ${blocksUntilMined.length} that pay is mined, most`, unit: 'blocks', runs: [Math.max(...blocksUntilMined)], atMost: 2 }))
}
