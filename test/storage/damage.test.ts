/** Files that are damaged, foreign, full or out of reach: each is refused with one clear line, and never written over. */
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { networkParams } from '../../src/consensus/params.ts'
import { SCHEMA_VERSION } from '../../src/storage/schema.ts'
import { SqliteStore } from '../../src/storage/sqlite-store.ts'
import { type StorageCode, StorageError } from '../../src/storage/storage-error.ts'
import { createBlockBuilder } from '../support/blocks.ts'
import { openChain, type TestChain } from '../support/chain.ts'
import { dumpOf } from '../support/dump.ts'

const blocks = createBlockBuilder({ seed: 1, funds: { alice: 1_000 } })
blocks.blocks('a', 'genesis', 20, { transactions: [{ from: 'alice', to: 'bob', amount: 1 }] })
blocks.block('b20', 'a19', { miner: 'bob' })
blocks.block('b21', 'b20', { miner: 'bob' })
blocks.block('next', 'a20')

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cairn-storage-'))
  path = join(folder, 'chain.sqlite')
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true })
})

/** A chain of twenty blocks in the file, closed unless a test goes on with it. */
async function filled(): Promise<TestChain> {
  const node = openChain(blocks, { path })
  await node.addAll(...blocks.path('a20').map(({ name }) => name))
  return node
}

/** Changes the file behind the store's back. */
function tamper(sql: string): void {
  const tool = new DatabaseSync(path, { enableForeignKeyConstraints: false })
  tool.exec(sql)
  tool.close()
}

function refusal(work: () => unknown): { code: StorageCode; message: string } {
  try {
    work()
  } catch (error) {
    if (error instanceof StorageError) {
      expect(error.message).toMatch(new RegExp(`^${error.code}: [^\n]+$`))
      return { code: error.code, message: error.message }
    }
    throw error
  }
  throw new Error('nothing was refused')
}
const open = () => SqliteStore.open(path, blocks.params)

const hex = (name: string): string => `x'${blocks.get(name).hex}'`
const idOf = (name: string): string => `(SELECT id FROM blocks WHERE hash = ${hex(name)})`

test.for([
  ['a header', `UPDATE blocks SET timestamp = timestamp + 1 WHERE hash = ${hex('a5')}`, 'hash'],
  ['a body', `REPLACE INTO bodies SELECT ${idOf('a5')}, body FROM bodies WHERE block = ${idOf('a6')}`, 'root'],
  ['a body cut short', `UPDATE bodies SET body = substr(body, 1, 50) WHERE block = ${idOf('a5')}`, 'cannot be read'],
] as const)('%s that is not what was written is found when it is read', async ([, sql, found]) => {
  const node = await filled()
  tamper(sql)
  const { hex } = blocks.get('a5')
  expect(refusal(() => node.store.block(hex))).toMatchObject({ code: 'storage-damaged', message: expect.stringContaining(found) })
  expect(refusal(() => node.store.encodedBody(hex)).message).toContain('run again: the chain comes back from peers')
  await node.stop()
})

test('a header that is not what was written is found at the start, before anything is built on it', async () => {
  await (await filled()).stop()
  tamper(`UPDATE blocks SET bits = bits - 1 WHERE hash = ${hex('a5')}`)
  expect(refusal(() => openChain(blocks, { path }))).toMatchObject({ code: 'storage-damaged' })
})

test.for([
  ['too high', 'UPDATE best_chain SET total = total + 1 WHERE height = 5', /counts 2 transactions at height 5, the block has 1/],
  ['too low', 'UPDATE best_chain SET total = total - 1 WHERE height = 5', /counts 2 transactions at height 6, the block has 1/],
  ['beyond the next', 'UPDATE best_chain SET total = 9 WHERE height = 5', /counts 5 transactions at height 5, the block has 1/],
] as const)('a count of transactions that is %s is found before the index is made by it', async ([, sql, found]) => {
  await (await filled()).stop()
  tamper(sql)
  const store = open()
  for (const ask of [() => store.transaction('00'.repeat(32)), () => store.history(blocks.account('alice'), { limit: 1 })]) {
    expect(refusal(ask)).toMatchObject({ code: 'storage-damaged', message: expect.stringMatching(found) })
  }
  store.close()
})

