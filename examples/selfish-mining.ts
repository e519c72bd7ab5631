/**
 * Selfish mining: a pool keeps its blocks to itself, and shows them only to make the others' work worthless.
 *
 * What to watch: a small pool loses by it, a large one gets more than its share of the hash rate. Where the others follow
 * whichever block they saw first (γ = 0), it pays from a third on; where half of them take the pool's of two (γ = 0.5), from
 * a quarter on. All of it is within the rules: no node can tell.
 *
 *   node examples/selfish-mining.ts [--seed N]
 *
 * Real nodes, in simulated time: the pool's cable is pulled while it withholds, and plugged in to show its blocks. Nodes keep
 * to the block that they saw first, so γ = 0. Too slow for the error one wants: the rest is the published state machine, one
 * draw a block. Beside both stands the revenue by Eyal and Sirer, "Majority is not enough", 2014, equation (8). The sampling
 * error is that of the mean of 50 batches, or of one run as long as that of the nodes.
 */
import { createSwarm, Random } from 'cairn'
import { seedOr } from './lesson/seed.ts'

const seed = seedOr(1)
const [BATCHES, BATCH, REAL] = [50, 4_000, 600]

/** Equation (8): the pool's share of the chain's blocks, by its share α of the hash rate. */
const revenue = (α: number, γ: number): number =>
  (α * (1 - α) ** 2 * (4 * α + γ * (1 - 2 * α)) - α ** 3) / (1 - α * (1 + (2 - α) * α))

/** The pool's share of the chain, of so many blocks found. `lead`: the pool's blocks that nobody else has. */
function machine(α: number, γ: number, blocks: number, random: Random): number {
  let [lead, isTie, pool, others] = [0, false, 0, 0]
  for (let found = 0; found < blocks; found++) {
    const isPools = random.next() < α
    if (isTie) { // two branches of one block each: the next block decides
      const isOnPools = !isPools && random.next() < γ
      pool += isPools ? 2 : isOnPools ? 1 : 0
      others += isPools ? 0 : isOnPools ? 1 : 2
      isTie = false
    } else if (isPools) lead += 1
    else if (lead === 0) others += 1
    else if (lead === 1) [lead, isTie] = [0, true]
    else if (lead === 2) [lead, pool] = [0, pool + 2] // all is shown, and is longer by one
    else [lead, pool] = [lead - 1, pool + 1] // one is sure to be in the chain
  }
  return pool / (pool + others)
}

/** The same by two nodes: 0 has everybody else's hash rate, 1 is the pool. */
async function realPool(α: number): Promise<number> {
  await using swarm = await createSwarm({ nodes: 2, seed, network: 'local', time: 'virtual', hashRates: [0.2 * (1 - α), 0.2 * α] })
  const [others, pool] = [swarm.nodes[0]!.chain, swarm.nodes[1]!.chain]
  const finders: number[] = []
  const byHash = new Map<string, number>()
  swarm.events.on('block:found', ({ node, hash }) => {
    finders.push(node)
    byHash.set(hash, node)
  })
  await swarm.partition([[0], [1]])
  while (finders.length < REAL) {
    const [before, lead] = [finders.length, pool.tip.height - others.tip.height]
    await swarm.runUntil(() => finders.length > before && pool.tip.height - others.tip.height !== lead)
    if (finders.at(-1) === 1 || lead > 2) continue // it keeps what it found, or is far enough ahead to wait
    // The others found a block: the pool takes it, shows its one for a tie, or shows two and wins.
    await swarm.heal()
    await swarm.converged() // after a tie: when the next block decided
    await swarm.partition([[0], [1]])
  }
  await swarm.heal()
  await swarm.converged()
  const owners = Array.from({ length: others.tip.height }, (_, below) => byHash.get(others.hashAt(below + 1)!))
  return owners.filter((node) => node === 1).length / owners.length
}

/** The mean of some runs, and how far a single one is from it by chance (the standard deviation). */
function spread(shares: number[]): { mean: number; deviation: number } {
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length
  return { mean, deviation: Math.sqrt(shares.reduce((sum, share) => sum + (share - mean) ** 2, 0) / (shares.length - 1)) }
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`
const random = new Random(seed).fork('selfish-mining')
console.log(`What a selfish pool gets of all blocks in the chain. Seed ${seed}; each figure of`)
console.log(`${BATCHES * BATCH} blocks, ± one sampling error.\n`)
console.log(' share    γ    simulated  ± error  equation  within 3 errors  pays')
for (const γ of [0, 0.5]) {
  for (const α of [0.1, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45]) {
    const shares = Array.from({ length: BATCHES }, () => machine(α, γ, BATCH, random))
    const { mean, deviation } = spread(shares)
    const error = deviation / Math.sqrt(BATCHES)
    const exact = revenue(α, γ)
    const isWithin = Math.abs(mean - exact) <= 3 * error
    console.log(`${percent(α)} ${γ.toFixed(1).padStart(5)} ${percent(mean).padStart(11)} ${`${(error * 100).toFixed(2)} %`.padStart(8)} ${percent(exact).padStart(9)}  ${(isWithin ? 'yes' : 'no').padEnd(15)}  ${exact > α + 1e-9 ? 'yes' : 'no'}`)
  }
}
const α = 0.4
const [share, exact] = [await realPool(α), revenue(α, 0)]
const { deviation: error } = spread(Array.from({ length: 400 }, () => machine(α, 0, REAL, random))) // of a run as long
console.log(`\nReal nodes, ${REAL} blocks found, pool with ${percent(α)}: it gets ${percent(share)};`)
console.log(`equation ${percent(exact)} ± ${percent(error)}: ${Math.abs(share - exact) <= 3 * error ? 'within' : 'not within'} 3 errors.`)
