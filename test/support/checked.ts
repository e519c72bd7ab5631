/** A transaction that passed sanity, as a mempool would know it: for tests and benchmarks of what comes after. */
import type { CheckedTransaction } from '../../src/consensus/checked-transaction.ts'
import { sha256 } from '../../src/consensus/hash.ts'
import { toHex } from '../../src/consensus/hex.ts'
import { decodeTransaction } from '../../src/consensus/types.ts'

/** Takes any that has an encoding, whatever its signature. */
export function checkedOf(encoded: Uint8Array): CheckedTransaction {
  const transaction = decodeTransaction(encoded)
  const hash = sha256(encoded)
  return { transaction, hash, id: toHex(hash), from: toHex(transaction.sender), to: toHex(transaction.recipient) }
}
