/**
 * A chain's file as it stood at one moment, read and never written: for looking it through while a node goes on
 * writing to it, from another process or this one.
 *
 * One read transaction from `open` to `close`: blocks that come meanwhile, and reorganisations, are not seen. As long
 * as it lasts the node cannot cut its log back (`chain.sqlite-wal`), so the log grows by what it writes.
 *
 * Headers are checked against the hash that they are stored under; everything else is for the caller to judge. Fails
 * with `StorageError`.
 *
 * @example
 *   const snapshot = Snapshot.open('/home/me/.cairn/lan/chain.sqlite')
 *   for (const { height, hash, block } of snapshot.blocks()) …
 *   snapshot.close()
 */
import { existsSync } from 'node:fs'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import type { RuleError } from '../consensus/errors.ts'
import { blockHash } from '../consensus/header.ts'
import { equalBytes, type Hex, toHex } from '../consensus/hex.ts'
import { type Block, decodeBody } from '../consensus/types.ts'
import { APPLICATION_ID, SCHEMA_VERSION } from './schema.ts'
import { StorageError, translate } from './storage-error.ts'

/** How long to wait for a node that is just opening or closing the file, ms. */
const BUSY_TIMEOUT_MS = 1_000

/** A block with the hash that it is stored under; the header has that hash. */
export interface SnapshotBlock {
  height: number
  hash: Hex
  block: Block
}

export interface DamageOptions extends ErrorOptions {
  /** Hash of the block, where it is on a side branch. */
  side?: Hex
}

/** A row of best_chain, or of a side branch, with its block; null where the other row is missing. */
interface PlacedRow {
  /** The height that it stands at, whatever its header says. */
  place: number
  hash: Uint8Array | null
  version: number
  height: number
  parent: Uint8Array
  body_root: Uint8Array
  timestamp: number
  bits: number
  nonce: number
  body: Uint8Array | null
}

/** Left joins, so that a lost row is seen and not skipped. */
const BEST = `
  SELECT best_chain.height AS place, hash, version, blocks.height AS height, parent, body_root, timestamp, bits, nonce, body
    FROM best_chain
    LEFT JOIN blocks ON blocks.id = best_chain.block
    LEFT JOIN bodies ON bodies.block = best_chain.block
   ORDER BY best_chain.height`

/** In order of arrival: parents come before their children. */
const SIDE = `
  SELECT height AS place, hash, version, height, parent, body_root, timestamp, bits, nonce, body
    FROM blocks
    LEFT JOIN bodies ON bodies.block = id
   WHERE id NOT IN (SELECT block FROM best_chain)
   ORDER BY id`

const STRAY_BODY = 'SELECT block FROM bodies LEFT JOIN blocks ON id = block WHERE id IS NULL LIMIT 1'

const TIP = `
  SELECT best_chain.height, hash FROM best_chain LEFT JOIN blocks ON id = block ORDER BY best_chain.height DESC LIMIT 1`

export class Snapshot {
  readonly path: string
  /** Name of the network. */
  readonly network: string
  /** Hash of its block 0. */
  readonly genesis: Hex
  /** The best chain's last block. */
  readonly height: number
  readonly tip: Hex
  readonly #sqlite: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()

  private constructor(path: string, sqlite: DatabaseSync) {
    this.path = path
    this.#sqlite = sqlite
    sqlite.exec('BEGIN') // the first reading below fixes the moment
    const meta = (key: string): { value: string } | undefined => this.get('SELECT value FROM meta WHERE key = ?', key)
    const [network, genesis] = [meta('network')?.value, meta('genesis')?.value]
    const last = this.get<{ height: number; hash: Uint8Array | null }>(TIP)
    if (network === undefined || genesis === undefined || last === undefined) {
      throw new StorageError('storage-unavailable', `${path} holds no chain yet; start a node on it first`)
    }
    this.network = network
    this.genesis = genesis
    this.height = last.height
    if (last.hash === null) throw this.damagedAt(last.height, 'table blocks has no row for it')
    this.tip = toHex(last.hash)
  }

  /**
   * @throws StorageError where there is no such file, it is no chain's, of another version, or cannot be read
   */
  static open(path: string): Snapshot {
    if (!existsSync(path)) throw new StorageError('storage-unavailable', `there is no ${path}; name a node’s data folder`)
    let sqlite: DatabaseSync | undefined
    try {
      sqlite = new DatabaseSync(path, { readOnly: true, timeout: BUSY_TIMEOUT_MS })
      checkKind(sqlite, path)
      sqlite.exec('PRAGMA temp_store = FILE') // temporary tables on disk, whatever SQLite was built to do
      return new Snapshot(path, sqlite)
    } catch (error) {
      sqlite?.close()
      throw translate(error, path)
    }
  }

