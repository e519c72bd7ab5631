/**
 * Wrong clocks: a node whose clock is off finds blocks as before, and loses them.
 *
 * What to watch: up to a minute ahead is allowed, and costs nothing. A clock that is further ahead dates blocks into the
 * future: the others keep each one back until its time has come, and have found another meanwhile. A clock that is far
 * behind makes its node keep back everybody else's. `cairn doctor` tells the owner; the rest of the network is well.
 *
 *   node examples/clock-skew.ts [--seed N]
 *
 * Simulated: time, the four nodes' clocks, the search for blocks; each row is twenty minutes. Real: the nodes, and the rule
 * (a block's time is after its parent's, and at most `maxFutureMs` ahead of the clock of whoever judges it).
 */
import { createSwarm } from 'cairn'
import { seedOr } from './lesson/seed.ts'

const seed = seedOr(1)
const MINUTES = 20
console.log(`Four nodes of one hash rate, ${MINUTES} min a row; one has a wrong clock. Seed ${seed}.\n`)
console.log('its clock  blocks found  in the chain  lost   the others’ lost')
for (const skewS of [0, 40, -40, 90, -90]) {
  await using swarm = await createSwarm({
    nodes: 4, seed, time: 'virtual', hashRates: [1, 1, 1, 1], latencyMs: 20, clocks: [{ skewMs: skewS * 1_000 }],
  })
  const found = new Map<string, number>()
  swarm.events.on('block:found', ({ node, hash }) => void found.set(hash, node))
  await swarm.run(MINUTES * 60_000)
  // The chain as the nodes with right clocks have it.
  const { chain } = swarm.nodes[1]!
  const of = (isWrong: boolean): { all: number; kept: number; lost: string } => {
    const hashes = [...found].filter(([, node]) => (node === 0) === isWrong).map(([hash]) => hash)
    const kept = hashes.filter((hash) => chain.isBest(hash)).length
    return { all: hashes.length, kept, lost: `${Math.round((1 - kept / hashes.length) * 100)} %` }
  }
  const [wrong, right] = [of(true), of(false)]
  const clock = skewS === 0 ? 'right' : `${skewS > 0 ? '+' : '−'}${Math.abs(skewS)} s`
  console.log(`${clock.padStart(9)} ${String(wrong.all).padStart(13)} ${String(wrong.kept).padStart(13)} ${wrong.lost.padStart(5)} ${right.lost.padStart(18)}`)
}
console.log('\nThe limit is 60 s ahead. A time server or a watch is enough for it.')
