import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { fromHex, toHex } from '../../src/consensus/hex.ts'
import { transactionId } from '../../src/consensus/transaction.ts'
import { accountChecksum } from '../../src/storage/digest.ts'
import { MIGRATIONS, migrations } from '../../src/storage/migrations.ts'
import { SCHEMA_VERSION } from '../../src/storage/schema.ts'
import { SqliteStore } from '../../src/storage/sqlite-store.ts'
import { createBlockBuilder } from '../support/blocks.ts'
import { openChain } from '../support/chain.ts'
import { checkedOf } from '../support/checked.ts'
import { dumpOf } from '../support/dump.ts'
import { writeVersion1 } from './version-1.ts'

//   genesis ─ a1 ─ … ─ a6
//              └─ b2 ─ … ─ b7        b7 comes after the file was brought up
const blocks = createBlockBuilder({ seed: 1, funds: { alice: 1_000, bob: 1_000 } })
const twice = [{ from: 'alice', to: 'bob', amount: 1 }, { from: 'bob', to: 'bob', amount: 2 }]
const once = { miner: 'bob', transactions: [{ from: 'alice', to: 'carol', amount: 1 }] }
blocks.blocks('a', 'genesis', 6, { transactions: twice })
blocks.block('b2', 'a1', { miner: 'bob' })
for (let i = 3; i <= 7; i++) blocks.block(`b${i}`, `b${i - 1}`, once)

let folder: string
let today: string
let old: string
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cairn-migrations-'))
  today = join(folder, 'today.sqlite')
  old = join(folder, 'old.sqlite')
  const node = openChain(blocks, { path: today })
  await node.addAll('a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'b2', 'b3', 'b4', 'b5', 'b6')
  node.store.peers.save({ address: '/ip4/10.0.0.1/tcp/5051', peerId: 'one', lastSeen: 1_000, lastBlock: 0 })
  await node.stop()
  writeVersion1(old, today)
})
afterEach(() => rmSync(folder, { recursive: true }))

function read<T>(path: string, work: (sqlite: DatabaseSync) => T): T {
  const sqlite = new DatabaseSync(path)
  try {
    return work(sqlite)
  } finally {
    sqlite.close()
  }
}

/** Every table, column, index and view, whatever the words that it was made with. */
const shapeOf = (path: string): unknown =>
  read(path, (sqlite) => {
    const named = "SELECT type, name, tbl_name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name"
    return sqlite.prepare(named).all().map(({ type, name, tbl_name }) => [
      type, name, tbl_name,
      sqlite.prepare(`PRAGMA table_xinfo(${String(name)})`).all(),
      sqlite.prepare(`PRAGMA index_xinfo(${String(name)})`).all(),
      sqlite.prepare(`PRAGMA foreign_key_list(${String(name)})`).all(),
    ])
  })
const versionOf = (path: string): unknown => read(path, (sqlite) => sqlite.prepare('PRAGMA user_version').get()?.user_version)
const open = (path: string): SqliteStore => SqliteStore.open(path, blocks.params)

test('a file of the first version becomes what a new one would be', () => {
  expect(versionOf(old)).toBe(1)
  open(old).close()
  expect(versionOf(old)).toBe(SCHEMA_VERSION)
  expect(shapeOf(old)).toEqual(shapeOf(today))
  expect(dumpOf(old)).toEqual(dumpOf(today))
})

test('everything in it can be read, and checked as before', () => {
  const [store, expected] = [open(old), open(today)]
  expect([...store.headers()]).toEqual([...expected.headers()])
  for (const name of ['genesis', 'a1', 'a6', 'b4']) {
    const { hex } = blocks.get(name)
    expect(store.block(hex)).toEqual(expected.block(hex))
    expect(store.encodedBody(hex)).toEqual(expected.encodedBody(hex))
  }
  const [payment] = blocks.get('a4').block.body.transactions
  expect(store.transaction(toHex(transactionId(payment!)))).toMatchObject({ height: 4, position: 0 })
  for (const who of ['alice', 'bob', 'carol']) {
    const account = blocks.account(who)
    expect(store.account(account)).toEqual(expected.account(account))
    expect(store.history(account, { limit: 100 })).toEqual(expected.history(account, { limit: 100 }))
  }
  expect(store.peers.load()).toEqual(expected.peers.load())
  store.close()
  expected.close()
})

test('the chain goes on in it, and takes off blocks that the older version connected', async () => {
  const node = openChain(blocks, { path: old })
  expect(await node.add('b7')).toBe('reorganised')
  await node.stop()
  const straight = openChain(blocks)
  await straight.addAll(...blocks.path('b7').map(({ name }) => name))
  expect(dumpOf(old)).toEqual(dumpOf(straight.path))
})

/**
 * Makes the old file one of version 7 as a killed node left it: the accounts are settled as after a3, and each block since
 * then has a row for each account.
 */
function killedAtVersion7(): void {
  const settled = blocks.ledger('a3')
  read(old, (sqlite) => {
    sqlite.exec(`${migrations(1, 7).join('')} PRAGMA user_version = 7; DELETE FROM settled_accounts`)
    const settle = sqlite.prepare('INSERT INTO settled_accounts VALUES (?, ?, ?, NULL, 0)')
    for (const [account, { balance, nonce }] of settled) settle.run(fromHex(account), balance, nonce)
    const insert = sqlite.prepare('INSERT INTO recent_accounts VALUES (?, ?, ?, ?, ?, ?)')
    let before = settled
    for (const [at, name] of ['a4', 'a5', 'a6'].entries()) {
      const height = at + 4
      const after = blocks.ledger(name)
      const touched = [...after].filter(([account, { balance, nonce }]) => {
        const earlier = before.get(account)
        return earlier?.balance !== balance || earlier.nonce !== nonce
      })
      for (const [position, [account, state]] of touched.entries()) {
        const bytes = fromHex(account)
        insert.run(height, position, bytes, state.balance, state.nonce, accountChecksum(bytes, state, height))
      }
      before = after
    }
  })
}

