/**
 * The limit of storing: what a chain has its store write, recorded, and written again by SQLite alone, a durable
 * transaction a block. Nothing is checked, hashed, encoded or read on the way.
 */
import { DatabaseSync, type SQLInputValue, StatementSync } from 'node:sqlite'
import { pino } from 'pino'
import { Chain } from '../../../src/chain/chain.ts'
import { systemClock } from '../../../src/chain/clock.ts'
import type { NetworkParams } from '../../../src/consensus/params.ts'
import type { Block } from '../../../src/consensus/types.ts'
import { SCHEMA } from '../../../src/storage/schema.ts'
import { SqliteStore } from '../../../src/storage/sqlite-store.ts'
import { checkedOf } from '../../support/checked.ts'

/** A statement with its values. */
export interface Write {
  sql: string
  values: SQLInputValue[]
}

/** Every statement that changes something, by block. */
export async function recorded(params: NetworkParams, blocks: Iterable<Block>): Promise<Write[][]> {
  const store = SqliteStore.open(':memory:', params)
  const chain = new Chain({ params, store, clock: systemClock, log: pino({ level: 'silent' }), findChecked: checkedOf })
  const { get, run } = StatementSync.prototype
  const writes: Write[][] = []
  let current: Write[] = []
  StatementSync.prototype.run = function (this: StatementSync, ...values: SQLInputValue[]) {
    current.push({ sql: this.sourceSQL, values })
    return Reflect.apply(run, this, values)
  } as typeof run // its other form, with named parameters, is used nowhere
  StatementSync.prototype.get = function (this: StatementSync, ...values: SQLInputValue[]) {
    if (this.sourceSQL.startsWith('INSERT')) current.push({ sql: this.sourceSQL, values }) // others read, or begin and commit
    return Reflect.apply(get, this, values)
  } as typeof get // as above
  try {
    chain.start()
    for (const block of blocks) {
      writes.push(current)
      current = []
      await chain.add(block, 'sync')
    }
    return [...writes, current]
  } finally {
    Object.assign(StatementSync.prototype, { get, run })
    await chain.stop()
    store.close()
  }
}

/** @returns milliseconds for all but the first, which is genesis */
export function writeRaw(path: string, [genesis = [], ...blocks]: Write[][]): number {
  const sqlite = new DatabaseSync(path)
  sqlite.exec(SCHEMA)
  sqlite.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL') // and as database.ts has it
  sqlite.exec('PRAGMA wal_autocheckpoint = 8192; PRAGMA cache_size = -32768')
  const statements = new Map<string, StatementSync>()
  const write = (writes: Write[]): void => {
    sqlite.exec('BEGIN IMMEDIATE')
    for (const { sql, values } of writes) {
      let statement = statements.get(sql)
      if (statement === undefined) statements.set(sql, (statement = sqlite.prepare(sql)))
      statement.run(...values)
    }
    sqlite.exec('COMMIT')
  }
  write(genesis)
  const began = performance.now()
  for (const writes of blocks) write(writes)
  const ms = performance.now() - began
  sqlite.close()
  return ms
}
