/** Two hundred peers of one machine against a node with its default limits: how many honest links it keeps, how soon it follows. */
import { type Benchmark, figureOf } from '../figure.ts'
import { runTask } from '../task.ts'
import type { Attack } from './sybil-tasks.ts'

const RUNS = 3
const SETTINGS = [['honest', 'honest ones first'], ['sybils', 'Sybils first'], ['restart', 'over a restart']] as const

export async function sybilFigures(report: Parameters<Benchmark>[0]): Promise<void> {
  for (const [first, what] of SETTINGS) {
    const attacks = Array.from({ length: RUNS }, () => runTask<Attack>(new URL('./sybil-tasks.ts', import.meta.url), 'attack', { first }))
    const of = (value: (attack: Attack) => number): number[] => attacks.map(value)
    report(figureOf({ name: `200 Sybils, ${what}: honest links of 8`, unit: 'links', runs: of(({ honestLinks }) => honestLinks), atLeast: 3 }))
    report(figureOf({ name: `200 Sybils, ${what}: at the honest tip`, unit: 's', runs: of(({ caughtUpMs }) => caughtUpMs / 1000), atMost: 30 }))
    report(figureOf({ name: `200 Sybils, ${what}: a new block reaches it`, unit: 's', runs: of(({ followedMs }) => followedMs / 1000), atMost: 30 }))
  }
}
