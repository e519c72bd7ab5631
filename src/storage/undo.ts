/**
 * Undo data: the accounts that a block touched, as they were before it. SSZ, 48 bytes each.
 */
import { ByteVectorType, ContainerType, ListCompositeType, UintNumberType } from '@chainsafe/ssz'
import type { AccountChange } from '../consensus/ledger.ts'
import { fromHex, type Hex } from '../consensus/hex.ts'
import type { AccountState } from '../consensus/types.ts'
import type { Database } from './database.ts'
import { undoChecksum } from './digest.ts'
import { damaged } from './storage-error.ts'

/** Two accounts for each of 65 536 transactions, and the miner. */
const MAX_ACCOUNTS = 2 * 65_536 + 1

/** An account, its balance and its nonce. */
const ENTRY_BYTES = 32 + 8 + 8

const u64 = new UintNumberType(8)
const UndoType = new ListCompositeType(
  new ContainerType({ account: new ByteVectorType(32), balance: u64, nonce: u64 }),
  MAX_ACCOUNTS,
)

/** Laid out by hand, for every block does it: a test holds it against the type, by which it is read. */
export function encodeUndo(changes: readonly AccountChange[]): Uint8Array {
  const bytes = new Uint8Array(ENTRY_BYTES * changes.length)
  const view = new DataView(bytes.buffer)
  let at = 0
  for (const { account, before } of changes) {
    bytes.set(account, at)
    writeU64(view, at + 32, before.balance)
    writeU64(view, at + 40, before.nonce)
    at += ENTRY_BYTES
  }
  return bytes
}

/** @throws Error on bytes that are not undo data */
export const decodeUndo = (bytes: Uint8Array): ({ account: Uint8Array } & AccountState)[] => UndoType.deserialize(bytes)

/**
 * What is kept of a block of the best chain.
 * @throws StorageError where it is missing, or differs from what was written
 */
export function readUndo(database: Database, hash: Hex): ReturnType<typeof decodeUndo> {
  const row = database.get<{ accounts: Uint8Array; checksum: number | null }>('undo', fromHex(hash))
  try {
    if (row !== undefined) {
      if ((row.checksum ?? undoChecksum(row.accounts)) !== undoChecksum(row.accounts)) throw new Error('its checksum differs')
      return decodeUndo(row.accounts)
    }
  } catch (error) {
    throw damaged(database.path, `undo data of block ${hash} cannot be read`, { cause: error })
  }
  throw damaged(database.path, `undo data of block ${hash} is missing`)
}

/** @param value at most 2^53 − 1 */
function writeU64(view: DataView, at: number, value: number): void {
  view.setUint32(at, value, true) // its lower half: what is above 2^32 is left out
  view.setUint32(at + 4, value / 2 ** 32, true)
}
