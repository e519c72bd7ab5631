/**
 * A peer that sends something invalid changes nothing, is told apart in the log by the code, and is banned where the
 * table of verdicts says so. By gossip here; by sync at the end.
 *
 *   genesis ── a1 ── a2        what the node has; alice owns 100
 *                    └── x     what the peer sends
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { encodeBlock, encodeTransaction, type Transaction } from '../../src/consensus/types.ts'
import type { Code } from '../../src/network/verdicts.ts'
import { createBlockBuilder, type BlockBuilder } from '../support/blocks.ts'
import { createHostilePeer, type HostilePeer } from '../support/hostile-peer.ts'
import { createWorld, type TestNode, type World } from '../support/network-node.ts'

let blocks: BlockBuilder
let world: World
let node: TestNode
let hostile: HostilePeer

beforeEach(async () => {
  blocks = createBlockBuilder({ funds: { alice: 100 } })
  blocks.blocks('a', 'genesis', 2)
  world = createWorld(blocks)
  node = await world.node('node')
  await node.mined('a2')
  hostile = await createHostilePeer(blocks)
})
afterEach(async () => {
  await hostile.stop()
  await world.end()
})

/** What the node is before and after an attack. */
const state = (): unknown => ({
  tip: node.chain.tip.hash,
  branches: node.chain.branches(),
  stored: [...node.store.headers()].length,
  pending: node.mempool.list(),
})

/** A payment whose amount was raised after it was signed. */
const forged = (): Transaction => ({ ...blocks.pay({ from: 'alice', to: 'bob', amount: 1 }), amount: 2 })

const INVALID: [what: string, code: Code, make: (blocks: BlockBuilder) => Uint8Array][] = [
  ['wrong work', 'block-bad-pow', () => encodeBlock(blocks.block('x', 'a2', { mined: false }).block)],
  [
    'wrong bits', 'block-bad-bits',
    () => encodeBlock(blocks.block('x', 'a2', { mutate: ({ header }) => { header.bits = 0x207f_fffe } }).block),
  ],
  [
    'bits easier than allowed', 'block-target-above-limit',
    () => encodeBlock(blocks.block('x', 'a2', { mutate: ({ header }) => { header.bits = 0x2100_ffff } }).block),
  ],
  [
    'an overspend', 'transaction-overspend',
    () => encodeBlock(blocks.block('x', 'a2', { transactions: [{ from: 'alice', to: 'bob', amount: 101 }] }).block),
  ],
  [
    'a wrong nonce', 'transaction-bad-nonce',
    () => encodeBlock(blocks.block('x', 'a2', { transactions: [{ from: 'alice', to: 'bob', amount: 1, nonce: 7 }] }).block),
  ],
  [
    'a bad signature', 'transaction-bad-signature',
    () => encodeBlock(blocks.block('x', 'a2', { transactions: [forged()] }).block),
  ],
  [
    'another body than the header promises', 'block-bad-body-root',
    () => {
      const { header } = blocks.block('x', 'a2').block
      return encodeBlock({ header, body: { miner: blocks.account('thief'), transactions: [] } })
    },
  ],
  [
    'a wrong height', 'block-bad-height',
    () => encodeBlock(blocks.block('x', 'a2', { mutate: ({ header }) => { header.height = 9 } }).block),
  ],
  ['a time before its parent’s', 'block-time-too-old', () => encodeBlock(blocks.block('x', 'a2', { timestamp: 1 }).block)],
  ['bytes that are no block', 'block-bad-encoding', () => Uint8Array.from({ length: 200 }, (_, at) => at)],
  [
    'a block with one byte more', 'block-bad-encoding',
    () => Uint8Array.from([...encodeBlock(blocks.block('x', 'a2').block), 0]),
  ],
  ['more bytes than a block may have', 'block-too-large', () => new Uint8Array(blocks.params.maxBlockBytes + 1)],
]

describe('an invalid block by gossip', () => {
  test.each(INVALID)('%s: %s, and its sender is banned', async (_what, code, make) => {
    await hostile.connect(node.address)
    const before = state()
    await hostile.publish('blocks', make(blocks))
    await hostile.cutOff
    expect(await node.logged(code)).toMatchObject({ peer: hostile.peerId, code })
    expect(node.network.bans()).toMatchObject([{ peerId: hostile.peerId, code }])
    expect(state()).toEqual(before)
    // It cannot come back, nor is it dialled.
    await expect(hostile.connect(node.address)).rejects.toThrow()
    await expect(node.network.dial(hostile.address)).rejects.toMatchObject({ code: 'peer-banned' })
  })

  test('too far in the future: block-too-early, kept back, and nobody is punished', async () => {
    await hostile.connect(node.address)
    const before = state()
    const early = blocks.block('x', 'a2', { timestamp: Date.now() + blocks.params.maxFutureMs + 600_000 })
    await hostile.publish('blocks', encodeBlock(early.block))
    expect(await node.logged('block-too-early')).toMatchObject({ peer: hostile.peerId, hash: early.hex })
    expect(state()).toEqual(before)
    expect(node.network.bans()).toEqual([])
    expect(node.network.peers()).toMatchObject([{ peerId: hostile.peerId, score: 0 }])
  })

  test('wrong parent: block-unknown-parent, its sender is asked for headers at once, and nobody is punished', async () => {
    await hostile.connect(node.address)
    const before = state()
    const orphan = blocks.block('x', 'a2', { mutate: ({ header }) => { header.parent = new Uint8Array(32).fill(7) } })
    const asked = Promise.withResolvers<void>()
    hostile.answers.headers = () => {
      asked.resolve()
      return [new Uint8Array()]
    }
    await hostile.publish('blocks', encodeBlock(orphan.block))
    await asked.promise
    expect(await node.logged('block-unknown-parent')).toMatchObject({ peer: hostile.peerId, hash: orphan.hex })
    expect(state()).toEqual(before)
    expect(node.network.bans()).toEqual([])
  })

  test('a side branch that is not checked whole is not forwarded', async () => {
    const other = await world.node('other')
    await other.network.dial(node.address)
    await other.at('a2')
    await hostile.connect(node.address)
    // Valid as far as its header goes; its payment is found out only if the branch wins.
    const side = blocks.block('x', 'a1', { miner: 'eve', transactions: [{ from: 'alice', to: 'bob', amount: 101 }] })
    await hostile.publish('blocks', encodeBlock(side.block))
    await node.until('stored as a side branch', () => node.chain.record(side.hex) !== undefined)
    const next = blocks.block('a3', 'a2')
    await node.chain.add(next.block, 'local')
    await other.at('a3')
    expect(other.chain.record(side.hex)).toBeUndefined()
  })
})

