/**
 * A fork and its end: two nodes apart mine chains of different length, meet, and the one with more work wins.
 *
 * What to watch: apart, both are right about their own chain. When they meet, the shorter chain's blocks leave, the
 * payment in them is not lost but pending again, and the next block takes it.
 *
 *   node examples/fork.ts
 */
import { createNode } from 'cairn'

const options = { network: 'local', transport: 'memory' } as const
const hare = createNode({ ...options, name: 'hare' })
const pike = createNode({ ...options, name: 'pike' })
await hare.start()
await pike.start()
try {
  await hare.mine(1)
  const { id } = hare.send({ recipient: pike.wallet.default.account, amount: 20, fee: 2 })
  await hare.mine(1)
  await pike.mine(5)
  console.log(`apart: hare has ${hare.chain.tip.height} blocks, with a payment to pike in one of them`)
  console.log(`       pike has ${pike.chain.tip.height} blocks, and never heard of it`)

  hare.chain.events.on('chain:reorg', ({ ancestorHeight, disconnected, connected }) => {
    console.log(`they meet: hare switches at height ${ancestorHeight}: ${disconnected.length} blocks out, ${connected.length} in, which is more work; the rest follows`)
    for (const hash of disconnected) console.log(`  out ${hash.slice(0, 16)}…`)
    for (const hash of connected) console.log(`  in  ${hash.slice(0, 16)}…`)
  })
  await hare.network.dial(pike.network.addresses[0] ?? '')
  await hare.untilBlock(pike.chain.tip.hash)

  // Hare's coins were mined on the branch that lost, so it waits until hare has mined enough to pay.
  console.log(`the payment ${id.slice(0, 8)}… is ${hare.mempool.get(id) ? 'pending again' : 'gone'}; hare mines two blocks more`)
  await hare.mine(2)
  await pike.untilBlock(hare.chain.tip.hash)
  console.log(`it is in block ${hare.chain.transaction(id)?.height} now`)

  for (const node of [hare, pike]) {
    const { balance } = node.chain.account(node.wallet.default.account)
    console.log(`${node.name}: height ${node.chain.tip.height}, tip ${node.chain.tip.hash.slice(0, 16)}…, balance ${balance}`)
  }
} finally {
  await pike.stop()
  await hare.stop()
}
