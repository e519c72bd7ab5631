/**
 * The accounts at the best tip, in two tables and in memory.
 *
 *   settled_accounts   every account, as it was after some block      a B-tree as large as there are accounts
 *   recent_accounts    what each block since then made of accounts    a row a block, read when the file is opened
 *
 * Whom a block pays is anybody, so writing each account where it belongs would write a page of four kilobytes for each:
 * among a million accounts that is a good part of what a block costs. So a block only appends one row, and once there are
 * many states in such rows, they are settled: each account once, in order, many to a page. Until then the recent ones are
 * answered from memory.
 *
 * All of it happens in the transaction of a block, and its row is taken off with the block: whatever a crash leaves, the
 * two tables together are the accounts at the tip. Where blocks are taken off that are settled already, all that is recent
 * is settled at the end of the same transaction.
 *
 *   connect, disconnect … → settleIfDue → commit          or, where it fails:  forget
 *
 * Fails with `StorageError` `storage-damaged` where a row is not what was written, or is missing.
 */
import { toAddress } from '../consensus/account.ts'
import { type AccountChange, NEW_ACCOUNT } from '../consensus/ledger.ts'
import type { AccountState } from '../consensus/types.ts'
import { AccountCache } from './account-cache.ts'
import { AccountTable } from './account-table.ts'
import type { Database } from './database.ts'
import { accountChecksum, recentChecksum } from './digest.ts'
import { type RecentStates, recentStates, statesIn } from './recent-states.ts'
import { damaged } from './storage-error.ts'

/**
 * States in recent_accounts before they are settled: some hundred blocks of a busy network, each an entry in memory at most
 * (15 MB). Settling writes nearly every page of a million accounts, with this many states as with half of them, so that a
 * state takes 6 microseconds instead of 8.
 */
const MAX_RECENT_STATES = 131_072

interface AccountRow extends AccountState {
  /** Null where an older version wrote the row. */
  checksum: number | null
  /** Which the checksum covers too. */
  height: number
}

/** A row of `settledAmong`. */
type RowAmong = [at: number, balance: number, nonce: number, checksum: number | null, height: number]

interface RecentRow extends RecentStates {
  height: number
  checksum: number
}

/** An account whose state is to be read into an object that its asker has already. */
interface Unknown {
  account: Uint8Array
  state: AccountState
}

export class StoredAccounts {
  readonly #database: Database
  readonly #maxRecentStates: number
  readonly #cache = new AccountCache()
  /** What recent_accounts says of each account in it; what was taken off is here as it was before. */
  #recent = new AccountTable()
  /** Number of states in recent_accounts: an account counts as often as a block touched it. */
  #recentStates = 0
  /** settled_accounts is as after the block of this height. */
  #settledHeight = -1
  #tipHeight = -1
  /** Whether blocks that are settled were taken off: then recent_accounts says less than what is in memory. */
  #wentBelow = false
  #isForgotten = false
  #hasWritten = false

  /** @throws StorageError where recent rows are not what was written */
  constructor(database: Database, maxRecentStates = MAX_RECENT_STATES) {
    this.#database = database
    this.#maxRecentStates = maxRecentStates
    this.#load()
  }

  /** State at the best tip; the caller's own to change. */
  get(account: Uint8Array): AccountState {
    this.#remember()
    return this.#known(account) ?? this.#read(account)
  }

  /**
   * The same of many at once, for a block. What is not in memory is read in one go and in order, so that look-ups share
   * pages; and it is not remembered, for what the block makes of it will be.
   */
  getAll(accounts: readonly Uint8Array[]): AccountState[] {
    this.#remember()
    const unknown: Unknown[] = []
    const states = accounts.map((account) => {
      const known = this.#known(account)
      if (known !== undefined) return known
      const state = { ...NEW_ACCOUNT }
      unknown.push({ account, state })
      return state
    })
    if (unknown.length > 0) this.#readAll(unknown)
    return states
  }

