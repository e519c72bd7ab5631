/**
 * What a swarm costs: its start, the memory of a node beside that of bare libp2p, and a hundred nodes that find a block
 * every other second. Each part measures in processes of its own (swarm/tasks.ts).
 *
 * A start is from the call of `createSwarm` until every edge is connected and both ends know each other's status; modules
 * are loaded before. Memory is the process's (RSS) after a collection, what it grew by, for each node. With `--full` the
 * hundred run for ten minutes instead of half of one.
 */
import { type Benchmark, figureOf } from './figure.ts'
import type { Memory, Run, Start } from './swarm/tasks.ts'
import { runTask } from './task.ts'

const TASKS = new URL('./swarm/tasks.ts', import.meta.url)
const SEED = 7
const STARTS: [nodes: number, runs: number, atMostS: number][] = [[10, 5, 1], [100, 3, 8]]
const MEMORY_NODES = 50
const MEMORY_RUNS = 3
const CROWD = 100
const BLOCK_MS = 2_000
const SHORT_MS = 30_000
const FULL_MS = 600_000

export const benchmark: Benchmark = async (report, { full }) => {
  for (const [nodes, runs, atMostS] of STARTS) {
    const seconds = Array.from({ length: runs }, () => runTask<Start>(TASKS, 'start', { nodes, seed: SEED }).seconds)
    report(figureOf({ name: `start of ${nodes} connected nodes`, unit: 's', runs: seconds, atMost: atMostS }))
  }

  const memory = Array.from({ length: MEMORY_RUNS }, () => ({
    node: runTask<Memory>(TASKS, 'memory', { nodes: MEMORY_NODES, seed: SEED }).megabytes,
    bare: runTask<Memory>(TASKS, 'bareMemory', { nodes: MEMORY_NODES, seed: SEED }).megabytes,
  }))
  const each = `, each of ${MEMORY_NODES}`
  report(figureOf({ name: `memory of bare libp2p with gossipsub${each}`, unit: 'MB', runs: memory.map(({ bare }) => bare) }))
  report(figureOf({ name: `memory of a node${each}`, unit: 'MB', runs: memory.map(({ node }) => node) }))
  report(figureOf({ name: 'memory of a node above bare libp2p', unit: 'MB', runs: memory.map(({ node, bare }) => node - bare), atMost: 4 }))

  const durationMs = full ? FULL_MS : SHORT_MS
  const { reachedMs: reached, tips, side } = runTask<Run>(TASKS, 'run', { nodes: CROWD, seed: SEED, durationMs, blockMs: BLOCK_MS })
  const crowd = `${CROWD} nodes, a block in ${BLOCK_MS / 1_000} s for ${durationMs / 1_000} s`
  const reachedMs = reached.map((ms) => ms ?? Infinity)
  const sorted = reachedMs.toSorted((a, b) => a - b)
  const p95 = sorted[Math.ceil(sorted.length * 0.95) - 1] ?? Number.NaN
  report(figureOf({ name: `${crowd}: to 95 % of them`, unit: 's', runs: reachedMs.map((ms) => ms / 1_000) }))
  report(figureOf({ name: `${crowd}: the same at p95 of ${reachedMs.length} blocks`, unit: 's', runs: [p95 / 1_000], atMost: 1 }))
  report(figureOf({ name: `${crowd}: blocks beside the chain`, unit: '', runs: [side] }))
  report(figureOf({ name: `${crowd}: tips at the end`, unit: '', runs: [tips], atMost: 1 }))
}
