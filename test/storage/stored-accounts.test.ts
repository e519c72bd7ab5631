/** Accounts in two tables: whatever is settled when, the two are the accounts at the tip, after every crash too. */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { toHex } from '../../src/consensus/hex.ts'
import { SqliteStore } from '../../src/storage/sqlite-store.ts'
import { createBlockBuilder } from '../support/blocks.ts'
import { openChain, type TestChain } from '../support/chain.ts'
import { dumpOf } from '../support/dump.ts'

//   genesis ─ a1 ─ … ─ a12
//              └─ … b(i+1) ─ …      a branch from every ai, one block longer than a12
const HEIGHT = 12
const FORKS = [0, 1, 5, 9, 11]
const blocks = createBlockBuilder({ seed: 1, funds: { alice: 1_000, bob: 1_000 } })
for (let height = 1; height <= HEIGHT; height++) {
  blocks.block(`a${height}`, height === 1 ? 'genesis' : `a${height - 1}`, {
    transactions: [{ from: 'alice', to: `friend ${height}`, amount: 3 }, { from: 'bob', to: 'alice', amount: 1, fee: 1 }],
  })
}
for (const fork of FORKS) {
  for (let height = fork + 1; height <= HEIGHT + 1; height++) {
    const parent = height > fork + 1 ? `b${fork}-${height - 1}` : fork === 0 ? 'genesis' : `a${fork}`
    blocks.block(`b${fork}-${height}`, parent, { miner: 'bob', transactions: [{ from: 'alice', to: `other ${height}`, amount: 2 }] })
  }
}
const A = Array.from({ length: HEIGHT }, (_, at) => `a${at + 1}`)
const branch = (fork: number): string[] => Array.from({ length: HEIGHT + 1 - fork }, (_, at) => `b${fork}-${fork + 1 + at}`)

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cairn-accounts-'))
  path = join(folder, 'chain.sqlite')
})
afterEach(() => rmSync(folder, { recursive: true }))

const open = (maxRecentStates?: number): TestChain => openChain(blocks, { path, maxRecentStates })

/** The file as a crash now would leave it. */
function crashed(): string {
  const copy = join(folder, 'crashed.sqlite')
  for (const suffix of ['', '-wal', '-shm']) rmSync(copy + suffix, { force: true })
  for (const suffix of ['', '-wal']) if (existsSync(path + suffix)) copyFileSync(path + suffix, copy + suffix)
  return copy
}

function read(at: string, sql: string): unknown[] {
  const tool = new DatabaseSync(at, { returnArrays: true })
  try {
    return tool.prepare(sql).all()
  } finally {
    tool.close()
  }
}
const rowsOf = (table: string, at = path): number => (read(at, `SELECT count(*) FROM ${table}`) as [[number]])[0][0] // one row of one number

function tamper(at: string, sql: string): void {
  const tool = new DatabaseSync(at)
  tool.exec(sql)
  tool.close()
}

test('blocks write what they touched in a row each, and it is settled when it is much, or the file is closed', async () => {
  const node = open(8) // a block touches four: alice, bob, a friend, the miner
  await node.add('a1')
  expect([rowsOf('settled_accounts'), rowsOf('recent_accounts')]).toEqual([2, 1])
  await node.add('a2')
  expect([rowsOf('settled_accounts'), rowsOf('recent_accounts')]).toEqual([2, 2])
  await node.add('a3')
  expect([rowsOf('settled_accounts'), rowsOf('recent_accounts')]).toEqual([6, 0])
  await node.add('a4')
  expect(rowsOf('recent_accounts')).toBe(1)
  await node.stop()
  expect([rowsOf('settled_accounts'), rowsOf('recent_accounts')]).toEqual([7, 0])
})

