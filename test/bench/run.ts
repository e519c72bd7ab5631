/**
 * `npm run bench`, `npm run bench -- NAME… [--json] [--full]`: measures, and prints a table and a sentence on the machine,
 * or one JSON document `{ machine, commit, figures }`. Every ratio is of two things measured in the same run. `--full`
 * measures at the full sizes where they take minutes, too.
 */
import { execFileSync } from 'node:child_process'
import { cpus, totalmem } from 'node:os'
import { optionsOrExit } from '../support/options-or-exit.ts'
import type { Benchmark, Figure } from './figure.ts'

/** By name; loaded only when asked for. */
const BENCHMARKS: Record<string, () => Promise<{ benchmark: Benchmark }>> = {
  chain: () => import('./chain.ts'),
  cli: () => import('./cli.ts'),
  http: () => import('./http.ts'),
  lan: () => import('./lan.ts'),
  mempool: () => import('./mempool.ts'),
  mining: () => import('./mining.ts'),
  model: () => import('./model.ts'),
  network: () => import('./network.ts'),
  page: () => import('./page.ts'),
  swarm: () => import('./swarm.ts'),
  simulate: () => import('./simulate.ts'),
}

const { values: { json, full }, positionals } = optionsOrExit({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, full: { type: 'boolean', default: false } },
})
const names = positionals.length > 0 ? positionals : Object.keys(BENCHMARKS)
const unknown = names.filter((name) => !(name in BENCHMARKS))
if (unknown.length > 0) {
  console.error(`no benchmark is called ${unknown.join(', ')}: there are ${Object.keys(BENCHMARKS).join(', ')}`)
  process.exit(2)
}

const figures: Figure[] = []
for (const name of names) {
  const { benchmark } = await BENCHMARKS[name]!() // checked above
  await benchmark((figure) => {
    figures.push(figure)
    if (!json) console.log(row(figure))
  }, { full })
}

const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`
if (json) console.log(JSON.stringify({ machine, commit: commit(), figures }))
else console.log(`\nMeasured on ${machine}, at commit ${commit().slice(0, 12)}. Medians; in brackets the least and the greatest.`)

function row({ name, value, unit, spread, limit, ratio, goal, holds }: Figure): string {
  const beside = limit === null ? '' : `  beside ${short(limit)} ${unit}: ratio ${short(ratio ?? Number.NaN)}`
  const verdict = goal === null ? '' : `  goal ${goal}: ${holds ? 'holds' : 'MISSED'}`
  return `${name.padEnd(58)} ${short(value).padStart(9)} ${unit} [${short(spread[0])} … ${short(spread[1])}]${beside}${verdict}`
}

function short(value: number): string {
  return value >= 1000 ? Math.round(value).toLocaleString('en').replaceAll(',', ' ') : String(Number(value.toPrecision(3)))
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return 'unknown'
  }
}
