/**
 * What one transaction of the store does to the tables. `disconnect` mirrors `connect` line by line.
 *
 * An assertion here is a bug of ours: the transaction rolls back, as it does where a table has lost rows.
 */
import { fromHex, type Hex } from '../consensus/hex.ts'
import type { AccountChange } from '../consensus/ledger.ts'
import { type Block, encodeBody } from '../consensus/types.ts'
import type { Batch, StoredBlock } from '../chain/store.ts'
import type { Database } from './database.ts'
import { digestOf, undoChecksum } from './digest.ts'
import type { StatementName } from './schema.ts'
import { damaged } from './storage-error.ts'
import type { StoredAccounts } from './stored-accounts.ts'
import type { TransactionIndex } from './transaction-index.ts'
import { encodeUndo, readUndo } from './undo.ts'

export class SqliteBatch implements Batch {
  readonly #database: Database
  readonly #accounts: StoredAccounts
  readonly #index: TransactionIndex

  constructor(database: Database, accounts: StoredAccounts, index: TransactionIndex) {
    this.#database = database
    this.#accounts = accounts
    this.#index = index
  }

  insert(hash: Hex, { header, body }: Block, encodedBody = encodeBody(body)): void {
    const key = fromHex(hash)
    const { version, height, parent, bodyRoot, timestamp, bits, nonce } = header
    this.#database.run('insertBlock', key, version, height, parent, bodyRoot, timestamp, bits, nonce, digestOf(encodedBody))
    this.#database.run('insertBody', encodedBody, key)
  }

  remove(hash: Hex): void {
    this.#one('removeBlock', hash, fromHex(hash))
  }

  connect(hash: Hex, { block, transactionIds }: StoredBlock, changes: AccountChange[]): void {
    const key = fromHex(hash)
    const { height } = block.header
    this.#one('appendBest', hash, this.#index.transactionsBefore(height) + transactionIds.length, key)
    const undo = encodeUndo(changes)
    this.#one('insertUndo', hash, undo, undoChecksum(undo), key)
    this.#accounts.connect(height, changes)
    this.#index.connect(block, transactionIds)
  }

  disconnect(hash: Hex, { block, transactionIds }: StoredBlock): void {
    const key = fromHex(hash)
    const { height } = block.header
    this.#index.disconnect(block, transactionIds)
    this.#accounts.disconnect(height, readUndo(this.#database, hash))
    this.#one('removeUndo', hash, key)
    if (this.#database.run('removeBest', key) !== 1) {
      throw damaged(this.#database.path, `block ${hash} is missing from best_chain`)
    }
  }

  /** Runs a statement that must change one row. */
  #one(statement: StatementName, hash: Hex, ...values: (Uint8Array | number)[]): void {
    const changed = this.#database.run(statement, ...values)
    if (changed !== 1) throw new Error(`assertion: ${statement} of block ${hash} changed ${changed} rows`)
  }
}
