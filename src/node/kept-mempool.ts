/**
 * Keeps pending transactions over restarts, in the chain's file.
 *
 * Written: what this node's user sends at once, before it is said to be sent; what others send after two seconds at
 * most, in small portions between which the node goes on, so that no block waits for more than one. What leaves the
 * pool sooner than that is never written. A crash loses what came in the last two seconds, and peers still have that.
 * What a reorganisation makes pending again is written at once too: it was said to be sent, or even mined, and nobody
 * else may have it.
 *
 * Read at start, in order: the user's own, so that nonces and balances are right from the beginning → everything else,
 * while the node serves already. A row counts for nothing but what it holds: its id is computed anew, its signature is
 * verified, and the pool admits it as if it came now (a block may hold it already), only with its old age. What is
 * damaged is dropped, with one line in the log for all of it; it never fails a start.
 *
 * @example
 *   const kept = new KeptMempool({ mempool, rows: store.pending, clock, log, verifier, genesisHash })
 *   kept.start()
 *   await kept.keep(mempool.add(payment, 'local'))
 *   await kept.stop()
 */
import type { Logger } from 'pino'
import { type Clock, turn } from '../chain/clock.ts'
import type { SignatureVerifier } from '../chain/signature-verifier.ts'
import { sha256 } from '../consensus/hash.ts'
import { type Hex, toHex } from '../consensus/hex.ts'
import { isSigned } from '../consensus/transaction.ts'
import { decodeTransaction, encodeTransaction, type Transaction } from '../consensus/types.ts'
import type { MempoolEvents } from '../mempool/mempool-events.ts'
import { DEFAULT_LIMITS, PolicyError } from '../mempool/policy.ts'
import type { Mempool } from '../mempool/pool.ts'
import type { PendingTransaction } from '../mempool/queue.ts'
import type { PendingRow, PendingRows } from '../storage/pending-rows.ts'

export interface KeptMempoolComponents {
  mempool: Pick<Mempool, 'add' | 'events' | 'follow'>
  rows: Pick<PendingRows, 'load' | 'clear' | 'write'>
  clock: Clock
  log: Logger
  /** @default signatures are verified here, some at a time */
  verifier?: SignatureVerifier | undefined
  /** 32 bytes. */
  genesisHash: Uint8Array
}

/** What came by gossip is written this often, ms. */
const SAVE_INTERVAL_MS = 2_000
/** Rows of one write: some 3 ms. */
const SLICE = 512
/** Rows read and admitted before others get a turn: a few ms, and as many signatures as two threads take at once. */
const RESTORED_A_TURN = 256

/** A row that says what it should. */
interface Sound {
  row: PendingRow
  transaction: Transaction
}

export class KeptMempool {
  readonly #components: KeptMempoolComponents
  /** Rows on the disk, by id. */
  readonly #keys = new Map<Hex, number>()
  /** Pending and not on the disk. */
  readonly #fresh = new Map<Hex, PendingTransaction>()
  /** Rows on the disk of what is pending no more. */
  readonly #stale = new Set<number>()
  /** Whoever waits for the next write, with what for. */
  #urgent: PendingTransaction[] = []
  #written: Promise<void> | undefined
  /** What a reorganisation made pending again is about to be written. */
  #returned: Promise<void> | undefined
  #lastKey = 0
  /** Rows that were none. */
  #damaged = 0
  #isFailing = false
  #isStopped = false
  #cancelTimer = (): void => {}
  #restoring: Promise<void> = Promise.resolve()

  constructor(components: KeptMempoolComponents) {
    this.#components = components
  }

  /** Resolves when everything that was kept is pending again, or dropped. */
  get restored(): Promise<void> {
    return this.#restoring
  }

