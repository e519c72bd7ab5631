/**
 * How near mining comes to what the processor can do, and how little the node feels of it: the kernel, more threads,
 * the time from a new tip to the last thread on it, the main thread's event loop meanwhile, and templates.
 *
 * Everything is measured on a real node with real threads, each in a process of its own (mining/tasks.ts).
 */
import { availableParallelism } from 'node:os'
import { type Benchmark, figureOf } from './figure.ts'
import { kernelFigures } from './mining/kernel-figures.ts'
import type { Delays } from './mining/tasks.ts'
import { runTask } from './task.ts'

const RUNS = 3

const task = <T>(name: string, options: object = {}): T => runTask(new URL('./mining/tasks.ts', import.meta.url), name, options)

export const benchmark: Benchmark = async (report) => {
  const threads = availableParallelism()
  await kernelFigures(report)
  scaling(report, threads)
  tips(report, threads)
  eventLoop(report, threads)
  templates(report)
  shares(report)
}

type Report = Parameters<Benchmark>[0]

function scaling(report: Report, threads: number): void {
  const one: number[] = []
  const all: number[] = []
  for (let run = 0; run < RUNS; run++) {
    one.push(task<{ hashesPerSecond: number }>('hashRate', { threads: 1 }).hashesPerSecond)
    all.push(task<{ hashesPerSecond: number }>('hashRate', { threads }).hashesPerSecond)
  }
  report(figureOf({ name: '1 thread', unit: 'hashes/s', runs: one }))
  // On two cores: 1.9 of 2.
  report(figureOf({ name: `${threads} threads, beside one`, unit: 'hashes/s', runs: all, limitRuns: one, atLeast: 0.95 * threads }))
}

function tips(report: Report, threads: number): void {
  for (const [pending, tips, goal] of [[200, 300, 5], [20_000, 60, undefined]] as const) {
    const { latenciesMs } = task<{ latenciesMs: number[] }>('tips', { threads, pending, tips })
    const name = `new tip → all ${threads} threads on it, ${pending.toLocaleString('en').replace(',', ' ')} pending`
    report(figureOf({ name: `${name}, p50`, unit: 'ms', runs: [quantile(latenciesMs, 0.5)] }))
    report(figureOf({ name: `${name}, p99`, unit: 'ms', runs: [quantile(latenciesMs, 0.99)], atMost: goal }))
  }
}

function eventLoop(report: Report, threads: number): void {
  const idle: Delays[] = []
  const mining: Delays[] = []
  for (let run = 0; run < RUNS; run++) {
    idle.push(task<Delays>('eventLoop', { threads: 0 }))
    mining.push(task<Delays>('eventLoop', { threads }))
  }
  const p99 = (delays: Delays[]): number[] => delays.map(({ p99Ms }) => p99Ms)
  const answers = (delays: Delays[]): number[] => delays.map(({ answerP99Ms }) => answerP99Ms)
  report(figureOf({ name: 'event loop delay of a node that does not mine, p99', unit: 'ms', runs: p99(idle) }))
  report(figureOf({ name: `event loop delay while ${threads} threads mine, p99`, unit: 'ms', runs: p99(mining), atMost: 20 }))
  report(figureOf({ name: 'GET /status without mining, p99', unit: 'ms', runs: answers(idle) }))
  report(figureOf({ name: `GET /status while ${threads} threads mine, p99`, unit: 'ms', runs: answers(mining) }))
}

function templates(report: Report): void {
  const shapes = [
    ['one each of 20 000 senders', { senders: 20_000, each: 1 }],
    ['16 each of 1 250 senders', { senders: 1_250, each: 16 }],
    ['3 each of 6 600 senders', { senders: 6_600, each: 3 }],
  ] as const
  for (const [name, shape] of shapes) {
    const { fullMs, quickMs, laterMs } = task<{ fullMs: number[]; quickMs: number[]; laterMs: number[] }>('templates', shape)
    report(figureOf({ name: `a full template, ${name}`, unit: 'ms', runs: fullMs, atMost: 20 }))
    report(figureOf({ name: `the first part of it, ${name}`, unit: 'ms', runs: quickMs }))
    report(figureOf({ name: `a later timestamp for it, ${name}`, unit: 'ms', runs: laterMs }))
  }
}

function shares(report: Report): void {
  for (const cpu of [25, 50, 75]) {
    const runs = Array.from({ length: RUNS }, () => task<{ percent: number }>('share', { cpu }).percent)
    report(figureOf({ name: `processor time of a thread at cpu ${cpu}`, unit: '%', runs }))
  }
}

/** The least value that so many of all are not above. */
function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}
