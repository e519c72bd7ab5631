/** Why a chain file cannot be written, read or taken over, by code. */
export type ChainFileCode =
  /** There is a file of that name already. */
  | 'chain-file-exists'
  /** It cannot be read or written: no such file, no permission, disk full. */
  | 'chain-file-unavailable'
  /** It does not begin like a chain file. */
  | 'chain-file-unknown'
  /** A newer Cairn wrote it. */
  | 'chain-file-newer-version'
  /** It is cut or altered. */
  | 'chain-file-damaged'
  /** It holds another network's chain. */
  | 'chain-file-wrong-network'
  /** One of its blocks breaks a rule, or cannot be judged now. */
  | 'chain-file-refused'

/** The message is one line: what, why, what to do. */
export class ChainFileError extends Error {
  override readonly name = 'ChainFileError'
  readonly code: ChainFileCode

  constructor(code: ChainFileCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** The system's errors that a user can mend, by what to do. */
const ADVICE: Record<string, string> = {
  ENOENT: 'there is no such file or folder; check the path',
  ENOTDIR: 'a part of its path is no folder; check the path',
  EISDIR: 'it is a folder; name a file',
  EACCES: 'permission is denied; choose another place, or mend the permissions',
  EPERM: 'that is not permitted; choose another place, or mend the permissions',
  EROFS: 'the file system is read-only; choose another place',
  ENOSPC: 'the disk is full; make room on it, or choose another',
}

/** What the system says of a file, in our words where it is foreseen. */
export function unavailable(path: string, what: string, error: unknown): ChainFileError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const why = ADVICE[code] ?? `${error instanceof Error ? error.message : String(error)}; check the path and the disk`
  return new ChainFileError('chain-file-unavailable', `${path} ${what}: ${why}`, { cause: error })
}
