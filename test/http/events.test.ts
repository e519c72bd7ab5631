/** The event stream, fed by emitters that the test holds, on a clock that only the test moves. */
import { EventEmitter, once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ChainEvents } from '../../src/chain/chain-events.ts'
import type { ApiEvent, BlockSummary } from '../../src/http/api.ts'
import { createClient } from '../../src/http/client.ts'
import type { EventChannelOptions } from '../../src/http/event-channel.ts'
import { EventStream } from '../../src/http/events.ts'
import type { MempoolEvents } from '../../src/mempool/mempool-events.ts'
import type { MinerEvents } from '../../src/mining/miner.ts'
import type { NetworkEvents } from '../../src/network/network.ts'
import { handClock } from './hand-clock.ts'

const hash = (height: number): string => String(height).padStart(64, '0')

function streaming(options: EventChannelOptions = {}) {
  const sources = {
    chain: { events: new EventEmitter<ChainEvents>() },
    mempool: { events: new EventEmitter<MempoolEvents>() },
    network: { events: new EventEmitter<NetworkEvents>() },
    miner: { events: new EventEmitter<MinerEvents>() },
  }
  const { clock, pass, waiting } = handClock()
  // What a summary holds is render.test.ts's business.
  const render = { summary: ({ height }: { height: number }) => ({ height }) as BlockSummary }
  const stream = new EventStream({ sources: { ...sources, clock }, render }, options)
  stream.start()
  const responses: ServerResponse[] = []
  const server = createServer((request, response) => {
    responses.push(response)
    stream.open(response, {}, request.headers['last-event-id'] as string | undefined)
  }).listen(0, '127.0.0.1')
  return { sources, stream, server, responses, pass, waiting }
}

let served: ReturnType<typeof streaming>
const serve = async (options?: EventChannelOptions): Promise<void> => {
  await close()
  served = streaming(options)
  await once(served.server, 'listening')
}
const close = async (): Promise<void> => {
  if (served === undefined) return
  served.stream.stop()
  served.server.closeAllConnections()
  await new Promise((resolve) => served.server.close(resolve))
}
beforeEach(() => serve())
afterEach(close)

const url = (): string => `http://127.0.0.1:${(served.server.address() as AddressInfo).port}`

/** A listener that the stream knows by the time this resolves. */
async function listen(lastEventId?: string) {
  const opened = Promise.withResolvers<void>()
  const abort = new AbortController()
  const events = createClient({ url: url() }).events({ lastEventId, signal: abort.signal, onOpen: opened.resolve })
  let first: Promise<IteratorResult<ApiEvent, void>> | undefined = events.next()
  first.catch(() => undefined) // given up below, mostly
  await opened.promise
  return {
    async next(): Promise<ApiEvent> {
      const { value } = await (first ?? events.next())
      first = undefined
      if (value === undefined) throw new Error('the stream ended')
      return value
    },
    close: () => abort.abort(),
  }
}
const disconnected = (height: number): void =>
  void served.sources.chain.events.emit('block:disconnected', { hash: hash(height), height, block: undefined as never, transactionIds: [] })
const heights = async (listener: Awaited<ReturnType<typeof listen>>, count: number): Promise<unknown[]> => {
  const seen: unknown[] = []
  for (let i = 0; i < count; i++) {
    const { event, data } = await listener.next()
    seen.push(event === 'block:disconnected' ? data.height : event)
  }
  return seen
}

test('what the parts tell arrives by its name in the API, in order', async () => {
  const { chain, mempool, network, miner } = served.sources
  const key = new Uint8Array(32)
  const transaction = {
    sender: key,
    recipient: key,
    amount: 1,
    fee: 0,
    nonce: 0,
    memo: new Uint8Array(),
    signature: new Uint8Array(64),
  }
  const peer = {
    peerId: 'P',
    name: 'b',
  account: null,
    agent: null,
    address: '/memory/b',
    direction: 'inbound',
    latencyMs: null,
    height: 1,
    tip: null,
    score: 0,
    since: 5,
  } as const
  const progress = { running: true, waiting: false, hashRate: 7, threads: 1, cpu: 50, expectedMs: 9 }
  const header = { version: 1, height: 3, parent: key, bodyRoot: key, timestamp: 1, bits: 0x207fffff, nonce: 0 }

  const listener = await listen()
  chain.events.emit('block:disconnected', { hash: hash(2), height: 2, block: undefined as never, transactionIds: [] })
  chain.events.emit('block:connected', {
    transactionIds: [],
    hash: hash(3),
    height: 3,
    work: 2n,
    origin: 'gossip',
    block: { header, body: { miner: key, transactions: [] } },
  })
  chain.events.emit('chain:reorg', { ancestorHeight: 1, disconnected: [hash(2)], connected: [hash(3)] })
  mempool.events.emit('transaction:added', {
    origin: 'local',
    pending: { id: hash(9), hash: key, transaction, bytes: 156, receivedAt: 1, ready: true, local: false },
  })
  mempool.events.emit('transaction:removed', { id: hash(9), transaction, reason: 'mined' })
  network.events.emit('peer:connected', peer)
  network.events.emit('peer:disconnected', { peerId: 'P', name: 'b' })
  miner.events.emit('mining:progress', progress)

  const seen = []
  for (let i = 0; i < 8; i++) seen.push(await listener.next())
  expect(seen.map(({ event, data }) => [event, data])).toEqual([
    ['block:disconnected', { hash: hash(2), height: 2 }],
    ['block:connected', { height: 3 }],
    ['chain:reorg', { ancestor: 1, disconnected: [hash(2)], connected: [hash(3)] }],
    ['transaction:added', expect.objectContaining({ id: hash(9), amount: 1, memo: '' })],
    ['transaction:removed', { id: hash(9), reason: 'mined' }],
    ['peer:connected', peer],
    ['peer:disconnected', { peerId: 'P', name: 'b' }],
    ['mining:progress', progress],
  ])
  const ids = seen.map(({ id }) => id)
  expect(new Set(ids.slice(0, 7)).size).toBe(7)
  expect(ids[7], 'a measurement has no id of its own').toBe(ids[6])
})

