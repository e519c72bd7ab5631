/** A block reaches everybody once, whatever way it came; and so do pending transactions. Nodes in a line: a ─ b ─ c … */
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ChainComponents, Origin } from '../../src/chain/chain.ts'
import { type Clock, systemClock } from '../../src/chain/clock.ts'
import { toHex } from '../../src/consensus/hex.ts'
import { transactionId } from '../../src/consensus/transaction.ts'
import { encodeBlock, type Transaction } from '../../src/consensus/types.ts'
import type { SqliteStore } from '../../src/storage/sqlite-store.ts'
import { type BlockBuilder, createBlockBuilder } from '../support/blocks.ts'
import { createHostilePeer, type HostilePeer } from '../support/hostile-peer.ts'
import { createWorld, type NodeOptions, type TestNode, type World } from '../support/network-node.ts'

let blocks: BlockBuilder
let world: World
let hostile: HostilePeer | undefined

beforeEach(() => {
  blocks = createBlockBuilder({ funds: { alice: 100, carol: 100 } })
  blocks.blocks('a', 'genesis', 3)
  world = createWorld(blocks)
})
afterEach(async () => {
  await hostile?.stop()
  hostile = undefined
  await world.end()
})

/** So many nodes, each connected to the one before it. */
async function line(count: number, options: (at: number) => NodeOptions = () => ({})): Promise<TestNode[]> {
  const nodes: TestNode[] = []
  for (let at = 0; at < count; at++) {
    const node = await world.node(`node-${at}`, options(at))
    const before = nodes.at(-1)
    if (before !== undefined) await node.network.dial(before.address)
    nodes.push(node)
  }
  return nodes
}

/**
 * Mines on the first node until gossip brings a block to the last one, which it does from gossipsub's next heartbeat on;
 * until then status does.
 * @returns the block's name
 */
async function untilGossipFlows(first: TestNode, last: TestNode): Promise<string> {
  let came: Origin | undefined
  last.chain.events.on('tip:changed', ({ origin }) => (came = origin))
  for (let height = 1; ; height++) {
    const { name } = blocks.block(`w${height}`, height === 1 ? 'genesis' : `w${height - 1}`)
    await first.mined(name)
    await last.at(name)
    if (came === 'gossip') return name
  }
}

const isPending = (node: TestNode, payment: Transaction): boolean => node.mempool.get(toHex(transactionId(payment))) !== undefined
const refused = (nodes: TestNode[]): unknown[] => nodes.flatMap(({ network }) => network.bans())

/** A store that refuses to write while `broken` says so. */
function breakable(): { wrap: (store: SqliteStore) => ChainComponents['store']; disk: { broken: boolean } } {
  const disk = { broken: false }
  const wrap = (store: SqliteStore): SqliteStore => {
    const write = store.write.bind(store)
    store.write = (work) => {
      if (disk.broken) throw new Error('disk full')
      return write(work)
    }
    return store
  }
  return { wrap, disk }
}

test('a block is forwarded before it is written: a disk that fails keeps it from this node only, until it works again', async () => {
  const { wrap, disk } = breakable()
  const [a, b, c] = (await line(3, (at) => (at === 1 ? { wrap } : {}))) as [TestNode, TestNode, TestNode] // as many as asked for
  const before = await untilGossipFlows(a, c)
  blocks.blocks('x', before, 2)
  disk.broken = true
  await a.mined('x1')
  await c.at('x1')
  expect(b.chain.tip.hash).toBe(blocks.get(before).hex)
  expect((await b.logged('gossip-validator-failed')).peer).toBe(a.peerId)
  disk.broken = false
  await a.mined('x2')
  for (const node of [b, c]) await node.at('x2')
  expect(refused([a, b, c])).toEqual([])
})

test('a miner whose disk fails loses its own block to nobody but itself, and gets it back', async () => {
  const { wrap, disk } = breakable()
  const [a, b] = (await line(2, (at) => (at === 0 ? { wrap } : {}))) as [TestNode, TestNode] // as many as asked for
  blocks.blocks('x', await untilGossipFlows(a, b), 2)
  disk.broken = true
  await expect(a.mined('x1')).rejects.toThrow('disk full')
  await b.at('x1')
  disk.broken = false
  await b.mined('x2')
  await a.at('x2')
})

