/**
 * The chain's store in one SQLite file.
 *
 * Whatever is read is checked: a header against the hash that it is stored under, a body against the root in its
 * header, a transaction against its id. A mismatch is damage and fails with `StorageError` `storage-damaged`.
 *
 * @example
 *   const store = SqliteStore.open('/home/me/.cairn/lan/chain.sqlite', networkParams('lan'))
 *   const chain = new Chain({ params, store, clock: systemClock, log })
 *   …
 *   await chain.stop()
 *   store.close()
 */
import type { Batch, HistoryEntry, HistoryPage, Store, StoredBlock, StoredTransaction } from '../chain/store.ts'
import { bodyRoot } from '../consensus/block.ts'
import { genesisOf } from '../consensus/genesis.ts'
import { blockHash } from '../consensus/header.ts'
import { equalBytes, fromHex, type Hex, toHex } from '../consensus/hex.ts'
import { NEW_ACCOUNT } from '../consensus/ledger.ts'
import type { NetworkParams } from '../consensus/params.ts'
import { transactionId } from '../consensus/transaction.ts'
import { type AccountState, type Body, decodeBody, type Header } from '../consensus/types.ts'
import { Database } from './database.ts'
import { SqlitePeerBook } from './peer-book.ts'
import { SqliteBatch } from './sqlite-batch.ts'
import { damaged, StorageError } from './storage-error.ts'

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
  body: Uint8Array
}

/** Above every height (u32): the place before which all history lies. */
const END = { height: 2 ** 32, position: 0 }

export class SqliteStore implements Store {
  /** Peers remembered in the same file. */
  readonly peers: SqlitePeerBook
  readonly #database: Database
  readonly #batch: Batch

  private constructor(database: Database) {
    this.#database = database
    this.#batch = new SqliteBatch(database)
    this.peers = new SqlitePeerBook(database)
  }

  /**
   * Opens a network's file, or makes it.
   * @param path a file in a folder that exists, or `:memory:`
   * @throws StorageError where it is another network's, damaged, of a newer version, or cannot be used
   */
  static open(path: string, params: NetworkParams): SqliteStore {
    const database = Database.open(path)
    try {
      claim(database, params)
      return new SqliteStore(database)
    } catch (error) {
      database.close()
      throw error
    }
  }

  close(): void {
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
    const row = this.#database.get<BlockRow>('block', fromHex(hash))
    return row && this.#block(row)
  }

  encodedBody(hash: Hex): Uint8Array | undefined {
    const row = this.#database.get<BlockRow>('block', fromHex(hash))
    if (row !== undefined) this.#block(row)
    return row?.body
  }

  account(account: Uint8Array): AccountState {
    const row = this.#database.get<AccountState>('account', account)
    return row === undefined ? { ...NEW_ACCOUNT } : { balance: row.balance, nonce: row.nonce }
  }

  transaction(id: Hex): StoredTransaction | undefined {
    const key = fromHex(id)
    const row = this.#database.get<{ height: number; position: number; hash: Uint8Array; body: Uint8Array }>('transaction', key)
    if (row === undefined) return undefined
    const transaction = this.#body(row.hash, row.body).transactions[row.position]
    if (transaction === undefined || !equalBytes(transactionId(transaction), key)) {
      throw damaged(this.#database.path, `transaction ${id} is not what block ${toHex(row.hash)} has at ${row.position}`)
    }
    return { transaction, blockHash: toHex(row.hash), height: row.height, position: row.position }
  }

  history(account: Uint8Array, { before = END, limit }: HistoryPage): HistoryEntry[] {
    const rows = this.#database.all<{ id: Uint8Array; height: number; position: number }>(
      'history', account, before.height, before.position, limit,
    )
    return rows.map(({ id, height, position }) => ({ id: toHex(id), height, position }))
  }

  write<T>(work: (batch: Batch) => T): T {
    return this.#database.transaction(() => work(this.#batch))
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
    const transactionIds = body.transactions.map(transactionId)
    // Genesis commits to the network's parameters instead of a body.
    if (header.height > 0 && !equalBytes(bodyRoot(body, transactionIds), header.bodyRoot)) {
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
