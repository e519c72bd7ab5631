/**
 * Spam: somebody fills every block with payments to himself, and fees decide who is mined all the same.
 *
 * What to watch: before the flood a payment without a fee is in the next block. During the flood it waits for as long as
 * there is spam that pays more, and one that pays a coin more than the spam is in the next block as before. The spammer pays
 * for each of his, to the miners: to keep others out he has to pay more than they do, block after block.
 *
 *   node examples/spam.ts
 *
 * Simulated: time; the miner finds blocks when it is told to. Real: two nodes, the pool's choice of what goes into a block.
 * The network's blocks are small, so that eight payments fill one.
 */
import { createSwarm, parseParams } from 'cairn'

// A block without payments takes 132 bytes, a plain payment 156 and 4 for its place in the list.
const network = parseParams({ name: 'small-blocks', initialBits: 0x207fffff, limitBits: 0x207fffff, halfLifeBlocks: 0, maxBlockBytes: 132 + 8 * 160 })
await using swarm = await createSwarm({ nodes: 2, seed: 1, network, time: 'virtual' })
const [miner, spammer] = [swarm.nodes[0]!, swarm.nodes[1]!]
const thrifty = { sender: miner.wallet.default.account, name: 'fee 0' }
const hasty = { sender: miner.wallet.addAccount('hasty').account, name: 'fee 2' }
const [shop, spamAccount] = [miner.wallet.addAccount('shop').account, spammer.wallet.default.account]

await swarm.mine(0, 4)
await swarm.converged()
await swarm.mine(1, 10)
await swarm.converged()
const { id: given } = miner.send({ ...thrifty, recipient: hasty.sender, amount: 60, fee: 0 })
await swarm.mine(0)
const heightOf = (id: string): number | undefined => miner.chain.transaction(id)?.height
console.log(`In peace: a payment with fee 0 is in the next block (${heightOf(given)}), for there is room.`)

/** Sixteen of one account may wait for the next block: twice as many as fit. */
function spam(): void {
  const pending = spammer.mempool.list().filter(({ transaction }) => Buffer.from(transaction.sender).equals(spamAccount)).length
  for (let more = pending; more < 16; more++) spammer.send({ recipient: spamAccount, amount: 1, fee: 1 })
}

const owned = (): number => miner.chain.account(spamAccount).balance
const [before, start] = [owned(), miner.chain.tip.height]
spam()
await swarm.runUntil(() => miner.mempool.size === 16)
const cheap = miner.send({ ...thrifty, recipient: shop, amount: 5, fee: 0 })
console.log('\nThe flood: 16 payments with fee 1 always wait, and 8 fit into a block.')
console.log(`A payment with fee 0 comes in before block ${start + 1}, one with fee 2 before each block.\n`)
console.log('block  spam  fee 2  fee 0  waiting')
const waits: number[] = []
for (let round = 0; round < 10; round++) {
  const { id } = miner.send({ ...hasty, recipient: shop, amount: 1, fee: 2 })
  const { height, hash } = (await swarm.mine(0))[0]!
  await swarm.converged()
  const fees = miner.chain.block(hash)?.body.transactions.map(({ fee }) => fee) ?? []
  const count = (fee: number): string => String(fees.filter((each) => each === fee).length)
  console.log(`${String(height).padStart(5)} ${count(1).padStart(5)} ${count(2).padStart(6)} ${count(0).padStart(6)} ${String(miner.mempool.size).padStart(8)}`)
  waits.push((heightOf(id) ?? Infinity) - height)
  spam()
  await swarm.runUntil(() => miner.mempool.size >= 16)
}
console.log(`\nFee 2 waited for the next block ${waits.filter((wait) => wait === 0).length} times of ${waits.length}; fee 0 is ${heightOf(cheap.id) === undefined ? 'pending still' : 'mined'}.`)
console.log(`The flood cost ${before - owned()} coins in ${waits.length} blocks, and the miner has them.`)

const end = miner.chain.tip.height
while (heightOf(cheap.id) === undefined) await swarm.mine(0)
console.log(`The spammer stops: ${miner.chain.tip.height - end} blocks later fee 0 is mined too, in block ${heightOf(cheap.id)}.`)
