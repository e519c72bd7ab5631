/** Malformed and excessive requests: each is refused, none stops the node, and an honest peer is served as before. */
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../src/chain/clock.ts'
import { encodeFrame } from '../../src/network/frames.ts'
import { encodeHashes, encodeStatus } from '../../src/network/messages.ts'
import { MAX_LOCATOR_HASHES, QUOTAS, type RequestKind } from '../../src/network/protocols.ts'
import { createBlockBuilder, type BlockBuilder } from '../support/blocks.ts'
import { createHostilePeer, type HostilePeer } from '../support/hostile-peer.ts'
import { createWorld, type TestNode, type World } from '../support/network-node.ts'

let blocks: BlockBuilder
let world: World
let node: TestNode
let hostile: HostilePeer

beforeEach(async () => {
  blocks = createBlockBuilder()
  blocks.blocks('a', 'genesis', 3)
  world = createWorld(blocks)
  node = await world.node('node')
  await node.mined('a3')
  hostile = await createHostilePeer(blocks)
})
afterEach(async () => {
  await hostile.stop()
  await world.end()
})

/** An honest newcomer still gets everything. */
async function stillServes(): Promise<void> {
  const honest = await world.node('honest')
  await honest.network.dial(node.address)
  await honest.at('a3')
}

const KINDS: RequestKind[] = ['status', 'headers', 'bodies', 'mempool', 'peers']

describe.each(KINDS)('%s', (kind) => {
  test('a length prefix above the limit bans', async () => {
    await hostile.connect(node.address)
    await hostile.send(kind, Uint8Array.of(0xff, 0xff, 0xff, 0x7f))
    await hostile.cutOff
    expect(node.network.bans()).toMatchObject([{ peerId: hostile.peerId, code: 'peer-bad-frame' }])
    await stillServes()
  })

  test('a length prefix that never ends bans', async () => {
    await hostile.connect(node.address)
    await hostile.send(kind, new Uint8Array(16).fill(0x80))
    await hostile.cutOff
    expect(node.network.bans()).toMatchObject([{ code: 'peer-bad-frame' }])
  })

  test('a request that is cut short lowers the score and no more', async () => {
    await hostile.connect(node.address)
    expect(await hostile.send(kind, Uint8Array.of())).toBe('peer-refused')
    if (kind !== 'mempool' && kind !== 'peers') await hostile.send(kind, Uint8Array.of(32, 1, 2, 3))
    await node.until('a lower score', () => (node.network.peers()[0]?.score ?? 0) < 0)
    expect(node.network.bans()).toEqual([])
    expect(node.network.peers()).toHaveLength(1)
    await stillServes()
  })
})

describe('what is no message of its protocol bans', () => {
  test.each<[RequestKind, string, Uint8Array]>([
    ['status', 'random bytes', new Uint8Array(120).fill(0x5a)],
    ['status', 'nothing', new Uint8Array()],
    ['headers', 'half a hash', new Uint8Array(40)],
    ['headers', 'no hash', new Uint8Array()],
    ['bodies', 'half a hash', new Uint8Array(1)],
  ])('%s: %s', async (kind, _what, payload) => {
    await hostile.connect(node.address)
    expect(await hostile.send(kind, encodeFrame(payload))).toMatch(/peer-refused|peer-gone/)
    await hostile.cutOff
    expect(node.network.bans()).toMatchObject([{ code: 'peer-bad-message' }])
    await stillServes()
  })
})

test('any bytes on any protocol: the node goes on', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...KINDS), fc.uint8Array({ maxLength: 300 }), async (kind, bytes) => {
      const peer = await createHostilePeer(blocks)
      await peer.dial(node.address)
      await peer.send(kind, bytes)
      await peer.stop()
    }),
    { numRuns: 12, seed: 7 },
  )
  await stillServes()
})

test('answers that are no messages ban whoever gave them', async () => {
  hostile.pretend('a3')
  hostile.status = { ...hostile.status, work: 2n ** 60n }
  hostile.answers.headers = () => [new Uint8Array(91)]
  await hostile.connect(node.address)
  await hostile.cutOff
  expect(node.network.bans()).toMatchObject([{ code: 'peer-bad-message' }])
})

test('more frames than were asked for ban', async () => {
  hostile.status = { ...hostile.status, work: 2n ** 60n }
  hostile.answers.headers = () => [new Uint8Array(), new Uint8Array()]
  await hostile.connect(node.address)
  await hostile.cutOff
  expect(node.network.bans()).toMatchObject([{ code: 'peer-unasked' }])
})

