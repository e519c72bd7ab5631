/**
 * A network partition: a cable is pulled, both sides go on, and when it is back one of them has to give way.
 *
 * What to watch: apart, each side mines and pays, and is right about its own chain. When they meet, the chain with more
 * work wins everywhere. The other side's blocks leave, and so do the coins that they made; its payments do not: they are
 * pending again, and are mined once more. No coin is lost or made beyond what the blocks pay.
 *
 *   node examples/network-partition.ts [--seed N]
 *
 * Simulated: time, cables, the search for blocks. Real: seven nodes with chain, mempool, gossip and sync.
 */
import { createSwarm } from 'cairn'
import { seedOr } from './lesson/seed.ts'

const seed = seedOr(1)
await using swarm = await createSwarm({ nodes: 7, seed, time: 'virtual', hashRates: [1, 1, 1, 1, 1, 1, 1], latencyMs: 20 })
const { nodes } = swarm
const [big, small] = [[0, 1, 2, 3], [4, 5, 6]]
const [majority, minority] = [nodes[0]!, nodes[4]!]
const minutes = (ms: number): string => `${(ms / 60_000).toFixed(0)} min`
const tips = (): string => [...Map.groupBy(nodes, ({ chain }) => chain.tip.hash).values()]
  .map((same) => `${same.length} node${same.length === 1 ? '' : 's'} at height ${same[0]!.chain.tip.height}`).join(', ')
const accountOf = (node: typeof majority): Uint8Array => node.wallet.default.account

await swarm.runUntil(() => nodes.every((node) => node.chain.account(accountOf(node)).balance >= 50))
await swarm.converged()
console.log(`Seed ${seed}. After ${minutes(swarm.elapsedMs)} each of ${nodes.length} nodes owns coins: ${tips()}.`)

await swarm.partition([big, small])
const atCut = majority.chain.tip.height
const payments = [majority, minority].map((payer) => payer.send({ recipient: accountOf(nodes[6]!), amount: 20, fee: 1 }))
await swarm.run(600_000)
console.log(`\nThe cable between nodes 0–3 and 4–6 is pulled, at height ${atCut}. After 10 min apart:\n  ${tips()}`)
for (const [at, { id }] of payments.entries()) {
  const [node, other] = at === 0 ? [majority, minority] : [minority, majority]
  console.log(`  ${at === 0 ? '0–3' : '4–6'} mined a payment in block ${node.chain.transaction(id)?.height}; the others ${other.chain.transaction(id) ? 'have it too' : 'never heard of it'}`)
}

const left = new Map<number, number>()
swarm.events.on('tip:changed', ({ node, left: blocks }) => void left.set(node, Math.max(blocks, left.get(node) ?? 0)))
const again = new Set<string>()
for (const { mempool } of nodes) mempool.events.on('transaction:added', ({ pending, origin }) => origin === 'reorg' && again.add(pending.id))
const healedAt = swarm.elapsedMs
await swarm.heal()
await swarm.runUntil(() => new Set(nodes.map(({ chain }) => chain.tip.hash)).size === 1)
console.log(`\nThe cable is back. After ${((swarm.elapsedMs - healedAt) / 1_000).toFixed(1)} s: ${tips()}.`)
for (const at of nodes.keys()) console.log(`  node ${at} left ${left.get(at) ?? 0} blocks`)
console.log(`${again.size} payment${again.size === 1 ? ' was' : 's were'} in blocks that left, and pending again`)

await swarm.runUntil(() => payments.every(({ id }) => nodes.every(({ chain }) => chain.transaction(id) !== undefined)))
await swarm.converged()
const mined = payments.map(({ id }) => majority.chain.transaction(id)!.height)
console.log(`\nBoth payments are in the chain of all ${nodes.length} nodes now: blocks ${mined.join(' and ')}.`)
const owned = nodes.reduce((sum, node) => sum + majority.chain.account(accountOf(node)).balance, 0)
const { height } = majority.chain.tip
console.log(`All balances together: ${owned} = ${height} blocks × ${majority.params.subsidy}.`)