test('what a node of version 7 left in rows of recent accounts is settled', async () => {
  killedAtVersion7()
  const rows = read(old, (sqlite) => sqlite.prepare('SELECT height, count(*) AS count FROM recent_accounts GROUP BY height').all())
  expect(rows).toEqual([4, 5, 6].map((height) => ({ height, count: 3 }))) // alice, bob, the miner
  const store = open(old)
  for (const who of ['alice', 'bob', 'miner', 'carol']) {
    const account = blocks.account(who)
    expect(store.account(account)).toEqual(blocks.ledger('a6').get(toHex(account)) ?? { balance: 0, nonce: 0 })
  }
  store.close()
  expect(versionOf(old)).toBe(SCHEMA_VERSION)
  expect(shapeOf(old)).toEqual(shapeOf(today))
  expect(dumpOf(old)).toEqual(dumpOf(today))
  const node = openChain(blocks, { path: old })
  expect(await node.add('b7')).toBe('reorganised')
  node.audit()
  await node.stop()
})

test('a balance that changed in a row of version 7 is found when its account is settled', () => {
  killedAtVersion7()
  read(old, (sqlite) => sqlite.exec('UPDATE recent_accounts SET balance = balance + 1 WHERE height = 6'))
  expect(() => open(old)).toThrow(/^storage-damaged: .*the balance of cairn1/)
})

test('what a node of version 8 wrote of eras that are over becomes rows of many entries', async () => {
  const eras = createBlockBuilder({ seed: 2, funds: { alice: 100_000, bob: 100_000 } })
  for (let height = 1; height <= 6; height++) { // 9 000 payments: two eras, and some that are of neither
    const transactions = Array.from({ length: 1_500 }, (_, at) => {
      const from = at % 3 === 0 ? 'bob' : 'alice'
      const to = at % 7 === 0 ? from : at % 7 === 1 ? 'bob' : `friend ${at % 300}` // some share a bucket with who pays
      return { from, to, amount: 1 }
    })
    eras.block(`a${height}`, height === 1 ? 'genesis' : `a${height - 1}`, { transactions })
  }
  eras.block('a7', 'a6', { transactions: [{ from: 'alice', to: 'bob', amount: 1 }] })
  const [isNew, wasOld] = [join(folder, 'new-eras.sqlite'), join(folder, 'old-eras.sqlite')]
  const node = openChain(eras, { path: isNew, findChecked: checkedOf })
  await node.addAll('a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'a7')
  await node.stop()
  writeVersion1(wasOld, isNew)
  read(wasOld, (sqlite) => sqlite.exec(`${migrations(1, 8).join('')} PRAGMA user_version = 8`))
  expect(read(wasOld, (sqlite) => sqlite.prepare('SELECT count(*) AS count FROM transactions').get())).toEqual({ count: 9_001 })
  SqliteStore.open(wasOld, eras.params).close()
  expect(versionOf(wasOld)).toBe(SCHEMA_VERSION)
  expect(shapeOf(wasOld)).toEqual(shapeOf(isNew))
  const dump = dumpOf(wasOld)
  expect(dump.transactions).toHaveLength(256)
  expect(dump).toEqual(dumpOf(isNew))
})

test('a body without a digest is still checked against its header', () => {
  read(old, (sqlite) => sqlite.exec(`UPDATE bodies SET body = (SELECT body FROM bodies WHERE block = 4) WHERE block = 5`))
  const store = open(old)
  const { hash } = [...store.headers()][4]!
  expect(() => store.block(hash)).toThrow(/^storage-damaged: .*another root/)
  expect(() => store.encodedBody(hash)).toThrow(/^storage-damaged: .*another root/)
  store.close()
})

test('a file that cannot be brought up is left as it was', () => {
  read(old, (sqlite) => sqlite.exec('DROP TABLE history'))
  const [shape, version] = [shapeOf(old), versionOf(old)]
  expect(() => open(old)).toThrow(/no such table: .*history/)
  expect([shapeOf(old), versionOf(old)]).toEqual([shape, version])
})

test('a file that is brought up once is not touched again', () => {
  open(old).close()
  const changes = (): unknown => read(old, (sqlite) => sqlite.prepare('PRAGMA schema_version').get())
  const before = changes()
  open(old).close()
  expect(changes()).toEqual(before)
})

test('there is a step from each version to the next, taken in order', () => {
  expect(Object.keys(MIGRATIONS).map(Number)).toEqual(Array.from({ length: SCHEMA_VERSION - 1 }, (_, at) => at + 1))
  const steps = { 1: 'one to two', 2: 'two to three', 3: 'three to four' }
  expect(migrations(1, 4, steps)).toEqual(['one to two', 'two to three', 'three to four'])
  expect(migrations(3, 4, steps)).toEqual(['three to four'])
  expect(migrations(4, 4, steps)).toEqual([])
  expect(() => migrations(1, 5, steps)).toThrow('no migration from schema 4 to 5')
})
