/** `GET /metrics`: what Prometheus can read, and that each metric moves when its cause happens. */
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toHex } from '../../src/consensus/hex.ts'
import { transactionId } from '../../src/consensus/transaction.ts'
import { encodeTransaction } from '../../src/consensus/types.ts'
import { createBlockBuilder } from '../support/blocks.ts'
import { parseExposition, unconventional } from './exposition.ts'
import { serve, type Served } from './serve.ts'

//   genesis ── a1 ── a2 ── a3        a2: alice pays bob 5
//        └──── b1 ── b2 ── b3 ── b4
const blocks = createBlockBuilder({ seed: 11, funds: { alice: 1000 } })
blocks.block('a1', 'genesis')
blocks.block('a2', 'a1', { transactions: [{ from: 'alice', to: 'bob', amount: 5 }] })
blocks.block('a3', 'a2')
blocks.blocks('b', 'genesis', 4, { miner: 'bob' })
blocks.block('bad', 'a3', { mutate: ({ header }) => (header.version = 2) })

let served: Served
let other: Served
beforeAll(async () => {
  other = await serve({ network: blocks.params, name: 'other' })
  served = await serve({ network: blocks.params, name: 'flint', peers: other.node.network.addresses })
  if (served.node.network.peers().length === 0) await once(served.node.network.events, 'peer:connected')
})
afterAll(async () => {
  await served[Symbol.asyncDispose]()
  await other[Symbol.asyncDispose]()
})