test('a listener that comes back misses nothing and hears nothing twice', async () => {
  const listener = await listen()
  disconnected(1)
  disconnected(2)
  await listener.next()
  const { id } = await listener.next()
  listener.close()
  disconnected(3)
  const progress = { running: true, waiting: false, hashRate: 1, threads: 1, cpu: 100, expectedMs: null }
  served.sources.miner.events.emit('mining:progress', progress)
  disconnected(4)
  const back = await listen(id)
  disconnected(5)
  expect(await heights(back, 3)).toEqual([3, 4, 5])
})

test('a stream cut before its first event can be continued too', async () => {
  const response = await fetch(url())
  const reader = response.body!.getReader()
  const { value } = await reader.read()
  const id = /^id: (.+)$/m.exec(new TextDecoder().decode(value))?.[1]
  await reader.cancel()
  disconnected(1)
  const back = await listen(id)
  expect(await heights(back, 1)).toEqual([1])
})

test('a listener that missed nothing hears only what is new', async () => {
  const listener = await listen()
  disconnected(1)
  const { id } = await listener.next()
  const back = await listen(id)
  disconnected(2)
  expect(await heights(back, 1)).toEqual([2])
})

test('who was away too long is told to read again, and goes on from there', async () => {
  await serve({ kept: 2 })
  const listener = await listen()
  disconnected(1)
  const { id } = await listener.next()
  for (const height of [2, 3, 4]) disconnected(height)
  const back = await listen(id)
  const reset = await back.next()
  expect(reset.event).toBe('reset')
  disconnected(5)
  expect(await heights(back, 1)).toEqual([5])
  expect(await heights(await listen(reset.id), 1), 'the id of the reset is as good as any').toEqual([5])
})

test('the oldest event kept is the last that can be continued', async () => {
  await serve({ kept: 2 })
  const listener = await listen()
  disconnected(1)
  const { id } = await listener.next()
  disconnected(2)
  disconnected(3)
  expect(await heights(await listen(id), 2)).toEqual([2, 3])
})

test.each(['ffffffff-1', 'nonsense', '', '-', 'THIS-99', 'THIS--1', 'THIS-1.5', 'THIS-x'])(
  'an id that was never given, %s: read again',
  async (given) => {
    const listener = await listen()
    disconnected(1)
    const { id } = await listener.next()
    const back = await listen(given.replace('THIS', id.split('-')[0] ?? ''))
    expect((await back.next()).event).toBe('reset')
  },
)

test('silence is broken by a comment', async () => {
  const response = await fetch(url())
  const reader = response.body!.getReader()
  await reader.read()
  await served.pass()
  expect(new TextDecoder().decode((await reader.read()).value)).toBe(': alive\n\n')
  await served.pass()
  expect(new TextDecoder().decode((await reader.read()).value)).toBe(': alive\n\n')
  await reader.cancel()
})

test('a listener that does not read is dropped, and the others go on', async () => {
  await serve({ maxUnreadBytes: 65_536 })
  const socket = connect((served.server.address() as AddressInfo).port, '127.0.0.1')
  socket.pause()
  const arrived = once(served.server, 'request')
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await arrived
  const [slow] = served.responses
  const dropped = once(slow!, 'close')
  const listener = await listen()
  // A megabyte each: more than any socket's buffers after a while.
  const connected = Array.from({ length: 16_000 }, () => hash(1))
  let published = 0
  while (!slow!.destroyed) {
    served.sources.chain.events.emit('chain:reorg', { ancestorHeight: published++, disconnected: [], connected })
    expect((await listener.next()).data).toMatchObject({ ancestor: published - 1 })
  }
  await dropped
  disconnected(1)
  expect(await heights(listener, 1)).toEqual([1])
  socket.destroy()
})

test('only so many listen at once', async () => {
  await serve({ maxListeners: 2 })
  const room = (): void => served.stream.checkRoom('127.0.0.1')
  const listener = await listen()
  expect(room).not.toThrow()
  await listen()
  expect(room).toThrow(expect.objectContaining({ status: 503, code: 'too-many-listeners' }))
  const left = once(served.responses[0]!, 'close')
  listener.close()
  await left
  expect(room).not.toThrow()
})

test('and of these only so many from one other machine', async () => {
  await serve({ maxFromElsewhere: 1 })
  await listen()
  const [here] = served.responses
  Object.defineProperty(here!.socket, 'remoteAddress', { value: '10.0.0.9' })
  expect(() => served.stream.checkRoom('10.0.0.9')).toThrow('1 listen at 10.0.0.9 already: close a page that shows this node')
  expect(() => served.stream.checkRoom('10.0.0.8')).not.toThrow()
  expect(() => served.stream.checkRoom('127.0.0.1')).not.toThrow()
})

test('stopping ends every stream and hears nothing any more', async () => {
  const listener = await listen()
  served.stream.stop()
  await expect(listener.next()).rejects.toThrow('the stream ended')
  for (const { events } of Object.values(served.sources)) expect(events.eventNames()).toEqual([])
  expect(served.waiting()).toBe(0)
})