  close(): void {
    if (this.#sqlite.isOpen) this.#sqlite.close()
  }

  /**
   * The best chain from genesis to its tip, in ascending height without a gap.
   * @throws StorageError that says at which height a row is missing, or is not what was written
   */
  *blocks(): Iterable<SnapshotBlock> {
    let height = 0
    for (const row of this.each<PlacedRow>(BEST)) {
      if (row.place !== height) throw this.damagedAt(height, 'table best_chain has no row')
      yield this.#block(row)
      height += 1
    }
  }

  /**
   * The blocks of all side branches, in order of arrival.
   * @throws StorageError that says which block has lost a row, or is not what was written
   */
  *sideBlocks(): Iterable<SnapshotBlock> {
    for (const row of this.each<PlacedRow>(SIDE)) yield this.#block(row, row.hash ?? undefined)
  }

  /** The first row. `Row` is what the SQL selects. */
  get<Row>(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#tried(() => this.#prepared(sql).get(...values) as Row | undefined)
  }

  /** All rows; see `get`. */
  all<Row>(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#tried(() => this.#prepared(sql).all(...values) as Row[])
  }

  /** The rows one by one; see `get`. Other statements may run meanwhile. */
  *each<Row>(sql: string, ...values: SQLInputValue[]): Iterable<Row> {
    try {
      yield* this.#sqlite.prepare(sql).iterate(...values) as Iterable<Row>
    } catch (error) {
      throw translate(error, this.path)
    }
  }

  /** Runs a statement on temporary tables: they lie in a file of their own, which is gone with the connection. */
  run(sql: string, ...values: SQLInputValue[]): void {
    this.#tried(() => this.#prepared(sql).run(...values))
  }

  /** Number of transactions in the best chain, as its rows count them. */
  countTransactions(): number {
    return this.get<{ count: number }>('SELECT total AS count FROM best_chain WHERE height = ?', this.height)?.count ?? 0
  }

  countSideBlocks(): number {
    return this.get<{ count: number }>(`SELECT count(*) AS count FROM (${SIDE})`)?.count ?? 0
  }

  /** @throws StorageError where a body is stored and its block is not */
  checkBodies(): void {
    const stray = this.get<{ block: number }>(STRAY_BODY)
    if (stray !== undefined) throw this.#damaged(`: table bodies has row ${stray.block}, and table blocks has no such block`)
  }

  /**
   * Looks through the file's pages and indexes. Takes its time, and nothing else runs meanwhile.
   * @throws StorageError that says what is broken
   */
  checkStructure(): void {
    const verdict = Object.values(this.get<Record<string, unknown>>('PRAGMA integrity_check(1)') ?? {})[0]
    if (verdict !== 'ok') throw this.#damaged(`: ${String(verdict).replaceAll(/\s+/g, ' ')}`)
  }

  /** What is wrong at a height, and what to do. */
  damagedAt(height: number, what: string, { side, ...cause }: DamageOptions = {}): StorageError {
    const where = side === undefined ? '' : ` on a side branch (block ${side})`
    return this.#damaged(` at height ${height}${where}: ${what}`, cause)
  }

  /** The same where a rule says what is wrong. A block that is too early is nobody’s fault, and nothing to move away. */
  refusedAt(height: number, { code, message }: Pick<RuleError, 'code' | 'message'>, options: DamageOptions = {}): StorageError {
    if (code === 'block-too-early') return new StorageError('storage-unavailable', `${this.path}: block ${height}: ${message}`)
    return this.damagedAt(height, `the block is refused: ${message}`, options)
  }

  #damaged(what: string, options?: ErrorOptions): StorageError {
    const advice = 'move it away and start again (peers have the chain), or import an exported one'
    return new StorageError('storage-damaged', `${this.path} is damaged${what}; ${advice}`, options)
  }

  /** @param sideHash of a block on a side branch */
  #block({ place, hash, body, body_root, ...fields }: PlacedRow, sideHash?: Uint8Array): SnapshotBlock {
    const side = sideHash && toHex(sideHash)
    if (hash === null) throw this.damagedAt(place, 'table blocks has no row for it', { side })
    if (body === null) throw this.damagedAt(place, 'table bodies has no row for it', { side })
    const { version, height, parent, timestamp, bits, nonce } = fields
    const header = { version, height, parent, bodyRoot: body_root, timestamp, bits, nonce }
    if (!equalBytes(blockHash(header), hash)) {
      throw this.damagedAt(place, `the header of block ${toHex(hash)} has another hash`, { side })
    }
    try {
      return { height: place, hash: toHex(hash), block: { header, body: decodeBody(body) } }
    } catch (error) {
      const what = `the body cannot be read (${(error as Error).message})` // a RuleError
      throw this.damagedAt(place, what, { cause: error, side })
    }
  }

  #prepared(sql: string): StatementSync {
    const prepared = this.#statements.get(sql) ?? this.#sqlite.prepare(sql)
    this.#statements.set(sql, prepared)
    return prepared
  }

  #tried<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      throw translate(error, this.path)
    }
  }
}

/** Whether the file is a chain's, of the version that we know. An older one is brought up by the next start of a node. */
function checkKind(sqlite: DatabaseSync, path: string): void {
  const pragma = (name: string): unknown => Object.values(sqlite.prepare(`PRAGMA ${name}`).get() ?? {})[0]
  if (sqlite.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined) {
    throw new StorageError('storage-unavailable', `${path} is empty; start a node on it first`)
  }
  if (pragma('application_id') !== APPLICATION_ID) {
    throw new StorageError('storage-damaged', `${path} is another program’s database, not a chain; name another data folder`)
  }
  const version = Number(pragma('user_version'))
  if (version > SCHEMA_VERSION) {
    throw new StorageError(
      'storage-newer-version',
      `${path} was written by a newer Cairn (schema ${version}, this one knows ${SCHEMA_VERSION}); update Cairn`,
    )
  }
  if (version < SCHEMA_VERSION) {
    throw new StorageError(
      'storage-unavailable',
      `${path} was written by an older Cairn (schema ${version}, this one reads ${SCHEMA_VERSION}); start a node on it once`,
    )
  }
}
