/** What the program says while it goes on: progress, questions, events, waiting. */
import { EventEmitter } from 'node:events'
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import type { ChainEvents } from '../../src/chain/chain-events.ts'
import { confirm } from '../../src/cli/confirm.ts'
import { untilConfirmed } from '../../src/cli/confirmations.ts'
import { Interrupted } from '../../src/cli/failure.ts'
import { narrate } from '../../src/cli/narrate.ts'
import { createProgressLine } from '../../src/cli/progress.ts'
import type { Block } from '../../src/consensus/types.ts'
import type { ApiEvent, TransactionDetail } from '../../src/http/api.ts'
import { ApiFailure, type Client } from '../../src/http/client.ts'
import type { NetworkEvents, PeerInfo } from '../../src/network/network.ts'

test.each([
  ['y\n', true],
  ['YES\n', true],
  [' y \n', true],
  ['n\n', false],
  ['\n', false],
  ['yeah\n', false],
  ['', false],
])('the answer %j is %s', async (answer, yes) => {
  const [input, output] = [new PassThrough(), new PassThrough({ encoding: 'utf8' })]
  const asked = confirm('Send it?', new AbortController().signal, { input, output })
  input.end(answer)
  expect(await asked).toBe(yes)
  expect(output.read()).toBe('Send it? [y/N] ')
})

test('Ctrl-C is no answer', async () => {
  const controller = new AbortController()
  const asked = confirm('Send it?', controller.signal, { input: new PassThrough(), output: new PassThrough() })
  controller.abort(new Interrupted('interrupted'))
  await expect(asked).rejects.toThrow(Interrupted)
})

test('the progress line stays on its line, goes away, and is nothing in a pipe', () => {
  const written: string[] = []
  const stream = { isTTY: true, columns: 12, write: (text: string | Uint8Array) => written.push(String(text)) > 0 }
  const line = createProgressLine(stream)
  line.clear()
  line.show('mining block 1 of 3')
  line.clear()
  expect(written).toEqual(['\r\u001B[2Kmining blo…', '\r\u001B[2K'])
  createProgressLine({ ...stream, isTTY: false }).show('x')
  expect(written).toHaveLength(2)
})

test('what happens in a node is told in sentences; catching up is told as a whole', () => {
  const chain = { events: new EventEmitter<ChainEvents>() }
  const network = {
    events: new EventEmitter<NetworkEvents>(),
    peers: () => [],
    nameOf: (account: Uint8Array) => (account[0] === 7 ? 'luna' : undefined),
  }
  const told: string[] = []
  const events: unknown[] = []
  narrate({ chain, network }, (event, fields, text) => {
    told.push(text)
    events.push({ event, ...fields })
  })
  const hash = `0000${'ab'.repeat(30)}`
  const block: Block = {
    header: { version: 1, height: 12, parent: new Uint8Array(32), bodyRoot: new Uint8Array(32), timestamp: 0, bits: 0, nonce: 0 },
    body: { miner: new Uint8Array(32), transactions: [] },
  }
  const peer: PeerInfo = {
    peerId: '12D3KooWluna', name: 'luna', account: null, agent: null, address: '/ip4/192.168.1.7/tcp/5051/p2p/12D3KooWluna',
    direction: 'inbound', latencyMs: null, height: null, tip: null, score: 0, since: 0,
  }
  const unknown = { blocksPerSecond: null, remainingMs: null }
  chain.events.emit('block:connected', { block, transactionIds: [], hash, height: 12, work: 1n, origin: 'local' })
  chain.events.emit('block:connected', { block, transactionIds: [], hash, height: 1234, work: 1n, origin: 'gossip' })
  const known = { ...block, body: { ...block.body, miner: new Uint8Array(32).fill(7) } }
  chain.events.emit('block:connected', { block: known, transactionIds: [], hash, height: 1235, work: 1n, origin: 'gossip' })
  chain.events.emit('chain:reorg', { ancestorHeight: 10, disconnected: [hash], connected: [hash, hash] })
  network.events.emit('peer:connected', peer)
  network.events.emit('sync:progress', { state: 'bodies', height: 12, target: 400, ...unknown })
  for (const height of [13, 14]) chain.events.emit('block:connected', { block, transactionIds: [], hash, height, work: 1n, origin: 'sync' })
  network.events.emit('sync:progress', { state: 'bodies', height: 200, target: 400, ...unknown })
  network.events.emit('sync:progress', { state: 'idle', height: 400, target: 400, ...unknown })
  network.events.emit('sync:progress', { state: 'bodies', height: 400, target: 1_000, ...unknown })
  network.events.emit('sync:progress', { state: 'idle', height: 700, target: 700, ...unknown })
  network.events.emit('peer:disconnected', { peerId: peer.peerId, name: null })
  expect(told).toEqual([
    'found block 12  0000ababab…ababab',
    'received block 1 234  0000ababab…ababab',
    'luna mined block 1 235  0000ababab…ababab',
    'switched to the branch with more work: 1 block above height 10 left, 2 joined',
    'luna joined  /ip4/192.168.1.7/tcp/5051',
    'catching up from height 12 to 400',
    'caught up at height 400',
    'catching up from height 400 to 1 000',
    'stopped catching up at height 700 of 1 000: goes on when a peer has the rest',
    '12D3KooWluna left',
  ])
  expect(events[0]).toEqual({
    event: 'block:connected', hash, height: 12, origin: 'local', transactionCount: 0,
    miner: 'cairn1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqql0lnj',
  })
})

/** A node that sends each list of events as one stream, and knows a transaction as deep as `depths` says, look by look. */
function fakeClient(streams: ApiEvent['event'][][], depths: (number | undefined)[]): Pick<Client, 'events' | 'transaction'> {
  return {
    async *events() {
      const events = streams.shift()
      if (events === undefined) throw new ApiFailure('node-unreachable', 'no node answers', 0)
      for (const event of events) yield { id: '', event, data: { id: 'ff' } } as ApiEvent // only names and ids are looked at
    },
    async transaction() {
      const confirmations = depths.shift()
      if (confirmations === undefined) throw new ApiFailure('transaction-not-found', 'no such transaction', 404)
      return { confirmations } as TransactionDetail // and of a transaction, its depth
    },
  }
}

test('confirmations are looked for when the chain changes, and listening begins again where a stream ends', async () => {
  const reached: number[] = []
  const first = ['reset', 'mining:progress', 'block:connected'] as const
  const second = ['reset', 'peer:connected', 'chain:reorg'] as const
  const client = fakeClient([[...first], [...second]], [0, 1, 1, 2])
  const { confirmations } = await untilConfirmed(client, 'ff', 2, new AbortController().signal, (depth) => reached.push(depth))
  expect({ confirmations, reached }).toEqual({ confirmations: 2, reached: [0, 1, 1, 2] })
})

test('a transaction that is dropped, and a node that goes away, end the waiting', async () => {
  const wait = (client: Pick<Client, 'events' | 'transaction'>): Promise<unknown> =>
    untilConfirmed(client, 'ff', 1, new AbortController().signal, () => {})
  const dropped = fakeClient([['reset', 'transaction:removed']], [0, undefined])
  await expect(wait(dropped)).rejects.toThrow('the transaction ff was dropped')
  await expect(wait(fakeClient([['reset']], [0]))).rejects.toThrow('no node answers')
})
