/** What the reading routes answer, over the chain of drawn-chain.ts. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toAddress } from '../../src/consensus/account.ts'
import { genesisOf } from '../../src/consensus/genesis.ts'
import { toHex } from '../../src/consensus/hex.ts'
import { parseParams } from '../../src/consensus/params.ts'
import { address, blocks, draw, pendingId, serveDrawn, tea, teaId } from './drawn-chain.ts'
import type { Served } from './serve.ts'

let served: Served
beforeAll(async () => {
  served = await serveDrawn()
})
afterAll(() => served[Symbol.asyncDispose]())

describe('status', () => {
  test('says where the node stands', async () => {
    const { node, stranger } = served
    const status = await stranger.status()
    expect(status).toEqual({
      network: 'local',
      genesis: blocks.get('genesis').hex,
      networkKey: null,
      name: 'flint',
      peerId: node.network.peerId,
      addresses: node.network.addresses,
      height: 3,
      tip: blocks.get('a3').hex,
      work: node.chain.tip.work.toString(16),
      difficulty: 2,
      peers: 0,
      mempool: 1,
      mining: { running: false, waiting: false, hashRate: 0, threads: 1, cpu: 100 },
      sync: { state: 'idle', height: 3, target: 3, blocksPerSecond: null, remainingMs: null },
      account: node.wallet.default.address,
      time: expect.any(Number),
    })
  })

  test('the network’s parameters make the same network again', async () => {
    const { genesis, id, parameters } = await served.stranger.network()
    expect(toHex(genesisOf(parseParams(parameters)).hash)).toBe(genesis)
    expect(genesis).toBe(blocks.get('genesis').hex)
    expect(id).toBe(genesis.slice(0, 8))
    expect(parameters.allocations).toEqual([
      { account: address('alice'), amount: 1000 },
      { account: address('bob'), amount: 100 },
    ])
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
    expect(await served.stranger.block(0)).toMatchObject({
      height: 0,
      hash: blocks.get('genesis').hex,
      parent: '0'.repeat(64),
      transactions: [],
      fees: 0,
    })
  })

  test('a side branch is there by hash, and says that it is one', async () => {
    expect(await served.stranger.block(blocks.get('b1').hex)).toMatchObject({ height: 1, best: false, miner: address('bob') })
    expect((await served.stranger.block(1)).hash).toBe(blocks.get('a1').hex)
  })

  test('in pages, newest first', async () => {
    const { client } = served
    const heights = ({ blocks: page, next }: Awaited<ReturnType<typeof client.blocks>>) => [
      page.map(({ height }) => height),
      next,
    ]
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

  test('side branches in pages, which hold although a branch goes on meanwhile', async () => {
    //   genesis ── a1 ── a2 ── a3          of equal work the one that came first: d2, e2, then b1, c1
    //        ├── b1   ├── d2
    //        └── c1   └── e2
    await using other = await serveDrawn()
    const more = draw()
    for (const [name, parent] of [['c1', 'genesis'], ['d2', 'a1'], ['e2', 'a1'], ['d3', 'd2']] as const) {
      more.block(name, parent, { miner: name })
    }
    const add = (name: string) => other.node.chain.add(more.get(name).block, 'gossip')
    for (const name of ['c1', 'd2', 'e2']) await add(name)
    const hashes = (page: { forks: { tip: { hash: string } }[] }): string[] => page.forks.map(({ tip }) => tip.hash)
    const of = (...names: string[]): string[] => names.map((name) => more.get(name).hex)
    const first = await other.stranger.forks({ limit: 1 })
    expect(hashes(first)).toEqual(of('d2'))
    const second = await other.stranger.forks({ limit: 2, before: first.next! })
    expect(hashes(second)).toEqual(of('e2', 'b1'))
    const third = await other.stranger.forks({ limit: 2, before: second.next! })
    expect([hashes(third), third.next]).toEqual([of('c1'), null])
    await add('d3')
    expect(hashes(await other.stranger.forks({ before: first.next! })), 'd2 is no tip any more').toEqual(of('e2', 'b1', 'c1'))
    const { status, json } = await other.ask('GET', '/api/v1/forks?before=d2')
    expect([status, json().error.message]).toEqual([400, 'before must be the "next" of the page before, not "d2"'])
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
    expect(await served.stranger.transaction(pendingId)).toMatchObject({
      id: pendingId,
      amount: 5,
      block: null,
      confirmations: 0,
    })
  })

  test('what is pending, best first', async () => {
    const { count, bytes, transactions } = await served.stranger.mempool()
    expect([count, bytes]).toEqual([1, 156])
    expect(transactions).toEqual([
      expect.objectContaining({ id: pendingId, bytes: 156, ready: true, receivedAt: expect.any(Number) }),
    ])
  })

  test('an account, with what is pending', async () => {
    expect(await served.stranger.account(address('alice'))).toEqual({
      account: address('alice'),
      balance: 1000 - 31 + 7,
      nonce: 1,
      pending: -7,
      spendable: 1000 - 31 + 7 - 7,
    })
    expect(await served.stranger.account(address('bob'))).toEqual({
      account: address('bob'),
      balance: 100 + 30 - 7,
      nonce: 1,
      pending: 5,
      spendable: 100 + 30 - 7,
    })
    expect(await served.stranger.account(address('carol'))).toEqual({
      account: address('carol'),
      balance: 0,
      nonce: 0,
      pending: 0,
      spendable: 0,
    })
  })

  test('its history, in pages', async () => {
    const first = await served.stranger.history(address('alice'), { limit: 1 })
    expect(first.pending).toEqual([expect.objectContaining({ id: pendingId, ready: true, minedInMs: expect.any(Number) })])
    expect(first.transactions.map(({ block }) => block?.position)).toEqual([1])
    expect(first.next).toBe('2.1')
    expect(first.transactions.map(({ balance }) => balance)).toEqual([1000 - 31 + 7])
    const second = await served.stranger.history(address('alice'), { limit: 1, before: first.next! })
    expect(second.pending).toEqual([])
    expect(second.transactions.map(({ id, balance }) => [id, balance])).toEqual([[teaId, 1000 - 31]])
    expect(second.next).toBeNull()
    expect(await served.stranger.history(address('carol'))).toEqual({ pending: [], transactions: [], next: null })
  })
})

test('the wallet shows its accounts and no key', async () => {
  const { account, name, path } = served.node.wallet.default
  expect(await served.client.wallet()).toEqual({
    accounts: [{ account: toAddress(account), name, path, default: true, balance: 0, nonce: 0, pending: 0, spendable: 0 }],
    encrypted: false,
    locked: false,
    unlockedUntil: null,
  })
})
