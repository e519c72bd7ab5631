/**
 * Double spending: somebody pays, secretly mines a branch in which the coins go back, and shows it once the goods are his.
 *
 * What to watch: each confirmation that the merchant waits for makes it less likely that the attacker's branch is the longer
 * one in the end. Nobody can make it impossible; six confirmations against a tenth of the hash rate come close.
 *
 *   node examples/double-spend.ts [--seed N]
 *
 * Real nodes, in simulated time: the attacker's cable is pulled, which withholds his blocks; he finds a first one that pays
 * himself, then the network hears of his payment to the merchant; he plugs in when his branch is longer, or gives up when it
 * is more than 8 blocks behind, as good as lost. Too slow for thousands of attacks: those are the race alone, each block his
 * with probability q, given up 60 behind. Beside both stand Rosenfeld's formula, which is exact for this race, and Nakamoto's
 * ("Bitcoin", 2008, section 11), which takes the mean time for z blocks instead of the time they took. The sampling error is
 * √(P (1 − P) ÷ trials): of runs by chance alone two in three lie within one of it, and all but three in a thousand within
 * three.
 */
import { createSwarm, Random } from 'cairn'
import { seedOr } from './lesson/seed.ts'

const seed = seedOr(1)
const [REAL, RACES] = [60, 20_000]

/** P = 1 − Σ(k = 0…z) λ^k e^−λ ÷ k! × (1 − (q ÷ p)^(z − k)), λ = z q ÷ p */
function nakamoto(q: number, z: number): number {
  const ratio = q / (1 - q)
  let [poisson, safe] = [Math.exp(-z * ratio), 0]
  for (let k = 0; k <= z; poisson *= (z * ratio) / ++k) safe += poisson * (1 - ratio ** (z - k))
  return 1 - safe
}

/** P = 1 − Σ(m = 0…z) C(m + z − 1, m) (p^z q^m − p^m q^z)   (Rosenfeld, "Analysis of hashrate-based double spending", 2014) */
function rosenfeld(q: number, z: number): number {
  const p = 1 - q
  let [ways, safe] = [1, 0]
  for (let m = 0; m <= z; ways *= (m + z) / ++m) safe += ways * (p ** z * q ** m - p ** m * q ** z)
  return 1 - safe
}

/** One race: z blocks of the network, and then until the attacker is as far, with the block that he had before, or gives up. */
function wins(q: number, z: number, random: Random): boolean {
  let [honest, attacker] = [0, 0]
  while (honest < z || (attacker < honest && honest - attacker < 60)) {
    if (random.next() < q) attacker += 1
    else honest += 1
  }
  return attacker >= honest
}

const percent = (share: number): string => `${(share * 100).toFixed(2)} %`.padStart(9)
const errorOf = (share: number, trials: number): number => Math.sqrt((share * (1 - share)) / trials)

async function realAttacks(q: number, z: number): Promise<number> {
  await using swarm = await createSwarm({ nodes: 2, seed, network: 'local', time: 'virtual' })
  const [network, attacker] = [swarm.nodes[0]!, swarm.nodes[1]!]
  const [shop, thief] = [network, attacker].map((node) => node.wallet.default.account) as [Uint8Array, Uint8Array] // of two
  await swarm.mine(1, REAL / 5) // 50 coins a block: he can lose every time
  await swarm.converged()
  let successes = 0
  for (let trial = 0; trial < REAL; trial++) {
    await swarm.partition([[0], [1]])
    // The same coins twice: two payments with one nonce, of which a chain can hold but one.
    attacker.send({ recipient: thief, amount: 10 })
    const before = network.chain.tip.height
    await swarm.mine(1, 1)
    const bought = attacker.wallet.sign(
      { sender: thief, recipient: shop, amount: 10, fee: 0, nonce: network.chain.account(thief).nonce, memo: new Uint8Array() },
      network.genesis.hash,
    )
    const { id } = await network.submit(bought)
    // Hash rates that make two hashes a block take 10 s for both together.
    swarm.setHashRate(0, 0.2 * (1 - q))
    swarm.setHashRate(1, 0.2 * q)
    const lead = (): number => attacker.chain.tip.height - network.chain.tip.height
    await swarm.runUntil(() => network.chain.tip.height - before >= z && (lead() > 0 || lead() < -8))
    for (const at of [0, 1]) swarm.setHashRate(at, 0)
    await swarm.heal()
    await swarm.converged()
    if (network.chain.transaction(id) === undefined) successes += 1
  }
  return successes / REAL
}

console.log('How often a payment with z confirmations is undone, by an attacker with a')
console.log(`share q of the hash rate. Seed ${seed}; ${RACES} races a row, ± one sampling error.\n`)
console.log('    q   z      races  ± error    exact  Nakamoto  within 3 errors')
const random = new Random(seed).fork('double-spend')
for (const q of [0.1, 0.3]) {
  for (const z of [1, 2, 4, 6]) {
    const share = Array.from({ length: RACES }, () => wins(q, z, random)).filter(Boolean).length / RACES
    const exact = rosenfeld(q, z)
    const error = errorOf(exact, RACES)
    const isWithin = Math.abs(share - exact) <= 3 * error
    console.log(`${q.toFixed(2).padStart(5)} ${String(z).padStart(3)}  ${percent(share)}${percent(error)}${percent(exact)} ${percent(nakamoto(q, z))}  ${isWithin ? 'yes' : 'no'}`)
  }
}

const [q, z] = [0.3, 2]
const share = await realAttacks(q, z)
const [exact, error] = [rosenfeld(q, z), errorOf(rosenfeld(q, z), REAL)]
console.log(`\nReal nodes, ${REAL} attacks with q = ${q}, z = ${z}: ${(share * 100).toFixed(1)} % undone,`)
console.log(`exact ${(exact * 100).toFixed(1)} % ± ${(error * 100).toFixed(1)} %: ${Math.abs(share - exact) <= 3 * error ? 'within' : 'not within'} 3 errors.`)
