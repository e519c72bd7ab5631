/**
 * What SQLite's log holds, as far as torture must know it: which of its bytes a disk may lose. A disk that loses what
 * was copied into the main file (or what a recovery found) breaks the promise of an earlier sync, and no database
 * survives that; everything after it is only as safe as the last sync.
 * https://sqlite.org/fileformat2.html#walformat, https://sqlite.org/walformat.html#the_wal_index_file_format
 */
import { existsSync, readFileSync } from 'node:fs'

const HEADER_BYTES = 32
const FRAME_HEADER_BYTES = 24
/** In the index (-shm): how many frames a copying into the main file has come to, whether it got there or not. */
const BACKFILL_ATTEMPTED_AT = 128

export interface Wal {
  /** Bytes that belong to this turn of the log; older frames may follow. */
  bytes: number
  /** Bytes at its beginning that the main file may depend on. */
  settledBytes: number
  /** Transactions in it. */
  commits: number
  /** Frames at its end that no commit closes: a transaction was cut short. */
  openFrames: number
}

/** Reads the log beside a chain's file, left by a process that was killed; undefined where there is none. */
export function readWal(path: string): Wal | undefined {
  const log = existsSync(`${path}-wal`) ? readFileSync(`${path}-wal`) : Buffer.alloc(0)
  if (log.length < HEADER_BYTES) return undefined
  const frameBytes = FRAME_HEADER_BYTES + log.readUInt32BE(8)
  const salt = log.subarray(16, 24)
  const wal = { bytes: HEADER_BYTES, settledBytes: 0, commits: 0, openFrames: 0 }
  for (let at = HEADER_BYTES; at + frameBytes <= log.length; at += frameBytes) {
    if (!log.subarray(at + 8, at + 16).equals(salt)) break
    const closes = log.readUInt32BE(at + 4) !== 0
    wal.commits += closes ? 1 : 0
    wal.openFrames = closes ? 0 : wal.openFrames + 1
    wal.bytes = at + frameBytes
  }
  const index = existsSync(`${path}-shm`) ? readFileSync(`${path}-shm`) : Buffer.alloc(0)
  const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 // the index is in this machine's order
  const settled = index.length < BACKFILL_ATTEMPTED_AT + 4 ? 0
    : littleEndian ? index.readUInt32LE(BACKFILL_ATTEMPTED_AT) : index.readUInt32BE(BACKFILL_ATTEMPTED_AT)
  if (settled > 0) wal.settledBytes = HEADER_BYTES + settled * frameBytes
  return wal
}