describe('an invalid transaction by gossip', () => {
  test.each<[string, Code, () => Uint8Array]>([
    ['a bad signature', 'transaction-bad-signature', () => encodeTransaction(forged())],
    ['bytes that are none', 'transaction-bad-encoding', () => new Uint8Array(200)],
    ['more than one may have', 'transaction-bad-encoding', () => new Uint8Array(413)],
  ])('%s: %s, and its sender is banned', async (_what, code, make) => {
    await hostile.connect(node.address)
    const before = state()
    await hostile.publish('transactions', make())
    await hostile.cutOff
    expect(await node.logged(code)).toMatchObject({ code })
    expect(node.network.bans()).toMatchObject([{ peerId: hostile.peerId, code }])
    expect(state()).toEqual(before)
  })

  test('one that this node does not want is nobody’s fault', async () => {
    await hostile.connect(node.address)
    await hostile.publish('transactions', encodeTransaction(blocks.pay({ from: 'alice', to: 'bob', amount: 101 })))
    await node.logged('transaction-insufficient-balance')
    expect(node.network.bans()).toEqual([])
    expect(node.network.peers()).toHaveLength(1)
  })
})

//   genesis ── a1 ── a2
//          └── h1 ── h2 ── h3      h2 is invalid
describe('an invalid block by sync', () => {
  test.each<[string, Code, () => void]>([
    [
      'an overspend', 'transaction-overspend',
      () => blocks.block('h2', 'h1', { transactions: [{ from: 'alice', to: 'bob', amount: 101 }] }),
    ],
    ['wrong work', 'block-bad-pow', () => blocks.block('h2', 'h1', { mined: false })],
    ['wrong bits', 'block-bad-bits', () => blocks.block('h2', 'h1', { mutate: ({ header }) => { header.bits = 0x207f_fffe } })],
    ['a time before its parent’s', 'block-time-too-old', () => blocks.block('h2', 'h1', { timestamp: 1 })],
  ])('%s: %s, the peer is banned and the tip stays', async (_what, code, make) => {
    blocks.block('h1', 'genesis', { miner: 'eve' })
    make()
    blocks.block('h3', 'h2', { miner: 'eve' })
    const { tip } = node.chain
    hostile.pretend('h3')
    await hostile.connect(node.address)
    await hostile.cutOff
    expect(node.network.bans()).toMatchObject([{ peerId: hostile.peerId }])
    expect((await node.logged(code)).code).toBe(code)
    expect(node.chain.tip).toEqual(tip)
  })

  test('a body that does not go with its header: the sender is banned, the header stays good', async () => {
    blocks.blocks('h', 'genesis', 3, { miner: 'eve' })
    hostile.pretend('h3')
    const { bodies } = hostile.answers
    hostile.answers.bodies = (request, stream) => bodies(request, stream)?.map((body) => Uint8Array.from(body).fill(9, 0, 32))
    await hostile.connect(node.address)
    await hostile.cutOff
    expect(node.network.bans()).toMatchObject([{ peerId: hostile.peerId, code: 'block-bad-body-root' }])
    // An honest node with the same blocks is believed.
    const honest = await world.node('honest')
    await honest.mined('h3')
    await node.network.dial(honest.address)
    await node.at('h3')
  })

  test('headers that do not follow one another ban', async () => {
    blocks.blocks('h', 'genesis', 3, { miner: 'eve' })
    hostile.pretend('h3')
    const { headers } = hostile.answers
    hostile.answers.headers = (request, stream) => {
      const [all = new Uint8Array()] = headers(request, stream) ?? []
      return [Uint8Array.from([...all.subarray(0, 92), ...all.subarray(184)])]
    }
    await hostile.connect(node.address)
    await hostile.cutOff
    expect(node.network.bans()).toMatchObject([{ code: 'peer-headers-unlinked' }])
    expect(state()).toMatchObject({ stored: 3 })
  })
})
