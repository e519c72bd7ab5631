/**
 * The chain's store in one SQLite file.
 *
 * Whatever is read is checked: a header against the hash that it is stored under, a body against the digest that was
 * stored with it (which had the root in its header then) or, where there is none, against that root, a transaction
 * against its id. A mismatch is damage and fails with `StorageError` `storage-damaged`.
 *
 * @example
 *   const store = SqliteStore.open('/home/me/.cairn/lan/chain.sqlite', networkParams('lan'))
 *   const chain = new Chain({ params, store, clock: systemClock, log })
 *   …
 *   await chain.stop()
 *   store.close()
 */
import { EventEmitter } from 'node:events'
import { statSync } from 'node:fs'
import type { Batch, HistoryEntry, HistoryPage, Store, StoredBlock, StoredTransaction } from '../chain/store.ts'
import { bodyRoot } from '../consensus/block.ts'
import { genesisOf } from '../consensus/genesis.ts'
import { sha256 } from '../consensus/hash.ts'
import { blockHash } from '../consensus/header.ts'
import { equalBytes, fromHex, type Hex, toHex } from '../consensus/hex.ts'
import type { NetworkParams } from '../consensus/params.ts'
import { type AccountState, type Body, decodeBody, encodedTransactions, type Header } from '../consensus/types.ts'
import { Database } from './database.ts'
import { digestOf } from './digest.ts'
import { SqlitePeerBook } from './peer-book.ts'
import { PendingRows } from './pending-rows.ts'
import { SqliteBatch } from './sqlite-batch.ts'
import { damaged, StorageError } from './storage-error.ts'
import { StoredAccounts } from './stored-accounts.ts'
import { TransactionIndex } from './transaction-index.ts'
import { readUndo } from './undo.ts'

interface HeaderRow {
  hash: Uint8Array
  version: number
  height: number
  parent: Uint8Array
  body_root: Uint8Array
  timestamp: number
  bits: number
  nonce: number
}

interface BlockRow extends HeaderRow {
  digest: Uint8Array | null
  body: Uint8Array
}

/**
 * Bytes of bodies between two times that pages are given up: whoever reads a whole chain would otherwise fill all of the
 * memory that there is for pages, with what nobody reads again soon.
 */
const MAX_BODY_BYTES_KEPT = 2 * 1_048_576

export interface StoreOptions {
  /** States that blocks may have made of accounts before they are settled: see stored-accounts.ts. @default 131 072 */
  maxRecentStates?: number
}

export interface StoreEvents {
  /** A transaction is on the disk: how long it took, from its beginning. A listener must not throw. */
  'store:committed': [{ elapsedMs: number }]
}

export class SqliteStore implements Store {
  /** Peers remembered in the same file. */
  readonly peers: SqlitePeerBook
  /** Pending transactions, kept in the same file. */
  readonly pending: PendingRows
  readonly events = new EventEmitter<StoreEvents>()
  readonly #database: Database
  readonly #accounts: StoredAccounts
  readonly #index: TransactionIndex
  /** Bytes of bodies read since pages were given up. */
  #bodyBytes = 0

  private constructor(database: Database, accounts: StoredAccounts) {
    this.#database = database
    this.#accounts = accounts
    this.#index = new TransactionIndex(database)
    this.peers = new SqlitePeerBook(database)
    this.pending = new PendingRows(database)
  }

  /**
   * Opens a network's file, or makes it.
   * @param path a file in a folder that exists, or `:memory:`
   * @throws StorageError where it is another network's, damaged, of a newer version, or cannot be used
   */
  static open(path: string, params: NetworkParams, options: StoreOptions = {}): SqliteStore {
    const database = Database.open(path)
    try {
      claim(database, params)
      const accounts = new StoredAccounts(database, options.maxRecentStates)
      if (database.lookedThrough) accounts.checkSettled()
      return new SqliteStore(database, accounts)
    } catch (error) {
      database.close()
      throw error
    }
  }