test.for([
  ['lost', `DELETE FROM undo WHERE block = ${idOf('a20')}`],
  ['cut short', `UPDATE undo SET accounts = substr(accounts, 1, 47) WHERE block = ${idOf('a20')}`],
  ['of another balance',
    `UPDATE undo SET accounts = CAST(substr(accounts, 1, 32) || x'07' || substr(accounts, 34) AS BLOB) WHERE block = ${idOf('a20')}`],
] as const)('undo data that is %s stops a reorganisation, and the tip stays', async ([, sql]) => {
  const node = await filled()
  await node.add('b20')
  tamper(sql)
  const before = dumpOf(path)
  await expect(node.add('b21')).rejects.toMatchObject({ name: 'StorageError', code: 'storage-damaged' })
  expect(node.tip()).toBe('a20')
  expect(dumpOf(path)).toEqual(before)
  await node.stop()
})

test('a block that lost its place in the best chain stops a reorganisation, and the tip stays', async () => {
  const node = await filled()
  await node.add('b20')
  tamper(`DELETE FROM best_chain WHERE block = ${idOf('a20')}`)
  await expect(node.add('b21')).rejects.toMatchObject({ name: 'StorageError', code: 'storage-damaged' })
  expect(node.tip()).toBe('a20')
  await node.stop()
})

const ACCOUNT_CHANGES = ['balance = balance + 1', 'nonce = nonce + 1', 'checksum = checksum + 1', 'account = zeroblob(32)']
const wrongBalance = { code: 'storage-damaged', message: expect.stringContaining('the balance of cairn1') }

test.each(ACCOUNT_CHANGES)('accounts are checked when the file is looked through: %s', async (change) => {
  await (await filled()).stop()
  tamper(`UPDATE settled_accounts SET ${change} WHERE account = (SELECT min(account) FROM settled_accounts)`)
  expect(refusal(open)).toMatchObject(wrongBalance)
})

test.each(ACCOUNT_CHANGES.slice(0, 3))('an account is checked when it is read: %s', async (change) => {
  const node = await filled()
  await node.stop()
  const store = open()
  tamper(`UPDATE settled_accounts SET ${change}`)
  expect(refusal(() => store.account(blocks.account('alice')))).toMatchObject(wrongBalance)
  store.close()
})

test('an account that an older version wrote has no checksum, and is taken as it is', async () => {
  await (await filled()).stop()
  tamper('UPDATE settled_accounts SET checksum = NULL')
  const store = open()
  expect(store.account(blocks.account('alice')).balance).toBeGreaterThan(0)
  store.close()
})

test('a balance that no node ever wrote is found when it is read', async () => {
  await (await filled()).stop()
  const store = open()
  tamper('UPDATE settled_accounts SET balance = balance | (1 << 60)')
  expect(refusal(() => store.account(blocks.account('alice')))).toMatchObject({ code: 'storage-damaged' })
  store.close()
})

test('a block that lost its row is found at the start', async () => {
  await (await filled()).stop()
  tamper(`DELETE FROM bodies WHERE block = ${idOf('a5')}; DELETE FROM blocks WHERE hash = ${hex('a5')}`)
  expect(() => openChain(blocks, { path })).toThrow(/chain-damaged-store: .*peers have the chain/)
})

test('a file cut in half is refused, and left as it is', async () => {
  await (await filled()).stop()
  const bytes = readFileSync(path)
  truncateSync(path, Math.floor(bytes.length / 2 / 4_096) * 4_096)
  expect(refusal(open)).toMatchObject({ code: 'storage-damaged', message: expect.stringContaining(path) })
  expect(readFileSync(path)).toEqual(bytes.subarray(0, Math.floor(bytes.length / 2 / 4_096) * 4_096))
})

test('pages of rubbish in the file are found when it is opened', async () => {
  await (await filled()).stop()
  const bytes = readFileSync(path)
  bytes.fill(0xa5, 3 * 4_096, 6 * 4_096)
  writeFileSync(path, bytes)
  expect(refusal(open)).toMatchObject({ code: 'storage-damaged' })
})

