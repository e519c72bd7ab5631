/**
 * Difficulty: nine tenths of the machines leave, and the time between blocks finds its way back.
 *
 * What to watch: at first nobody is there who could keep the pace, and a block takes ten times as long. Each slow block makes
 * the next one easier, until the machines that stayed find a block in ten seconds again. When the others come back, blocks
 * rush for a while, and it becomes harder again.
 *
 *   node examples/difficulty.ts [--seed N]
 *
 * Simulated: time and the search for blocks, so that hours pass in seconds, and each seed gives its own run, the same each
 * time. Real: both nodes, every block's proof of work, and the rule itself (src/consensus/difficulty.ts).
 */
import { createSwarm } from 'cairn'
import { seedOr } from './lesson/seed.ts'

/** Hashes a second: of those who stay, and of those who leave. */
const [STAY, LEAVE] = [3, 27]
const seed = seedOr(1)
await using swarm = await createSwarm({ nodes: 2, seed, time: 'virtual', hashRates: [STAY, LEAVE] })
const { chain, params } = swarm.nodes[0]!
const found: { at: number; difficulty: number }[] = [{ at: swarm.clock.now(), difficulty: 0 }]
swarm.events.on('block:found', ({ at, difficulty }) => void found.push({ at, difficulty }))

/** Waits for some blocks more, and prints what they took. @returns their mean time, s */
async function blocks(count: number): Promise<number> {
  const first = found.length - 1
  await swarm.runUntil(() => found.length > first + count)
  const last = found[first + count]!
  const meanS = (last.at - found[first]!.at) / count / 1_000
  const bar = '#'.repeat(Math.min(36, Math.max(1, Math.round(meanS / 2))))
  console.log(`${String(first + 1).padStart(5)} –${String(first + count).padStart(4)} ${meanS.toFixed(1).padStart(9)} s  ${Math.round(last.difficulty).toString().padStart(9)}  ${bar}`)
  return meanS
}

console.log(`A block is to come every ${params.targetBlockTimeMs / 1_000} s. Seed ${seed}.\n`)
console.log('     blocks   mean time  difficulty  each # is 2 s')
console.log(`${STAY + LEAVE} hashes a second:`)
const before = await blocks(100)

swarm.setHashRate(1, 0)
console.log(`${LEAVE} of them leave, ${STAY} stay:`)
for (let group = 0; group < 6; group++) await blocks(10)
const after = await blocks(100)

swarm.setHashRate(1, LEAVE)
console.log(`all ${STAY + LEAVE} are back:`)
for (let group = 0; group < 6; group++) await blocks(20)
const back = await blocks(100)

const hours = swarm.elapsedMs / 3_600_000
console.log(`\n${chain.tip.height} blocks in ${hours.toFixed(1)} hours. Long after each change a block takes ${before.toFixed(1)} s,`)
console.log(`${after.toFixed(1)} s and ${back.toFixed(1)} s: of 100 blocks the mean is off by a second by chance alone.`)
