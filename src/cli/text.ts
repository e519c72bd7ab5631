/**
 * Text for a terminal: how wide it is, how it is cut, and what must never reach it.
 *
 * Names and memos come from other machines, so whatever is not a visible character is taken out before it is printed:
 * an escape sequence in a peer's name could otherwise rewrite the screen.
 */

/** Control characters, line separators, and format characters that reorder text or have no width. */
const CONTROLS = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/** Characters that take two columns: East Asian wide ones (UAX #11) and emoji. */
const WIDE = new RegExp(
  '[\\u1100-\\u115f\\u2e80-\\u303e\\u3041-\\ua4cf\\uac00-\\ud7a3\\uf900-\\ufaff\\ufe30-\\ufe6f\\uff00-\\uff60\\uffe0-\\uffe6]' +
    '|[\\u{20000}-\\u{3fffd}]|\\p{Emoji_Presentation}',
  'u',
)

/** Marks that are drawn onto the character before them. */
const COMBINING = /\p{M}/u

/** The text with every character that is not visible replaced. */
export const stripControls = (text: string): string => text.replace(CONTROLS, '�')

/** What somebody typed, in quotes, as a message shows it. */
export const quote = (text: string): string => JSON.stringify(stripControls(cutEnd(text, 80)))

/** Columns that plain text (no escape sequences) takes in a terminal. */
export function textWidth(text: string): number {
  let width = 0
  for (const character of text) width += COMBINING.test(character) ? 0 : WIDE.test(character) ? 2 : 1
  return width
}

/** The beginning of the text, with an ellipsis where it had to be cut to fit a number of columns. */
export function cutEnd(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text
  let kept = ''
  let width = 0
  for (const character of text) {
    width += textWidth(character)
    if (width > columns - 1) break
    kept += character
  }
  return `${kept}…`
}

/** Both ends of the text, which for a hash are what one compares, with an ellipsis in the middle. */
export function cutMiddle(text: string, columns: number): string {
  if (text.length <= columns) return text
  const tail = Math.min(6, Math.floor((columns - 1) / 2))
  return `${text.slice(0, columns - 1 - tail)}…${text.slice(text.length - tail)}`
}

export const padEnd = (text: string, columns: number): string => text + ' '.repeat(Math.max(0, columns - textWidth(text)))
export const padStart = (text: string, columns: number): string => ' '.repeat(Math.max(0, columns - textWidth(text))) + text
