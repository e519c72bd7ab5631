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
import type { Batch, HistoryEntry, HistoryPage, Store, StoredBlock, StoredTransaction } from '../chain/store.ts'
import { toAddress } from '../consensus/account.ts'
import { bodyRoot } from '../consensus/block.ts'
import { genesisOf } from '../consensus/genesis.ts'
import { sha256 } from '../consensus/hash.ts'
import { blockHash } from '../consensus/header.ts'
import { equalBytes, fromHex, type Hex, toHex } from '../consensus/hex.ts'
import { NEW_ACCOUNT } from '../consensus/ledger.ts'
import type { NetworkParams } from '../consensus/params.ts'
import { transactionId } from '../consensus/transaction.ts'
import { type AccountState, type Body, decodeBody, encodedTransactions, type Header } from '../consensus/types.ts'
import { AccountCache } from './account-cache.ts'
import { Database } from './database.ts'
import { accountChecksum, digestOf } from './digest.ts'
import { SqlitePeerBook } from './peer-book.ts'
import { eraOf } from './schema.ts'
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

interface AccountRow extends AccountState {
  /** Null where an older version wrote the row. */
  checksum: number | null
}

interface BlockRow extends HeaderRow {
  digest: Uint8Array | null
  body: Uint8Array
}

/** Above every height (u32): the place before which all history lies. */
const END = { height: 2 ** 32, position: 0 }

export class SqliteStore implements Store {
  /** Peers remembered in the same file. */
  readonly peers: SqlitePeerBook
  readonly #database: Database
  readonly #accounts = new AccountCache()
  readonly #batch: Batch

  private constructor(database: Database) {
    this.#database = database
    this.#batch = new SqliteBatch(database, this.#accounts)
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
      if (database.lookedThrough) checkAccounts(database)
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
    if (row === undefined) return undefined
    if (isAsWritten(row)) this.#header(row)
    else this.#block(row)
    return row.body
  }

  account(account: Uint8Array): AccountState {
    const key = toHex(account)
    let state = this.#accounts.get(key)
    if (state === undefined) {
      state = this.#account(account)
      this.#accounts.set(key, state)
    }
    return { balance: state.balance, nonce: state.nonce } // the caller's own
  }

  transaction(id: Hex): StoredTransaction | undefined {
    const key = fromHex(id)
    let row: { height: number; position: number; hash: Uint8Array; body: Uint8Array } | undefined
    for (let era = this.#lastEra(); era >= 0 && row === undefined; era--) row = this.#database.get('transaction', era, key)
    if (row === undefined) return undefined
    const transaction = this.#body(row.hash, row.body).transactions[row.position]
    if (transaction === undefined || !equalBytes(transactionId(transaction), key)) {
      throw damaged(this.#database.path, `transaction ${id} is not what block ${toHex(row.hash)} has at ${row.position}`)
    }
    return { transaction, blockHash: toHex(row.hash), height: row.height, position: row.position }
  }

  history(account: Uint8Array, { before = END, limit }: HistoryPage): HistoryEntry[] {
    const entries: HistoryEntry[] = []
    const total = this.#database.get<{ total: number }>('total', before.height)?.total
    for (let era = total === undefined ? this.#lastEra() : eraOf(total); era >= 0 && entries.length < limit; era--) {
      const rows = this.#database.all<{ id: Uint8Array; height: number; position: number }>(
        'history', era, account, before.height, before.position, limit - entries.length,
      )
      for (const { id, height, position } of rows) entries.push({ id: toHex(id), height, position })
    }
    return entries
  }

  write<T>(work: (batch: Batch) => T): T {
    try {
      return this.#database.transaction(() => work(this.#batch))
    } catch (error) {
      this.#accounts.clear() // it may hold what was rolled back
      throw error
    }
  }

  #account(account: Uint8Array): AccountState {
    const row = this.#database.get<AccountRow>('account', account)
    if (row === undefined) return NEW_ACCOUNT
    checkAccount(row, account, this.#database.path)
    return row
  }

  /** That of the next block: none is later. */
  #lastEra(): number {
    return eraOf(this.#database.get<{ total: number }>('lastTotal')?.total ?? 0)
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

/** Every account: a key with a turned bit is found by no look-up, and its owner would seem to own nothing. */
function checkAccounts(database: Database): void {
  for (const row of database.each<AccountRow & { account: Uint8Array }>('accounts')) checkAccount(row, row.account, database.path)
}

function checkAccount(row: AccountRow, account: Uint8Array, path: string): void {
  if (row.checksum !== null && row.checksum !== accountChecksum(account, row)) {
    throw damaged(path, `the balance of ${toAddress(account)} is not what was written`)
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
