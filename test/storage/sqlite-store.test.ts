import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { connect, connectGenesis } from '../../src/consensus/ledger.ts'
import { transactionId } from '../../src/consensus/transaction.ts'
import { MAX_U64, type Block } from '../../src/consensus/types.ts'
import { toHex } from '../../src/consensus/hex.ts'
import { STATEMENTS } from '../../src/storage/schema.ts'
import { SqliteStore } from '../../src/storage/sqlite-store.ts'
import type { StoredBlock } from '../../src/chain/store.ts'
import { type BlockBuilder, createBlockBuilder, type NamedBlock } from '../support/blocks.ts'
import { memoryPath } from '../support/chain.ts'
import { dumpOf } from '../support/dump.ts'

const stored = (block: Block): StoredBlock => ({ block, transactionIds: block.body.transactions.map(transactionId) })

interface Filled {
  store: SqliteStore
  path: string
  insert(name: string): void
  connect(name: string): void
  disconnect(name: string): void
}

/** A store with genesis, and the batch's operations on named blocks, each in a transaction of its own. */
function openStore(blocks: BlockBuilder): Filled {
  const path = memoryPath()
  const store = SqliteStore.open(path, blocks.params)
  const { hex, block } = blocks.get('genesis')
  store.write((batch) => {
    batch.insert(hex, block)
    batch.connect(hex, stored(block), connectGenesis(blocks.params))
  })
  return {
    store,
    path,
    insert: (name) => store.write((batch) => batch.insert(blocks.get(name).hex, blocks.get(name).block)),
    connect: (name) =>
      store.write((batch) => {
        const { hex, block, height } = blocks.get(name)
        batch.connect(hex, stored(block), connect(block.body, height, blocks.params, (accounts) => store.readAccounts(accounts)))
      }),
    disconnect: (name) => store.write((batch) => batch.disconnect(blocks.get(name).hex, stored(blocks.get(name).block))),
  }
}

const three = (): BlockBuilder => {
  const blocks = createBlockBuilder({ seed: 1, funds: { alice: 100 } })
  blocks.block('a1', 'genesis', { transactions: [{ from: 'alice', to: 'bob', amount: 60, fee: 40 }] })
  blocks.block('a2', 'a1', {
    transactions: [
      { from: 'bob', to: 'carol', amount: 10, fee: 1, memo: 'ü' },
      { from: 'bob', to: 'bob', amount: 5 },
    ],
  })
  blocks.block('b2', 'a1')
  return blocks
}

test('a new store is empty', () => {
  const store = SqliteStore.open(':memory:', three().params)
  expect([...store.headers()]).toEqual([])
  expect(store.tip()).toBeUndefined()
  expect(store.account(new Uint8Array(32))).toEqual({ balance: 0, nonce: 0 })
  expect(store.block('00'.repeat(32))).toBeUndefined()
  expect(store.header('00'.repeat(32))).toBeUndefined()
  expect(store.encodedBody('00'.repeat(32))).toBeUndefined()
  expect(store.transaction('00'.repeat(32))).toBeUndefined()
  expect(store.history(new Uint8Array(32), { limit: 5 })).toEqual([])
})

test('blocks come back as they went in, headers in order of arrival', () => {
  const blocks = three()
  const { store, insert, connect } = openStore(blocks)
  insert('a1')
  insert('b2')
  insert('a2')
  const arrived = ['genesis', 'a1', 'b2', 'a2'].map((name) => blocks.get(name))
  expect([...store.headers()]).toEqual(arrived.map(({ hex, block }) => ({ hash: hex, header: block.header })))
  for (const name of ['genesis', 'a1', 'a2', 'b2']) {
    expect(store.block(blocks.get(name).hex)).toEqual(stored(blocks.get(name).block))
    expect(store.header(blocks.get(name).hex)).toEqual(blocks.get(name).block.header)
  }
  expect(store.tip()).toBe(toHex(blocks.genesis.hash))
  connect('a1')
  connect('a2')
  expect(store.tip()).toBe(blocks.get('a2').hex)
  expect(store.bestHeaders(0, 10)).toEqual(['genesis', 'a1', 'a2'].map((name) => blocks.get(name).block.header))
  expect(store.bestHeaders(1, 1)).toEqual([blocks.get('a1').block.header])
  expect(store.bestHeaders(3, 10)).toEqual([])
})

test('disconnecting leaves the tables as they were before connecting, at every step', () => {
  const blocks = three()
  const { path, insert, connect, disconnect } = openStore(blocks)
  const dumps = [dumpOf(path)]
  for (const name of ['a1', 'a2']) {
    insert(name)
    connect(name)
    dumps.push(dumpOf(path))
  }
  expect(dumps[2]).not.toEqual(dumps[1])
  disconnect('a2')
  expect(dumpOf(path)).toEqual(dumps[1])
  disconnect('a1')
  expect(dumpOf(path)).toEqual(dumps[0])
  connect('a1')
  connect('a2')
  expect(dumpOf(path)).toEqual(dumps[2])
})

