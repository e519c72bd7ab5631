/**
 * The accounts at the best tip, in two tables and in memory.
 *
 *   settled_accounts   every account, as it was after some block      a B-tree as large as there are accounts
 *   recent_accounts    what each block since then made of accounts    written in order, read when the file is opened
 *
 * Whom a block pays is anybody, so writing each account where it belongs would write a page of four kilobytes for each:
 * among a million accounts that is a good part of what a block costs. So a block only appends rows, and once there are
 * many, they are settled: each account once, in order, many to a page. Until then the recent ones are answered from
 * memory.
 *
 * All of it happens in the transaction of a block, and recent rows are taken off with their block: whatever a crash
 * leaves, the two tables together are the accounts at the tip. Where blocks are taken off that are settled already, all
 * that is recent is settled at the end of the same transaction.
 *
 *   connect, disconnect … → settleIfDue → commit          or, where it fails:  forget
 *
 * Fails with `StorageError` `storage-damaged` where a row is not what was written, or is missing.
 */
import { toAddress } from '../consensus/account.ts'
import { type AccountChange, NEW_ACCOUNT } from '../consensus/ledger.ts'
import type { AccountState } from '../consensus/types.ts'
import { AccountCache } from './account-cache.ts'
import type { Database } from './database.ts'
import { accountChecksum } from './digest.ts'
import { damaged } from './storage-error.ts'

/**
 * Rows of recent_accounts before they are settled: some hundred blocks of a busy network, each an entry in memory at most
 * (15 MB). Settling writes nearly every page of a million accounts, with this many rows as with half of them, so that a
 * row takes 6 microseconds instead of 8.
 */
const MAX_RECENT_ROWS = 131_072

interface AccountRow extends AccountState {
  /** Null where an older version wrote the row. */
  checksum: number | null
  /** Which the checksum covers too. */
  height: number
}

interface RecentRow extends AccountState {
  height: number
  position: number
  account: Uint8Array
  checksum: number
}

export class StoredAccounts {
  readonly #database: Database
  readonly #maxRecentRows: number
  readonly #cache = new AccountCache()
  /** What recent_accounts says of each account in it; what was taken off is here as it was before. */
  readonly #recent = new Map<string, AccountState>()
  #recentRows = 0
  /** settled_accounts is as after the block of this height. */
  #settledHeight = -1
  #tipHeight = -1
  /** Whether blocks that are settled were taken off: then rows say less than what is in memory. */
  #wentBelow = false
  #isForgotten = false
  #hasWritten = false

  /** @throws StorageError where recent rows are not what was written */
  constructor(database: Database, maxRecentRows = MAX_RECENT_ROWS) {
    this.#database = database
    this.#maxRecentRows = maxRecentRows
    this.#load()
  }

  /** State at the best tip; the caller's own to change. */
  get(account: Uint8Array): AccountState {
    this.#remember()
    const key = textOf(account)
    const { balance, nonce } = this.#recent.get(key) ?? this.#cache.get(key) ?? this.#read(account, key)
    return { balance, nonce }
  }

