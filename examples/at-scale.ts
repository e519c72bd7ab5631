/**
 * At scale: what becomes of a network made for one LAN when a thousand nodes join it over the internet.
 *
 * What to watch: on the LAN a block is everywhere long before the next one is found. Across the internet the same blocks take
 * seconds, two are found at once again and again, and of two one is lost, with the work in it. The equation says how many:
 * a share 1 − e^(−t ÷ T), where t is how long a block is on its way and T the time between two (Decker and Wattenhofer,
 * "Information propagation in the Bitcoin network", 2013). Then one thing after the other is changed.
 *
 *   node examples/at-scale.ts [--seed N]
 *
 * No real nodes: there would be too many. The model (src/swarm/model/) moves messages between numbers; how long a node takes
 * for a block was measured on real ones. `npm run model` draws the whole picture, for ten thousand.
 */
import { modelNetwork, type ModelOptions } from 'cairn'
import { seedOr } from './lesson/seed.ts'

const seed = seedOr(1)
const BLOCK = { blockMs: 10_000, blockBytes: 200_000, seed }

/** Each is the one before, with one thing changed. */
const STEPS: [what: string, options: ModelOptions][] = [
  ['30 nodes on a LAN', { ...BLOCK, nodes: 30, surroundings: 'lan', blocks: 2_000 }],
  ['1 000 on the internet', { ...BLOCK, nodes: 1_000, blocks: 100 }],
  ['to the mesh alone', { ...BLOCK, nodes: 1_000, blocks: 100, floodPublish: false }],
  ['compact blocks', { ...BLOCK, nodes: 1_000, blocks: 100, floodPublish: false, compact: true }],
  ['a minute a block', { ...BLOCK, nodes: 1_000, blocks: 100, floodPublish: false, compact: true, blockMs: 60_000 }],
]

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`
const seconds = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`
const line = (cells: string[]): string => cells.map((cell, at) => (at === 0 ? cell.padEnd(22) : cell.padStart([0, 8, 8, 9, 8, 8, 11][at] ?? 0))).join('')

console.log(`Blocks of 200 kB, one in ten seconds, found by anybody. Seed ${seed}.\n`)
console.log(line(['', 'to half', 'to 95 %', 'equation', 'lost', '± error', 'sent']))
for (const [what, options] of STEPS) {
  const { reachedMs, expectedStaleShare, staleShare, staleError, sentBytesPerSecond } = modelNetwork(options)
  console.log(line([
    what, seconds(reachedMs[50].median), seconds(reachedMs[95].median), percent(expectedStaleShare), percent(staleShare), percent(staleError),
    `${(sentBytesPerSecond.mean / 1_000).toFixed(1)} kB/s`,
  ]))
}

// Who knows whom decides, too: peers from anywhere, as a distributed hash table (DHT) gives them, or friends of friends.
const small = { nodes: 1_000, blockMs: 10_000, blockBytes: 1_000, blocks: 30, seed }
const anywhere = modelNetwork(small)
const friends = modelNetwork({ ...small, topology: { kind: 'small-world', degree: 16, rewired: 0.01 } })
const payments = modelNetwork({ ...BLOCK, nodes: 1_000, blocks: 1 }).paymentsBytesPerSecond
console.log('\nA block of 1 kB is with 95 % of 1 000 nodes')
console.log(`  after ${seconds(anywhere.reachedMs[95].median)}, where peers are from anywhere,`)
console.log(`  after ${seconds(friends.reachedMs[95].median)}, where nearly all are friends of friends.`)
console.log(`\nThe payments in blocks of 200 kB travel before them, to every node and several`)
console.log(`times: ${(payments / 1_000).toFixed(0)} kB/s of a line that sends 1 250. Compact blocks do not change that.`)
