import { EventEmitter } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import { TopicValidatorResult } from '@libp2p/gossipsub'
import { pino } from 'pino'
import { afterEach, expect, test } from 'vitest'
import { toHex } from '../../src/consensus/hex.ts'
import { transactionId } from '../../src/consensus/transaction.ts'
import { encodeBlock } from '../../src/consensus/types.ts'
import { Gossip, type GossipComponents } from '../../src/network/gossip.ts'
import { protocolsOf } from '../../src/network/protocols.ts'
import { createBlockBuilder } from '../support/blocks.ts'
import { createWorld, type World } from '../support/network-node.ts'

let world: World | undefined
afterEach(() => world?.end())

test('a block that one node mines reaches the other, and both say so of each other', async () => {
  const blocks = createBlockBuilder()
  blocks.blocks('a', 'genesis', 3)
  world = createWorld(blocks)
  const [a, b] = [await world.node('a'), await world.node('b')]
  const seen = await b.network.dial(a.address)
  expect(seen).toMatchObject({ peerId: a.peerId, name: 'a', direction: 'outbound', height: 0, score: 0 })
  for (const name of ['a1', 'a2', 'a3']) {
    await a.mined(name)
    await b.at(name)
  }
  await a.until('b told that it is at height 3', () => a.network.peers()[0]?.height === 3)
  const tip = blocks.get('a3').hex
  expect(a.network.peers()).toMatchObject([{ peerId: b.peerId, name: 'b', agent: 'test b', direction: 'inbound', tip }])
})

test('blocks mined in the moment of connecting arrive too', async () => {
  const blocks = createBlockBuilder()
  blocks.blocks('a', 'genesis', 3)
  world = createWorld(blocks)
  const [a, b] = [await world.node('a'), await world.node('b')]
  const dialled = b.network.dial(a.address)
  await a.mined('a3')
  await dialled
  await b.at('a3')
})

test('a transaction sent on one node is pending on the other', async () => {
  const blocks = createBlockBuilder({ funds: { alice: 100 } })
  world = createWorld(blocks)
  const [a, b] = [await world.node('a'), await world.node('b')]
  await b.network.dial(a.address)
  await b.until('gossip flows', () => b.network.peers().length === 1)
  const payment = blocks.pay({ from: 'alice', to: 'bob', amount: 30, fee: 1 })
  a.mempool.add(payment, 'local')
  const id = toHex(transactionId(payment))
  await b.until('the payment is pending', () => b.mempool.get(id) !== undefined)
})

test('three nodes in a line: what the first mines and sends reaches the third', async () => {
  const blocks = createBlockBuilder({ funds: { alice: 100 } })
  blocks.blocks('a', 'genesis', 2)
  world = createWorld(blocks)
  const [a, b, c] = [await world.node('a'), await world.node('b'), await world.node('c')]
  await b.network.dial(a.address)
  await c.network.dial(b.address)
  const payment = blocks.pay({ from: 'alice', to: 'bob', amount: 30, fee: 1 })
  a.mempool.add(payment, 'local')
  await c.until('the payment is pending', () => c.mempool.get(toHex(transactionId(payment))) !== undefined)
  await a.mined('a2')
  await c.at('a2')
})

test('a newcomer gets what is pending', async () => {
  const blocks = createBlockBuilder({ funds: { alice: 100 } })
  world = createWorld(blocks)
  const [a, b] = [await world.node('a'), await world.node('b')]
  const payments = [0, 1, 2].map((nonce) => blocks.pay({ from: 'alice', to: 'bob', amount: 1, fee: 3 - nonce, nonce }))
  for (const payment of payments) a.mempool.add(payment, 'local')
  await b.network.dial(a.address)
  await b.until('all three are pending', () => b.mempool.size === 3)
  expect(b.mempool.select(10_000).map(({ transaction }) => transaction)).toEqual(payments)
})

test('a third node hears of what a newcomer brought along', async () => {
  const blocks = createBlockBuilder({ funds: { alice: 100 } })
  world = createWorld(blocks)
  const [a, b, c] = [await world.node('a'), await world.node('b'), await world.node('c')]
  await b.network.dial(a.address)
  const payment = blocks.pay({ from: 'alice', to: 'bob', amount: 30, fee: 1 })
  c.mempool.add(payment, 'local')
  await c.network.dial(b.address)
  await a.until('the payment is pending', () => a.mempool.get(toHex(transactionId(payment))) !== undefined)
})

test('a block that came in the turn in which a node stops is not judged any more', async () => {
  const blocks = createBlockBuilder()
  const { block } = blocks.block('a1', 'genesis')
  const { genesis, params } = blocks
  const protocols = protocolsOf(genesis.id)
  const answers: TopicValidatorResult[] = []
  let added = 0
  let onMessage: (event: object) => void = () => {}
  const pubsub = {
    addEventListener: (_: string, listener: typeof onMessage) => void (onMessage = listener),
    removeEventListener: () => {},
    subscribe: () => {},
    reportMessageValidationResult: (_id: string, _sender: string, answer: TopicValidatorResult) => answers.push(answer),
  }
  const gossip = new Gossip({
    libp2p: { services: { pubsub } }, protocols, log: pino({ level: 'silent' }), judge: () => {}, credit: () => {}, orphan: () => {}, tell: () => {},
    chain: { add: async () => void (added += 1), events: new EventEmitter(), genesis, params }, mempool: { events: new EventEmitter() },
  } as unknown as GossipComponents) // no more of them is asked for
  gossip.start()
  onMessage({ detail: { propagationSource: 'peer', msgId: 'id', msg: { topic: protocols.blocks, data: encodeBlock(block) } } })
  gossip.stop()
  await turn()
  await turn()
  expect([added, answers]).toEqual([0, [TopicValidatorResult.Ignore]])
})