  /** Leaves the accounts settled, for the next start and for other tools, where that can be had. */
  close(): void {
    try {
      if (this.#accounts.isUnsettled) this.#database.transaction(() => this.#accounts.settle())
    } catch {
      // A full disk, a lock: they are as well kept as they are, and the next start reads them so.
    }
    this.#database.close()
  }

  *headers(): Iterable<{ hash: Hex; header: Header }> {
    for (const row of this.#database.each<HeaderRow>('headers')) yield { hash: toHex(row.hash), header: this.#header(row) }
  }

  tip(): Hex | undefined {
    const row = this.#database.get<{ hash: Uint8Array }>('tip')
    return row && toHex(row.hash)
  }

  header(hash: Hex): Header | undefined {
    const row = this.#database.get<HeaderRow>('header', fromHex(hash))
    return row && this.#header(row)
  }

  bestHeaders(from: number, limit: number): Header[] {
    return this.#database.all<HeaderRow>('bestHeaders', from, limit).map((row) => this.#header(row))
  }

  block(hash: Hex): StoredBlock | undefined {
    const row = this.#blockRow(hash)
    return row && this.#block(row)
  }

  encodedBody(hash: Hex): Uint8Array | undefined {
    const row = this.#blockRow(hash)
    if (row === undefined) return undefined
    if (isAsWritten(row)) this.#header(row)
    else this.#block(row)
    return row.body
  }

  account(account: Uint8Array): AccountState {
    return this.#accounts.get(account)
  }

  readAccounts(accounts: readonly Uint8Array[]): AccountState[] {
    return this.#accounts.getAll(accounts)
  }

  accountBefore(hash: Hex, account: Uint8Array): AccountState | undefined {
    return readUndo(this.#database, hash).find((before) => equalBytes(before.account, account))
  }

  transaction(id: Hex): StoredTransaction | undefined {
    return this.#index.find(id)
  }

  history(account: Uint8Array, page: HistoryPage): HistoryEntry[] {
    return this.#index.history(account, page)
  }

  /** Sizes of the file and of its log, bytes; 0 where there is none. */
  fileBytes(): { database: number; log: number } {
    const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0
    const { path } = this.#database
    return { database: sizeOf(path), log: sizeOf(`${path}-wal`) }
  }

  write<T>(work: (batch: Batch) => T): T {
    const since = performance.now()
    try {
      const result = this.#database.transaction(() => {
        const result = work(new SqliteBatch(this.#database, this.#accounts, this.#index))
        this.#accounts.settleIfDue()
        return result
      })
      this.events.emit('store:committed', { elapsedMs: performance.now() - since })
      return result
    } catch (error) {
      this.#accounts.forget()
      this.#index.forget()
      throw error
    }
  }

  #blockRow(hash: Hex): BlockRow | undefined {
    const row = this.#database.get<BlockRow>('block', fromHex(hash))
    this.#bodyBytes += row?.body.length ?? 0
    if (this.#bodyBytes > MAX_BODY_BYTES_KEPT) {
      this.#bodyBytes = 0
      this.#database.releasePages()
    }
    return row
  }

  #header({ hash, body_root, version, height, parent, timestamp, bits, nonce }: HeaderRow): Header {
    const header = { version, height, parent, bodyRoot: body_root, timestamp, bits, nonce }
    if (!equalBytes(blockHash(header), hash)) {
      throw damaged(this.#database.path, `the header of block ${toHex(hash)} has another hash`)
    }
    return header
  }

  #block(row: BlockRow): StoredBlock {
    const header = this.#header(row)
    const body = this.#body(row.hash, row.body)
    const transactionIds = encodedTransactions(row.body).map(sha256)
    // Genesis commits to the network's parameters instead of a body.
    if (!isAsWritten(row) && header.height > 0 && !equalBytes(bodyRoot(body, transactionIds), header.bodyRoot)) {
      throw damaged(this.#database.path, `the body of block ${toHex(row.hash)} has another root`)
    }
    return { block: { header, body }, transactionIds }
  }

  #body(hash: Uint8Array, encoded: Uint8Array): Body {
    try {
      return decodeBody(encoded)
    } catch (error) {
      throw damaged(this.#database.path, `the body of block ${toHex(hash)} cannot be read`, { cause: error })
    }
  }
}

/** Whether the bytes of a body are those that were written: then it was checked when it came, and need not be again. */
const isAsWritten = ({ digest, body }: BlockRow): boolean => digest !== null && equalBytes(digestOf(body), digest)

/** A new file becomes this network's; any other must be. */
function claim(database: Database, params: NetworkParams): void {
  const genesis = toHex(genesisOf(params).hash)
  const meta = (key: string): string | undefined => database.get<{ value: string }>('meta', key)?.value
  const owner = meta('genesis')
  if (owner === undefined) {
    database.transaction(() => {
      database.run('setMeta', 'network', params.name)
      database.run('setMeta', 'genesis', genesis)
    })
  } else if (owner !== genesis) {
    throw new StorageError(
      'storage-wrong-network',
      `${database.path} holds network ${meta('network')} (genesis ${owner.slice(0, 8)}), not ${params.name} ` +
        `(genesis ${genesis.slice(0, 8)}); name another data folder, or that network’s parameters`,
    )
  }
}
