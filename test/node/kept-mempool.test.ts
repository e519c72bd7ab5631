/** Pending transactions outlive the node: a stop, kill −9, damage; with their age, their origin and their order. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pino } from 'pino'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { turn } from '../../src/chain/clock.ts'
import { VerifierPool } from '../../src/chain/verifier-pool.ts'
import { type Hex, toHex } from '../../src/consensus/hex.ts'
import { transactionId } from '../../src/consensus/transaction.ts'
import { encodeTransaction, type Transaction } from '../../src/consensus/types.ts'
import { DEFAULT_LIMITS } from '../../src/mempool/policy.ts'
import { Mempool } from '../../src/mempool/pool.ts'
import { KeptMempool } from '../../src/node/kept-mempool.ts'
import { SqliteStore } from '../../src/storage/sqlite-store.ts'
import { createBlockBuilder } from '../support/blocks.ts'
import { createManualClock, type ManualClock } from '../support/manual-clock.ts'

const START = 1_700_000_000_000
const blocks = createBlockBuilder({ seed: 3 })
const pay = (from: string, nonce = 0, fee = 1): Transaction => blocks.pay({ from, to: 'bob', amount: 1, fee, nonce })
const idOf = (transaction: Transaction): Hex => toHex(transactionId(transaction))

let path: string
let clock: ManualClock
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'cairn-kept-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  path = join(folder, 'chain.sqlite')
  clock = createManualClock(START)
})

interface Run {
  mempool: Mempool
  kept: KeptMempool
  store: SqliteStore
  lines: Record<string, unknown>[]
  /** As a process ends that is killed: nothing more is written. */
  kill(): void
  stop(): Promise<void>
}

/** A pool that is kept in the file, on a ledger where everybody is rich. */
function run({ verifier }: { verifier?: VerifierPool } = {}): Run {
  const lines: Record<string, unknown>[] = []
  const log = pino({ level: 'info', base: undefined }, { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) })
  const store = SqliteStore.open(path, blocks.params)
  const genesisHash = blocks.genesis.hash
  const mempool = new Mempool({ genesisHash, account: () => ({ balance: 1e9, nonce: 0 }), now: clock.now, log })
  const kept = new KeptMempool({ mempool, rows: store.pending, clock, log, verifier, genesisHash })
  kept.start()
  return {
    mempool, kept, store, lines,
    kill: () => store.close(),
    async stop() {
      await kept.stop()
      store.close()
    },
  }
}

function sql(statement: string, ...values: (string | number | Uint8Array)[]): Record<string, unknown>[] {
  const sqlite = new DatabaseSync(path)
  try {
    return sqlite.prepare(statement).all(...values)
  } finally {
    sqlite.close()
  }
}

/** Ids with what a restart must not change. */
const facts = ({ mempool }: Run): unknown[] => mempool.list().map(({ id, receivedAt, local, ready }) => ({ id, receivedAt, local, ready }))

test('what a reorganisation made pending again is on the disk at once, for nobody else may have it', async () => {
  const first = run()
  const transaction = pay('alice')
  const { header } = blocks.get('genesis').block
  first.mempool.blockDisconnected({ header, body: { miner: blocks.account('bob'), transactions: [transaction] } })
  first.mempool.settle()
  expect(first.mempool.get(idOf(transaction))).toBeDefined()
  await turn()
  await turn()
  first.kill()

  const second = run()
  await second.kept.restored
  expect(second.mempool.get(idOf(transaction))).toBeDefined()
  await second.stop()
})

test('what is pending when a node stops is pending when it starts, as old and as much its own as it was', async () => {
  const first = run()
  first.mempool.add(pay('alice'), 'local')
  clock.advance(60_000)
  first.mempool.add(pay('alice', 1, 7), 'gossip')
  first.mempool.add(pay('carol', 3), 'sync') // behind a gap
  const before = facts(first)
  await first.stop()
  clock.advance(60_000)
  const second = run()
  await second.kept.restored
  expect(facts(second)).toEqual(before)
  expect(second.lines).toMatchObject([{ level: 30, pending: 3 }])
  await second.stop()
})

