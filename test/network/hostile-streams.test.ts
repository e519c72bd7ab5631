/**
 * Streams and connections that are used as no honest node does: half open, endless, not read, too many. What they cost
 * is bounded, the sender loses, and an honest newcomer gets everything all the same.
 */
import type { Connection, Stream } from '@libp2p/interface'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { encodeBlock } from '../../src/consensus/types.ts'
import { encodeFrame } from '../../src/network/frames.ts'
import { encodeHashes } from '../../src/network/messages.ts'
import {
  GOSSIP_QUOTA, MAX_CONNECTIONS_A_PEER, MAX_INBOUND_STREAMS, protocolsOf, type RequestKind, SERVE_TIMEOUT_MS, STREAM_QUOTA,
  YAMUX_ANSWER_QUOTA,
} from '../../src/network/protocols.ts'
import { createBlockBuilder, type BlockBuilder } from '../support/blocks.ts'
import { gossipPacket } from '../support/gossip-packet.ts'
import { createHostilePeer, type HostilePeer } from '../support/hostile-peer.ts'
import { createManualClock, type ManualClock } from '../support/manual-clock.ts'
import { createWorld, type TestNode, type World } from '../support/network-node.ts'

let blocks: BlockBuilder
let world: World
let clock: ManualClock
let node: TestNode
let hostile: HostilePeer
/** Called when the node begins to serve a request. */
let serving = (): void => {}

beforeEach(async () => {
  blocks = createBlockBuilder({ funds: { alice: 1_000 } })
  blocks.blocks('a', 'genesis', 3)
  world = createWorld(blocks)
  clock = createManualClock(Date.now())
  node = await world.node('node', {
    clock: {
      now: clock.now,
      after(ms, callback) {
        if (ms === SERVE_TIMEOUT_MS) serving()
        return clock.after(ms, callback)
      },
    },
  })
  await node.mined('a3')
  hostile = await createHostilePeer(blocks)
  await hostile.connect(node.address)
})
afterEach(async () => {
  serving = () => {}
  await hostile.stop()
  await world.end()
})

async function stillServes(): Promise<void> {
  const honest = await world.node('honest')
  await honest.network.dial(node.address)
  await honest.at('a3')
}

const topicOf = (topic: 'blocks' | 'transactions'): string => protocolsOf(blocks.genesis.id)[topic]
const reset = (stream: Stream): Promise<void> =>
  new Promise((resolve) => {
    if (stream.status !== 'open') resolve()
    stream.addEventListener('close', () => resolve())
  })
/** Opens a stream, and waits until the node has taken it. */
async function served(kind: RequestKind): Promise<Stream> {
  const begun = Promise.withResolvers<void>()
  serving = begun.resolve
  const stream = await hostile.open(protocolsOf(blocks.genesis.id)[kind])
  await begun.promise
  return stream
}

describe.each<RequestKind>(['status', 'headers', 'bodies', 'mempool'])('a request for %s', (kind) => {
  test('of which nothing comes is given up after half a minute, and costs points', async () => {
    const stream = await served(kind)
    clock.advance(SERVE_TIMEOUT_MS)
    await reset(stream)
    expect(await node.logged('peer-timeout')).toMatchObject({ peer: hostile.peerId })
    expect(node.network.bans()).toEqual([])
    await stillServes()
  })

  test('that comes byte by byte does not get longer for it', async () => {
    const stream = await served(kind)
    stream.send(Uint8Array.of(0x80))
    clock.advance(SERVE_TIMEOUT_MS - 1)
    if (stream.status === 'open') stream.send(Uint8Array.of(0x80))
    clock.advance(1)
    await reset(stream)
    expect(await node.logged('peer-timeout')).toMatchObject({ peer: hostile.peerId })
  })
})

test('an answer that nobody takes is given up after half a minute', async () => {
  // More than a window of yamux, so that the node has to wait.
  const memo = 'x'.repeat(256)
  const transactions = Array.from({ length: 900 }, (_, nonce) => ({ from: 'alice', to: 'bob', amount: 1, nonce, memo }))
  blocks.block('full', 'a3', { transactions })
  await node.mined('full')
  const stream = await hostile.open(protocolsOf(blocks.genesis.id).bodies)
  const begun = Promise.withResolvers<void>()
  // At once, or the rest of the answer may have come already.
  const stopReading = (): void => {
    stream.pause()
    begun.resolve()
  }
  stream.addEventListener('message', stopReading, { once: true })
  stream.send(encodeFrame(encodeHashes(Array.from({ length: 8 }, () => blocks.get('full').hex))))
  await begun.promise
  clock.advance(SERVE_TIMEOUT_MS)
  await reset(stream)
  expect(await node.logged('peer-timeout')).toMatchObject({ peer: hostile.peerId })
})

test('more streams of a protocol than one peer needs are reset, those before them are not', async () => {
  const first: Stream[] = []
  while (first.length < MAX_INBOUND_STREAMS) first.push(await served('headers'))
  const further = await hostile.open(protocolsOf(blocks.genesis.id).headers)
  await reset(further)
  expect(first.map(({ status }) => status)).toEqual(first.map(() => 'open'))
})