  /** Reads what was kept; when it returns, the user's own transactions are pending. */
  start(): void {
    const { mempool, clock } = this.#components
    mempool.events.on('transaction:added', this.#onAdded)
    mempool.events.on('transaction:removed', this.#onRemoved)
    const rows = this.#load()
    const own = this.#sound(rows.filter(({ local }) => local))
    this.#restoreHere(own)
    this.#restoring = this.#restoreOthers(rows.filter(({ local }) => !local))
    const save = (): void => {
      void this.#saveAll()
      this.#cancelTimer = clock.after(SAVE_INTERVAL_MS, save)
    }
    this.#cancelTimer = clock.after(SAVE_INTERVAL_MS, save)
  }

  /** Writes a transaction now. A disk that fails is logged: the transaction is pending all the same. */
  keepNow(pending: PendingTransaction): void {
    if (this.#fresh.has(pending.id)) this.#write([pending])
  }

  /** Resolves when a transaction is on the disk; many that come together are one write. */
  keep(pending: PendingTransaction): Promise<void> {
    this.#urgent.push(pending)
    this.#written ??= this.#writeUrgent()
    return this.#written
  }

  async #writeUrgent(): Promise<void> {
    await turn(this.#components.clock)
    this.#written = undefined
    this.#write(this.#urgent.splice(0).filter(({ id }) => this.#fresh.has(id)))
  }

  /** Writes what is not written yet; the store may be closed afterwards. */
  async stop(): Promise<void> {
    const { mempool } = this.#components
    this.#isStopped = true
    this.#cancelTimer()
    await this.#restoring
    await this.#written
    await this.#returned
    mempool.follow() // what a block took is not kept
    mempool.events.off('transaction:added', this.#onAdded)
    mempool.events.off('transaction:removed', this.#onRemoved)
    this.#write([...this.#fresh.values()], [...this.#stale])
  }

  readonly #onAdded = ({ pending, origin }: MempoolEvents['transaction:added'][0]): void => {
    if (origin === 'restored') return
    this.#fresh.set(pending.id, pending)
    if (origin === 'reorg') this.#returned ??= this.#saveReturned()
  }

  readonly #onRemoved = ({ id }: MempoolEvents['transaction:removed'][0]): void => {
    if (!this.#fresh.delete(id)) this.#forget(id)
  }

  #forget(id: Hex): void {
    const key = this.#keys.get(id)
    if (key !== undefined) this.#stale.add(key)
    this.#keys.delete(id)
  }

  /** Once a reorganisation is over. */
  async #saveReturned(): Promise<void> {
    await turn(this.#components.clock)
    this.#returned = undefined
    await this.#saveAll()
  }

  async #saveAll(): Promise<void> {
    while ((this.#fresh.size > 0 || this.#stale.size > 0) && !this.#isStopped) {
      const added = firstOf(this.#fresh.values(), SLICE)
      if (!this.#write(added, firstOf(this.#stale, SLICE - added.length))) return
      await turn(this.#components.clock)
    }
  }

  /** @returns whether it is on the disk */
  #write(added: readonly PendingTransaction[], stale: readonly number[] = []): boolean {
    if (added.length + stale.length === 0) return true
    const rows = added.map(({ id, transaction, receivedAt, local }, at) => (
      { key: this.#lastKey + 1 + at, id, encoded: encodeTransaction(transaction), receivedAt, local }
    ))
    try {
      this.#components.rows.write(rows, stale)
    } catch (error) {
      if (!this.#isFailing) this.#components.log.warn({ code: 'mempool-not-kept', err: error }, 'cannot write down pending transactions: a restart will lose them')
      this.#isFailing = true
      return false
    }
    this.#isFailing = false
    this.#lastKey += rows.length
    for (const { id, key } of rows) {
      this.#keys.set(id, key)
      this.#fresh.delete(id)
    }
    for (const key of stale) this.#stale.delete(key)
    return true
  }

  #load(): PendingRow[] {
    const { rows, log } = this.#components
    try {
      const loaded = rows.load(DEFAULT_LIMITS.maxTransactions)
      this.#lastKey = Math.max(0, loaded.at(-1)?.key ?? 0)
      for (const { id, key } of loaded) {
        this.#forget(id) // twice the same
        this.#keys.set(id, key)
      }
      return loaded
    } catch (error) {
      log.warn({ code: 'mempool-rows-damaged', err: error }, 'cannot read pending transactions of the last run: dropped them')
      try {
        rows.clear()
      } catch {
        // A file that cannot be written fails at the next block, and says so then.
      }
      return []
    }
  }

  /** Those that hold what they say, of some rows. */
  #sound(rows: readonly PendingRow[]): Sound[] {
    return rows.flatMap((row) => {
      try {
        if (toHex(sha256(row.encoded)) === row.id) return [{ row, transaction: decodeTransaction(row.encoded) }]
      } catch {
        // It is no transaction.
      }
      this.#drop(row)
      return []
    })
  }

  #drop({ id }: PendingRow): void {
    this.#damaged += 1
    this.#forget(id)
  }

  /** Verifies here, and admits. */
  #restoreHere(all: readonly Sound[]): void {
    for (const sound of all) {
      if (isSigned(sound.transaction, this.#components.genesisHash)) this.#admit(sound)
      else this.#drop(sound.row)
    }
  }

  /** Verifies by threads where there are any, and admits, some at a time. Never rejects. */
  async #restoreOthers(rows: readonly PendingRow[]): Promise<void> {
    const { verifier, genesisHash, log } = this.#components
    for (let at = 0; at < rows.length; at += RESTORED_A_TURN) {
      await turn(this.#components.clock)
      if (this.#isStopped) return // what is left is on the disk still
      const slice = this.#sound(rows.slice(at, at + RESTORED_A_TURN))
      const encoded = slice.map(({ row }) => row.encoded)
      const isGood = await verifier?.firstBad(encoded, genesisHash).then((bad) => bad === undefined, () => false)
      if (this.#isStopped) return
      if (isGood === true) for (const sound of slice) this.#admit(sound)
      else this.#restoreHere(slice)
    }
    if (this.#damaged > 0) {
      const found = { code: 'mempool-rows-damaged', dropped: this.#damaged }
      log.warn(found, 'dropped pending transactions of the last run: their rows in the chain’s file are damaged')
    }
    if (this.#keys.size > 0) log.info({ pending: this.#keys.size }, 'took up the pending transactions of the last run')
  }

  #admit({ row: { id, encoded, receivedAt, local }, transaction }: Sound): void {
    const { mempool, clock } = this.#components
    const now = clock.now()
    try {
      if (receivedAt < now - DEFAULT_LIMITS.maxAgeMs) this.#forget(id)
      else mempool.add(transaction, 'restored', { isVerified: true, encoded, receivedAt: Math.min(receivedAt, now), local })
    } catch (error) {
      this.#forget(id)
      if (!(error instanceof PolicyError)) this.#components.log.debug({ err: error, id }, 'a stored transaction breaks a rule')
    }
  }
}

function firstOf<T>(values: Iterable<T>, count: number): T[] {
  const first: T[] = []
  for (const value of values) {
    if (first.length >= count) break
    first.push(value)
  }
  return first
}
