/**
 * Two nodes, one chain: the smallest network there is.
 *
 * What to watch: a block mined on one node is on the other a moment later; a payment signed on one is mined by the
 * other; both end with the same tip and the same balances.
 *
 *   node examples/two-nodes.ts
 *
 * Real: proof of work, signatures, gossip over libp2p on 127.0.0.1. Left out: mDNS (the nodes are told of each other,
 * so that this finds no stranger) and disks (everything is in memory).
 */
import { createNode, toAddress } from 'cairn'

const options = { network: 'local', listen: ['/ip4/127.0.0.1/tcp/0'], mdns: false }
const fox = createNode({ ...options, name: 'fox' })
const owl = createNode({ ...options, name: 'owl' })
await fox.start()
await owl.start()
try {
  const [address = ''] = fox.network.addresses
  const peer = await owl.network.dial(address)
  console.log(`owl connected to ${peer.name}`)

  await fox.mine(3)
  await owl.untilBlock(fox.chain.tip.hash)
  console.log(`fox mined 3 blocks; owl is at height ${owl.chain.tip.height}`)

  const { id } = fox.send({ recipient: owl.wallet.default.account, amount: 30, fee: 1, memo: 'for the climb' })
  await owl.untilTransaction(id)
  await owl.mine(1)
  await fox.untilBlock(owl.chain.tip.hash)
  console.log(`fox paid owl 30 with fee 1; owl mined it in block ${owl.chain.tip.height}`)

  for (const node of [fox, owl]) {
    const balance = (who: typeof node): number => node.chain.account(who.wallet.default.account).balance
    console.log(`${node.name} sees: tip ${node.chain.tip.hash.slice(0, 12)}…  fox ${balance(fox)}  owl ${balance(owl)}`)
  }
  console.log(`owl's account is ${toAddress(owl.wallet.default.account)}`)
} finally {
  await owl.stop()
  await fox.stop()
}
