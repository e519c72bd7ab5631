/**
 * Where the transactions of the best chain stand: by id, and by who sent or was paid by them.
 *
 *   eras that are over    tables `transactions` and `history`      written when an era's last block is connected
 *   the era since then    in memory                                made of the bodies again when a store is opened
 *
 * So a block writes nothing for its transactions, and the block that ends an era writes all of its entries at once, in a
 * few hundred rows. What is in the tables depends on the chain alone: a block that is taken off again takes the entries of
 * the era that it ended with it, and what those before it have is read from their bodies when somebody asks.
 *
 * Both hold keys of six bytes, and ids and accounts are compared in the block itself. A key that two of them share costs a
 * look at a block more; one that the block does not have at that place is damage.
 *
 * Fails with `StorageError` `storage-damaged`.
 */
import type { HistoryEntry, HistoryPage, Place, StoredTransaction } from '../chain/store.ts'
import { sha256 } from '../consensus/hash.ts'
import { equalBytes, fromHex, type Hex, toHex } from '../consensus/hex.ts'
import { type Block, decodeBody, decodeTransaction, encodedTransactions, type Transaction } from '../consensus/types.ts'
import type { Database } from './database.ts'
import { digestOf } from './digest.ts'
import { EraIndex, partiesOf } from './era-index.ts'
import { ENTRY_BYTES, placesOf } from './index-entries.ts'
import { BUCKETS, bucketOf, eraOf, eraStart, keyOf } from './schema.ts'
import { damaged } from './storage-error.ts'

/** Above every height (u32): the place before which all history lies. */
const END: Place = { height: 2 ** 32, position: 0 }

/** The blocks of one look-up: many places are in the same one. */
type Bodies = Map<number, BlockBody>

interface BlockBody {
  hash: Uint8Array
  /** Encoded. */
  transactions: Uint8Array[]
}

interface BodyRow {
  hash: Uint8Array
  digest: Uint8Array | null
  body: Uint8Array
}

interface BucketRow {
  bucket: number
  entries: Uint8Array
}

interface LastRow {
  height: number
  /** Of transactions, with the block's. */
  total: number
}

type Table = 'transactions' | 'history'

export class TransactionIndex {
  readonly #database: Database
  /** The era of the next block as far as it goes; undefined until it is asked for. */
  #current: EraIndex | undefined
  /** See `total`; undefined until it is asked for. */
  #total: number | undefined

  constructor(database: Database) {
    this.#database = database
  }

