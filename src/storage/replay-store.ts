/**
 * A store for going through a snapshot's blocks again: it remembers accounts alone, and holds what each block does
 * against what the snapshot's tables say of it.
 *
 *   const chain = new Chain({ params, store: new ReplayStore(snapshot), clock, log })
 *   chain.start()                                        // genesis
 *   for (… of snapshot.blocks()) await chain.add(…)      // every rule again, then every table
 *   store.finish()                                       // accounts, and rows that no block accounts for
 *
 * | Table          | Held against                                                          | When        |
 * |----------------|-----------------------------------------------------------------------|-------------|
 * | `blocks`       | the digest of the body, where there is one                            | each block  |
 * | `undo`         | the accounts that the block touched, as they were before it           | each block  |
 * | `best_chain`   | the number of transactions so far                                     | each block  |
 * | `transactions` | an entry for each transaction of the era that the block ended         | each era    |
 * | `history`      | an entry for each of their senders and recipients                     | each era    |
 * | `recent_accounts` | where it has a row for the block: what that made of each account   | each block  |
 * | `accounts`     | every balance and nonce after the last block                          | at the end  |
 * | all of them    | no row too many                                                       | at the end  |
 *
 * The accounts lie in a temporary table, which SQLite keeps in a file that is gone when the snapshot is closed, and of the
 * index there is one era in memory: memory grows neither with the chain nor with the accounts. Chain work is in no table:
 * it is summed from the headers whenever a chain is opened.
 *
 * Fails with `StorageError` `storage-damaged` that names the height and the table.
 */
import type { Batch, Store, StoredBlock } from '../chain/store.ts'
import { toAddress } from '../consensus/account.ts'
import { equalBytes, fromHex, type Hex } from '../consensus/hex.ts'
import { type AccountChange, NEW_ACCOUNT } from '../consensus/ledger.ts'
import { type AccountState, type Block, encodeBody, type Header } from '../consensus/types.ts'
import { digestOf } from './digest.ts'
import { EraIndex } from './era-index.ts'
import { type Bucket, ENTRY_BYTES, type IndexEntries, placeAt } from './index-entries.ts'
import { BUCKETS, eraOf } from './schema.ts'
import type { Snapshot } from './snapshot.ts'
import { type RecentStates, recentStates } from './recent-states.ts'
import { encodeUndo } from './undo.ts'

const REPLAYED = `
  CREATE TEMP TABLE replayed (
    account BLOB PRIMARY KEY,
    balance INTEGER NOT NULL,
    nonce   INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`

const ACCOUNT = 'SELECT balance, nonce FROM replayed WHERE account = ?'
const SET_ACCOUNT = `INSERT INTO replayed (account, balance, nonce) VALUES (?, ?, ?)
                     ON CONFLICT (account) DO UPDATE SET balance = excluded.balance, nonce = excluded.nonce`
const REMOVE_ACCOUNT = 'DELETE FROM replayed WHERE account = ?'

/** What is wrong with a block's digest. */
export const OTHER_DIGEST = 'table blocks has another digest than the body'

const DIGEST = 'SELECT digest FROM blocks WHERE hash = ?'
const UNDO = 'SELECT accounts FROM undo WHERE block = (SELECT id FROM blocks WHERE hash = ?)'
const TOTAL = 'SELECT total FROM best_chain WHERE height = ?'
const ENTRIES = {
  transactions: 'SELECT bucket, entries FROM transactions WHERE bucket BETWEEN ? AND ? ORDER BY bucket',
  history: 'SELECT bucket, entries FROM history WHERE bucket BETWEEN ? AND ? ORDER BY bucket',
}
const STRAY_ENTRIES = {
  transactions: 'SELECT bucket FROM transactions WHERE bucket NOT BETWEEN 0 AND ? LIMIT 1',
  history: 'SELECT bucket FROM history WHERE bucket NOT BETWEEN 0 AND ? LIMIT 1',
}
const RECENT_FROM = 'SELECT min(height) AS height FROM recent_accounts'
const RECENT = 'SELECT accounts, states FROM recent_accounts WHERE height = ?'