test('whatever is settled when, and wherever it crashes, the accounts are those of the blocks', async () => {
  const straight = new Map<string, unknown>()
  for (const name of [A, ...FORKS.map(branch)].map((names) => names.at(-1)!)) {
    const node = openChain(blocks)
    await node.addAll(...blocks.path(name).map((block) => block.name))
    straight.set(name, dumpOf(node.path))
    await node.stop()
  }
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(0, 1, 5, 9, 20, 1_000), fc.constantFrom(...FORKS), fc.array(fc.nat({ max: 30 }), { maxLength: 4 }),
      async (maxRecentStates, fork, crashes) => {
        for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true })
        let node = open(maxRecentStates)
        for (const [at, name] of [...A, ...branch(fork)].entries()) {
          await node.add(name) // compares accounts, and their sum, with the builder's replay
          if (!crashes.includes(at)) continue
          const copy = crashed()
          await node.stop()
          for (const suffix of ['-wal', '-shm']) rmSync(path + suffix, { force: true })
          for (const suffix of ['', '-wal']) if (existsSync(copy + suffix)) copyFileSync(copy + suffix, path + suffix)
          node = open(maxRecentStates)
          expect(await node.add(name)).toBe('known')
        }
        expect(node.tip()).toBe(branch(fork).at(-1))
        expect(dumpOf(path)).toEqual(straight.get(branch(fork).at(-1)!))
        await node.stop()
        expect(dumpOf(path)).toEqual(straight.get(branch(fork).at(-1)!))
      },
    ),
    { seed: 1, numRuns: 40 },
  )
})

test('many accounts read at once are what each one is, wherever it lies, in the order asked for', async () => {
  const node = open(0) // settles at once: nothing is recent
  await node.addAll('a1', 'a2', 'a3', 'a4')
  await node.stop()
  const store = SqliteStore.open(path, blocks.params, { maxRecentStates: 1_000 })
  const names = ['friend 3', 'nobody', 'alice', 'friend 1', 'alice', 'friend 4', 'bob', 'friend 2']
  const accounts = names.map((name) => blocks.account(name))
  store.account(accounts[3]!) // one of them is at hand
  const expected = names.map((name) => blocks.ledger('a4').get(toHex(blocks.account(name))) ?? { balance: 0, nonce: 0 })
  const read = store.readAccounts(accounts)
  expect(read).toEqual(expected)
  for (const state of read) state.balance = -1 // the caller's own
  expect(store.readAccounts(accounts)).toEqual(expected)
  expect(accounts.map((account) => store.account(account))).toEqual(expected)
  expect(store.readAccounts([])).toEqual([])
  store.close()
})

test('a settled balance that changed on the disk is noticed among many, too', async () => {
  const node = open(0)
  await node.addAll('a1', 'a2')
  await node.stop()
  const store = SqliteStore.open(path, blocks.params)
  tamper(path, `UPDATE settled_accounts SET balance = balance + 1 WHERE hex(account) = '${toHex(blocks.account('friend 2')).toUpperCase()}'`)
  expect(() => store.readAccounts(['alice', 'friend 2'].map((name) => blocks.account(name)))).toThrow('the balance of cairn1')
  store.close()
})

test('a transaction that fails leaves the accounts as they were', async () => {
  blocks.block('spent', 'a2', { transactions: [{ from: 'alice', to: 'bob', amount: 1 }, { from: 'bob', to: 'carol', amount: 5_000 }] })
  const node = open()
  await node.addAll('a1', 'a2')
  const before = dumpOf(path)
  expect(await node.add('spent')).toBe('transaction-overspend')
  expect(dumpOf(path)).toEqual(before)
  expect(await node.add('a3')).toBe('connected')
  await node.stop()
})