  /** Number of transactions in the best chain. */
  get total(): number {
    return (this.#total ??= this.#last().total)
  }

  /**
   * A block that best_chain has now on top.
   * @param before `total` without it
   */
  connect({ header: { height }, body: { transactions } }: Block, transactionIds: readonly Uint8Array[], before: number): void {
    this.#total = before + transactionIds.length
    if (height === 0) this.#current = new EraIndex()
    this.#current?.add(height, transactions, transactionIds)
    const era = eraOf(before)
    if (eraOf(this.#total) === era) return
    const { transactions: ids, history } = this.#current ?? this.#read(era)
    for (const { bucket, entries } of ids.buckets()) this.#database.insert('insertTransactions', BUCKETS * era + bucket, entries)
    for (const { bucket, entries } of history.buckets()) this.#database.insert('insertHistory', BUCKETS * era + bucket, entries)
    this.#current = new EraIndex()
  }

  /** The last block off the chain, while best_chain has it still: the exact inverse of `connect`. */
  disconnect({ header: { height } }: Block, transactionIds: readonly Uint8Array[]): void {
    const before = this.#transactionsBefore(height)
    this.#total = before
    const era = eraOf(before)
    if (eraOf(before + transactionIds.length) === era) {
      this.#current?.removeFrom(height)
      return
    }
    for (const statement of ['removeTransactions', 'removeHistory'] as const) {
      this.#database.run(statement, BUCKETS * era, BUCKETS * era + BUCKETS - 1)
    }
    this.#current = undefined
  }

  /** After a transaction that failed: what is in memory may not be so, and is read again when it is asked for. */
  forget(): void {
    this.#current = undefined
    this.#total = undefined
  }

  find(id: Hex): StoredTransaction | undefined {
    const wanted = fromHex(id)
    const bodies: Bodies = new Map()
    for (const place of this.#places('transactions', wanted, this.#lastEra())) {
      const { encoded, hash } = this.#at(place, bodies)
      const found = sha256(encoded)
      if (!hasKeyOf(found, wanted)) throw this.#misplaced('transactions', place)
      if (!equalBytes(found, wanted)) continue
      return { transaction: this.#decode(encoded, hash), blockHash: toHex(hash), ...place }
    }
    return undefined
  }

  history(account: Uint8Array, { before = END, limit }: HistoryPage): HistoryEntry[] {
    const bodies: Bodies = new Map()
    const entries: HistoryEntry[] = []
    if (limit <= 0) return entries
    const total = this.#database.get<{ total: number }>('total', before.height)?.total
    for (const place of this.#places('history', account, total === undefined ? this.#lastEra() : eraOf(total))) {
      if (place.height > before.height || (place.height === before.height && place.position >= before.position)) continue
      const { encoded, hash } = this.#at(place, bodies)
      const parties = partiesOf(this.#decode(encoded, hash))
      if (!parties.some((party) => hasKeyOf(party, account))) throw this.#misplaced('history', place)
      if (parties.some((party) => equalBytes(party, account))) entries.push({ id: toHex(sha256(encoded)), ...place })
      if (entries.length === limit) break
    }
    return entries
  }

  /** Where the index has a hash's key, newest first, beginning with an era. */
  *#places(table: Table, hash: Uint8Array, era: number): Iterable<Place> {
    const last = this.#lastEra()
    if (era === last) {
      this.#current ??= this.#read(last)
      yield* placesOf(this.#current[table].all, hash).reverse()
    }
    const newest = BUCKETS * Math.min(era, last - 1) + bucketOf(hash)
    for (const { bucket, entries } of this.#database.each<BucketRow>(table, newest, keyOf(hash))) {
      if (entries.length % ENTRY_BYTES !== 0) throw damaged(this.#database.path, `table ${table} has half an entry in row ${bucket}`)
      yield* placesOf(entries, hash).reverse()
    }
  }

  /** That of the next block: none is later. */
  #lastEra(): number {
    return eraOf(this.#last().total)
  }

  /** Number of transactions in the best chain below a height. */
  #transactionsBefore(height: number): number {
    return this.#database.get<{ total: number }>('total', height - 1)?.total ?? 0
  }

  #last(): LastRow {
    return this.#database.get<LastRow>('last') ?? { height: -1, total: 0 }
  }

  /** An era, as far as best_chain has it on top, from the bodies. */
  #read(era: number): EraIndex {
    const index = new EraIndex()
    for (const { height, count } of this.#blocksOf(era)) {
      const { hash, transactions } = this.#body({ height, position: 0 })
      if (transactions.length !== count) {
        throw damaged(this.#database.path, `table best_chain counts ${count} transactions at height ${height}, the block has ${transactions.length}`)
      }
      index.add(height, transactions.map((encoded) => this.#decode(encoded, hash)), transactions.map(sha256))
    }
    return index
  }

  /**
   * Its blocks that have transactions, ascending, and how many as best_chain counts: where a count before the last is
   * damaged, some block has not as many. There may be a million blocks without transactions between two of them.
   */
  #blocksOf(era: number): { height: number; count: number }[] {
    const blocks: { height: number; count: number }[] = []
    let { height, total } = this.#last()
    while (height > 0 && total > eraStart(era)) {
      height = this.#firstWith(total, height)
      const before = this.#transactionsBefore(height)
      if (before >= eraStart(era)) blocks.push({ height, count: total - before })
      total = before
      height -= 1
    }
    return blocks.reverse()
  }

  /** The lowest height up to which there are so many transactions (more than none), at most a height where there are. */
  #firstWith(total: number, height: number): number {
    const isSoAt = (at: number): boolean => this.#transactionsBefore(at + 1) === total
    let first = height
    let step = 1
    for (; isSoAt(first - step); step *= 2) first -= step
    for (; step >= 1; step /= 2) if (isSoAt(first - step)) first -= step
    return first
  }

  #at(place: Place, bodies: Bodies): { encoded: Uint8Array; hash: Uint8Array } {
    const { height, position } = place
    let block = bodies.get(height)
    if (block === undefined) {
      block = this.#body(place)
      bodies.set(height, block)
    }
    const encoded = block.transactions[position]
    if (encoded === undefined) throw this.#misplaced('bodies', place)
    return { encoded, hash: block.hash }
  }

  #body(place: Place): BlockBody {
    const row = this.#database.get<BodyRow>('bestBody', place.height)
    if (row === undefined) throw this.#misplaced('best_chain', place)
    return { hash: row.hash, transactions: this.#split(row) }
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

const hasKeyOf = (hash: Uint8Array, other: Uint8Array): boolean => equalBytes(keyOf(hash), keyOf(other))