  /**
   * The same of many at once, for a block. What is not in memory is read in one go and in order, so that look-ups share
   * pages; and it is not remembered, for what the block makes of it will be.
   */
  getAll(accounts: readonly Uint8Array[]): AccountState[] {
    this.#remember()
    const keys = accounts.map(textOf)
    const known = keys.map((key) => this.#recent.get(key) ?? this.#cache.get(key))
    const unknown = new Set(keys.filter((_, at) => known[at] === undefined))
    const read = unknown.size === 0 ? undefined : this.#readAll([...unknown].sort()) // characters sort as their bytes do
    return keys.map((key, at) => {
      const { balance, nonce } = known[at] ?? read?.get(key) ?? NEW_ACCOUNT
      return { balance, nonce }
    })
  }

  /** A block on top of the chain: each account becomes its `after`. */
  connect(height: number, changes: readonly AccountChange[]): void {
    this.#remember()
    changes.forEach(({ account, after }, position) => {
      const { balance, nonce } = after
      const checksum = accountChecksum(account, after, height)
      this.#database.run('insertRecentAccount', height, position, account, balance, nonce, checksum)
      this.#recent.set(textOf(account), { balance, nonce })
    })
    this.#hasWritten = true
    this.#recentRows += changes.length
    this.#tipHeight = height
  }

  /** The last block off the chain: the exact inverse of `connect`. */
  disconnect(height: number, before: readonly ({ account: Uint8Array } & AccountState)[]): void {
    this.#remember()
    this.#recentRows -= this.#database.run('removeRecentAccounts', height)
    for (const { account, balance, nonce } of before) this.#recent.set(textOf(account), { balance, nonce })
    this.#tipHeight = height - 1
    this.#wentBelow ||= height <= this.#settledHeight
  }

  /** To be called at the end of every transaction that changed accounts. */
  settleIfDue(): void {
    this.#remember()
    // Genesis may credit many, and everything after it is told from it.
    if (this.#wentBelow || this.#recentRows > this.#maxRecentRows || this.#settledHeight < 0) this.settle()
  }

  /** Whether there is something to settle that was written here. */
  get isUnsettled(): boolean {
    return this.#hasWritten && this.#recentRows > 0
  }

  /** Writes every recent account where it belongs; in a transaction. */
  settle(): void {
    this.#remember()
    if (this.#wentBelow) for (const [key, state] of this.#recent) this.#settle(Buffer.from(key, 'latin1'), state)
    // No block makes an account as new that had something, so there is none to take out.
    else this.#database.run('settleRecent')
    this.#database.run('clearRecentAccounts')
    for (const [key, state] of this.#recent) this.#cache.set(key, state)
    this.#recent.clear()
    this.#recentRows = 0
    this.#settledHeight = this.#tipHeight
    this.#wentBelow = false
  }

  /** After a transaction that failed: what is in memory may not be so, and is read again when it is asked for. */
  forget(): void {
    this.#isForgotten = true
  }

  /** Looks at every settled account: a key with a turned bit is found by no look-up, and its owner would seem to own nothing. */
  checkSettled(): void {
    for (const row of this.#database.each<AccountRow & { account: Uint8Array }>('settledAccounts')) {
      this.#checkSettled(row, row.account)
    }
  }

  #remember(): void {
    if (this.#isForgotten) this.#load()
    this.#isForgotten = false
  }

  #load(): void {
    this.#cache.clear()
    this.#recent.clear()
    this.#recentRows = 0
    this.#wentBelow = false
    this.#tipHeight = this.#database.get<{ height: number }>('tip')?.height ?? -1
    let last: Pick<RecentRow, 'height' | 'position'> | undefined
    for (const row of this.#database.each<RecentRow>('recentAccounts')) {
      this.#checkRecent(row, last)
      if (last === undefined) this.#settledHeight = row.height - 1
      this.#recent.set(textOf(row.account), { balance: row.balance, nonce: row.nonce })
      this.#recentRows += 1
      last = row
    }
    if (last === undefined) this.#settledHeight = this.#tipHeight
    else if (last.height !== this.#tipHeight) throw this.#lostRow(last.height + 1)
  }

  #read(account: Uint8Array, key: string): AccountState {
    const row = this.#database.get<AccountRow>('settledAccount', account)
    if (row !== undefined) this.#checkSettled(row, account)
    const { balance, nonce } = row ?? NEW_ACCOUNT
    this.#cache.set(key, { balance, nonce })
    return { balance, nonce }
  }

  /** @param keys each once, ascending; who is as new has no entry */
  #readAll(keys: readonly string[]): Map<string, AccountState> {
    const states = new Map<string, AccountState>()
    const accounts = Buffer.from(keys.join(''), 'latin1')
    for (const row of this.#database.all<AccountRow & { at: number }>('settledAmong', accounts)) {
      this.#checkSettled(row, accounts.subarray(32 * row.at, 32 * row.at + 32))
      states.set(keys[row.at] as string, row) // a place among them
    }
    return states
  }

  /** An account that is as new has no row, so that the table depends on the chain alone and not on how it came about. */
  #settle(account: Uint8Array, state: AccountState): void {
    const { balance, nonce } = state
    if (balance === 0 && nonce === 0) this.#database.run('removeSettledAccount', account)
    else this.#database.run('settleAccount', account, balance, nonce, accountChecksum(account, state))
  }

  #checkSettled(row: AccountRow, account: Uint8Array): void {
    if (row.checksum !== null && row.checksum !== accountChecksum(account, row, row.height)) throw this.#wrongBalance(account)
  }

  #checkRecent(row: RecentRow, last: Pick<RecentRow, 'height' | 'position'> | undefined): void {
    const { height, position, account, checksum } = row
    if (checksum !== accountChecksum(account, row, height)) throw this.#wrongBalance(account)
    const follows = last !== undefined && height === last.height ? position === last.position + 1 : position === 0
    if (!follows || (last !== undefined && height > last.height + 1)) throw this.#lostRow(height)
  }

  #wrongBalance(account: Uint8Array): Error {
    return damaged(this.#database.path, `the balance of ${toAddress(account)} is not what was written`)
  }

  #lostRow(height: number): Error {
    return damaged(this.#database.path, `table recent_accounts has lost a row at height ${height}`)
  }
}

/** A key for maps: a character for each byte, half the room of hex. */
const textOf = (account: Uint8Array): string => Buffer.prototype.latin1Slice.call(account, 0, account.length)
