/** Sync with peers that stall, leave or lie. */
import { afterEach, expect, test } from 'vitest'
import { type Clock, systemClock } from '../../src/chain/clock.ts'
import type { Store } from '../../src/chain/store.ts'
import { createBlockBuilder } from '../support/blocks.ts'
import { createHostilePeer, type HostilePeer } from '../support/hostile-peer.ts'
import { createWorld, type World } from '../support/network-node.ts'

const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})
const worldOf = (blocks: ReturnType<typeof createBlockBuilder>): World => {
  const world = createWorld(blocks)
  ends.push(() => world.end())
  return world
}
const hostileOf = async (blocks: ReturnType<typeof createBlockBuilder>): Promise<HostilePeer> => {
  const hostile = await createHostilePeer(blocks)
  ends.push(() => hostile.stop())
  return hostile
}
/** A clock whose waits of a request's stall (2 s and more) pass in a fortieth of the time. */
const hasty: Clock = {
  now: systemClock.now,
  after: (ms, callback) => systemClock.after(ms >= 2_000 ? ms / 40 : ms, callback),
}

test('a peer that stalls loses its request to another, and only points', async () => {
  const blocks = createBlockBuilder()
  blocks.blocks('a', 'genesis', 300)
  const world = worldOf(blocks)
  const [a, stalling] = [await world.node('a'), await hostileOf(blocks)]
  await a.mined('a300')
  // It has the headers, and its status claims the most, so it is followed; it never sends a body.
  stalling.pretend('a300')
  const stalled = Promise.withResolvers<void>()
  stalling.answers.bodies = () => {
    stalled.resolve()
    return undefined
  }
  const node = await world.node('node', { clock: hasty, peers: [a.address] })
  await stalling.connect(node.address)
  await stalled.promise
  await node.at('a300')
  expect(await node.logged('peer-timeout')).toMatchObject({ peer: stalling.peerId })
  expect(node.network.bans()).toEqual([])
})

test('when the only peer stalls the sync gives up, and another that comes later ends it', async () => {
  const blocks = createBlockBuilder()
  blocks.blocks('a', 'genesis', 10)
  const world = worldOf(blocks)
  const [node, stalling] = [await world.node('node', { clock: hasty }), await hostileOf(blocks)]
  stalling.pretend('a10')
  stalling.answers.bodies = () => undefined
  await stalling.connect(node.address)
  await node.until('it gave up', () => node.log.some(({ msg }) => msg === 'nobody left to ask for bodies'))
  expect(node.chain.tip.height).toBe(0)
  const a = await world.node('a')
  await a.mined('a10')
  await node.network.dial(a.address)
  await node.at('a10')
})

test('a peer that has the headers and none of the bodies loses points', async () => {
  const blocks = createBlockBuilder()
  blocks.blocks('a', 'genesis', 10)
  const [node, empty] = [await worldOf(blocks).node('node'), await hostileOf(blocks)]
  empty.pretend('a10')
  empty.answers.bodies = () => []
  await empty.connect(node.address)
  expect(await node.logged('peer-missing-body')).toMatchObject({ peer: empty.peerId })
  expect(node.chain.tip.height).toBe(0)
})

test('a peer that leaves while it is asked: the rest comes from another', async () => {
  const blocks = createBlockBuilder()
  blocks.blocks('a', 'genesis', 300)
  const world = worldOf(blocks)
  const [node, a, leaving] = [await world.node('node'), await world.node('a'), await hostileOf(blocks)]
  leaving.pretend('a300')
  leaving.answers.bodies = () => {
    void leaving.stop()
    return undefined
  }
  await leaving.connect(node.address)
  await node.until('it is gone', () => leaving.asked.some(({ kind }) => kind === 'bodies') && node.network.peers().length === 0)
  await a.mined('a300')
  await node.network.dial(a.address)
  await node.at('a300')
})

/** Counts what is written to a store. */
const counting = (writes: { count: number }) => (store: Store): Store => ({
  headers: () => store.headers(),
  tip: () => store.tip(),
  header: (hash) => store.header(hash),
  bestHeaders: (from, limit) => store.bestHeaders(from, limit),
  block: (hash) => store.block(hash),
  encodedBody: (hash) => store.encodedBody(hash),
  account: (account) => store.account(account),
  readAccounts: (accounts) => store.readAccounts(accounts),
  accountBefore: (hash, account) => store.accountBefore(hash, account),
  transaction: (id) => store.transaction(id),
  history: (account, page) => store.history(account, page),
  write(work) {
    writes.count += 1
    return store.write(work)
  },
})

//   genesis ── a1 ── … ── a20         ours
//          └── f1 ── … ── f15         forged: valid work at the real difficulty, but less of it than ours
test('headers with less work than ours: no body is asked for and nothing is written', async () => {
  const blocks = createBlockBuilder()
  blocks.blocks('a', 'genesis', 20)
  blocks.blocks('f', 'genesis', 15, { miner: 'eve' })
  const writes = { count: 0 }
  const [node, forger] = [await worldOf(blocks).node('node', { wrap: counting(writes) }), await hostileOf(blocks)]
  await node.mined('a20')
  const before = writes.count
  forger.pretend('f15') // and claims 2^40
  await forger.connect(node.address)
  expect(await node.logged('peer-low-work')).toMatchObject({ peer: forger.peerId })
  expect(forger.asked.map(({ kind }) => kind)).not.toContain('bodies')
  expect(writes.count).toBe(before)
})