test.for([
  ['a state', `UPDATE recent_accounts SET states = replace(states, '[[', '[[1') WHERE height = 2`, 'another row at height 2'],
  ['no JSON', `UPDATE recent_accounts SET states = substr(states, 2) WHERE height = 2`, 'another row at height 2'],
  ['an account', 'UPDATE recent_accounts SET accounts = CAST(zeroblob(32) || substr(accounts, 33) AS BLOB) WHERE height = 2', 'another row at height 2'],
  ['accounts cut short', 'UPDATE recent_accounts SET accounts = substr(accounts, 33) WHERE height = 2', 'another row at height 2'],
  ['a checksum', 'UPDATE recent_accounts SET checksum = checksum + 1 WHERE height = 2', 'another row at height 2'],
  ['a height', 'UPDATE recent_accounts SET height = 4 WHERE height = 3', 'another row at height 4'],
  ['a lost row', 'DELETE FROM recent_accounts WHERE height = 2', 'lost its row at height 2'],
  ['a lost end', 'DELETE FROM recent_accounts WHERE height = 3', 'lost its row at height 3'],
  ['a row too many', 'UPDATE best_chain SET height = 9 WHERE height = 3; DELETE FROM best_chain WHERE height = 9', 'lost its row at height 4'],
] as const)('recent rows are looked at when the file is opened: %s', async ([, sql, found]) => {
  const node = open()
  await node.addAll('a1', 'a2', 'a3')
  const copy = crashed()
  tamper(copy, sql)
  expect(() => SqliteStore.open(copy, blocks.params)).toThrow(found)
  await node.stop()
})

test('recent rows are all that is needed after a crash: as many states as before make them settled', async () => {
  const node = open(8)
  await node.addAll('a1', 'a2')
  const copy = crashed()
  await node.stop()
  const again = openChain(blocks, { path: copy, maxRecentStates: 8 })
  expect(rowsOf('recent_accounts', copy)).toBe(2)
  await again.add('a3')
  expect([rowsOf('settled_accounts', copy), rowsOf('recent_accounts', copy)]).toEqual([6, 0])
  await again.stop()
})

test('blocks that are taken off before they are settled take their states with them', async () => {
  const node = open(13) // four of a1, three of each of the branch; a2's four are gone
  await node.addAll('a1', 'a2', 'b1-2', 'b1-3')
  expect(node.tip()).toBe('b1-3')
  expect([rowsOf('settled_accounts'), rowsOf('recent_accounts')]).toEqual([2, 3])
  expect(read(path, 'SELECT sum(length(accounts)) / 32, sum(json_array_length(states)) FROM recent_accounts')).toEqual([[10, 10]])
  await node.add('b1-4')
  expect(rowsOf('recent_accounts')).toBe(4)
  await node.add('b1-5')
  expect(rowsOf('recent_accounts')).toBe(0)
  await node.stop()
})

test('where the disk is full when it is closed, nothing is lost', async () => {
  const node = open()
  await node.addAll('a1', 'a2')
  const other = new DatabaseSync(path)
  other.exec('BEGIN IMMEDIATE') // as good as a full disk: it cannot be written to
  await node.stop()
  other.close()
  expect(rowsOf('recent_accounts')).toBe(2)
  const again = open()
  expect(await again.add('a2')).toBe('known')
  await again.stop()
})

test('anyone can read every balance with an SQLite tool, by the view of that name', async () => {
  const node = open(8)
  await node.addAll('a1', 'a2', 'a3', 'a4')
  expect([rowsOf('settled_accounts'), rowsOf('recent_accounts')]).toEqual([6, 1])
  const [[balance]] = read(path, `SELECT balance FROM accounts WHERE account = x'${toHex(blocks.account('alice'))}'`) as [[number]] // one row
  expect(balance).toBe(1_000 - 4 * 3 + 4)
  expect(read(path, `SELECT 1 FROM accounts WHERE account = x'${toHex(blocks.account('friend 4'))}'`)).toHaveLength(1)
  await node.stop()
})

test('no table and no view is written in words that SQLite 3.37 does not know', async () => {
  await open().stop()
  for (const [sql] of read(path, 'SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL') as [string][]) { // one column
    expect(sql.replaceAll(/--.*/g, '')).not.toContain('->')
  }
})
