/**
 * What the routes answer, over a chain that the test drew:
 *
 *   genesis ── a1 ── a2 ── a3        a2: alice pays bob 30, fee 1, memo "tea"; bob pays alice 7 with a memo of no text
 *        └──── b1                    pending: alice pays bob 5, fee 2
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toAddress } from '../../src/consensus/account.ts'
import { genesisOf } from '../../src/consensus/genesis.ts'
import { toHex } from '../../src/consensus/hex.ts'
import { parseParams } from '../../src/consensus/params.ts'
import { signTransaction, transactionId } from '../../src/consensus/transaction.ts'
import { encodeTransaction } from '../../src/consensus/types.ts'
import { Renderer } from '../../src/http/render.ts'
import { accountRoutes } from '../../src/http/routes/accounts.ts'
import { chainRoutes } from '../../src/http/routes/chain.ts'
import { mempoolRoutes } from '../../src/http/routes/mempool.ts'
import { miningRoutes } from '../../src/http/routes/mining.ts'
import { peerRoutes } from '../../src/http/routes/peers.ts'
import { statusRoutes } from '../../src/http/routes/status.ts'
import { walletRoutes } from '../../src/http/routes/wallet.ts'
import { Access } from '../../src/http/access.ts'
import { labRoutes } from '../../src/http/lab.ts'
import { createBlockBuilder } from '../support/blocks.ts'
import { answerSchemas, faults } from './conforms.ts'
import { serve, type Served, TOKEN } from './serve.ts'

const blocks = createBlockBuilder({ seed: 7, funds: { alice: 1000, bob: 100 } })
const address = (name: string): string => toAddress(blocks.account(name))
const notText = signTransaction(
  { sender: blocks.account('bob'), recipient: blocks.account('alice'), amount: 7, fee: 0, nonce: 0, memo: Uint8Array.of(0xff, 0xfe) },
  blocks.keys('bob'),
  blocks.genesis.hash,
)
blocks.block('a1', 'genesis')
blocks.block('a2', 'a1', { transactions: [{ from: 'alice', to: 'bob', amount: 30, fee: 1, memo: 'tea' }, notText] })
blocks.block('a3', 'a2')
blocks.block('b1', 'genesis', { miner: 'bob' })
const [tea] = blocks.get('a2').block.body.transactions
const teaId = toHex(transactionId(tea!))
const pending = blocks.pay({ from: 'alice', to: 'bob', amount: 5, fee: 2, nonce: 1 })
const pendingId = toHex(transactionId(pending))

let served: Served
beforeAll(async () => {
  served = await serve({ network: blocks.params, name: 'flint' })
  for (const name of ['a1', 'a2', 'a3', 'b1']) await served.node.chain.add(blocks.get(name).block, 'gossip')
  served.node.mempool.add(pending, 'gossip')
})
afterAll(() => served[Symbol.asyncDispose]())

describe('status', () => {
  test('says where the node stands', async () => {
    const { node, stranger } = served
    const status = await stranger.status()
    expect(status).toEqual({
      network: 'local',
      genesis: blocks.get('genesis').hex,
      name: 'flint',
      peerId: node.network.peerId,
      addresses: node.network.addresses,
      height: 3,
      tip: blocks.get('a3').hex,
      work: node.chain.tip.work.toString(16),
      difficulty: 2,
      peers: 0,
      mempool: 1,
      mining: { running: false, hashRate: 0, threads: 1, cpu: 100 },
      sync: { state: 'idle', height: 3, target: 3 },
      account: node.wallet.default.address,
      time: expect.any(Number),
    })
  })

  test('the network’s parameters make the same network again', async () => {
    const { genesis, id, parameters } = await served.stranger.network()
    expect(toHex(genesisOf(parseParams(parameters)).hash)).toBe(genesis)
    expect(genesis).toBe(blocks.get('genesis').hex)
    expect(id).toBe(genesis.slice(0, 8))
    expect(parameters.allocations).toEqual([{ account: address('alice'), amount: 1000 }, { account: address('bob'), amount: 100 }])
  })
})

describe('blocks', () => {
  test('by height and by hash, in either case', async () => {
    const { header } = blocks.get('a2').block
    const block = await served.stranger.block(2)
    expect(block).toMatchObject({
      hash: blocks.get('a2').hex,
      version: 1,
      height: 2,
      parent: blocks.get('a1').hex,
      bodyRoot: toHex(header.bodyRoot),
      timestamp: header.timestamp,
      bits: '207fffff',
      nonce: header.nonce,
      difficulty: 2,
      miner: address('miner'),
      minerName: null,
      transactionCount: 2,
      fees: 1,
      best: true,
    })
    expect(block.transactions[0]).toEqual({
      id: teaId,
      sender: address('alice'),
      recipient: address('bob'),
      amount: 30,
      fee: 1,
      nonce: 0,
      memo: 'tea',
      signature: toHex(tea!.signature),
    })
    expect(block.transactions[1]?.memo, 'bytes that are no text').toBeNull()
    expect(await served.stranger.block(block.hash.toUpperCase())).toEqual(block)
  })

  test('genesis is a block like any other', async () => {
    expect(await served.stranger.block(0)).toMatchObject({ height: 0, hash: blocks.get('genesis').hex, parent: '0'.repeat(64), transactions: [], fees: 0 })
  })

  test('a side branch is there by hash, and says that it is one', async () => {
    expect(await served.stranger.block(blocks.get('b1').hex)).toMatchObject({ height: 1, best: false, miner: address('bob') })
    expect((await served.stranger.block(1)).hash).toBe(blocks.get('a1').hex)
  })

  test('in pages, newest first', async () => {
    const { client } = served
    const heights = ({ blocks: page, next }: Awaited<ReturnType<typeof client.blocks>>) => [page.map(({ height }) => height), next]
    expect(heights(await client.blocks())).toEqual([[3, 2, 1, 0], null])
    expect(heights(await client.blocks({ limit: 3 }))).toEqual([[3, 2, 1], 1])
    expect(heights(await client.blocks({ limit: 3, before: 1 }))).toEqual([[0], null])
    expect(heights(await client.blocks({ limit: 2, before: 2 }))).toEqual([[1, 0], null])
    expect(heights(await client.blocks({ before: 0 }))).toEqual([[], null])
    expect(heights(await client.blocks({ before: 4_000_000_000, limit: 1 }))).toEqual([[3], 3])
  })

  test('a summary is a block without its transactions', async () => {
    const { transactions: _, ...summary } = await served.stranger.block(2)
    expect((await served.stranger.blocks()).blocks[1]).toEqual(summary)
  })

  test('side branches, with where they left the chain', async () => {
    const { forks } = await served.stranger.forks()
    expect(forks).toEqual([{ tip: expect.objectContaining({ hash: blocks.get('b1').hex, best: false }), ancestor: 0, length: 1 }])
  })
})

describe('transactions and accounts', () => {
  test('one in a block', async () => {
    expect(await served.stranger.transaction(teaId)).toMatchObject({
      id: teaId,
      block: { hash: blocks.get('a2').hex, height: 2, position: 0, timestamp: blocks.get('a2').block.header.timestamp },
      confirmations: 2,
    })
  })

  test('a pending one', async () => {
    expect(await served.stranger.transaction(pendingId)).toMatchObject({ id: pendingId, amount: 5, block: null, confirmations: 0 })
  })

  test('what is pending, best first', async () => {
    const { count, bytes, transactions } = await served.stranger.mempool()
    expect([count, bytes]).toEqual([1, 156])
    expect(transactions).toEqual([expect.objectContaining({ id: pendingId, bytes: 156, ready: true, receivedAt: expect.any(Number) })])
  })

  test('an account, with what is pending', async () => {
    expect(await served.stranger.account(address('alice'))).toEqual({ account: address('alice'), balance: 1000 - 31 + 7, nonce: 1, pending: -7 })
    expect(await served.stranger.account(address('bob'))).toEqual({ account: address('bob'), balance: 100 + 30 - 7, nonce: 1, pending: 5 })
    expect(await served.stranger.account(address('carol'))).toEqual({ account: address('carol'), balance: 0, nonce: 0, pending: 0 })
  })

  test('its history, in pages', async () => {
    const first = await served.stranger.history(address('alice'), { limit: 1 })
    expect(first.pending.map(({ id }) => id)).toEqual([pendingId])
    expect(first.transactions.map(({ block }) => block?.position)).toEqual([1])
    expect(first.next).toBe('2.1')
    const second = await served.stranger.history(address('alice'), { limit: 1, before: first.next! })
    expect(second.pending).toEqual([])
    expect(second.transactions.map(({ id }) => id)).toEqual([teaId])
    expect(second.next).toBeNull()
    expect(await served.stranger.history(address('carol'))).toEqual({ pending: [], transactions: [], next: null })
  })
})

test('the wallet shows its accounts and no key', async () => {
  const { account, name } = served.node.wallet.default
  expect(await served.client.wallet()).toEqual({
    accounts: [{ account: toAddress(account), name, default: true, balance: 0, nonce: 0, pending: 0 }],
    encrypted: false,
  })
})

describe('a signed transaction is taken without the token', () => {
  const payment = (nonce: number) => blocks.pay({ from: 'bob', to: 'alice', amount: 1, fee: 1, nonce, memo: 'ünï' })
  const fields = (nonce: number) => {
    const { sender, recipient, memo: _, signature, ...numbers } = payment(nonce)
    return { ...numbers, sender: toAddress(sender), recipient: toAddress(recipient), memo: 'ünï', signature: toHex(signature) }
  }

  test('by its fields', async () => {
    const taken = await served.stranger.submit(fields(1))
    expect(taken).toEqual({ ...fields(1), id: toHex(transactionId(payment(1))) })
    expect(served.node.mempool.get(taken.id)).toBeDefined()
  })

  test('SSZ encoded', async () => {
    const taken = await served.stranger.submit({ ssz: toHex(encodeTransaction(payment(2))) })
    expect(taken.id).toBe(toHex(transactionId(payment(2))))
  })

  test('once', async () => {
    await expect(served.stranger.submit(fields(1))).rejects.toMatchObject({ status: 409, code: 'transaction-known' })
  })

  test('and only so many a second, but the token’s owner may', async () => {
    const stopped = { now: () => blocks.get('a3').block.header.timestamp, after: () => () => {} }
    await using still = await serve({ network: blocks.params, clock: stopped })
    const send = async (headers: Record<string, string> = {}) =>
      still.ask('POST', '/api/v1/transactions', { headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(fields(0)) })
    const statuses = new Map<number, number>()
    for (let i = 0; i < 203; i++) {
      const { status } = await send()
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
    }
    expect(Object.fromEntries(statuses)).toEqual({ 201: 1, 409: 199, 429: 3 })
    const { headers, json } = await send()
    expect([headers['retry-after'], json().error.code]).toEqual(['1', 'too-many-requests'])
    expect((await send({ authorization: `Bearer ${TOKEN}` })).status, 'refused as known, not as too many').toBe(409)
  })
})

test('every answer is what its schema says, field by field', async () => {
  const { node } = served
  const context = { node, render: new Renderer(node), stopping: new AbortController().signal }
  const schemas = answerSchemas((app) => {
    for (const add of [statusRoutes, chainRoutes, accountRoutes, walletRoutes, miningRoutes, peerRoutes, labRoutes]) add(app, context)
    mempoolRoutes(app, context, new Access({ token: TOKEN, host: '127.0.0.1' }))
  })
  await using other = await serve({ network: blocks.params })
  const recipient = address('carol')
  const checks: [route: string, path: string, body?: object][] = [
    ['GET /api/v1/status', '/api/v1/status'],
    ['GET /api/v1/network', '/api/v1/network'],
    ['GET /api/v1/blocks', '/api/v1/blocks'],
    ['GET /api/v1/blocks/:heightOrHash', '/api/v1/blocks/2'],
    ['GET /api/v1/transactions/:id', `/api/v1/transactions/${teaId}`],
    ['GET /api/v1/transactions/:id', `/api/v1/transactions/${pendingId}`],
    ['GET /api/v1/forks', '/api/v1/forks'],
    ['GET /api/v1/mempool', '/api/v1/mempool'],
    ['GET /api/v1/accounts/:account', `/api/v1/accounts/${address('alice')}`],
    ['GET /api/v1/accounts/:account/transactions', `/api/v1/accounts/${address('alice')}/transactions?limit=1`],
    ['GET /api/v1/wallet', '/api/v1/wallet'],
    ['GET /chain', '/chain'],
    ['POST /api/v1/peers', '/api/v1/peers', { address: other.node.network.addresses[0] }],
    ['GET /api/v1/peers', '/api/v1/peers'],
    ['POST /api/v1/mining', '/api/v1/mining', {}],
    ['POST /api/v1/mining/blocks', '/api/v1/mining/blocks', { count: 2 }],
    ['GET /mine', '/mine'],
    ['POST /api/v1/wallet/send', '/api/v1/wallet/send', { recipient, amount: 1 }],
    ['POST /transactions/new', '/transactions/new', { recipient, amount: 1 }],
    ['POST /api/v1/transactions', '/api/v1/transactions', { ssz: toHex(encodeTransaction(blocks.pay({ from: 'alice', to: 'carol', amount: 1, nonce: 2 }))) }],
  ]
  for (const [route, path, body] of checks) {
    const { status, text, json } = await served.ask(body ? 'POST' : 'GET', path, {
      headers: { authorization: `Bearer ${TOKEN}`, ...(body && { 'content-type': 'application/json' }) },
      body: body && JSON.stringify(body),
    })
    expect([200, 201], `${route}: ${text}`).toContain(status)
    expect(faults(schemas.get(route)!, json()), route).toEqual([])
  }
  expect([...schemas.keys()].filter((route) => !checks.some(([checked]) => checked === route)), 'routes without a check').toEqual([])
})

test('the schemas’ own check finds what is wrong', () => {
  const schema = { type: 'object', description: 'x', properties: { a: { type: 'integer', description: 'x', maximum: 1 } }, required: ['a'] }
  expect(faults(schema, { a: 1 })).toEqual([])
  expect(faults(schema, {})).toEqual(['$.a: missing'])
  expect(faults(schema, { a: 2, b: 1 })).toEqual(['$.a: 2 is out of range', '$.b: not in the schema'])
  expect(faults(schema, { a: 0.5 })).toEqual(['$.a: 0.5 is not integer'])
})