test('asking more than the quota is refused, a few times for nothing; then each request costs points, and at −100 it is disconnected', async () => {
  // Its time stands still, so that however long the requests take, none earns what it may ask anew.
  const began = systemClock.now()
  const strict = await world.node('strict', { clock: { ...systemClock, now: () => began } })
  await hostile.connect(strict.address)
  const locator = encodeFrame(encodeHashes([blocks.get('a1').hex]))
  const answers: unknown[] = []
  const free = QUOTAS.headers.count + QUOTAS.refusals.count
  for (let count = 0; count < free; count++) answers.push(await hostile.send('headers', locator))
  expect(answers.slice(0, QUOTAS.headers.count).every((answer) => Array.isArray(answer))).toBe(true)
  expect(answers.slice(QUOTAS.headers.count)).toEqual(Array(QUOTAS.refusals.count).fill('peer-refused'))
  expect(strict.network.peers()[0]?.score).toBe(0)
  await hostile.send('headers', locator)
  expect(await strict.logged('peer-over-quota')).toMatchObject({ peer: hostile.peerId, score: -10 })
  for (let count = 0; count < 9; count++) await hostile.send('headers', locator)
  await hostile.cutOff
  expect(await strict.logged('peer-score-low')).toMatchObject({ peer: hostile.peerId })
  expect(strict.network.bans()).toEqual([])
})

test('a locator at the limit is served, one hash more is not', async () => {
  await hostile.connect(node.address)
  const hashes = Array.from({ length: MAX_LOCATOR_HASHES }, () => blocks.get('a1').hex)
  const answer = await hostile.send('headers', encodeFrame(encodeHashes(hashes)))
  expect(answer).toHaveLength(1)
  expect(answer[0]).toHaveLength(2 * 92)
  expect(await hostile.send('headers', encodeFrame(encodeHashes([...hashes, blocks.get('a1').hex])))).not.toBeInstanceOf(Array)
})

test('bodies: those it has, in the order asked, up to the first that it does not have', async () => {
  await hostile.connect(node.address)
  const hashes = ['a2', 'a1'].map((name) => blocks.get(name).hex)
  expect(await hostile.send('bodies', encodeFrame(encodeHashes([...hashes, '00'.repeat(32), ...hashes])))).toHaveLength(2)
})

test('a status of another genesis on our protocol: disconnected, not banned', async () => {
  hostile.status = { ...hostile.status, genesis: 'ab'.repeat(32) }
  await hostile.dial(node.address)
  await hostile.send('status', encodeFrame(encodeStatus(hostile.status)))
  await hostile.cutOff
  expect(await node.logged('peer-other-network')).toMatchObject({ peer: hostile.peerId })
  expect(node.network.bans()).toEqual([])
  expect(node.network.peers()).toEqual([])
})

test('a peer that claims work it does not have loses points, and the tip stays', async () => {
  const { tip } = node.chain
  hostile.pretend('a3')
  hostile.status = { ...hostile.status, height: 1_000, work: 2n ** 60n }
  await hostile.connect(node.address)
  expect(await node.logged('peer-low-work')).toMatchObject({ peer: hostile.peerId })
  await node.until('a lower score', () => (node.network.peers()[0]?.score ?? 0) < 0)
  expect(node.chain.tip).toEqual(tip)
})

test('connections that close while streams are opened on them end no process', async () => {
  // An error that nobody catches fails the run.
  for (let count = 0; count < 4; count++) {
    const passing = await world.node(`passing ${count}`)
    await node.network.dial(passing.address)
    await passing.stop()
  }
  await stillServes()
})

test('a peer whose gossip has broken down is disconnected, so that a new connection mends it', async () => {
  let skew = 0
  const patient = await world.node('patient', { clock: { ...systemClock, now: () => systemClock.now() + skew } })
  await hostile.connect(patient.address)
  hostile.breakGossip()
  await hostile.tellStatus()
  expect(patient.network.peers()).toHaveLength(1) // it may still be setting up
  skew = 60_000
  await hostile.tellStatus()
  await hostile.cutOff
  expect(await patient.logged('peer-not-gossiping')).toMatchObject({ peer: hostile.peerId })
  expect(patient.network.bans()).toEqual([])
})
