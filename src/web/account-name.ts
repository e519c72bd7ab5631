/** What a new account may be called, checked as one types by the wallet's own rules. */

/** Characters. */
export const MAX_NAME_LENGTH = 32

export type NameProblem = 'too-long' | 'looks-like-an-account' | 'invisible' | 'taken'

/**
 * What is wrong with a name, or undefined where nothing is; one that is still empty has no problem either.
 * @param taken names of the wallet's accounts
 */
export function nameProblem(text: string, taken: readonly string[]): NameProblem | undefined {
  const name = text.trim()
  if (name.length > MAX_NAME_LENGTH) return 'too-long'
  if (/^cairn1/i.test(name)) return 'looks-like-an-account'
  if (/[\p{C}\p{Zl}\p{Zp}]/u.test(name)) return 'invisible'
  return taken.includes(name) ? 'taken' : undefined
}