async function scrape(from = served): Promise<ReturnType<typeof parseExposition>> {
  const { status, headers, text } = await from.ask('GET', '/metrics')
  expect([status, headers['content-type']]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8'])
  return parseExposition(text)
}

/** The sample of a name and labels; 0 where a counter has none yet. */
async function value(name: string, labels: Record<string, string> = {}, from = served): Promise<number> {
  const family = (await scrape(from)).get(name.replace(/_(bucket|sum|count)$/, '')) ?? (await scrape(from)).get(name)
  expect(family, name).toBeDefined()
  const found = family!.samples.find((sample) => sample.name === name && Object.entries(labels).every(([label, text]) => sample.labels[label] === text))
  return found?.value ?? 0
}

/** That a cause moves each of these by so much (`true`: up). */
async function moves(cause: () => Promise<unknown>, expected: [name: string, labels: Record<string, string>, by: number | true][], from = served) {
  const before = await Promise.all(expected.map(([name, labels]) => value(name, labels, from)))
  await cause()
  for (const [at, [name, labels, by]] of expected.entries()) {
    const moved = (await value(name, labels, from)) - before[at]!
    if (by === true) expect(moved, name).toBeGreaterThan(0)
    else expect(moved, `${name} ${JSON.stringify(labels)}`).toBe(by)
  }
}

test('is text of the format, named by the conventions, each family with HELP and TYPE', async () => {
  const families = await scrape()
  expect(unconventional(families)).toEqual([])
  expect([...families.keys()].filter((name) => !name.startsWith('cairn_'))).toContain('process_cpu_seconds_total')
  expect(families.size).toBeGreaterThan(50)
})

test('is open for reading by whoever has no token, and not by the name of another site', async () => {
  expect((await served.ask('GET', '/metrics')).status).toBe(200)
  expect((await served.ask('GET', '/metrics', { headers: { host: 'evil.example' } })).status).toBe(403)
})

describe('each metric moves when its cause happens:', () => {
  test('blocks, a reorganisation, a refused block, a write', async () => {
    const add = (name: string) => served.node.chain.add(blocks.get(name).block, 'gossip')
    await moves(async () => { for (const name of ['a1', 'a2', 'a3']) await add(name) }, [
      ['cairn_chain_height', {}, 3],
      ['cairn_chain_work', {}, 6],
      ['cairn_chain_tip_timestamp_seconds', {}, true],
      ['cairn_chain_blocks_connected_total', { origin: 'gossip' }, 3],
      ['cairn_chain_blocks_judged_total', { outcome: 'connected' }, 3],
      ['cairn_chain_connect_duration_seconds_count', {}, 3],
      ['cairn_storage_commit_duration_seconds_count', {}, true],
    ])
    await moves(() => add('bad').catch(() => {}), [
      ['cairn_chain_blocks_refused_total', { code: 'block-bad-version' }, 1],
      ['cairn_chain_height', {}, 0],
    ])
    await moves(async () => { for (const name of ['b1', 'b2', 'b3', 'b4']) await add(name) }, [
      ['cairn_chain_reorganisations_total', {}, 1],
      ['cairn_chain_blocks_disconnected_total', {}, 3],
      ['cairn_chain_blocks_judged_total', { outcome: 'side-branch' }, 3],
      ['cairn_mempool_admitted_total', { origin: 'reorg' }, 1], // alice's payment is pending again
      ['cairn_mempool_transactions', {}, 1],
      ['cairn_mempool_bytes', {}, true],
    ])
  })

  test('mining', async () => {
    await moves(() => served.client.mineBlocks(1), [
      ['cairn_mining_blocks_found_total', {}, 1],
      ['cairn_chain_blocks_connected_total', { origin: 'local' }, 1],
      ['cairn_mempool_removed_total', { reason: 'mined' }, 1],
    ])
    await moves(async () => served.node.miner.events.emit('block:stale', { hash: '', height: 1, outcome: 'side-branch' }), [
      ['cairn_mining_blocks_stale_total', {}, 1],
    ])
    await moves(() => served.client.mining({ threads: 2 }), [['cairn_mining_threads', {}, 1]])
    await served.client.mining({ threads: 1 })
  })

  test('a payment by HTTP and by gossip, refused ones', async () => {
    // By gossip, or where the two are just exchanging what is pending, by that.
    const brought = async (): Promise<number> =>
      (await value('cairn_mempool_admitted_total', { origin: 'gossip' }, other)) + (await value('cairn_mempool_admitted_total', { origin: 'sync' }, other))
    if (other.node.chain.tip.hash !== served.node.chain.tip.hash) await other.node.untilBlock(served.node.chain.tip.hash)
    const payment = blocks.pay({ from: 'alice', to: 'bob', amount: 1, nonce: 1 })
    const ssz = toHex(encodeTransaction(payment))
    const heard = once(other.node.network.events, 'message:judged')
    const before = await brought()
    await moves(() => served.stranger.submit({ ssz }), [['cairn_mempool_admitted_total', { origin: 'local' }, 1]])
    await Promise.all([other.node.untilTransaction(toHex(transactionId(payment))), heard])
    expect(await brought()).toBeGreaterThan(before)
    expect((await scrape(other)).get('cairn_network_messages_total')!.samples).not.toEqual([])
    await moves(() => served.stranger.submit({ ssz }).catch(() => {}), [
      ['cairn_mempool_refused_total', { code: 'transaction-known', origin: 'http' }, 1],
      ['cairn_http_requests_total', { method: 'POST', route: '/api/v1/transactions', status: '409' }, 1],
    ])
  })

  test('peers, their messages, requests, dials, bytes', async () => {
    const families = await scrape()
    const sum = (name: string, labels: Record<string, string> = {}) =>
      families.get(name)!.samples.filter((sample) => Object.entries(labels).every(([label, text]) => sample.labels[label] === text))
        .reduce((total, sample) => total + sample.value, 0)
    expect(sum('cairn_network_peers')).toBe(1)
    expect(sum('cairn_network_requests_total', { kind: 'status', outcome: 'done' })).toBeGreaterThan(0)
    expect(sum('cairn_network_received_bytes_total')).toBeGreaterThan(1_000)
    expect(sum('cairn_network_sent_bytes_total')).toBeGreaterThan(1_000)
    expect(sum('cairn_network_banned_peers')).toBe(0)
    await moves(
      async () => {
        served.node.network.events.emit('peer:judged', { peerId: 'x', code: 'peer-timeout', consequence: 'lower' })
        served.node.network.events.emit('message:judged', { topic: 'transactions', verdict: 'reject', code: 'transaction-bad-signature' })
      },
      [
        ['cairn_network_faults_total', { code: 'peer-timeout', consequence: 'lower' }, 1],
        ['cairn_network_messages_total', { topic: 'transactions', verdict: 'reject' }, 1],
        ['cairn_mempool_refused_total', { code: 'transaction-bad-signature', origin: 'gossip' }, 1],
      ],
    )
  })

  test('dials', async () => {
    await using lonely = await serve({ network: blocks.params, peers: ['/memory/nobody-is-there'] })
    await once(lonely.node.network.events, 'peer:dialled') // the first may have been before the server listened
    expect(await value('cairn_network_dials_total', { outcome: 'failed' }, lonely)).toBeGreaterThan(0)
  })

  test('requests by route and never by path, methods that nobody has, event streams', async () => {
    await moves(async () => { for (const height of [0, 1]) await served.client.block(height) }, [
      ['cairn_http_requests_total', { method: 'GET', route: '/api/v1/blocks/:heightOrHash', status: '200' }, 2],
      ['cairn_http_request_duration_seconds_count', { route: '/api/v1/blocks/:heightOrHash' }, 2],
    ])
    await moves(
      async () => {
        await served.ask('GET', '/no/such/page')
        await served.ask('PROPFIND', '/')
        await served.ask('GET', '/api/v1/status', { headers: { host: 'evil.example' } })
      },
      [['cairn_http_requests_total', { method: 'other', route: 'unknown', status: '404' }, 1]],
    )
    const abort = new AbortController()
    const opened = Promise.withResolvers<void>()
    const reading = (async () => {
      for await (const _event of served.client.events({ signal: abort.signal, onOpen: opened.resolve })) continue
    })().catch(() => {})
    await opened.promise
    expect(await value('cairn_http_event_streams')).toBe(1)
    abort.abort()
    await reading
  })
})

test('what happened before the first scrape is counted too', async () => {
  await using fresh = await serve()
  await fresh.client.mineBlocks(2)
  expect(await value('cairn_chain_blocks_connected_total', { origin: 'local' }, fresh)).toBe(2)
  expect(await value('cairn_http_requests_total', { route: '/api/v1/mining/blocks', status: '200' }, fresh)).toBe(1)
})

test('of a node with a file: its size', async () => {
  const folder = mkdtempSync(`${tmpdir()}/cairn-metrics-`)
  {
    await using onDisk = await serve({ dataDir: folder })
    await onDisk.client.mineBlocks(1)
    const { size } = statSync(`${folder}/chain.sqlite`)
    expect(await value('cairn_storage_file_bytes', { file: 'database' }, onDisk)).toBe(size)
    expect(await value('cairn_storage_file_bytes', { file: 'log' }, onDisk)).toBeGreaterThan(0)
  }
  rmSync(folder, { recursive: true, force: true })
})
