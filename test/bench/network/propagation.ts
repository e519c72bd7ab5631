/**
 * How fast a block reaches everybody: 20 real nodes in one process beside 20 bare gossipsubs (propagation-tasks.ts).
 *
 * Both have the same options of libp2p, transport, encryption, links and bytes, and take turns in one process, garbage
 * collected before each. A node has a block when it is its tip: checked, stored and told. A bare gossipsub has it when it came.
 */
import { type Benchmark, figureOf } from '../figure.ts'
import { runTask } from '../task.ts'
import type { Races, Rates } from './propagation-tasks.ts'

type Report = Parameters<Benchmark>[0]

const task = <T>(name: string, options: object): T => runTask(new URL('./propagation-tasks.ts', import.meta.url), name, options)

/** A block of 1 kB holds 5 payments, one of 200 kB 1 250; every node has them pending. */
const SIZES = [
  { size: '1 kB', payments: 5, rounds: 40, atMost: 1.5 },
  { size: '200 kB', payments: 1_250, rounds: 10, atMost: 2 },
] as const

export function propagationFigures(report: Report): void {
  for (const { size, payments, rounds, atMost } of SIZES) {
    const { nodesMs, bareMs, nodesCopies, bareCopies } = task<Races>('blocks', { payments, rounds })
    const name = `block of ${size} → 19 of 20 nodes, beside bare gossipsub`
    report(figureOf({ name, unit: 'ms', runs: nodesMs, limitRuns: bareMs, atMost }))
    report(figureOf({ name: `block of ${size}: what all 20 receive, beside bare gossipsub`, unit: 'blocks', runs: nodesCopies, limitRuns: bareCopies }))
  }
  const { nodesPerSecond, barePerSecond } = task<Rates>('transactions', { count: 100, rounds: 5 })
  const name = 'payments → pending on all of 20 nodes, beside bare gossipsub'
  report(figureOf({ name, unit: 'payments/s', runs: nodesPerSecond, limitRuns: barePerSecond }))
}