test('an account that is as new has no row', () => {
  const blocks = createBlockBuilder({ seed: 2, funds: { alice: 5 } })
  blocks.block('a1', 'genesis', { transactions: [{ from: 'alice', to: 'unpaid', amount: 0, fee: 5 }] })
  const { store, path, insert, connect } = openStore(blocks)
  insert('a1')
  connect('a1')
  expect(store.account(blocks.account('unpaid'))).toEqual({ balance: 0, nonce: 0 })
  expect(store.account(blocks.account('alice'))).toEqual({ balance: 0, nonce: 1 })
  expect(dumpOf(path).accounts).toHaveLength(2) // alice, who has a nonce, and the miner
})

test('the largest amount that the protocol allows is kept exactly', () => {
  const blocks = createBlockBuilder({ seed: 3 })
  const { hex, block } = blocks.get('genesis')
  const store = SqliteStore.open(':memory:', blocks.params)
  const account = blocks.account('rich')
  const largest = { balance: MAX_U64, nonce: MAX_U64 }
  store.write((batch) => {
    batch.insert(hex, block)
    batch.connect(hex, stored(block), [{ account, before: largest, after: largest }])
  })
  expect(store.account(account)).toEqual(largest)
  store.write((batch) => batch.disconnect(hex, stored(block)))
  expect(store.account(account)).toEqual(largest)
})

test('a write that throws leaves nothing behind, and the next one works', () => {
  const blocks = three()
  const { store, path, insert } = openStore(blocks)
  const before = dumpOf(path)
  expect(() =>
    store.write((batch) => {
      batch.insert(blocks.get('a1').hex, blocks.get('a1').block)
      throw new Error('changed my mind')
    }),
  ).toThrow('changed my mind')
  expect(store.block(blocks.get('a1').hex)).toBeUndefined()
  expect(dumpOf(path)).toEqual(before)
  insert('a1')
  expect(store.block(blocks.get('a1').hex)).toBeDefined()
})

test('what a write that throws has counted is not counted', () => {
  const blocks = three()
  const [failing, straight] = [openStore(blocks), openStore(blocks)]
  const path = ['a1', 'a2'].map((name) => blocks.get(name))
  expect(() =>
    failing.store.write((batch) => {
      for (const { hex, block } of path) {
        batch.insert(hex, block)
        batch.connect(hex, stored(block), [])
      }
      throw new Error('changed my mind')
    }),
  ).toThrow('changed my mind')
  for (const { insert, connect } of [failing, straight]) {
    for (const name of ['a1', 'a2']) {
      insert(name)
      connect(name)
    }
  }
  expect(dumpOf(failing.path)).toEqual(dumpOf(straight.path))
  expect(dumpOf(failing.path).bestChain.map((row) => (row as unknown[])[2])).toEqual([0, 1, 3]) // height, hash, total
})

test('a block is connected by the number that it is stored under now, whenever it was stored', () => {
  const blocks = three()
  const { store, path, insert } = openStore(blocks)
  const [a1, a2, b2] = ['a1', 'a2', 'b2'].map((name) => blocks.get(name)) as [NamedBlock, NamedBlock, NamedBlock]
  insert('a1')
  store.write((batch) => {
    batch.insert(b2.hex, b2.block)
    batch.connect(a1.hex, stored(a1.block), [])
    batch.remove(b2.hex)
    batch.insert(a2.hex, a2.block) // under the number that b2 had
    expect(() => batch.connect(b2.hex, stored(b2.block), [])).toThrow(`assertion: block ${b2.hex} is connected and not stored`)
    batch.connect(a2.hex, stored(a2.block), [])
    batch.insert(b2.hex, b2.block)
    batch.remove(b2.hex)
    expect(() => batch.connect(b2.hex, stored(b2.block), [])).toThrow(`assertion: block ${b2.hex} is connected and not stored`)
  })
  expect(dumpOf(path).bestChain.map((row) => (row as unknown[])[1])).toEqual( // height, hash, total
    [toHex(blocks.genesis.hash), a1.hex, a2.hex].map((hash) => hash.toUpperCase()),
  )
})

test('a block is put on the chain once, and above the one before it', () => {
  const blocks = three()
  const { path, insert, connect } = openStore(blocks)
  for (const name of ['a1', 'a2', 'b2']) insert(name)
  connect('a1')
  connect('a2')
  const before = dumpOf(path)
  expect(() => connect('b2')).toThrow('UNIQUE')
  expect(dumpOf(path)).toEqual(before)
})

test('a write sees what it wrote itself, and returns what its callback returns', () => {
  const blocks = three()
  const { store } = openStore(blocks)
  const { hex, block } = blocks.get('a1')
  const balance = store.write((batch) => {
    batch.insert(hex, block)
    batch.connect(hex, stored(block), connect(block.body, 1, blocks.params, (accounts) => store.readAccounts(accounts)))
    return store.account(blocks.account('bob')).balance
  })
  expect(balance).toBe(60)
})

