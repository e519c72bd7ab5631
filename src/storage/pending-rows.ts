/**
 * Pending transactions in the chain's file, so that they outlive the node. Rows are only ever added at the end and taken
 * out: a few pages for each write, and none of those that a block writes.
 */
import { fromHex, type Hex, toHex } from '../consensus/hex.ts'
import type { Database } from './database.ts'

/** A transaction that waits for a block, as it is stored. */
export interface PendingRow {
  /** Of the row. */
  key: number
  /** As it was written: whoever reads compares it with the encoding. */
  id: Hex
  /** SSZ. */
  encoded: Uint8Array
  /** ms since the Unix epoch */
  receivedAt: number
  /** Whether this node's user gave it. */
  local: boolean
}

export class PendingRows {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** The first so many, in the order in which they were added; whatever is beyond is taken out. */
  load(limit: number): PendingRow[] {
    type Row = { id: number; hash: Uint8Array; received_at: number; local: number; encoded: Uint8Array }
    const rows = this.#database.all<Row>('pending', limit).map(({ id, hash, received_at, local, encoded }) => ({
      key: id, id: toHex(hash), encoded, receivedAt: received_at, local: local !== 0,
    }))
    const last = rows.at(-1)
    if (rows.length === limit && last !== undefined) this.#database.run('prunePending', last.key)
    return rows
  }

  /** Takes out all of them. */
  clear(): void {
    this.#database.run('prunePending', Number.MIN_SAFE_INTEGER)
  }

  /**
   * One transaction of the disk.
   * @param added keys that no row has
   * @param removed keys
   */
  write(added: readonly PendingRow[], removed: readonly number[]): void {
    this.#database.transaction(() => {
      for (const key of removed) this.#database.run('removePending', key)
      for (const { key, id, encoded, receivedAt, local } of added) {
        this.#database.run('insertPending', key, fromHex(id), receivedAt, local ? 1 : 0, encoded)
      }
    })
  }
}