test('origin is told: a restored one is not sent by gossip again, and the user’s own are there when start returns', async () => {
  const first = run()
  first.mempool.add(pay('alice'), 'local')
  first.mempool.add(pay('carol'), 'gossip')
  await first.stop()
  const second = run()
  expect(second.mempool.list().map(({ local }) => local)).toEqual([true])
  const origins: string[] = []
  second.mempool.events.on('transaction:added', ({ origin }) => origins.push(origin))
  await second.kept.restored
  expect([origins, second.mempool.size]).toEqual([['restored'], 2])
  await second.stop()
})

test('kill −9: the user’s own payment is on the disk at once, others after two seconds', async () => {
  const first = run()
  const [own, early, late] = [pay('alice'), pay('carol'), pay('dave')]
  first.kept.keepNow(first.mempool.add(own, 'local'))
  first.mempool.add(early, 'gossip')
  clock.advance(2_000)
  first.mempool.add(late, 'gossip')
  first.kill()
  const second = run()
  await second.kept.restored
  expect(second.mempool.list().map(({ id }) => id).sort()).toEqual([own, early].map(idOf).sort())
  await second.stop()
})

test('many that are handed in together are on the disk together', async () => {
  const first = run()
  let writes = 0
  const write = first.store.pending.write.bind(first.store.pending)
  first.store.pending.write = (...args) => {
    writes += 1
    write(...args)
  }
  await Promise.all(['alice', 'carol', 'dave'].map((name) => first.kept.keep(first.mempool.add(pay(name), 'local'))))
  first.kill()
  expect([writes, sql('SELECT count(*) AS rows FROM pending WHERE local = 1')]).toEqual([1, [{ rows: 3 }]])
})

test('what leaves the pool leaves the file: replaced, mined, expired; what comes and goes in between is never written', async () => {
  const first = run()
  const [old, next] = [pay('alice', 0, 1), pay('alice', 0, 5)]
  first.mempool.add(old, 'gossip')
  clock.advance(2_000)
  first.mempool.add(next, 'gossip')
  first.mempool.add(pay('carol', 0, 1), 'gossip')
  first.mempool.add(pay('carol', 0, 9), 'gossip')
  clock.advance(2_000)
  const ids = (): unknown[] => sql('SELECT lower(hex(hash)) AS id FROM pending ORDER BY rowid').map(({ id }) => id)
  expect(ids()).toEqual([idOf(next), idOf(pay('carol', 0, 9))])
  first.mempool.blockConnected({ header: blocks.genesis.block.header, body: { miner: blocks.account('bob'), transactions: [next] } })
  first.mempool.follow()
  clock.advance(2_000)
  expect(ids()).toEqual([idOf(pay('carol', 0, 9))])
  clock.advance(DEFAULT_LIMITS.maxAgeMs)
  first.mempool.expire()
  clock.advance(2_000)
  expect(ids()).toEqual([])
  await first.stop()
})

test('what a block took leaves the file at a stop, though nobody has asked the pool since', async () => {
  const first = run()
  first.mempool.add(pay('alice'), 'gossip')
  clock.advance(2_000)
  first.mempool.blockConnected({ header: blocks.genesis.block.header, body: { miner: blocks.account('bob'), transactions: [pay('alice')] } })
  await first.stop()
  expect(sql('SELECT * FROM pending')).toEqual([])
})

test('nothing lives for ever by restarts: what is too old is not taken up, and nothing is from the future', async () => {
  const first = run()
  first.mempool.add(pay('alice'), 'gossip')
  clock.advance(1)
  first.mempool.add(pay('carol'), 'local')
  await first.stop()
  clock.advance(DEFAULT_LIMITS.maxAgeMs)
  const second = run()
  await second.kept.restored
  expect(second.mempool.list().map(({ id }) => id)).toEqual([idOf(pay('carol'))])
  await second.stop()
  clock = createManualClock(START - 5_000) // set back
  const third = run()
  await third.kept.restored
  expect(third.mempool.list().map(({ receivedAt }) => receivedAt)).toEqual([START - 5_000])
  await third.stop()
})

