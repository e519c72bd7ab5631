/**
 * What a command says when it cannot do what it was asked: one line on standard error (what, why, what to do) and an
 * exit status; never a stack trace.
 *
 * | Status | Means                                                             |
 * |--------|-------------------------------------------------------------------|
 * | 0      | done                                                              |
 * | 1      | refused or failed: a value is not acceptable, or the node said no |
 * | 2      | wrong usage: no such command or option, too few or many arguments |
 * | 130    | interrupted by Ctrl-C before it was done                          |
 */
import { stripControls } from './text.ts'

/** A command refuses to go on; the message is the line that the user gets. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code = 'refused'
}

/** The user pressed Ctrl-C before the command was done; the message says what was done until then. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
}

/** What the system's own error codes mean for the user, where its message alone would not say what to do. */
const SYSTEM_ADVICE: Record<string, string> = {
  EADDRINUSE: 'the address is in use: choose another port, or stop the program that has it',
  EADDRNOTAVAIL: 'this machine does not have that address: use one of its own, or 127.0.0.1',
  EACCES: 'permission denied: choose another place, or mend the permissions',
  EPERM: 'not permitted: choose another place, or mend the permissions',
  ENOSPC: 'the disk is full: make room on it, nothing that was acknowledged is lost',
  EROFS: 'the file system is read-only: choose another folder with --data',
  EMFILE: 'too many open files: raise the limit (ulimit -n)',
}

/**
 * The line for an error that a command ended with.
 *
 * The parts of a node mark what they foresee with a code in kebab case (`data-folder-in-use`), and the system marks
 * its own (`EACCES`); both have a message for people. Anything else is a bug, and the line says how to see more.
 */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return unexpected(String(error))
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (/^[a-z]+(-[a-z0-9]+)*$/.test(code)) return oneLine(error.message)
  const advice = SYSTEM_ADVICE[code]
  if (advice !== undefined) return oneLine(`${advice} (${error.message})`)
  if (/^E[A-Z0-9]+$/.test(code)) return oneLine(error.message)
  return unexpected(`${error.name}: ${error.message}`)
}

/** Whether an error is a bug of ours rather than something that the code foresees. */
export const isUnexpected = (error: unknown): boolean => describe(error).startsWith(UNEXPECTED)

const UNEXPECTED = 'unexpected error: '
const unexpected = (what: string): string => `${UNEXPECTED}${oneLine(what)} (a bug; --log debug shows where)`

const oneLine = (text: string): string => stripControls(text.replace(/\s*\n\s*/g, ' ')).trim()
