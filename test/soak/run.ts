/**
 * `npm run soak [-- --minutes N --nodes N --seed S]`: a network with joins and leaves every few seconds. A line each five
 * seconds; at the end, whether all came to one tip and whether memory grew. Exit status 1 where either is not so.
 *
 * Growth is judged by medians of the memory a node, for nodes come and go: that of the last quarter of the samples must not
 * exceed that of the third by more than a tenth. The first half is warm-up, in which the nodes get to know each other and
 * bounded caches fill; that takes minutes, so memory is told but not judged where the whole takes less than twenty.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { median } from '../bench/figure.ts'
import { optionsOrExit } from '../support/options-or-exit.ts'
import { type Sample, soak } from './soak.ts'

const MAX_GROWTH = 1.1
const MIN_JUDGED_MINUTES = 20

const { values } = optionsOrExit({
  options: {
    minutes: { type: 'string', default: '3' },
    nodes: { type: 'string', default: '20' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
})
const [minutes, nodes, seed] = [Number(values.minutes), Number(values.nodes), Number(values.seed)]
if (!(minutes > 0) || !Number.isSafeInteger(nodes) || nodes < 4 || !Number.isSafeInteger(seed)) {
  console.error('usage: npm run soak -- [--minutes N] [--nodes N, at least 4] [--seed S]')
  process.exit(2)
}
const collect = globalThis.gc
if (collect === undefined) {
  console.error('memory is measured after a collection: run it by `npm run soak`, or node --expose-gc')
  process.exit(2)
}

const folder = mkdtempSync(join(tmpdir(), 'cairn-soak-'))
const MB = 1_048_576
const memory = (): number => {
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
const told = ({ elapsedMs, running, height, tips, bytes, leaves, joins, payments }: Sample): string =>
  `${String(Math.round(elapsedMs / 1_000)).padStart(5)} s  ${running} nodes, height ${height}, ${tips} tips, ${Math.round(bytes / MB)} MB, ` +
  `${leaves} leaves, ${joins} joins, ${payments} payments`

console.log(`${nodes} nodes for ${minutes} minutes, seed ${seed}`)
const { convergedMs, nodesByTip, samples } = await soak({ nodes, durationMs: minutes * 60_000, seed, folder, memory }, (sample) => console.log(told(sample)))
rmSync(folder, { recursive: true, force: true })

const quarter = (n: number): number =>
  median(samples.slice((n * samples.length) / 4, ((n + 1) * samples.length) / 4).map(({ bytes, running }) => bytes / running))
const [earlier, last] = [quarter(2), quarter(3)]
const grew = minutes >= MIN_JUDGED_MINUTES && last > earlier * MAX_GROWTH
const tip = convergedMs === null ? 'NOT on one tip after a minute' : `all on one tip after ${(convergedMs / 1_000).toFixed(1)} s`
const memoryOf = (bytes: number): string => (bytes / MB).toFixed(2)
const change = `${(last / earlier).toFixed(2)} times that before (${memoryOf(earlier)} → ${memoryOf(last)} MB a node)`
console.log(`\nSeed ${seed}: ${tip}; memory in the last quarter ${change}${grew ? ': IT GREW' : ''}.`)
if (convergedMs === null) console.log(`Nodes by the height of their tip:\n  ${nodesByTip.join('\n  ')}`)
process.exit(convergedMs === null || grew ? 1 : 0)