test('more streams than a connection may have are reset', async () => {
  // Opened and no more: what each is for is never said. The node has a few besides.
  for (let id = 1_001; id < 1_001 + 2 * 80; id += 2) hostile.yamux(yamuxFrame({ type: 1, flags: 1, stream: id, length: 0 }))
  expect(await hostile.send('headers', encodeFrame(encodeHashes([blocks.get('a1').hex])))).not.toBeInstanceOf(Array)
  await stillServes()
})

/** A header of yamux: type 0 data, 1 window, 2 ping; flag 1 opens. */
function yamuxFrame({ type, flags, stream, length }: { type: number; flags: number; stream: number; length: number }): Uint8Array {
  const view = new DataView(new ArrayBuffer(12))
  view.setUint8(1, type)
  view.setUint16(2, flags)
  view.setUint32(4, stream)
  view.setUint32(8, length)
  return new Uint8Array(view.buffer)
}

test('more pings of yamux than any node sends cut the connection', async () => {
  for (let id = 0; id <= YAMUX_ANSWER_QUOTA.count; id++) hostile.yamux(yamuxFrame({ type: 2, flags: 1, stream: 0, length: id }))
  await hostile.cutOff
  await stillServes()
})

test('a peer that opens streams without end is cut', async () => {
  let opened = 0
  try {
    for (; opened <= STREAM_QUOTA.count; opened++) (await hostile.open('/ipfs/ping/1.0.0')).abort(new Error('the next'))
  } catch {
    // The connection is gone.
  }
  await hostile.cutOff
  expect(opened).toBeLessThanOrEqual(STREAM_QUOTA.count)
  await stillServes()
})

test('pings are answered; what no longer is one is reset', async () => {
  const stream = await hostile.open('/ipfs/ping/1.0.0')
  const answer = Promise.withResolvers<Uint8Array>()
  stream.addEventListener('message', ({ data }) => answer.resolve(data.subarray()), { once: true })
  const ping = Uint8Array.from({ length: 32 }, (_, at) => at)
  stream.send(ping)
  expect(await answer.promise).toEqual(ping)
  stream.addEventListener('message', () => {})
  stream.send(new Uint8Array(65_536))
  await reset(stream)
  await stillServes()
})

test('one peer cannot take everybody’s place: beyond three connections it is refused', async () => {
  const more: Connection[] = []
  while (more.length < MAX_CONNECTIONS_A_PEER - 1) more.push(await hostile.dial(node.address, { again: true }))
  const refused = await hostile.dial(node.address, { again: true }).catch(() => undefined)
  // It may look open until the node's word arrives.
  if (refused?.status === 'open') await new Promise((resolve) => refused.addEventListener('close', resolve))
  expect(more.map(({ status }) => status)).toEqual(more.map(() => 'open'))
  await stillServes()
})

describe('on gossip', () => {
  test.each([
    ['bytes that are no packet', 'peer-bad-frame', () => Uint8Array.of(0x12, 0xff, 0xff, 1, 2, 3)],
    ['a packet of more messages than one may have', 'peer-bad-frame', () => gossipPacket(topicOf('blocks'), ...Array<Uint8Array>(5_001).fill(Uint8Array.of(1)))],
    ['a message of another topic', 'peer-bad-message', () => gossipPacket('/other/topic', Uint8Array.of(1))],
  ] as const)('%s: %s, and its sender is banned', async (_what, code, packet) => {
    await hostile.gossip(packet())
    await hostile.cutOff
    expect(node.network.bans()).toMatchObject([{ peerId: hostile.peerId, code }])
    await stillServes()
  })

  test.each([
    ['too long a length', Uint8Array.of(0xff, 0xff, 0xff, 0x7f)],
    ['a length that does not end', new Uint8Array(16).fill(0x80)],
  ])('%s: its sender is banned', async (_what, bytes) => {
    ;(await hostile.open('/meshsub/1.2.0')).send(bytes)
    await hostile.cutOff
    expect(node.network.bans()).toMatchObject([{ peerId: hostile.peerId, code: 'peer-bad-frame' }])
  })

  test('blocks that everybody has, again and again: harmless, until they are too many', async () => {
    const old = ['a1', 'a2', 'a3'].map((name) => encodeBlock(blocks.get(name).block))
    const packet = gossipPacket(topicOf('blocks'), ...Array.from({ length: 3_000 }, (_, at) => old[at % 3] ?? new Uint8Array()))
    const stream = await hostile.gossip(packet)
    expect(await hostile.send('headers', encodeFrame(encodeHashes([blocks.get('a1').hex])))).toHaveLength(1)
    expect(node.network.peers()).toMatchObject([{ peerId: hostile.peerId, score: 0 }])
    for (let sent = 3_000; sent <= GOSSIP_QUOTA.count + 10 * 3_000; sent += 3_000) stream.send(encodeFrame(packet))
    await hostile.cutOff
    expect(node.network.bans()).toEqual([])
    expect(node.log.filter(({ code }) => code === 'peer-over-quota').length).toBeGreaterThan(0)
    expect(node.chain.tip.hash).toBe(blocks.get('a3').hex)
    await stillServes()
  })
})
