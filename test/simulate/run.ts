/**
 * `npm run simulate [-- --seeds N --from S --nodes N --minutes N]`: networks in simulated time, one for each seed, with
 * partitions, kills, restarts, wrong clocks, bad links and liars; after quiet all must be one chain again with nothing lost.
 * One line a seed with `--tell`. Exit status 1 where something did not hold: with the seed, and how to have it again.
 */
import { optionsOrExit } from '../support/options-or-exit.ts'
import { runSeeds } from './run-seeds.ts'
import { simulate } from './simulate.ts'

const { values } = optionsOrExit({
  options: {
    seeds: { type: 'string', default: '200' },
    from: { type: 'string', default: '1' },
    nodes: { type: 'string', default: '6' },
    minutes: { type: 'string', default: '2' },
    tell: { type: 'boolean', default: false },
  },
})
const [seeds, from, nodes, minutes] = [Number(values.seeds), Number(values.from), Number(values.nodes), Number(values.minutes)]
const isWhole = (value: number, least: number): boolean => Number.isSafeInteger(value) && value >= least
if (!isWhole(seeds, 1) || !isWhole(from, 0) || !isWhole(nodes, 3) || nodes > 50 || !(minutes > 0)) {
  console.error('usage: npm run simulate -- [--seeds N] [--from S] [--nodes N, 3 to 50] [--minutes N] [--tell]')
  process.exit(2)
}

const began = performance.now()
const broken = await runSeeds({ seeds, from, nodes, minutes, tell: values.tell }, simulate, { line: console.log, wrong: console.error })
const seconds = Math.round((performance.now() - began) / 1_000)
const summary = broken.length === 0 ? 'after quiet each was one chain, and nothing was lost' : `${broken.length} did not hold: ${broken.join(', ')}`
console.log(`${seeds} seeds from ${from}, up to ${nodes} nodes, ${minutes} minutes each, ${seconds} s: ${summary}.`)
process.exit(broken.length === 0 ? 0 : 1)