  /** A block on top of the chain: each account becomes its `after`. */
  connect(height: number, changes: readonly AccountChange[]): void {
    this.#remember()
    const { accounts, states } = recentStates(changes)
    this.#database.insert('insertRecentAccounts', height, accounts, states, recentChecksum(height, accounts, states))
    for (const { account, after } of changes) this.#recent.set(account, after)
    this.#hasWritten = true
    this.#recentStates += changes.length
    this.#tipHeight = height
  }

  /** The last block off the chain: the exact inverse of `connect`. */
  disconnect(height: number, before: readonly ({ account: Uint8Array } & AccountState)[]): void {
    this.#remember()
    const isRecent = this.#database.run('removeRecentAccounts', height) === 1
    if (isRecent) this.#recentStates -= before.length
    for (const state of before) this.#recent.set(state.account, state)
    this.#tipHeight = height - 1
    this.#wentBelow ||= height <= this.#settledHeight
  }

  /** To be called at the end of every transaction that changed accounts. */
  settleIfDue(): void {
    this.#remember()
    // Genesis may credit many, and everything after it is told from it.
    if (this.#wentBelow || this.#recentStates > this.#maxRecentStates || this.#settledHeight < 0) this.settle()
  }

  /** Whether there is something to settle that was written here. */
  get isUnsettled(): boolean {
    return this.#hasWritten && this.#recentStates > 0
  }

  /** Writes every recent account where it belongs; in a transaction. */
  settle(): void {
    this.#remember()
    for (const { account, state } of this.#recent.ascending()) this.#settle(account, state)
    this.#database.run('clearRecentAccounts')
    this.#cache.replace(this.#recent)
    this.#recent = new AccountTable()
    this.#recentStates = 0
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
    this.#recent = new AccountTable()
    this.#recentStates = 0
    this.#wentBelow = false
    this.#tipHeight = this.#database.get<{ height: number }>('tip')?.height ?? -1
    let next: number | undefined
    for (const row of this.#database.each<RecentRow>('recentAccounts')) {
      const { height, accounts, states, checksum } = row
      if (checksum !== recentChecksum(height, accounts, states)) throw this.#wrongRow(height)
      if (next === undefined) this.#settledHeight = height - 1
      else if (height !== next) throw this.#lostRow(next)
      for (const { account, state } of statesIn(row)) {
        this.#recent.set(account, state)
        this.#recentStates += 1
      }
      next = height + 1
    }
    if (next === undefined) this.#settledHeight = this.#tipHeight
    else if (next !== this.#tipHeight + 1) throw this.#lostRow(next)
  }

  #known(account: Uint8Array): AccountState | undefined {
    return this.#recent.get(account) ?? this.#cache.get(account)
  }

  #read(account: Uint8Array): AccountState {
    const row = this.#database.get<AccountRow>('settledAccount', account)
    if (row !== undefined) this.#checkSettled(row, account)
    const { balance, nonce } = row ?? NEW_ACCOUNT
    this.#cache.set(account, { balance, nonce })
    return { balance, nonce }
  }

  /** Gives each its state, where it has one. */
  #readAll(unknown: Unknown[]): void {
    unknown.sort((a, b) => Buffer.compare(a.account, b.account))
    const accounts = Buffer.concat(unknown.map(({ account }) => account))
    for (const [at, balance, nonce, checksum, height] of this.#database.all<RowAmong>('settledAmong', accounts)) {
      const { account, state } = unknown[at]! // a place among them
      this.#checkSettled({ balance, nonce, checksum, height }, account)
      state.balance = balance
      state.nonce = nonce
    }
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

  #wrongBalance(account: Uint8Array): Error {
    return damaged(this.#database.path, `the balance of ${toAddress(account)} is not what was written`)
  }

  #wrongRow(height: number): Error {
    return damaged(this.#database.path, `table recent_accounts has another row at height ${height} than was written`)
  }

  #lostRow(height: number): Error {
    return damaged(this.#database.path, `table recent_accounts has lost its row at height ${height}`)
  }
}
