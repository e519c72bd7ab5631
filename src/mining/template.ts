/**
 * The blocks that miners work on: everything but the nonce.
 *
 * A template's body is what the mempool pays most for, as far as it fits; its timestamp is now, but later than the
 * parent's; its bits are what the difficulty rule asks. What costs time is the body's content (20 000 pending: some ten
 * milliseconds), so it is kept and shared by all miners, and built again only when
 *
 *   the tip is another                                           always
 *   it is empty and something is pending by now                  a quiet network: who pays expects the next block
 *   new fees are worth a twentieth of what the block pays        whoever mines wants them
 *   something is pending for three seconds                       whoever pays, too, with whatever fee
 *
 * and never for each transaction. A template with the same content and a later timestamp is a matter of microseconds.
 *
 * @example
 *   const templates = new Templates({ params, tip, select, now })
 *   const { block, target } = templates.next(account)
 */
import { listRoot, rootFor } from '../consensus/body-root.ts'
import { type Ancestors, nextBits } from '../consensus/difficulty.ts'
import { fromHex, type Hex } from '../consensus/hex.ts'
import { type NetworkParams, subsidyAt } from '../consensus/params.ts'
import { fromCompact, type Target, workOf } from '../consensus/target.ts'
import { type Block, EMPTY_BLOCK_BYTES, MAX_TRANSACTION_BYTES, type Transaction } from '../consensus/types.ts'

/** What a template needs to know of a pending transaction. */
export interface Selected {
  readonly transaction: Transaction
  /** Its id, 32 bytes. */
  readonly hash: Uint8Array
  /** Encoded size. */
  readonly bytes: number
}

export interface TemplateComponents {
  params: NetworkParams
  /** The block to build on, and what the difficulty rule needs of it as a parent. */
  tip(): { hash: Hex; ancestors: Ancestors }
  /** @param maxBytes room for the body's list of transactions: their bytes, and an SSZ offset of 4 for each */
  select(maxBytes: number): readonly Selected[]
  /** Milliseconds since the Unix epoch. */
  now(): number
}

export interface Template {
  /** Its nonce is 0; any nonce that brings the hash under the target makes it valid. */
  block: Block
  target: Target
  /** Only the best-paying are in yet, so that searching begins at once: the next template has all. */
  partial: boolean
}

/** What is the same for every miner and every timestamp. */
interface Content {
  tip: Hex
  transactions: Transaction[]
  /** Of the list of transactions; see body-root.ts. */
  root: Uint8Array
  fees: number
  builtAt: number
  partial: boolean
}

const OFFSET_BYTES = 4

/** New fees for which a body is built again: this part of subsidy and fees together. */
const WORTHWHILE = 1 / 20
/** How long any other transaction waits for that, ms. */
const PATIENCE_MS = 3_000

/** Room of a first, partial body: some four hundred transactions, built in a millisecond or two… */
const QUICK_BYTES = 65_536
/** …where finding a block takes so many hashes that nobody finds one in that time: half of what network `lan` begins with. */
const QUICK_WORK = 2n ** 19n

export class Templates {
  readonly #components: TemplateComponents
  #content: Content | undefined
  /** What became pending since the content was built. */
  #added = { count: 0, fees: 0 }
  /** Least timestamp of the next template: no two are alike, so no header is searched twice. */
  #notBefore = 0

  constructor(components: TemplateComponents) {
    this.#components = components
  }

  /** A transaction became pending that the next block may hold. */
  transactionAdded(fee: number): void {
    this.#added.count += 1
    this.#added.fees += fee
  }

  /**
   * A template on the best chain's tip, unlike any given before.
   * @param account whom it pays, 32 bytes
   * @param quick whether a partial one will do as the first on a new tip
   */
  next(account: Uint8Array, quick = false): Template {
    const { params, tip, now } = this.#components
    const { hash, ancestors } = tip()
    const bits = nextBits(ancestors, params)
    const { target } = fromCompact(bits)
    const height = ancestors.height + 1
    const isNew = this.#content?.tip !== hash
    const { transactions, root, partial } = this.#contentOn(hash, height, quick && isNew && workOf(target) >= QUICK_WORK)
    const timestamp = Math.max(now(), ancestors.timestamp + 1, this.#notBefore)
    this.#notBefore = timestamp + 1
    const bodyRoot = rootFor(account, root)
    const header = { version: 1, height, parent: fromHex(hash), bodyRoot, timestamp, bits, nonce: 0 }
    return { block: { header, body: { miner: account, transactions } }, target, partial }
  }

  /** Does the part of the next template that takes time, where there is any, ahead of it. */
  refresh(): void {
    const { hash, ancestors } = this.#components.tip()
    this.#contentOn(hash, ancestors.height + 1, false)
  }

  /** The content there is, or a new one where that is out of date. */
  #contentOn(tip: Hex, height: number, quick: boolean): Content {
    if (this.#content === undefined || !this.#holds(tip, height)) this.#content = this.#build(tip, quick)
    return this.#content
  }

  /** Whether the content is still good enough for a block of that height on that tip. */
  #holds(tip: Hex, height: number): boolean {
    const content = this.#content
    if (content === undefined || content.tip !== tip || content.partial) return false
    const { count, fees } = this.#added
    if (count === 0) return true
    if (content.transactions.length === 0) return false
    const { params, now } = this.#components
    const pays = subsidyAt(height, params) + content.fees
    const waitedMs = now() - content.builtAt
    // A clock that was set back tells no age: build, and know it again.
    return fees < pays * WORTHWHILE && waitedMs >= 0 && waitedMs < PATIENCE_MS
  }

  #build(tip: Hex, quick: boolean): Content {
    const { params, select, now } = this.#components
    const room = params.maxBlockBytes - EMPTY_BLOCK_BYTES
    const given = quick ? Math.min(room, QUICK_BYTES) : room
    const selected = select(given)
    this.#added = { count: 0, fees: 0 }
    const transactions: Transaction[] = []
    const ids: Uint8Array[] = []
    let [used, fees] = [0, 0]
    for (const { bytes, transaction, hash } of selected) { // once: each lies somewhere else in memory
      transactions.push(transaction)
      ids.push(hash)
      used += OFFSET_BYTES + bytes
      fees += transaction.fee
    }
    return {
      tip,
      transactions,
      root: listRoot(ids),
      fees,
      builtAt: now(),
      // Where even the largest would still have fitted, there was no other.
      partial: given < room && given - used < OFFSET_BYTES + MAX_TRANSACTION_BYTES,
    }
  }
}
