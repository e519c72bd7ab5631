/**
 * The table of verdicts is what really happens: for each code that consensus has, a peer gossips such an object to a
 * node, and a witness behind the node watches what is forwarded.
 *
 *   hostile ── node ── witness
 */
import { TopicValidatorResult } from '@libp2p/gossipsub'
import { peerIdFromString } from '@libp2p/peer-id'
import { pino } from 'pino'
import { afterEach, describe, expect, test } from 'vitest'
import { type RuleCode, RULES } from '../../src/consensus/errors.ts'
import { encodeBody, encodeTransaction, type Transaction } from '../../src/consensus/types.ts'
import { Mempool } from '../../src/mempool/pool.ts'
import { Gossip } from '../../src/network/gossip.ts'
import type { CairnLibp2p } from '../../src/network/cairn-libp2p.ts'
import { protocolsOf } from '../../src/network/protocols.ts'
import { type Code, VERDICTS } from '../../src/network/verdicts.ts'
import { openChain } from '../support/chain.ts'
import { createHostilePeer, type HostilePeer } from '../support/hostile-peer.ts'
import { createInvalidWorld, INVALID_OBJECTS } from '../support/invalid-objects.ts'
import { createWorld, type TestNode } from '../support/network-node.ts'

const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const CODES = Object.keys(RULES) as RuleCode[] // (Object.keys forgets which strings they are)
const banning = CODES.filter((code) => VERDICTS[code].peer === 'ban')

async function setUp() {
  const blocks = createInvalidWorld()
  const world = createWorld(blocks)
  ends.push(() => world.end())
  const [node, witness] = [await world.node('node'), await world.node('witness')]
  await node.mined('a2')
  await witness.network.dial(node.address)
  await witness.at('a2')
  const attack = async (): Promise<HostilePeer> => {
    const hostile = await createHostilePeer(blocks)
    ends.push(() => hostile.stop())
    return hostile
  }
  return { blocks, node, witness, attack }
}

/** What a node holds; the same before and after an attack. */
const holdings = (node: TestNode): unknown => ({
  tip: node.chain.tip.hash, branches: node.chain.branches(), stored: [...node.store.headers()].length, pending: node.mempool.list(),
})

describe('by gossip', () => {
  test.each(CODES)('%s: the columns gossip and peer are what happens', async (code) => {
    const { blocks, node, witness, attack } = await setUp()
    const before = [holdings(node), holdings(witness)]
    const { topic, data, before: first } = INVALID_OBJECTS[code](blocks)
    if (first !== undefined) {
      const other = await attack()
      await other.connect(node.address)
      await other.publish('blocks', first)
      await other.cutOff
    }
    const hostile = await attack()
    await hostile.connect(node.address)
    await hostile.publish(topic, data)
    expect(await node.logged(code)).toMatchObject({ code })
    if (VERDICTS[code].peer === 'ban') {
      await hostile.cutOff
      expect(node.network.bans().at(-1)).toMatchObject({ peerId: hostile.peerId, code })
    } else {
      expect(node.network.bans()).toEqual([])
      expect(node.network.peers().map(({ score }) => score)).toEqual([0, 0])
    }
    expect([holdings(node), holdings(witness)]).toEqual(before)
    // What is mined next gets through, so that what was sent before would have.
    blocks.block('a3', 'a2', { miner: 'honest' })
    await node.mined('a3')
    await witness.at('a3')
    expect(witness.log.filter(({ code: told }) => told === code)).toEqual([])
    expect(witness.network.peers()).toMatchObject([{ peerId: node.peerId, score: 0 }])
  })

  test.each(CODES)('%s: gossipsub is told what the table says', async (code) => {
    const blocks = createInvalidWorld()
    const { chain, addAll, clock, stop } = openChain(blocks)
    ends.push(stop)
    clock.advance(Date.now() - clock.now())
    await addAll('a1', 'a2')
    const log = pino({ level: 'silent' })
    const mempool = new Mempool({ genesisHash: blocks.genesis.hash, account: (key) => chain.account(key), now: clock.now, log })
    const judged: Code[] = []
    let answered = (_result: TopicValidatorResult): void => {}
    const pubsub = Object.assign(new EventTarget(), {
      subscribe: () => {},
      reportMessageValidationResult: (_id: string, _sender: string, result: TopicValidatorResult) => answered(result),
    })
    const protocols = protocolsOf(blocks.genesis.id)
    const gossip = new Gossip({
      libp2p: { services: { pubsub } } as unknown as CairnLibp2p, // all that it uses of it here
      protocols, chain, mempool, log,
      judge: (_peer, found) => judged.push(found),
      orphan: () => {},
      credit: () => {},
      tell: () => {},
    })
    gossip.start()
    ends.push(async () => gossip.stop())
    const sender = peerIdFromString('12D3KooWEvSrYdTBoJUGPQ5CuXgXdFRZKHLMSQdHB7dS1Nak83oM')
    const say = (topic: 'blocks' | 'transactions', data: Uint8Array): Promise<TopicValidatorResult> =>
      new Promise((resolve) => {
        answered = resolve
        const msg = { type: 'unsigned', topic: protocols[topic], data }
        pubsub.dispatchEvent(new CustomEvent('gossipsub:message', { detail: { propagationSource: sender, msgId: '1', msg } }))
      })
    const { topic, data, before } = INVALID_OBJECTS[code](blocks)
    if (before !== undefined) await say('blocks', before)
    const verdict = say(topic, data)
    if (code === 'block-unknown-parent') {
      // Told when its time is over, which is at the latest when the node stops.
      await expect.poll(() => judged).toContain(code)
      gossip.stop()
    }
    expect(await verdict).toBe(VERDICTS[code].gossip)
    expect(judged.at(-1)).toBe(code)
  })
})