/** An account that differs, if there is one: stored (by the view) beside replayed, null where one of them has no row. */
const DIFFERING_ACCOUNT = `
  SELECT account, stored.balance, stored.nonce, replayed.balance AS replayedBalance, replayed.nonce AS replayedNonce
    FROM main.accounts AS stored FULL JOIN replayed USING (account)
   WHERE stored.balance IS NOT replayed.balance OR stored.nonce IS NOT replayed.nonce
   LIMIT 1`

interface DifferingAccount {
  account: Uint8Array
  balance: number | null
  nonce: number | null
  replayedBalance: number | null
  replayedNonce: number | null
}

export class ReplayStore implements Store {
  readonly #snapshot: Snapshot
  readonly #batch: Batch
  #last: { hash: Hex; header: Header } | undefined
  /** Height from which recent_accounts has rows; null where it has none. */
  readonly #recentFrom: number | null
  #transactions = 0
  /** What the blocks since the last era have. */
  #era = new EraIndex()

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot
    snapshot.run(REPLAYED)
    snapshot.run('PRAGMA temp.journal_mode = OFF')
    this.#recentFrom = snapshot.get<{ height: number | null }>(RECENT_FROM)?.height ?? null
    this.#batch = {
      insert: (hash, block, encodedBody) => this.#insert(hash, block, encodedBody),
      connect: (hash, stored, changes) => this.#connect(hash, stored, changes),
      remove: (hash) => { throw new Error(`assertion: a replay of one chain takes out ${hash}`) },
      disconnect: (hash) => { throw new Error(`assertion: a replay of one chain takes off ${hash}`) },
    }
  }

  /** Number of accounts that are not as new, after the blocks so far. */
  get accounts(): number {
    return this.#count('replayed')
  }

  /** Number of transactions in the blocks so far. */
  get transactions(): number {
    return this.#transactions
  }

  account(account: Uint8Array): AccountState {
    return this.#snapshot.get<AccountState>(ACCOUNT, account) ?? { ...NEW_ACCOUNT }
  }

  readAccounts(accounts: readonly Uint8Array[]): AccountState[] {
    return accounts.map((account) => this.account(account))
  }

  header(hash: Hex): Header | undefined {
    return this.#last?.hash === hash ? this.#last.header : undefined
  }

  write<T>(work: (batch: Batch) => T): T {
    return work(this.#batch) // what fails ends the replay: there is nothing to take back
  }

  // A replay begins with nothing, and remembers no more than the above.
  headers(): Iterable<never> { return [] }
  tip(): undefined {}
  bestHeaders(): never[] { return [] }
  block(): undefined {}
  encodedBody(): undefined {}
  accountBefore(): undefined {}
  transaction(): undefined {}
  history(): never[] { return [] }

  /** What can be held against the tables only after the last block. */
  finish(): void {
    const { height } = this.#snapshot
    const account = this.#snapshot.get<DifferingAccount>(DIFFERING_ACCOUNT)
    if (account !== undefined) {
      const stored = shown(account.balance, account.nonce)
      const replayed = shown(account.replayedBalance, account.replayedNonce)
      throw this.#damaged(height, `table accounts has ${stored} for ${toAddress(account.account)}, the blocks give ${replayed}`)
    }
    for (const table of ['transactions', 'history'] as const) {
      const last = BUCKETS * eraOf(this.#transactions) - 1
      if (this.#snapshot.get(STRAY_ENTRIES[table], last) === undefined) continue
      throw this.#damaged(height, `table ${table} has entries of an era that is not over`)
    }
    if (this.#count('undo') !== height + 1) {
      throw this.#damaged(height, 'table undo has rows for blocks that are not on the best chain')
    }
  }

  /** Whether the digest that is stored with a block, if there is one, is its body's. */
  hasDigestOf(hash: Hex, encodedBody: Uint8Array): boolean {
    const digest = this.#snapshot.get<{ digest: Uint8Array | null }>(DIGEST, fromHex(hash))?.digest ?? undefined
    return digest === undefined || equalBytes(digest, digestOf(encodedBody))
  }

  #insert(hash: Hex, { header, body }: Block, encodedBody = encodeBody(body)): void {
    this.#last = { hash, header }
    if (!this.hasDigestOf(hash, encodedBody)) throw this.#damaged(header.height, OTHER_DIGEST)
  }

  #connect(hash: Hex, { block, transactionIds }: StoredBlock, changes: AccountChange[]): void {
    const { height } = block.header
    for (const { account, after: { balance, nonce } } of changes) {
      if (balance === 0 && nonce === 0) this.#snapshot.run(REMOVE_ACCOUNT, account)
      else this.#snapshot.run(SET_ACCOUNT, account, balance, nonce)
    }
    const undo = this.#snapshot.get<{ accounts: Uint8Array }>(UNDO, fromHex(hash))?.accounts
    if (undo === undefined) throw this.#damaged(height, 'table undo has no row')
    if (!equalBytes(undo, encodeUndo(changes))) throw this.#damaged(height, 'table undo differs from what the block changed')
    this.#checkRecent(height, changes)
    this.#checkTotal(height, transactionIds.length)
    this.#era.add(height, block.body.transactions, transactionIds)
    this.#checkEras(height, eraOf(this.#transactions - transactionIds.length))
  }

  #checkRecent(height: number, changes: AccountChange[]): void {
    if (this.#recentFrom === null || height < this.#recentFrom) return
    const row = this.#snapshot.get<RecentStates>(RECENT, height)
    const { accounts, states } = recentStates(changes)
    if (row !== undefined && equalBytes(row.accounts, accounts) && row.states === states) return
    throw this.#damaged(height, 'table recent_accounts differs from what the block changed')
  }

  #checkTotal(height: number, transactions: number): void {
    this.#transactions += transactions
    const total = this.#snapshot.get<{ total: number }>(TOTAL, height)?.total
    if (total !== undefined && total !== this.#transactions) {
      throw this.#damaged(height, 'table best_chain counts other transactions than the blocks have')
    }
  }

  /** Where a block ended its era (and those after it, which have no block): what both tables have of it. */
  #checkEras(height: number, era: number): void {
    const next = eraOf(this.#transactions)
    if (next === era) return
    for (const table of ['transactions', 'history'] as const) {
      const rows = this.#snapshot.all<Bucket>(ENTRIES[table], BUCKETS * era, BUCKETS * next - 1)
      this.#checkEntries(height, table, this.#era[table], new Map(rows.map(({ bucket, entries }) => [bucket - BUCKETS * era, entries])))
    }
    this.#era = new EraIndex()
  }

  #checkEntries(height: number, table: keyof typeof ENTRIES, ofBlocks: IndexEntries, stored: Map<number, Uint8Array>): void {
    for (const { bucket, entries } of ofBlocks.buckets()) {
      const row = stored.get(bucket) ?? new Uint8Array(0)
      stored.delete(bucket)
      for (let at = 0; at < entries.length; at += ENTRY_BYTES) {
        if (equalBytes(entries.subarray(at, at + ENTRY_BYTES), row.subarray(at, at + ENTRY_BYTES))) continue
        const { height, position } = placeAt(entries, at)
        throw this.#damaged(height, `table ${table} has no entry for transaction ${position} where it belongs`)
      }
      if (row.length !== entries.length) throw this.#damaged(height, `table ${table} has an entry too many in its era`)
    }
    if (stored.size > 0) throw this.#damaged(height, `table ${table} has an entry too many in its era`)
  }

  #count(table: 'replayed' | 'undo'): number {
    return this.#snapshot.get<{ count: number }>(`SELECT count(*) AS count FROM ${table}`)?.count ?? 0
  }

  #damaged(height: number, what: string): Error {
    return this.#snapshot.damagedAt(height, what)
  }
}

const shown = (balance: number | null, nonce: number | null): string =>
  balance === null ? 'nothing' : `balance ${balance} and nonce ${nonce}`