test.each([['by threads', true], ['without threads', false]])('damaged and foreign rows are dropped with one line, %s', async (_how, threads) => {
  const first = run()
  const names = ['alice', 'carol', 'dave', 'erin', 'frank']
  for (const name of names) first.mempool.add(pay(name), name === 'erin' ? 'local' : 'gossip')
  await first.stop()
  const row = 'WHERE hash = ?'
  const [alice, carol, dave, erin] = names.map((name) => pay(name)) as [Transaction, Transaction, Transaction, Transaction]
  sql(`UPDATE pending SET encoded = substr(encoded, 1, 100) ${row}`, transactionId(alice))
  const flipped = encodeTransaction(carol)
  flipped[70]! ^= 1
  sql(`UPDATE pending SET encoded = ? ${row}`, flipped, transactionId(carol))
  // Right by their ids, but signed for another network, or by nobody.
  for (const transaction of [dave, erin]) {
    const forged = { ...transaction, signature: pay('gina').signature }
    sql(`UPDATE pending SET encoded = ?, hash = ? ${row}`, encodeTransaction(forged), transactionId(forged), transactionId(transaction))
  }
  sql('INSERT INTO pending VALUES (99, x\'00\', -5, 7, x\'\')')
  const verifier = threads ? new VerifierPool({ log: pino({ level: 'silent' }) }, { threads: 1 }) : undefined
  const second = run({ verifier })
  await second.kept.restored
  expect(second.mempool.list().map(({ id }) => id)).toEqual([idOf(pay('frank'))])
  expect(second.lines.filter(({ level }) => level === 40)).toMatchObject([{ code: 'mempool-rows-damaged', dropped: 5 }])
  await second.stop()
  await verifier?.stop()
  expect(sql('SELECT lower(hex(hash)) AS id FROM pending')).toEqual([{ id: idOf(pay('frank')) }])
})

test('a table that cannot be read is a line in the log, and empty afterwards', async () => {
  const first = run()
  first.mempool.add(pay('alice'), 'gossip')
  await first.stop()
  const store = SqliteStore.open(path, blocks.params)
  store.pending.load = () => {
    throw new Error('database disk image is malformed')
  }
  const lines: string[] = []
  const log = pino({}, { write: (line: string) => void lines.push(line) })
  const mempool = new Mempool({ genesisHash: blocks.genesis.hash, account: () => ({ balance: 1e9, nonce: 0 }), now: clock.now, log })
  const kept = new KeptMempool({ mempool, rows: store.pending, clock, log, genesisHash: blocks.genesis.hash })
  kept.start()
  await kept.stop()
  store.close()
  expect(lines.filter((line) => line.includes('mempool-rows-damaged'))).toHaveLength(1)
  expect(sql('SELECT * FROM pending')).toEqual([])
})

test('no more is read than the pool holds, whatever is in the file', async () => {
  const first = run()
  for (const name of ['alice', 'carol', 'dave']) first.mempool.add(pay(name), 'gossip')
  await first.stop()
  const store = SqliteStore.open(path, blocks.params)
  expect(store.pending.load(2).map(({ id }) => id)).toEqual([pay('alice'), pay('carol')].map(idOf))
  expect(store.pending.load(9)).toHaveLength(2)
  store.close()
})

test('a disk that fails is told once, and what is pending stays so and is written when it can be', async () => {
  const first = run()
  const { write } = first.store.pending
  first.store.pending.write = () => {
    throw new Error('disk full')
  }
  for (const name of ['alice', 'carol']) first.kept.keepNow(first.mempool.add(pay(name), 'local'))
  expect(first.lines.map(({ code }) => code)).toEqual(['mempool-not-kept'])
  expect(first.mempool.size).toBe(2)
  first.store.pending.write = write
  clock.advance(2_000)
  expect(sql('SELECT count(*) AS rows FROM pending')).toEqual([{ rows: 2 }])
  await first.stop()
})

test('a stop while it still reads leaves the rest for the next start', async () => {
  const names = Array.from({ length: 300 }, (_, at) => `sender ${at}`)
  const first = run()
  for (const name of names) first.mempool.add(pay(name), 'gossip')
  await first.stop()
  const second = run()
  await second.stop()
  expect(second.mempool.size).toBeLessThan(names.length)
  const third = run()
  await third.kept.restored
  expect(third.mempool.size).toBe(names.length)
  await third.stop()
})
