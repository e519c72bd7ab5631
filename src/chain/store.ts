/**
 * What the chain asks of a disk.
 *
 * The chain decides, the store remembers. Every write is one `write` call and one transaction: whatever its callback
 * does becomes durable together when it returns, and nothing of it happened when it throws. Reads inside the callback
 * see its own writes. All of it is synchronous, so no reader ever sees half a change.
 *
 * Blocks of side branches are stored like any other. Only the best chain has accounts, undo data, and the index of
 * transactions.
 *
 * Whatever is read is checked against the hash it was asked by. A store that cannot answer truthfully (damage, a full
 * disk) throws an error of its own, which passes through the chain untouched.
 *
 * @example
 *   store.write((batch) => {
 *     batch.insert(hash, block)
 *     const changes = connect(block.body, height, params, (accounts) => store.readAccounts(accounts))
 *     batch.connect(hash, { block, transactionIds }, changes)
 *   })
 */
import type { Checked } from '../consensus/checked-transaction.ts'
import type { AccountChange } from '../consensus/ledger.ts'
import type { AccountState, Block, Header, Transaction } from '../consensus/types.ts'
import type { Hex } from '../consensus/hex.ts'

export interface Store {
  /** Every stored header, in order of arrival, hence parents before children and genesis first. */
  headers(): Iterable<{ hash: Hex; header: Header }>
  /** Hash of the best chain's last block; undefined while the store is empty. */
  tip(): Hex | undefined
  header(hash: Hex): Header | undefined
  /** Headers of the best chain in ascending order, from a height on. */
  bestHeaders(from: number, limit: number): Header[]
  block(hash: Hex): StoredBlock | undefined
  /** The body of a block as SSZ, checked like `block`. */
  encodedBody(hash: Hex): Uint8Array | undefined
  /** State of an account at the best tip; `{ balance: 0, nonce: 0 }` where nothing is known of it. */
  account(account: Uint8Array): AccountState
  /** The same of many at once, in their order. */
  readAccounts(accounts: readonly Uint8Array[]): AccountState[]
  /** State of an account before a block of the best chain that touched it; undefined where that did not. */
  accountBefore(hash: Hex, account: Uint8Array): AccountState | undefined
  /** A transaction of the best chain. */
  transaction(id: Hex): StoredTransaction | undefined
  /** Transactions of the best chain that an account sent or was paid by, newest first. */
  history(account: Uint8Array, page: HistoryPage): HistoryEntry[]
  /** Runs one transaction; see above. Returns what the callback returns. Not to be nested. */
  write<T>(work: (batch: Batch) => T): T
}

/** What one transaction may do. Valid only while the callback of `write` runs. */
export interface Batch {
  /**
   * Remembers a block that extends a stored one (or genesis), on no chain yet.
   * @param encodedBody its body as SSZ, where it is at hand
   */
  insert(hash: Hex, block: Block, encodedBody?: Uint8Array): void
  /** Forgets a block that is on a side branch. Children go before their parents. */
  remove(hash: Hex): void
  /**
   * Puts a stored block on top of the best chain: each account becomes its `after`, and the `before`s are kept to
   * disconnect with.
   */
  connect(hash: Hex, stored: StoredBlock, changes: AccountChange[]): void
  /** Takes the best chain's last block off it: the exact inverse of `connect`. The block stays stored. */
  disconnect(hash: Hex, stored: StoredBlock): void
}

/** A block with what was computed to check it. */
export interface StoredBlock {
  block: Block
  /** 32 bytes each, in order. */
  transactionIds: Uint8Array[]
  /** What was known of them before the block came, where that is at hand. */
  checked?: Checked
}

/** A block that is not stored yet. */
export interface FreshBlock extends StoredBlock {
  /** Its body as SSZ. */
  encodedBody: Uint8Array
}

/** Where a transaction stands in the best chain. */
export interface Place {
  height: number
  /** Index in the block's body. */
  position: number
}

export interface StoredTransaction extends Place {
  transaction: Transaction
  blockHash: Hex
}

export interface HistoryEntry extends Place {
  id: Hex
}

export interface HistoryPage {
  /** Only what is older than this place. @default the newest */
  before?: Place
  /** At most so many entries. */
  limit: number
}
