/**
 * What program a peer says that it is, fit to be shown: identify takes any text, of any length, and terminals, logs and
 * pages would follow the characters in it that move a cursor or hide what follows.
 *
 * @example agentOf('cairn/0.1.0 flint\u001b[2J')   // 'cairn/0.1.0 flint[2J'
 */

/** Characters, not bytes: `cairn/VERSION NAME` is at most half as long. */
const MAX_AGENT_CHARACTERS = 64
/** Nothing that moves a cursor or hides text. */
export const CONTROL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u

/** @param text from identify; undefined where the peer said nothing */
export function agentOf(text: string | undefined): string | null {
  const shown = Array.from((text ?? '').slice(0, 4 * MAX_AGENT_CHARACTERS)).filter((character) => !CONTROL.test(character))
  return shown.slice(0, MAX_AGENT_CHARACTERS).join('').toWellFormed().trim() || null
}
