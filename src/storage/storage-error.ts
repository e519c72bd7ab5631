/**
 * What can be wrong with a chain's file, in four codes, each with one line that says what to do.
 *
 * Nothing here is ever held against a peer, and a node never goes on over a damaged file: everything in it but the
 * wallet (which is another file) comes back from peers.
 */

/**
 * - `storage-damaged`: the file, or something in it, is not what was written, or never was a chain.
 * - `storage-wrong-network`: the file holds another network's chain.
 * - `storage-newer-version`: a newer Cairn wrote it.
 * - `storage-unavailable`: it cannot be read or written now: no such folder, no permission, disk full, in use.
 */
export type StorageCode = 'storage-damaged' | 'storage-wrong-network' | 'storage-newer-version' | 'storage-unavailable'

export class StorageError extends Error {
  override readonly name = 'StorageError'
  readonly code: StorageCode

  constructor(code: StorageCode, message: string, options?: ErrorOptions) {
    super(`${code}: ${message}`, options)
    this.code = code
  }
}

export const damaged = (path: string, what: string, options?: ErrorOptions): StorageError =>
  new StorageError(
    'storage-damaged',
    `${path} is damaged (${what}); move it away and run again: the chain comes back from peers`,
    options,
  )

const FULL = { damaged: false, reason: 'the disk is full; free some space and run again' }

/**
 * SQLite's result codes (https://sqlite.org/rescode.html) that tell of the file and not of our code: primary ones, and
 * an extended one where it says something else.
 */
const REASONS: Record<number, { damaged: boolean; reason: string }> = {
  3: { damaged: false, reason: 'access is denied; check who owns the folder' },
  5: { damaged: false, reason: 'another program is writing to it; close that program' },
  6: { damaged: false, reason: 'another program is writing to it; close that program' },
  8: { damaged: false, reason: 'it is read-only; check who owns the file and its folder' },
  10: { damaged: false, reason: 'the disk fails to read or write; check the disk' },
  11: { damaged: true, reason: 'its structure is broken' },
  13: FULL,
  14: { damaged: false, reason: 'it cannot be opened; check that its folder exists and may be written' },
  23: { damaged: false, reason: 'access is denied; check who owns the folder' },
  26: { damaged: true, reason: 'it is not an SQLite database' },
  4_874: FULL, // SQLITE_IOERR_SHMSIZE: no room for the index of the log
}

/** What SQLite threw as a StorageError; whatever else was thrown as it is. */
export function translate(error: unknown, path: string): unknown {
  // What node:sqlite throws for an integer that no JavaScript number can hold. None such is ever written.
  if (error instanceof RangeError && 'code' in error && error.code === 'ERR_OUT_OF_RANGE') {
    return damaged(path, 'a number in it is beyond 2^53', { cause: error })
  }
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return error
  const known = REASONS[error.errcode] ?? REASONS[error.errcode & 0xff] // the rest of an extended code is detail
  if (known === undefined) return error
  if (known.damaged) return damaged(path, known.reason, { cause: error })
  return new StorageError('storage-unavailable', `${path}: ${known.reason} (${error.message})`, { cause: error })
}
