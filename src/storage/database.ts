/**
 * One SQLite file: opened with care, its statements prepared once, its errors in words.
 *
 * WAL with synchronous=FULL: when a transaction has returned it is on the disk, and a crash at any moment leaves all
 * of it or nothing. Readers with other tools do not disturb it.
 *
 * Fails with `StorageError`; see storage-error.ts.
 */
import { existsSync } from 'node:fs'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { migrations } from './migrations.ts'
import { APPLICATION_ID, SCHEMA, SCHEMA_VERSION, type StatementName, STATEMENTS } from './schema.ts'
import { damaged, StorageError, translate } from './storage-error.ts'

/** How long a write waits for another program to finish its own, ms. It holds up the node, so not for long. */
const BUSY_TIMEOUT_MS = 1_000

/**
 * Pages that the log gathers before they are copied into the file, 32 MiB: pages that many blocks change are copied
 * once. (SQLite's own 1 000 are less than two full blocks write.)
 */
const CHECKPOINT_PAGES = 8_192

/** The log is cut back to so many bytes after a long reorganisation. */
const MAX_WAL_BYTES = 64 * 1_048_576

/**
 * A file of at most so many bytes is looked through at every opening, in a few tenths of a second; a larger one only where it
 * was not closed. (What is read later is checked in any case, and `cairn verify` looks at all of it.)
 */
const CHECKED_BYTES = 64 * 1_048_576

/** Statements whose rows are arrays: there are many of them, and objects with names take a third longer to make. */
const WITHOUT_NAMES: readonly StatementName[] = ['settledAmong']

/** Pages kept in memory, 48 MiB: what recent blocks touched, the upper levels of every index, and a million accounts. */
const CACHE_KIB = 48 * 1_024

export class Database {
  readonly path: string
  /** Whether the whole file was looked through when it was opened; a new one need not be. */
  readonly lookedThrough: boolean
  readonly #sqlite: DatabaseSync
  readonly #statements: Record<StatementName, StatementSync>

  private constructor(path: string, sqlite: DatabaseSync, lookedThrough: boolean) {
    this.path = path
    this.lookedThrough = lookedThrough
    this.#sqlite = sqlite
    const prepared = Object.entries(STATEMENTS).map(([name, sql]) => [name, sqlite.prepare(sql)])
    this.#statements = Object.fromEntries(prepared) as Record<StatementName, StatementSync> // the same keys
    for (const name of WITHOUT_NAMES) this.#statements[name].setReturnArrays(true)
  }

  /**
   * Opens a file, or makes it with empty tables.
   * @param path `:memory:` for one that is gone when it is closed
   */
  static open(path: string): Database {
    let sqlite: DatabaseSync | undefined
    const leftLog = existsSync(`${path}-wal`)
    try {
      sqlite = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: true })
      return new Database(path, sqlite, prepareFile(sqlite, path, leftLog))
    } catch (error) {
      sqlite?.close()
      throw translate(error, path)
    }
  }

  /**
   * The first row. `Row` is what the statement selects, of those in `WITHOUT_NAMES` as a tuple: STRICT tables hold the types
   * that schema.ts gives.
   */
  get<Row>(name: StatementName, ...values: SQLInputValue[]): Row | undefined {
    try {
      return this.#statements[name].get(...values) as Row | undefined
    } catch (error) {
      throw translate(error, this.path)
    }
  }

  /** All rows; see `get`. */
  all<Row>(name: StatementName, ...values: SQLInputValue[]): Row[] {
    return this.#tried(() => this.#statements[name].all(...values) as Row[])
  }

  /** The rows one by one; see `get`. */
  *each<Row>(name: StatementName, ...values: SQLInputValue[]): Iterable<Row> {
    try {
      yield* this.#statements[name].iterate(...values) as Iterable<Row>
    } catch (error) {
      throw translate(error, this.path)
    }
  }

  /** @returns number of rows changed */
  run(name: StatementName, ...values: SQLInputValue[]): number {
    try {
      return Number(this.#statements[name].run(...values).changes)
    } catch (error) {
      throw translate(error, this.path)
    }
  }

  /** Inserts a row whose number is known, or fails. Nothing is made to say how it went, as `run` does: a block has four of these. */
  insert(name: StatementName, ...values: SQLInputValue[]): void {
    this.get(name, ...values)
  }

  /** @returns the number that the row was given: what an INTEGER PRIMARY KEY is filled with */
  insertNumbered(name: StatementName, ...values: SQLInputValue[]): number {
    try {
      return Number(this.#statements[name].run(...values).lastInsertRowid)
    } catch (error) {
      throw translate(error, this.path)
    }
  }

  /** All of `work` or nothing. */
  transaction<T>(work: () => T): T {
    this.get('begin')
    try {
      const result = work()
      this.get('commit')
      return result
    } catch (error) {
      this.#rollBack()
      throw error
    }
  }

  /** Gives up the pages in memory that need not be written. They are read again when they are asked for. */
  releasePages(): void {
    this.#tried(() => this.#sqlite.exec('PRAGMA shrink_memory'))
  }

  close(): void {
    if (this.#sqlite.isOpen) this.#sqlite.close()
  }

  #rollBack(): void {
    try {
      // After some errors (a full disk) SQLite has rolled back by itself.
      if (this.#sqlite.isTransaction) this.#sqlite.exec('ROLLBACK')
    } catch {
      // A disk that fails to roll back failed before, and that error says more. The next open rolls back.
    }
  }

  #tried<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      throw translate(error, this.path)
    }
  }
}

/**
 * Nothing is written before we know that the file is ours, whole, and of a version that we understand.
 * @param leftLog whether the last one to use it left its log, as a killed one does, instead of closing it
 * @returns whether the file was looked through
 */
function prepareFile(sqlite: DatabaseSync, path: string, leftLog: boolean): boolean {
  const pragma = (name: string): unknown => Object.values(sqlite.prepare(`PRAGMA ${name}`).get() ?? {})[0]
  const isNew = sqlite.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined
  let steps = [SCHEMA]
  let lookedThrough = false
  if (!isNew) {
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
    const bytes = Number(pragma('page_count')) * Number(pragma('page_size'))
    lookedThrough = leftLog || bytes <= CHECKED_BYTES
    const verdict = lookedThrough ? pragma('quick_check(1)') : 'ok'
    if (verdict !== 'ok') throw damaged(path, String(verdict).replaceAll(/\s+/g, ' '))
    steps = migrations(version, SCHEMA_VERSION)
  }
  sqlite.exec('PRAGMA journal_mode = WAL')
  sqlite.exec('PRAGMA synchronous = FULL')
  sqlite.exec(`PRAGMA journal_size_limit = ${MAX_WAL_BYTES}`)
  sqlite.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`)
  sqlite.exec(`PRAGMA cache_size = -${CACHE_KIB}`)
  // A write in any case: whether the file can be written is better known now than at the first block. (BEGIN IMMEDIATE
  // alone passes on a file that is read-only.)
  sqlite.exec(`BEGIN IMMEDIATE; ${steps.join('')} PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`)
  return lookedThrough
}
