/** What a replay finds wrong with the index of transactions: one thing at a time, put there behind the store's back. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { Chain } from '../../src/chain/chain.ts'
import { transactionId } from '../../src/consensus/transaction.ts'
import { ReplayStore } from '../../src/storage/replay-store.ts'
import { BUCKETS, bucketOf } from '../../src/storage/schema.ts'
import { Snapshot } from '../../src/storage/snapshot.ts'
import { createBlockBuilder } from '../support/blocks.ts'
import { openChain } from '../support/chain.ts'
import { checkedOf } from '../support/checked.ts'
import { changeEntries, entryOf } from '../support/index-rows.ts'
import { createManualClock } from '../support/manual-clock.ts'

//   genesis ─ a1 ─ a2 ─ a3        3 000, 1 200 and 3 payments: a2 ends the first era
const blocks = createBlockBuilder({ seed: 1, funds: { alice: 100_000 } })
const payments = (count: number) => Array.from({ length: count }, (_, at) => ({ from: 'alice', to: `friend ${at % 50}`, amount: 1 }))
blocks.block('a1', 'genesis', { transactions: payments(3_000) })
blocks.block('a2', 'a1', { transactions: payments(1_200) })
blocks.block('a3', 'a2', { transactions: payments(3) })

let folder: string
let path: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cairn-replay-'))
  const node = openChain(blocks, { path: join(folder, 'good.sqlite'), findChecked: checkedOf })
  await node.addAll('a1', 'a2', 'a3')
  await node.stop()
})
afterAll(() => rmSync(folder, { recursive: true }))
beforeEach(() => {
  path = join(folder, 'chain.sqlite')
  for (const suffix of ['-wal', '-shm']) rmSync(path + suffix, { force: true })
  copyFileSync(join(folder, 'good.sqlite'), path)
})

async function replay(): Promise<ReplayStore> {
  const snapshot = Snapshot.open(path)
  const store = new ReplayStore(snapshot)
  const clock = createManualClock(blocks.params.genesisTimestamp + 86_400_000)
  const chain = new Chain({ params: blocks.params, store, clock, log: pino({ level: 'silent' }), findChecked: checkedOf })
  try {
    chain.start()
    for (const { height, block } of snapshot.blocks()) if (height > 0) await chain.add(block, 'store')
    store.finish()
    return store
  } finally {
    await chain.stop()
    snapshot.close()
  }
}

function sql(text: string): void {
  const tool = new DatabaseSync(path)
  tool.exec(text)
  tool.close()
}
const [, second] = blocks.get('a2').block.body.transactions
const id = transactionId(second!)
const friend = blocks.account('friend 1')

test('what a node wrote holds', async () => {
  expect((await replay()).transactions).toBe(4_203)
})

const FAULTS: [what: string, change: () => void, found: string][] = [
  ['a lost row of transactions', () => changeEntries(path, 'transactions', id, () => undefined), 'table transactions has no entry for transaction'],
  ['a lost row of history', () => changeEntries(path, 'history', friend, () => undefined), 'at height 1: table history has no entry for transaction'],
  ['a lost entry', () => changeEntries(path, 'transactions', id, (entries) => {
    const at = entryOf(entries, id)
    return Buffer.concat([entries.subarray(0, at), entries.subarray(at + 12)])
  }), 'at height 2: table transactions has no entry for transaction 1 where it belongs'],
  ['another key', () => changeEntries(path, 'transactions', id, (entries) => entries.with(entryOf(entries, id) + 3, id[3]! ^ 1)),
    'at height 2: table transactions has no entry for transaction 1 where it belongs'],
  ['another height', () => changeEntries(path, 'history', friend, (entries) => entries.with(entryOf(entries, friend) + 9, 2)),
    'at height 1: table history has no entry for transaction 1 where it belongs'],
  ['another position', () => changeEntries(path, 'history', friend, (entries) => entries.with(entryOf(entries, friend) + 11, 2)),
    'at height 1: table history has no entry for transaction 1 where it belongs'],
  ['an entry too many', () => changeEntries(path, 'transactions', id, (entries) => Buffer.concat([entries, entries.subarray(0, 12)])),
    'at height 2: table transactions has an entry too many in its era'],
  ['half an entry too many', () => changeEntries(path, 'history', friend, (entries) => Buffer.concat([entries, entries.subarray(0, 6)])),
    'at height 2: table history has an entry too many in its era'],
  ['a row in the wrong era', () => sql('UPDATE history SET bucket = bucket + 128 WHERE bucket = (SELECT max(bucket) FROM history)'),
    'table history has no entry for transaction'],
  ['a row of the era that is not over', () => sql("INSERT INTO transactions VALUES (128, x'000000000000000000000000')"),
    'at height 3: table transactions has entries of an era that is not over'],
  ['a row of no era', () => sql("INSERT INTO history VALUES (-1, x'000000000000000000000000')"),
    'at height 3: table history has entries of an era that is not over'],
]

test.for(FAULTS)('%s', async ([, change, found]) => {
  change()
  await expect(replay()).rejects.toMatchObject({ code: 'storage-damaged', message: expect.stringContaining(found) })
})

test('a row where its era has none', async () => {
  // Of fifty friends and the one who pays, none is in most of the 128 buckets.
  const taken = ['alice', ...Array.from({ length: 50 }, (_, at) => `friend ${at}`)].map((name) => bucketOf(blocks.account(name)))
  const free = Array.from({ length: BUCKETS }, (_, bucket) => bucket).find((bucket) => !taken.includes(bucket))
  sql(`INSERT INTO history VALUES (${free}, x'000000000000000000000000')`)
  await expect(replay()).rejects.toThrow('at height 2: table history has an entry too many in its era')
})