//   genesis ── a1 ── a2 ── x ── y        claimed, with more work than ours
describe('in answers', () => {
  const alone: readonly RuleCode[] = ['transaction-bad-encoding', 'transaction-amount-overflow', 'transaction-bad-signature']
  /** What cannot be said in an answer to a request for headers and bodies, with why. */
  const unsaid: readonly RuleCode[] = [
    'block-bad-encoding', 'block-too-large', // below
    'block-invalid-parent', // the parent is asked for first
  ]

  test.each(banning.filter((code) => ![...unsaid, ...alone].includes(code)))('%s in headers or bodies bans', async (code) => {
    const { blocks, node, attack } = await setUp()
    INVALID_OBJECTS[code](blocks)
    const before = holdings(node)
    blocks.block('y', 'x')
    const hostile = await attack()
    hostile.pretend('y')
    await hostile.connect(node.address)
    await hostile.cutOff
    expect(node.network.bans()).toMatchObject([{ peerId: hostile.peerId, code }])
    expect(holdings(node)).toEqual(before)
  })

  test.each(alone)('%s among pending transactions bans', async (code) => {
    const { blocks, node, attack } = await setUp()
    const { data } = INVALID_OBJECTS[code](blocks)
    const hostile = await attack()
    const good = encodeTransaction(blocks.pay({ from: 'hoard', to: 'bob', amount: 1 }))
    hostile.answers.mempool = () => [good, data]
    await hostile.connect(node.address)
    await hostile.cutOff
    expect(node.network.bans()).toMatchObject([{ peerId: hostile.peerId, code }])
    expect(node.mempool.size).toBe(1)
  })

  test('a body that is none, and one that makes its block too large, ban', async () => {
    for (const [code, body] of [
      ['block-bad-encoding', new Uint8Array(50).fill(9)],
      ['block-too-large', undefined],
    ] as const) {
      const { blocks, node, attack } = await setUp()
      const x = blocks.block('x', 'a2')
      const hostile = await attack()
      hostile.pretend('x')
      const payment = blocks.pay({ from: 'alice', to: 'bob', amount: 1 })
      // The largest body that the frame's limit lets through: with its header it is too large.
      const count = Math.floor((blocks.params.maxBlockBytes - 36) / 160)
      hostile.answers.bodies = () => [body ?? encodeBody({ ...x.block.body, transactions: Array<Transaction>(count).fill(payment) })]
      await hostile.connect(node.address)
      await hostile.cutOff
      expect(node.network.bans()).toMatchObject([{ peerId: hostile.peerId, code }])
    }
  })
})