test('a file that is no database is refused, and left as it is', () => {
  writeFileSync(path, 'Dear diary, '.repeat(1_000))
  expect(refusal(open)).toMatchObject({ code: 'storage-damaged', message: expect.stringContaining('not an SQLite database') })
  expect(readFileSync(path, 'utf8')).toBe('Dear diary, '.repeat(1_000))
})

test('another program’s database is refused, and left as it is', () => {
  tamper('CREATE TABLE songs (title TEXT)')
  const bytes = readFileSync(path)
  expect(refusal(open)).toMatchObject({ code: 'storage-damaged', message: expect.stringContaining('another program') })
  expect(readFileSync(path)).toEqual(bytes)
})

test('a file of a newer version is refused, and says to update', async () => {
  await (await filled()).stop()
  tamper(`PRAGMA user_version = ${SCHEMA_VERSION + 1}`)
  expect(refusal(open)).toMatchObject({ code: 'storage-newer-version', message: expect.stringContaining('update Cairn') })
})

test('another network’s file is refused by name', async () => {
  await (await filled()).stop()
  const { code, message } = refusal(() => SqliteStore.open(path, networkParams('class-101')))
  expect(code).toBe('storage-wrong-network')
  expect(message).toContain(`holds network local (genesis ${blocks.genesis.id}), not class-101`)
})

test('an empty file, as a crash at the very first moment leaves it, is a new chain', () => {
  writeFileSync(path, '')
  const store = open()
  expect(store.tip()).toBeUndefined()
  store.close()
})

test('a folder that does not exist, or a path that is a folder, cannot be opened', () => {
  const at = (where: string) => refusal(() => SqliteStore.open(where, blocks.params))
  expect(at(join(folder, 'nowhere', 'chain.sqlite'))).toMatchObject({
    code: 'storage-unavailable',
    message: expect.stringContaining('check that its folder exists'),
  })
  expect(at(folder).code).toBe('storage-unavailable')
})

test('a file that another program is writing to is not waited for without end', async () => {
  await (await filled()).stop()
  const tool = new DatabaseSync(path)
  tool.exec('BEGIN IMMEDIATE')
  expect(refusal(open)).toMatchObject({ code: 'storage-unavailable', message: expect.stringContaining('another program') })
  tool.close()
})

test('a block that cannot be written while another program writes is refused whole, and taken once that has finished', async () => {
  const node = await filled()
  const before = dumpOf(path)
  const tool = new DatabaseSync(path)
  tool.exec('BEGIN IMMEDIATE')
  const busy = { code: 'storage-unavailable', message: expect.stringContaining('another program') }
  await expect(node.chain.add(blocks.get('next').block, 'gossip')).rejects.toMatchObject(busy)
  tool.exec('ROLLBACK')
  tool.close()
  expect([node.tip(), dumpOf(path)]).toEqual(['a20', before])
  expect(await node.add('next')).toBe('connected')
  await node.stop()
})

test('a full disk: one clear line, nothing half written, and it goes on once there is space', async () => {
  // The connection is caught as it opens, so that SQLite itself can be told how many pages there are.
  const connections: DatabaseSync[] = []
  const exec = DatabaseSync.prototype.exec
  vi.spyOn(DatabaseSync.prototype, 'exec').mockImplementation(function (this: DatabaseSync, sql: string) {
    connections.push(this)
    exec.call(this, sql)
  })
  const node = await filled()
  const connection = connections[0]
  if (connection === undefined) throw new Error('a store has a connection')
  const before = dumpOf(path)
  const large = { transactions: Array.from({ length: 200 }, () => ({ from: 'alice', to: 'carol', amount: 1 })) }
  blocks.block('large', 'a20', large)

  connection.exec('PRAGMA max_page_count = 1')
  const full = { code: 'storage-unavailable', message: expect.stringContaining('the disk is full') }
  await expect(node.add('large')).rejects.toMatchObject(full)
  expect(node.tip()).toBe('a20')
  expect(dumpOf(path)).toEqual(before)

  connection.exec('PRAGMA max_page_count = 1000000')
  expect(await node.add('large')).toBe('connected')
  await node.stop()
})
