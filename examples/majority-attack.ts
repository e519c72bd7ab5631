/**
 * A majority attack: whoever has more than half of the hash rate can take back what he paid, however long ago.
 *
 * What to watch: the attacker pays the shop, and mines in secret from the same moment. A payment with thirty confirmations
 * looks safe, and is gone in a second. What he cannot do, with any hash rate: spend what is not his, or make coins beyond
 * what a block pays. The nodes check every rule themselves, so an honest payment is only put off.
 *
 *   node examples/majority-attack.ts [--seed N]
 *
 * Simulated: time, cables (the attacker's is pulled: that withholds his blocks), the search for blocks. Real: five nodes.
 */
import { createSwarm, RuleError } from 'cairn'
import { seedOr } from './lesson/seed.ts'

const seed = seedOr(1)
const ATTACKER = 4
const hashRates = [1, 1, 1, 1, 6]
await using swarm = await createSwarm({ nodes: 5, seed, time: 'virtual', hashRates, latencyMs: 20 })
const { nodes } = swarm
const [shop, alice, bob, attacker] = [nodes[0]!, nodes[1]!, nodes[2]!, nodes[ATTACKER]!]
const accountOf = (node: typeof shop): Uint8Array => node.wallet.default.account
const balanceOf = (node: typeof shop): number => shop.chain.account(accountOf(node)).balance

await swarm.runUntil(() => [alice, attacker].every((node) => shop.chain.account(accountOf(node)).balance >= 50))
await swarm.converged()
console.log(`Seed ${seed}. The attacker has 6 of 10 hashes a second. Height ${shop.chain.tip.height}, all agree.`)

const bought = attacker.send({ recipient: accountOf(shop), amount: 40, fee: 1 })
await swarm.runUntil(() => nodes.every(({ mempool }) => mempool.get(bought.id) !== undefined))
const start = shop.chain.tip.height
await swarm.partition([[0, 1, 2, 3], [ATTACKER]])
// His own payment with the same nonce must take the place of the first one in his pool: it pays more.
const { nonce } = bought.transaction
const back = { sender: accountOf(attacker), recipient: accountOf(attacker), amount: 40, fee: 5, nonce, memo: new Uint8Array() }
const taken = await attacker.submit(attacker.wallet.sign(back, attacker.genesis.hash))
const honest = alice.send({ recipient: accountOf(bob), amount: 10, fee: 1 })
console.log(`\nHe pays the shop 40, and pulls his cable. In secret he pays the 40 to himself.`)

const confirmations = (): number => {
  const height = shop.chain.transaction(bought.id)?.height
  return height === undefined ? 0 : shop.chain.tip.height - height + 1
}
console.log(' confirmations  shop at height  attacker at height')
for (const wanted of [1, 6, 15, 30]) {
  await swarm.runUntil(() => confirmations() >= wanted)
  console.log(`${String(confirmations()).padStart(14)} ${String(shop.chain.tip.height).padStart(15)} ${String(attacker.chain.tip.height).padStart(19)}`)
}
// With a majority that is a matter of time.
await swarm.runUntil(() => attacker.chain.tip.work > shop.chain.tip.work)
console.log(`The shop hands over the goods: ${confirmations()} confirmations, ${balanceOf(shop)} coins.`)

let left = 0
swarm.events.on('tip:changed', ({ node, left: blocks }) => void (left = node === 0 ? Math.max(left, blocks) : left))
await swarm.heal()
await swarm.runUntil(() => shop.chain.transaction(taken.id) !== undefined)
console.log(`\nHe plugs the cable in. The shop's node leaves ${left} blocks, back to height ${start},`)
console.log(`for his branch: more work, all rules kept. The payment of 40 is ${shop.chain.transaction(bought.id) ? 'still there' : 'gone'}.`)

await swarm.runUntil(() => nodes.every(({ chain }) => chain.transaction(honest.id) !== undefined))
console.log(`Alice's payment to Bob left with those blocks too, and is in block ${shop.chain.transaction(honest.id)?.height} now.`)

// What no hash rate buys: his signature under a payment from Alice's account.
const signed = attacker.wallet.sign({ ...back, amount: 10, fee: 1 }, attacker.genesis.hash)
const theft = { ...signed, sender: accountOf(alice), nonce: shop.chain.account(accountOf(alice)).nonce }
const refusal = await shop.submit(theft).then(() => 'taken', (error: unknown) => {
  if (!(error instanceof RuleError)) throw error
  return error.code
})
console.log(`\nA payment from Alice's account that he signs: ${refusal}.`)
for (const at of nodes.keys()) swarm.setHashRate(at, 0)
await swarm.mine(0)
await swarm.converged()
const owned = nodes.reduce((sum, node) => sum + balanceOf(node), 0)
console.log(`All balances together: ${owned} = ${shop.chain.tip.height} blocks × ${shop.params.subsidy}.`)
