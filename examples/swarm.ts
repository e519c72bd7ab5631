/**
 * Ten nodes in one process: they mine at once, pay each other, and agree.
 *
 * What to watch: several nodes mine at the same time, so branches appear and lose; payments travel by gossip and are
 * mined by whoever comes first; when the mining stops, every node has the same tip and no coin was lost or made.
 *
 *   node examples/swarm.ts
 *
 * Real: ten full nodes with chain, mempool, gossip and sync. Left out: sockets (the in-memory transport) and disks.
 */
import { createSwarm } from 'cairn'

await using swarm = await createSwarm({ nodes: 10, network: 'local' })
const { nodes } = swarm
console.log(`${nodes.length} nodes: ${nodes.map((node) => node.name).join(', ')}`)

const miners = nodes.slice(0, 4)
await Promise.all(miners.map((node) => node.mine(5)))
// Two branches may have equal work. Each node keeps the one that it saw first, until a block more decides.
await swarm.until(() => new Set(nodes.map(({ chain }) => chain.tip.work)).size === 1)
await miners[0]?.mine(1)
await swarm.converged()
console.log(`${miners.length} nodes mined 5 blocks each, at the same time, and one a last; the chain is ${nodes[0]?.chain.tip.height} high`)

const payers = miners.filter((node) => node.chain.account(node.wallet.default.account).balance >= 11)
const payments = payers.map((node, at) => {
  const recipient = nodes[9 - at] ?? node
  return node.send({ recipient: recipient.wallet.default.account, amount: 10, fee: 1 })
})
const last = nodes[9]!
await Promise.all(payments.map(({ id }) => last.untilTransaction(id)))
console.log(`${payments.length} payments reached ${last.name} by gossip; it mines them`)
await last.mine(1)
await swarm.converged()

for (const node of nodes) {
  const { balance } = node.chain.account(node.wallet.default.account)
  console.log(`${node.name.padEnd(16)} height ${node.chain.tip.height}  tip ${node.chain.tip.hash.slice(0, 16)}…  balance ${balance}`)
}
const owned = nodes.reduce((sum, node) => sum + last.chain.account(node.wallet.default.account).balance, 0)
console.log(`all balances together: ${owned} = ${last.chain.tip.height} blocks × ${last.params.subsidy}`)
