/**
 * Where the transactions of the best chain stand: by id, and by who sent or was paid by them.
 *
 * The tables hold keys of six bytes, and ids and accounts are compared in the block itself. A key that two of them share
 * costs a look at a block more; one that the block does not have at that place is damage.
 *
 * Fails with `StorageError` `storage-damaged`.
 */
import type { HistoryEntry, HistoryPage, Place, StoredTransaction } from '../chain/store.ts'
import { sha256 } from '../consensus/hash.ts'
import { equalBytes, fromHex, type Hex, toHex } from '../consensus/hex.ts'
import { type Block, decodeBody, decodeTransaction, encodedTransactions, type Transaction } from '../consensus/types.ts'
import type { Database } from './database.ts'
import { digestOf } from './digest.ts'
import { eraOf, keyOf } from './schema.ts'
import { damaged } from './storage-error.ts'

/** Above every height (u32): the place before which all history lies. */
const END: Place = { height: 2 ** 32, position: 0 }

/** The blocks of one look-up: many places are in the same one. */
type Bodies = Map<number, { hash: Uint8Array; transactions: Uint8Array[] }>

interface BodyRow {
  hash: Uint8Array
  digest: Uint8Array | null
  body: Uint8Array
}

interface HistoryRow {
  height: number
  positions: Uint8Array
}

export class TransactionIndex {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** A block on top of the chain. */
  connect({ header: { height }, body: { transactions } }: Block, transactionIds: readonly Uint8Array[]): void {
    const era = eraOf(this.transactionsBefore(height))
    transactionIds.forEach((id, position) => this.#database.run('insertTransaction', era, keyOf(id), height, position))
    for (const [key, positions] of positionsByKey(transactions)) {
      this.#database.run('insertHistory', era, key, height, encodePositions(positions))
    }
  }

  /** The last block off the chain: the exact inverse of `connect`. */
  disconnect({ header: { height }, body: { transactions } }: Block, transactionIds: readonly Uint8Array[]): void {
    const era = eraOf(this.transactionsBefore(height))
    transactionIds.forEach((id, position) => this.#database.run('removeTransaction', era, keyOf(id), height, position))
    for (const key of positionsByKey(transactions).keys()) this.#database.run('removeHistory', era, key, height)
  }

  /** Number of transactions in the best chain below a height. */
  transactionsBefore(height: number): number {
    return this.#database.get<{ total: number }>('total', height - 1)?.total ?? 0
  }

  find(id: Hex): StoredTransaction | undefined {
    const wanted = fromHex(id)
    const key = keyOf(wanted)
    const bodies: Bodies = new Map()
    for (let era = this.#lastEra(); era >= 0; era--) {
      for (const place of this.#database.all<Place>('transactions', era, key)) {
        const { encoded, hash } = this.#at(place, bodies)
        const found = sha256(encoded)
        if (keyOf(found) !== key) throw this.#misplaced('transactions', place)
        if (!equalBytes(found, wanted)) continue
        const { height, position } = place
        return { transaction: this.#decode(encoded, hash), blockHash: toHex(hash), height, position }
      }
    }
    return undefined
  }

  history(account: Uint8Array, { before = END, limit }: HistoryPage): HistoryEntry[] {
    const key = keyOf(account)
    const bodies: Bodies = new Map()
    const entries: HistoryEntry[] = []
    const total = this.#database.get<{ total: number }>('total', before.height)?.total
    let { height } = before
    for (let era = total === undefined ? this.#lastEra() : eraOf(total); era >= 0 && entries.length < limit; ) {
      const rows = this.#database.all<HistoryRow>('history', era, key, height, limit - entries.length)
      for (const row of rows) {
        for (const place of this.#placesIn(row, before)) {
          const { encoded, hash } = this.#at(place, bodies)
          const parties = partiesOf(this.#decode(encoded, hash))
          if (!parties.some((party) => keyOf(party) === key)) throw this.#misplaced('history', place)
          if (parties.some((party) => equalBytes(party, account))) entries.push({ id: toHex(sha256(encoded)), ...place })
          if (entries.length === limit) return entries
        }
        height = row.height - 1
      }
      if (rows.length === 0) era -= 1 // else there may be more of it: some may have been another's with the same key
    }
    return entries
  }

  /** What a row says, newest first, as far as it is before a place. */
  #placesIn({ height, positions }: HistoryRow, before: Place): Place[] {
    const places = decodePositions(positions).map((position) => ({ height, position }))
    return places.filter(({ position }) => height < before.height || position < before.position).reverse()
  }

  /** That of the next block: none is later. */
  #lastEra(): number {
    return eraOf(this.#database.get<{ total: number }>('lastTotal')?.total ?? 0)
  }

  #at(place: Place, bodies: Bodies): { encoded: Uint8Array; hash: Uint8Array } {
    const { height, position } = place
    let block = bodies.get(height)
    if (block === undefined) {
      const row = this.#database.get<BodyRow>('bestBody', height)
      if (row === undefined) throw this.#misplaced('best_chain', place)
      block = { hash: row.hash, transactions: this.#split(row) }
      bodies.set(height, block)
    }
    const encoded = block.transactions[position]
    if (encoded === undefined) throw this.#misplaced('bodies', place)
    return { encoded, hash: block.hash }
  }

  #split({ hash, digest, body }: BodyRow): Uint8Array[] {
    try {
      if (digest === null) decodeBody(body)
      else if (!equalBytes(digestOf(body), digest)) throw new Error('its digest differs')
      return encodedTransactions(body)
    } catch (error) {
      throw this.#unreadable(hash, error)
    }
  }

  #decode(encoded: Uint8Array, hash: Uint8Array): Transaction {
    try {
      return decodeTransaction(encoded)
    } catch (error) {
      throw this.#unreadable(hash, error)
    }
  }

  #unreadable(hash: Uint8Array, cause: unknown): Error {
    return damaged(this.#database.path, `the body of block ${toHex(hash)} cannot be read`, { cause })
  }

  #misplaced(table: string, { height, position }: Place): Error {
    return damaged(this.#database.path, `table ${table} has another transaction ${position} at height ${height} than the block`)
  }
}

/** Whose history a transaction is part of: its sender's and its recipient's, once where they are the same. */
export const partiesOf = ({ sender, recipient }: Transaction): Uint8Array[] =>
  equalBytes(sender, recipient) ? [sender] : [sender, recipient]

/** The rows of history that a block makes: the positions of each party's transactions, ascending, by its key. */
export function positionsByKey(transactions: readonly Transaction[]): Map<number, number[]> {
  const rows = new Map<number, number[]>()
  const add = (key: number, position: number): void => {
    const positions = rows.get(key)
    if (positions === undefined) rows.set(key, [position])
    else positions.push(position)
  }
  for (const [position, { sender, recipient }] of transactions.entries()) {
    const from = keyOf(sender)
    const to = keyOf(recipient)
    add(from, position)
    if (to !== from) add(to, position)
  }
  return rows
}

/** Positions as u16, little-endian: a body has at most 65 536 transactions. */
export function encodePositions(positions: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(2 * positions.length)
  for (const [at, position] of positions.entries()) {
    bytes[2 * at] = position & 255
    bytes[2 * at + 1] = position >> 8
  }
  return bytes
}

const decodePositions = (bytes: Uint8Array): number[] =>
  Array.from({ length: bytes.length >> 1 }, (_, at) => (bytes[2 * at] ?? 0) | ((bytes[2 * at + 1] ?? 0) << 8))
