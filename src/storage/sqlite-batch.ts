/**
 * What one transaction of the store does to the tables: each has a batch of its own. `disconnect` mirrors `connect` line
 * by line.
 *
 * Rows say their block by its number in the table `blocks`. A block is put on the chain in the transaction that stores it,
 * mostly, and its number is known then; one that was stored before is looked up by its hash.
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
  /** The block that was stored last. */
  #inserted: Hex | undefined
  #insertedId = 0

  constructor(database: Database, accounts: StoredAccounts, index: TransactionIndex) {
    this.#database = database
    this.#accounts = accounts
    this.#index = index
  }

  insert(hash: Hex, { header, body }: Block, encodedBody = encodeBody(body)): void {
    const key = fromHex(hash)
    const { version, height, parent, bodyRoot, timestamp, bits, nonce } = header
    const digest = digestOf(encodedBody)
    const id = this.#database.insertNumbered('insertBlock', key, version, height, parent, bodyRoot, timestamp, bits, nonce, digest)
    this.#database.insert('insertBody', id, encodedBody)
    this.#inserted = hash
    this.#insertedId = id
  }

  remove(hash: Hex): void {
    this.#inserted = undefined // its number may be given again
    this.#one('removeBlock', hash, fromHex(hash))
  }

  connect(hash: Hex, { block, transactionIds }: StoredBlock, changes: AccountChange[]): void {
    const id = this.#idOf(hash)
    const { height } = block.header
    const before = this.#index.total
    this.#database.insert('appendBest', height, id, before + transactionIds.length)
    const undo = encodeUndo(changes)
    this.#database.insert('insertUndo', id, undo, undoChecksum(undo))
    this.#accounts.connect(height, changes)
    this.#index.connect(block, transactionIds, before)
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

  #idOf(hash: Hex): number {
    if (hash === this.#inserted) return this.#insertedId
    const row = this.#database.get<{ id: number }>('blockId', fromHex(hash))
    if (row === undefined) throw new Error(`assertion: block ${hash} is connected and not stored`)
    return row.id
  }

  /** Runs a statement that must change one row. */
  #one(statement: StatementName, hash: Hex, ...values: (Uint8Array | number)[]): void {
    const changed = this.#database.run(statement, ...values)
    if (changed !== 1) throw new Error(`assertion: ${statement} of block ${hash} changed ${changed} rows`)
  }
}
