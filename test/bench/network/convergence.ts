/** Two groups that built a chain each meet: how long until all are on one tip, and how often that fails. */
import { type Benchmark, figureOf } from '../figure.ts'
import { runTask } from '../task.ts'
import type { Convergence } from './convergence-task.ts'

const ROUNDS = 50
/** Nodes in each of the two groups. */
const GROUP = 5
const GOAL_S = 5

export const convergenceFigures: Benchmark = async (report) => {
  const { milliseconds } = runTask<Convergence>(new URL('./convergence-task.ts', import.meta.url), 'converge', { rounds: ROUNDS, group: GROUP, seed: 1 })
  const seconds = milliseconds.map((ms) => (ms === null ? Infinity : ms / 1_000))
  const joined = `two groups of ${GROUP} joined`
  report(figureOf({ name: `${joined}: the dial → one tip everywhere`, unit: 's', runs: seconds, atMost: GOAL_S }))
  const inTime = seconds.filter((time) => time <= GOAL_S).length
  report(figureOf({ name: `${joined}: times within ${GOAL_S} s, of ${ROUNDS}`, unit: '', runs: [inTime], atLeast: ROUNDS }))
}
