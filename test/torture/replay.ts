/**
 * The judge: a chain's file, opened as a node opens it, against a replay of its best chain from genesis.
 *
 *   1. SQLite's own integrity check, foreign keys included
 *   2. opened as a node does: every stored block can be read, side branches too
 *   3. the best chain from height 1 into an empty store, every rule checked again
 *   4. both files hold the same: accounts, undo data, best chain, transactions, history
 *   5. the sum of all balances is what was allocated and issued
 *
 * Throws an AssertionError at the first difference.
 */
import assert from 'node:assert/strict'
import { copyFileSync, existsSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { pino } from 'pino'
import { Chain } from '../../src/chain/chain.ts'
import { systemClock } from '../../src/chain/clock.ts'
import { type Hex, toHex } from '../../src/consensus/hex.ts'
import { type NetworkParams, subsidyAt } from '../../src/consensus/params.ts'
import { SqliteStore } from '../../src/storage/sqlite-store.ts'
import { dumpOf } from '../support/dump.ts'

export interface OpenChain {
  chain: Chain
  store: SqliteStore
  stop(): Promise<void>
}

/** Opens a chain's file as a node does. */
export function openChain(path: string, params: NetworkParams): OpenChain {
  const store = SqliteStore.open(path, params)
  try {
    const chain = new Chain({ params, store, clock: systemClock, log: pino({ level: 'silent' }) })
    chain.start()
    return {
      chain,
      store,
      async stop() {
        await chain.stop()
        store.close()
      },
    }
  } catch (error) {
    store.close()
    throw error
  }
}

export interface Found {
  tip: Hex
  height: number
  /** Of the best chain, expected hashes. */
  work: bigint
  /** Every block in the file, side branches too, with the work of the chain up to it. */
  stored: Map<Hex, bigint>
  /** Balance of an account, units. */
  balanceOf(account: Uint8Array): number
}

let replays = 0

/** Judges a file that no process has open, and says what is in it. Its log is put into it on the way. */
export async function auditReplay(path: string, params: NetworkParams): Promise<Found> {
  assertIntact(path)
  const found = openChain(path, params)
  const memory = `file:replay-${(replays += 1)}?mode=memory&cache=shared`
  const replay = openChain(memory, params)
  try {
    const stored = new Map<Hex, bigint>()
    for (const { hash } of found.store.headers()) {
      assert.ok(found.store.block(hash), `block ${hash} has no body`)
      stored.set(hash, found.chain.record(hash)?.work ?? assert.fail(`block ${hash} is not in the index`))
    }
    const { hash: tip, height, work } = found.chain.tip
    let issued = params.allocations.reduce((sum, { amount }) => sum + amount, 0)
    for (let at = 1; at <= height; at++) {
      const hash = found.chain.hashAt(at) ?? assert.fail(`nothing at height ${at}`)
      const block = found.chain.block(hash) ?? assert.fail(`no block ${hash} at height ${at}`)
      const { outcome } = await replay.chain.add(block, 'sync')
      assert.equal(outcome, 'connected', `block ${hash} at height ${at}, replayed`)
      issued += subsidyAt(at, params)
    }
    const dump = dumpOf(path)
    assert.deepEqual(dump, dumpOf(memory), 'the file and a replay from genesis')
    assert.equal(replay.chain.tip.hash, tip)
    const accounts = dump.accounts as [string, number, number][] // what its SQL selects
    assert.equal(accounts.reduce((sum, [, balance]) => sum + balance, 0), issued, 'all balances together')
    const balances = new Map(accounts.map(([account, balance]) => [account.toLowerCase(), balance]))
    return { tip, height, work, stored, balanceOf: (account) => balances.get(toHex(account)) ?? 0 }
  } finally {
    await found.stop()
    await replay.stop()
  }
}

function assertIntact(path: string): void {
  const database = new DatabaseSync(path, { returnArrays: true })
  try {
    assert.deepEqual(database.prepare('PRAGMA integrity_check').all(), [['ok']])
    assert.deepEqual(database.prepare('PRAGMA foreign_key_check').all(), [])
  } finally {
    database.close()
  }
}

/**
 * A chain's file with its log, as they lie there: what comes after a crash can be looked at in the copy, and met by the
 * next process in the original.
 */
export function copyChain(from: string, to: string): void {
  removeChain(to)
  for (const suffix of ['', '-wal']) if (existsSync(from + suffix)) copyFileSync(from + suffix, to + suffix)
}

export function removeChain(path: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true })
}
