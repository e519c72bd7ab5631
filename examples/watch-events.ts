/**
 * Events: a node tells of everything that happens in it, as it happens.
 *
 * What to watch: one payment from its sending to its block, as its receiver hears of it. It is pending first, by gossip;
 * then a block connects, and the tip has changed. That it is pending no more the pool tells when it is asked next, or a
 * quarter of a second later: a block is passed on first. Each part has events of its own, and their types say what comes
 * with them.
 *
 *   node examples/watch-events.ts
 *
 * Real: two nodes, and the order of events within one of them. Left out: sockets (the in-memory transport).
 */
import { once } from 'node:events'
import { createNode, toHex } from 'cairn'

const options = { network: 'local', transport: 'memory' } as const
const heron = createNode({ ...options, name: 'heron' })
const vole = createNode({ ...options, name: 'vole' })
await heron.start()
await vole.start()
try {
  const tell = (event: string, what: string): void => console.log(`  ${event.padEnd(20)} ${what}`)
  const { network, chain, mempool } = vole
  network.events.on('peer:connected', ({ name }) => tell('peer:connected', `${name} is there`))
  network.events.on('peer:disconnected', ({ name }) => tell('peer:disconnected', `${name} is gone`))
  mempool.events.on('transaction:added', ({ pending: { transaction: { amount, fee, memo } }, origin }) => {
    tell('transaction:added', `${amount} with fee ${fee}, “${new TextDecoder().decode(memo)}”, by ${origin}`)
  })
  mempool.events.on('transaction:removed', ({ transaction: { amount }, reason }) => tell('transaction:removed', `${amount}: ${reason}`))
  chain.events.on('block:connected', ({ height, block: { body }, origin }) => {
    const isOwn = toHex(body.miner) === toHex(vole.wallet.default.account)
    tell('block:connected', `block ${height}, mined by ${isOwn ? 'vole' : 'heron'}, payments: ${body.transactions.length}, by ${origin}`)
  })
  chain.events.on('tip:changed', ({ tip }) => tell('tip:changed', `height ${tip.height}, work ${tip.work} hashes`))
  vole.miner.events.on('block:found', ({ height }) => tell('block:found', `by this node, height ${height}`))

  console.log('heron mines a block; vole does not know of it')
  await heron.mine(1)

  console.log('they connect, and vole hears:')
  await vole.network.dial(heron.network.addresses[0] ?? '')
  await vole.untilBlock(heron.chain.tip.hash)

  console.log('heron pays vole 30, and vole hears:')
  const { id } = heron.send({ recipient: vole.wallet.default.account, amount: 30, fee: 1, memo: 'for the nest' })
  await vole.untilTransaction(id)

  console.log('vole mines it, and hears of its own block as of any other:')
  const struckOut = once(mempool.events, 'transaction:removed')
  await vole.mine(1)
  await struckOut
  await heron.untilBlock(vole.chain.tip.hash)

  console.log('heron stops, and vole hears:')
  const gone = Promise.withResolvers<void>()
  network.events.once('peer:disconnected', () => gone.resolve())
  await heron.stop()
  await gone.promise
} finally {
  await vole.stop()
  await heron.stop()
}
