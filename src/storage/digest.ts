/** How stored bytes are known again: whether a disk gives back what was written. */
import { crc32 } from 'node:zlib'
import { sha256 } from '../consensus/hash.ts'
import type { AccountState } from '../consensus/types.ts'

/** Of a body. */
export const digestOf = sha256

const row = new DataView(new ArrayBuffer(48))
const rowBytes = new Uint8Array(row.buffer)

/**
 * Of a row of accounts: CRC-32 of account, balance and nonce. No hash covers a balance, so a bit that a disk turns over
 * would judge blocks wrongly and nobody would know; this finds every single one, in a fifth of a microsecond.
 * @param height what the checksum begins with: of the block that the row is of, where an older version wrote it
 */
export function accountChecksum(account: Uint8Array, { balance, nonce }: AccountState, height = 0): number {
  rowBytes.set(account)
  row.setFloat64(32, balance)
  row.setFloat64(40, nonce)
  return crc32(rowBytes, height)
}

/** Of a row of recent accounts: CRC-32 of the accounts, then of their states as they are written. It begins with the height. */
export const recentChecksum = (height: number, accounts: Uint8Array, states: string): number =>
  crc32(states, crc32(accounts, height))

/** Of undo data: CRC-32 of its bytes. */
export const undoChecksum = (undo: Uint8Array): number => crc32(undo)
