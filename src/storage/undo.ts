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

const u64 = new UintNumberType(8)
const UndoType = new ListCompositeType(
  new ContainerType({ account: new ByteVectorType(32), balance: u64, nonce: u64 }),
  MAX_ACCOUNTS,
)

export const encodeUndo = (changes: AccountChange[]): Uint8Array =>
  UndoType.serialize(changes.map(({ account, before }) => ({ account, ...before })))

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
