/**
 * Undo data: the accounts that a block touched, as they were before it. SSZ, 48 bytes each.
 */
import { ByteVectorType, ContainerType, ListCompositeType, UintNumberType } from '@chainsafe/ssz'
import type { AccountChange } from '../consensus/ledger.ts'
import type { AccountState } from '../consensus/types.ts'

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
