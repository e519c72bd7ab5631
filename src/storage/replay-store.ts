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
 * | `transactions` | the ids of its transactions, in order                                 | each block  |
 * | `history`      | a row for the sender and the recipient of each                        | each block  |
 * | `accounts`     | every balance and nonce after the last block                          | at the end  |
 * | all of them    | no row too many                                                       | at the end  |
 *
 * The accounts lie in a temporary table, which SQLite keeps in a file that is gone when the snapshot is closed: memory
 * grows neither with the chain nor with the accounts. Chain work is in no table: it is summed from the headers whenever
 * a chain is opened.
 *
 * Fails with `StorageError` `storage-damaged` that names the height and the table.
 */
import type { Batch, Store, StoredBlock } from '../chain/store.ts'
import { toAddress } from '../consensus/account.ts'
import { equalBytes, fromHex, type Hex, toHex } from '../consensus/hex.ts'
import { type AccountChange, NEW_ACCOUNT } from '../consensus/ledger.ts'
import { type AccountState, type Block, type Body, encodeBody, type Header } from '../consensus/types.ts'
import { digestOf } from './digest.ts'
import { eraOf } from './schema.ts'
import type { Snapshot } from './snapshot.ts'
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

const DIGEST = 'SELECT digest FROM blocks WHERE hash = ?'
const UNDO = 'SELECT accounts FROM undo WHERE block = (SELECT id FROM blocks WHERE hash = ?)'
const TOTAL = 'SELECT total FROM best_chain WHERE height = ?'
const TRANSACTIONS = 'SELECT position, id, era FROM transactions WHERE height = ? ORDER BY position'
const HISTORY = 'SELECT 1 FROM history WHERE era = ? AND account = ? AND height = ? AND position = ?'

/** An account that differs, if there is one: stored beside replayed, null where one of them has no row. */
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
  #history = 0
  #transactions = 0

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot
    snapshot.run(REPLAYED)
    snapshot.run('PRAGMA temp.journal_mode = OFF')
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
    if (this.#count('transactions') !== this.#transactions) this.#findTransaction()
    if (this.#count('history') !== this.#history) this.#findHistory()
    if (this.#count('undo') !== height + 1) {
      throw this.#damaged(height, 'table undo has rows for blocks that are not on the best chain')
    }
  }

  #insert(hash: Hex, { header, body }: Block, encodedBody = encodeBody(body)): void {
    this.#last = { hash, header }
    const digest = this.#snapshot.get<{ digest: Uint8Array | null }>(DIGEST, fromHex(hash))?.digest ?? undefined
    if (digest !== undefined && !equalBytes(digest, digestOf(encodedBody))) {
      throw this.#damaged(header.height, 'table blocks has another digest than the body')
    }
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
    const era = eraOf(this.#transactions)
    this.#checkTransactions(height, era, transactionIds)
    this.#checkHistory(height, era, block.body)
  }

  #checkTransactions(height: number, blockEra: number, ids: Uint8Array[]): void {
    const rows = this.#snapshot.all<{ position: number; id: Uint8Array; era: number }>(TRANSACTIONS, height)
    const differs = rows.length !== ids.length || rows.some(({ position, id, era }, at) => {
      const expected = ids[at]
      return position !== at || era !== blockEra || expected === undefined || !equalBytes(id, expected)
    })
    if (differs) throw this.#damaged(height, 'table transactions has other transactions than the block')
    this.#transactions += ids.length
    const total = this.#snapshot.get<{ total: number }>(TOTAL, height)?.total
    if (total !== undefined && total !== this.#transactions) {
      throw this.#damaged(height, 'table best_chain counts other transactions than the blocks have')
    }
  }

  #checkHistory(height: number, era: number, { transactions }: Body): void {
    for (const [position, { sender, recipient }] of transactions.entries()) {
      const parties = equalBytes(sender, recipient) ? [sender] : [sender, recipient]
      for (const party of parties) {
        if (this.#snapshot.get(HISTORY, era, party, height, position) === undefined) {
          throw this.#damaged(height, `table history has no row for transaction ${position} of ${toAddress(party)}`)
        }
      }
      this.#history += parties.length
    }
  }

  /** Says which row is too many: every height of the chain has been compared, so it is of another. */
  #findTransaction(): never {
    const row = this.#snapshot.get<{ height: number; id: Uint8Array }>(
      'SELECT height, id FROM transactions WHERE height < 1 OR height > ? LIMIT 1', this.#snapshot.height,
    )
    if (row === undefined) throw new Error('assertion: rows of transactions were counted that none has')
    throw this.#damaged(row.height, `table transactions has ${toHex(row.id)}, which no block has there`)
  }

  /** Says which row is too many: the first by height that stands in another era, or whose account has no part there. */
  #findHistory(): never {
    const blocks = this.#snapshot.blocks()[Symbol.iterator]()
    let at = blocks.next()
    let before = 0
    const rows = this.#snapshot.each<{ era: number; account: Uint8Array; height: number; position: number }>(
      'SELECT era, account, height, position FROM history ORDER BY height, position',
    )
    for (const { era, account, height, position } of rows) {
      while (at.done !== true && at.value.height < height) {
        before += at.value.block.body.transactions.length
        at = blocks.next()
      }
      const transaction = at.done !== true && at.value.height === height && at.value.block.body.transactions[position]
      const isParty = transaction && [transaction.sender, transaction.recipient].some((party) => equalBytes(party, account))
      if (isParty && era === eraOf(before)) continue
      throw this.#damaged(height, `table history has a row too many for ${toAddress(account)}`)
    }
    throw new Error('assertion: rows of history were counted that none has')
  }

  #count(table: 'replayed' | 'transactions' | 'history' | 'undo'): number {
    return this.#snapshot.get<{ count: number }>(`SELECT count(*) AS count FROM ${table}`)?.count ?? 0
  }

  #damaged(height: number, what: string): Error {
    return this.#snapshot.damagedAt(height, what)
  }
}

const shown = (balance: number | null, nonce: number | null): string =>
  balance === null ? 'nothing' : `balance ${balance} and nonce ${nonce}`
