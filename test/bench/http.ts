/**
 * What the HTTP interface can bear: blocks by height beside a bare route of Fastify's, while the node works and while it
 * is attacked, the whole chain to one reader, and for charts. The node is in a process of its own (http/tasks.ts), and so is whoever
 * asks (http/load.ts).
 */
import { type Benchmark, figureOf } from './figure.ts'
import { runTask } from './task.ts'

const RUNS = 5
const task = <T>(name: string, options: object = {}): T => runTask(new URL('./http/tasks.ts', import.meta.url), name, options)

interface Waited {
  latenciesMs: number[]
  refused: number
}

export const benchmark: Benchmark = async (report) => {
  const rates = task<{ blocks: number[]; bare: number[]; refused: number; bytes: number }>('rates', { runs: RUNS, ms: 1_500 })
  const name = `GET /api/v1/blocks/:height, ${rates.bytes} bytes`
  report(figureOf({ name, unit: 'requests/s', runs: rates.blocks, atLeast: 5_000 }))
  report(figureOf({ name: 'the same beside a bare Fastify route of as many bytes', unit: 'requests/s', runs: rates.blocks, limitRuns: rates.bare }))
  report(figureOf({ name: 'of these requests refused', unit: 'requests', runs: [rates.refused], atMost: 0 }))

  const busy = Array.from({ length: 3 }, () => task<{ quiet: number[]; loaded: number[]; synced: number }>('busy', { ms: 8_000 }))
  report(figureOf({ name: 'the same of a node that rests, p99', unit: 'ms', runs: busy.map(({ quiet }) => p99(quiet)) }))
  report(figureOf({ name: 'while it mines on all threads and syncs, p99', unit: 'ms', runs: busy.map(({ loaded }) => p99(loaded)), atMost: 20 }))
  report(figureOf({ name: 'blocks of 50 transactions synced meanwhile', unit: 'blocks', runs: busy.map(({ synced }) => synced), atLeast: 1 }))

  const { path } = task<{ path: string }>('longChain')
  const whole = Array.from({ length: 3 }, () => task<{ blocks: number; mb: number; growthMb: number; againMb: number; ms: number }>('wholeChain', { path }))
  report(figureOf({ name: 'GET /chain, length', unit: 'blocks', runs: whole.map(({ blocks }) => blocks), atLeast: 10_000 }))
  report(figureOf({ name: 'GET /chain, sent', unit: 'MB', runs: whole.map(({ mb }) => mb) }))
  report(figureOf({ name: 'GET /chain, time', unit: 'ms', runs: whole.map(({ ms }) => ms) }))
  // The first time SQLite's own cache of pages fills, which is bounded: storage/database.ts.
  report(figureOf({ name: 'GET /chain, memory', unit: 'MB', runs: whole.map(({ growthMb }) => growthMb), atMost: 20 }))
  report(figureOf({ name: 'GET /chain by a second reader, memory', unit: 'MB', runs: whole.map(({ againMb }) => againMb), atMost: 20 }))

  const charts = Array.from({ length: 3 }, () => task<{ firstMs: number; kb: number; again: number[] }>('charts', { path }))
  report(figureOf({ name: 'GET /api/v1/series of 10 000 blocks in 600 points, sent', unit: 'kB', runs: charts.map(({ kb }) => kb) }))
  report(figureOf({ name: 'the first time, when each block is read', unit: 'ms', runs: charts.map(({ firstMs }) => firstMs) }))
  report(figureOf({ name: 'then, p99', unit: 'ms', runs: charts.map(({ again }) => p99(again)) }))

  type Hostile = Record<'malformed' | 'idle' | 'streams', Record<'alone' | 'beside', Waited>> & { malformedMs: number; growthMb: number }
  const attacks = Array.from({ length: 3 }, () => task<Hostile>('hostile', { ms: 2_000, count: 10_000 }))
  for (const [attack, what] of [['malformed', '10 000 malformed requests'], ['idle', '1 000 idle connections'], ['streams', '200 event streams that are not read']] as const) {
    const runs = attacks.map((found) => p99(found[attack].beside.latenciesMs))
    const alone = attacks.map((found) => p99(found[attack].alone.latenciesMs))
    report(figureOf({ name: `an honest answer beside ${what}, p99`, unit: 'ms', runs, limitRuns: alone, atMost: 2 }))
    report(figureOf({ name: 'of its requests refused', unit: 'requests', runs: attacks.map((found) => found[attack].beside.refused), atMost: 0 }))
  }
  report(figureOf({ name: '10 000 malformed requests on 8 connections, time', unit: 's', runs: attacks.map(({ malformedMs }) => malformedMs / 1_000) }))
  report(figureOf({ name: 'all of these: memory', unit: 'MB', runs: attacks.map(({ growthMb }) => growthMb) }))
}

function p99(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(0.99 * sorted.length) - 1)] ?? Number.NaN
}