test('a block that everybody could send to everybody is sent to each once, and hardly ever again', async () => {
  blocks = createBlockBuilder({ funds: { alice: 1_000 } })
  world = createWorld(blocks)
  const nodes = await line(6)
  for (const [at, node] of nodes.entries()) for (const other of nodes.slice(at + 2)) await node.network.dial(other.address)
  const [first, last] = [nodes[0], nodes.at(-1)] as [TestNode, TestNode] // six were asked for
  let before = await untilGossipFlows(first, last)
  for (const node of nodes.slice(1)) {
    const hasGossip = (): boolean => node.log.some(({ msg }) => msg === 'took a block')
    for (let at = 0; !hasGossip(); at++) {
      const parent = before
      before = blocks.block(`${at} after ${parent}`, parent).name
      await first.mined(before)
      for (const each of nodes) await each.at(before)
    }
  }
  const received = (): number => nodes.reduce((sum, { network }) => sum + network.traffic.receivedBytes, 0)
  const payments = Array.from({ length: 500 }, (_, nonce) => blocks.pay({ from: 'alice', to: 'bob', amount: 1, fee: 0, nonce }))
  const { block, name } = blocks.block('large', before, { transactions: payments })
  const alreadyReceived = received()
  await first.mined(name)
  for (const node of nodes) await node.at(name)
  const copies = (received() - alreadyReceived) / encodeBlock(block).length
  const others = nodes.length - 1
  expect(copies).toBeGreaterThan(others)
  expect(copies).toBeLessThan(2 * others) // some more where a sync was quicker; 23 where all answer at once
})

test('whoever made an invalid block is banned by the first that gets it, and nobody else ever sees it', async () => {
  const [a, b, c] = (await line(3)) as [TestNode, TestNode, TestNode] // as many as asked for
  await a.mined('a1')
  await c.at('a1')
  hostile = await createHostilePeer(blocks)
  await hostile.connect(a.address)
  const overspend = blocks.block('x', 'a1', { transactions: [{ from: 'alice', to: 'bob', amount: 101 }] })
  await hostile.publish('blocks', encodeBlock(overspend.block))
  await hostile.cutOff
  expect(a.network.bans()).toMatchObject([{ peerId: hostile.peerId, code: 'transaction-overspend' }])
  await a.mined('a2')
  await c.at('a2')
  expect(refused([b, c])).toEqual([])
  for (const { log } of [b, c]) expect(log.filter(({ hash }) => hash === overspend.hex)).toEqual([])
})

test('a block ahead of the clocks reaches even those who never saw it, once its time has come', async () => {
  // b and c are ten minutes behind.
  const clocks = [0, -600_000, -600_000].map(createSkewedClock)
  const [a, b, c] = (await line(3, (at) => ({ clock: clocks[at] }))) as [TestNode, TestNode, TestNode] // as many as asked for
  const early = blocks.block('e1', 'genesis', { timestamp: Date.now() + 30_000 })
  await a.mined('e1')
  expect(await b.logged('block-too-early')).toMatchObject({ peer: a.peerId, hash: early.hex })
  expect(b.chain.has(early.hex)).toBe(false)
  for (const clock of clocks.slice(1)) clock.jump(600_000)
  await c.at('e1')
  expect(b.chain.tip.hash).toBe(early.hex)
  expect(refused([a, b, c])).toEqual([])
})

test('blocks that come child first reach those behind, too', async () => {
  const [b, c] = (await line(2)) as [TestNode, TestNode] // as many as asked for
  hostile = await createHostilePeer(blocks) // honest here, but it answers no request for headers
  await hostile.connect(b.address)
  await hostile.publish('blocks', encodeBlock(blocks.get('a2').block))
  await b.logged('block-unknown-parent')
  await hostile.publish('blocks', encodeBlock(blocks.get('a1').block))
  for (const node of [b, c]) await node.at('a2')
})

test('a block that came before its parent goes on by gossip as soon as that has come', async () => {
  const [b, c] = (await line(2)) as [TestNode, TestNode] // as many as asked for
  let last = await untilGossipFlows(b, c)
  let came: Origin | undefined
  c.chain.events.on('tip:changed', ({ origin }) => (came = origin))
  hostile = await createHostilePeer(blocks) // honest here, but it answers no request for headers
  await hostile.connect(b.address)
  // A machine that stands for the five seconds that gossip gives it leaves the block to status; then with the next one.
  for (let pair = 1; ; pair++) {
    const parent = blocks.block(`parent-${pair}`, last)
    const child = blocks.block(`child-${pair}`, parent.name)
    last = child.name
    await hostile.publish('blocks', encodeBlock(child.block))
    await b.until('a block without its parent', () => b.log.some(({ code, hash }) => code === 'block-unknown-parent' && hash === child.hex))
    await hostile.publish('blocks', encodeBlock(parent.block))
    await c.at(last)
    if (came === 'gossip') return
  }
})

