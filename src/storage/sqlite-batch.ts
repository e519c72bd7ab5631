/**
 * What one transaction of the store does to the tables. `disconnect` mirrors `connect` line by line.
 *
 * An assertion here is a bug of ours: the transaction rolls back, as it does where a table has lost rows.
 */
import { equalBytes, fromHex, type Hex, toHex } from '../consensus/hex.ts'
import type { AccountChange } from '../consensus/ledger.ts'
import { type AccountState, type Block, encodeBody } from '../consensus/types.ts'
import type { Batch, StoredBlock } from '../chain/store.ts'
import type { AccountCache } from './account-cache.ts'
import type { Database } from './database.ts'
import { eraOf, type StatementName } from './schema.ts'
import { damaged } from './storage-error.ts'
import { accountChecksum, digestOf, undoChecksum } from './digest.ts'
import { decodeUndo, encodeUndo } from './undo.ts'

export class SqliteBatch implements Batch {
  readonly #database: Database
  readonly #accounts: AccountCache

  constructor(database: Database, accounts: AccountCache) {
    this.#database = database
    this.#accounts = accounts
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
    const before = this.#transactionsBefore(height)
    this.#one('appendBest', hash, before + transactionIds.length, key)
    const undo = encodeUndo(changes)
    this.#one('insertUndo', hash, undo, undoChecksum(undo), key)
    for (const { account, after } of changes) this.#setAccount(account, after)
    const era = eraOf(before)
    transactionIds.forEach((id, position) => this.#database.run('insertTransaction', height, position, id, era))
    for (const [account, position] of touches(block)) this.#database.run('insertHistory', era, account, height, position)
  }

  disconnect(hash: Hex, { block }: StoredBlock): void {
    const key = fromHex(hash)
    const { height } = block.header
    const era = eraOf(this.#transactionsBefore(height))
    for (const [account, position] of touches(block)) this.#database.run('removeHistory', era, account, height, position)
    this.#database.run('removeTransactions', height)
    for (const { account, ...before } of this.#undo(hash, key)) this.#setAccount(account, before)
    this.#one('removeUndo', hash, key)
    if (this.#database.run('removeBest', key) !== 1) {
      throw damaged(this.#database.path, `block ${hash} is missing from best_chain`)
    }
  }

  /** Number of transactions in the best chain below a height. */
  #transactionsBefore(height: number): number {
    return this.#database.get<{ total: number }>('total', height - 1)?.total ?? 0
  }

  #undo(hash: Hex, key: Uint8Array): ReturnType<typeof decodeUndo> {
    const row = this.#database.get<{ accounts: Uint8Array; checksum: number | null }>('undo', key)
    try {
      if (row !== undefined) {
        if ((row.checksum ?? undoChecksum(row.accounts)) !== undoChecksum(row.accounts)) throw new Error('its checksum differs')
        return decodeUndo(row.accounts)
      }
    } catch (error) {
      throw damaged(this.#database.path, `undo data of block ${hash} cannot be read`, { cause: error })
    }
    throw damaged(this.#database.path, `undo data of block ${hash} is missing`)
  }

  /** An account that is as new has no row, so that the table depends on the chain alone and not on how it came about. */
  #setAccount(account: Uint8Array, { balance, nonce }: AccountState): void {
    this.#accounts.set(toHex(account), { balance, nonce })
    if (balance === 0 && nonce === 0) this.#database.run('removeAccount', account)
    else this.#database.run('setAccount', account, balance, nonce, accountChecksum(account, { balance, nonce }))
  }

  /** Runs a statement that must change one row. */
  #one(statement: StatementName, hash: Hex, ...values: (Uint8Array | number)[]): void {
    const changed = this.#database.run(statement, ...values)
    if (changed !== 1) throw new Error(`assertion: ${statement} of block ${hash} changed ${changed} rows`)
  }
}

/** Whose history each transaction is part of: its sender's and its recipient's, once where they are the same. */
function* touches({ body }: Block): Iterable<[account: Uint8Array, position: number]> {
  for (const [position, { sender, recipient }] of body.transactions.entries()) {
    yield [sender, position]
    if (!equalBytes(sender, recipient)) yield [recipient, position]
  }
}