test('only what is on a side branch can be removed, and only the tip be taken off', () => {
  const blocks = three()
  const { store, path, insert, connect, disconnect } = openStore(blocks)
  for (const name of ['a1', 'a2', 'b2']) insert(name)
  connect('a1')
  connect('a2')
  const before = dumpOf(path)
  const remove = (name: string) => () => store.write((batch) => batch.remove(blocks.get(name).hex))
  expect(remove('a2')).toThrow('FOREIGN KEY')
  expect(() => disconnect('b2')).toThrow('storage-damaged')
  expect(dumpOf(path)).toEqual(before)
  remove('b2')()
  expect(store.block(blocks.get('b2').hex)).toBeUndefined()
  expect(remove('b2')).toThrow('assertion')
})

test('history pages through everything once, newest first', () => {
  const blocks = createBlockBuilder({ seed: 4, funds: { alice: 1_000 } })
  const payments = Array.from({ length: 5 }, (_, i) => ({ from: 'alice', to: 'bob', amount: i }))
  blocks.blocks('a', 'genesis', 4, { transactions: payments })
  const { store, insert, connect } = openStore(blocks)
  for (const name of ['a1', 'a2', 'a3', 'a4']) {
    insert(name)
    connect(name)
  }
  const all = store.history(blocks.account('alice'), { limit: 100 })
  expect(all.map(({ height, position }) => height * 10 + position)).toEqual([
    44, 43, 42, 41, 40, 34, 33, 32, 31, 30, 24, 23, 22, 21, 20, 14, 13, 12, 11, 10,
  ])
  const paged: typeof all = []
  for (let page = store.history(blocks.account('alice'), { limit: 3 }); page.length > 0; ) {
    paged.push(...page)
    const before = page.at(-1)
    page = store.history(blocks.account('alice'), { limit: 3, ...(before && { before }) })
  }
  expect(paged).toEqual(all)
  for (const { id, height, position } of all) expect(store.transaction(id)).toMatchObject({ height, position })
})

test('peers are remembered, last seen first, one row an address', () => {
  const { peers } = openStore(three()).store
  expect(peers.load()).toEqual([])
  peers.save({ address: '/ip4/10.0.0.1/tcp/5051', peerId: 'one', lastSeen: 1_000, lastBlock: 0 })
  peers.save({ address: '/ip4/10.0.0.2/tcp/5051', peerId: 'two', lastSeen: 2_000, lastBlock: 500 })
  peers.save({ address: '/ip4/10.0.0.1/tcp/5051', peerId: 'new one', lastSeen: 3_000, lastBlock: 600 })
  expect(peers.load()).toEqual([
    { address: '/ip4/10.0.0.1/tcp/5051', peerId: 'new one', lastSeen: 3_000, lastBlock: 600 },
    { address: '/ip4/10.0.0.2/tcp/5051', peerId: 'two', lastSeen: 2_000, lastBlock: 500 },
  ])
  peers.remove('/ip4/10.0.0.1/tcp/5051')
  peers.remove('/ip4/10.0.0.9/tcp/5051')
  expect(peers.load().map(({ peerId }) => peerId)).toEqual(['two'])
})

test('anyone can read the chain with an SQLite tool, by the view of that name', () => {
  const blocks = three()
  const { path, insert, connect } = openStore(blocks)
  for (const name of ['a1', 'a2']) {
    insert(name)
    connect(name)
  }
  const tool = new DatabaseSync(path)
  expect(tool.prepare('SELECT * FROM chain WHERE height = 2').get()).toEqual({
    height: 2,
    hash: blocks.get('a2').hex,
    time: '2025-01-01 00:00:20',
    miner: toHex(blocks.account('miner')),
    transactions: 2,
  })
  tool.close()
})

/** These read all that there is, at the start, or of what is kept short. */
const READ_ALL = new Set(['settledAccounts', 'recentAccounts', 'headers', 'peers', 'pending'])

test('no statement scans a table: a block costs the same on a long chain', () => {
  const path = memoryPath()
  const store = SqliteStore.open(path, three().params)
  const tool = new DatabaseSync(path)
  const plans = Object.entries(STATEMENTS)
    .filter(([name]) => !READ_ALL.has(name))
    .map(([name, sql]) => [name, tool.prepare(`EXPLAIN QUERY PLAN ${sql}`).all().map(({ detail }) => String(detail)).join('; ')])
  // best_chain may be walked: from its end, for the tip, or from a height on, as far as was asked for. So may what is
  // handed in: the places of accounts in a BLOB, one bucket of each era.
  for (const [name, plan] of plans) expect(plan, name).not.toMatch(/SCAN (?!CONSTANT|best_chain|places|eras|json_each)|TEMP B-TREE/)
  tool.close()
  store.close()
})