test('of a block that waits for its parent no copy with another body goes on: its sender is banned, and nobody else', async () => {
  const [b, c] = (await line(2)) as [TestNode, TestNode] // as many as asked for
  const last = await untilGossipFlows(b, c)
  hostile = await createHostilePeer(blocks)
  await hostile.connect(b.address)
  const parent = blocks.block('parent', last)
  const { block, hex } = blocks.block('child', parent.name)
  await hostile.publish('blocks', encodeBlock(block))
  await b.until('a block without its parent', () => b.log.some(({ code, hash }) => code === 'block-unknown-parent' && hash === hex))
  await hostile.publish('blocks', encodeBlock({ ...block, body: { ...block.body, miner: blocks.account('eve') } }))
  await b.logged('block-bad-body-root')
  await b.mined(parent.name)
  await c.at('child')
  expect(refused([b])).toMatchObject([{ peerId: hostile.peerId, code: 'block-bad-body-root' }])
  expect(refused([c])).toEqual([])
})

//   genesis ── a1
//          └── x1 ── x2
test('a block that makes a side branch win is forwarded, and who has none of the branch asks for the rest', async () => {
  blocks.blocks('x', 'genesis', 2, { miner: 'eve' })
  const [b, c] = (await line(2)) as [TestNode, TestNode] // as many as asked for
  await b.mined('a1')
  await c.at('a1')
  hostile = await createHostilePeer(blocks)
  await hostile.connect(b.address)
  await hostile.publish('blocks', encodeBlock(blocks.get('x1').block))
  await b.until('a side branch', () => b.chain.has(blocks.get('x1').hex))
  await hostile.publish('blocks', encodeBlock(blocks.get('x2').block))
  await c.at('x2')
  expect((await c.logged('block-unknown-parent')).hash).toBe(blocks.get('x2').hex)
})

//   genesis ── a1 ── a2 ── a3           nodes 0 to 4, with a payment in a3 and another one pending
//          └── b1 ── …… ── b5           nodes 5 to 9, with a third one pending
test('two lines of five that were apart and are joined at their ends: one tip, and everything pending everywhere', async () => {
  blocks = createBlockBuilder({ funds: { alice: 100, carol: 100 } })
  const [mined, left, right] = [
    blocks.pay({ from: 'alice', to: 'bob', amount: 1, fee: 1 }),
    blocks.pay({ from: 'alice', to: 'bob', amount: 2, fee: 1, nonce: 1 }),
    blocks.pay({ from: 'carol', to: 'bob', amount: 3, fee: 1 }),
  ]
  blocks.blocks('a', 'genesis', 2)
  blocks.block('a3', 'a2', { transactions: [mined] })
  blocks.blocks('b', 'genesis', 5, { miner: 'ben' })
  world = createWorld(blocks)
  const nodes = await line(5)
  const others: TestNode[] = []
  for (let at = 5; at < 10; at++) {
    const node = await world.node(`node-${at}`)
    const before = others.at(-1)
    if (before !== undefined) await node.network.dial(before.address)
    others.push(node)
  }
  const [first, last] = [nodes[0], others.at(-1)] as [TestNode, TestNode] // five each
  first.mempool.add(mined, 'local')
  await first.mined('a3')
  await last.mined('b5')
  for (const node of nodes) await node.at('a3')
  for (const node of others) await node.at('b5')
  first.mempool.add(left, 'local')
  last.mempool.add(right, 'local')
  for (const node of nodes) await node.until('the left one is pending', () => isPending(node, left))
  for (const node of others) await node.until('the right one is pending', () => isPending(node, right))

  await others[0]?.network.dial(nodes.at(-1)?.address ?? '')
  for (const node of [...nodes, ...others]) {
    await node.at('b5')
    await node.until('all three are pending', () => [mined, left, right].every((payment) => isPending(node, payment)))
  }
  expect(refused([...nodes, ...others])).toEqual([])
})

/** The system's clock, so many ms ahead, until it jumps. */
function createSkewedClock(aheadMs: number): Clock & { jump(ms: number): void } {
  let ahead = aheadMs
  const timers = new Set<{ at: number; fire(): void }>()
  const now = (): number => systemClock.now() + ahead
  return {
    now,
    after(delayMs, callback) {
      const cancel = (): void => {
        timers.delete(timer)
        cancelReal()
      }
      const fire = (): void => {
        cancel()
        callback()
      }
      const timer = { at: now() + delayMs, fire }
      const cancelReal = systemClock.after(delayMs, fire)
      timers.add(timer)
      return cancel
    },
    jump(ms) {
      ahead += ms
      for (const { at, fire } of timers.values()) if (at <= now()) fire()
    },
  }
}
