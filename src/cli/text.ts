/**
 * Text for a terminal: how wide it is, how it is cut, and what must never reach it.
 *
 * Names and memos come from other machines, so whatever is not a visible character is taken out before it is printed:
 * an escape sequence in a peer's name could otherwise rewrite the screen.
 */

/**
 * Control characters, line separators, and format characters that reorder text or have no width; but for the joiner
 * inside of an emoji that is made of several (UTS #51).
 */
const CONTROLS =
  /(?!(?<=\p{Extended_Pictographic}[\uFE0F\p{Emoji_Modifier}]*)\u200D(?=\p{Extended_Pictographic}))[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/** Characters that take two columns: East Asian wide ones (UAX #11), emoji, and what a selector makes one. */
const WIDE = new RegExp(
  '[\\u1100-\\u115f\\u2e80-\\u303e\\u3041-\\ua4cf\\uac00-\\ud7a3\\uf900-\\ufaff\\ufe30-\\ufe6f\\uff00-\\uff60\\uffe0-\\uffe6]' +
    '|[\\u{20000}-\\u{3fffd}]|\\p{Emoji_Presentation}|\\ufe0f',
  'u',
)

/** Most text: each character is one column, and no table of characters has to be asked. */
const PLAIN = /^[\x20-\x7E]*$/

/** What one sees as a character: with its marks, and an emoji whole. Made when it is first needed. */
let segmenter: Intl.Segmenter | undefined
function* graphemes(text: string): Iterable<string> {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' })
  for (const { segment } of segmenter.segment(text)) yield segment
}

/** Columns of one grapheme; marks that stand alone take none. */
const graphemeWidth = (grapheme: string): number => (WIDE.test(grapheme) ? 2 : /^\p{M}+$/u.test(grapheme) ? 0 : 1)

/** The text with every character that is not visible replaced. */
export const stripControls = (text: string): string => text.replace(CONTROLS, '�')

/** What somebody typed, in quotes, as a message shows it. */
export const quote = (text: string): string => JSON.stringify(stripControls(cutEnd(text, 80)))

/** Columns that plain text (no escape sequences) takes in a terminal. */
export function textWidth(text: string): number {
  if (PLAIN.test(text)) return text.length
  let width = 0
  for (const grapheme of graphemes(text)) width += graphemeWidth(grapheme)
  return width
}

/** As many of the graphemes as fit, from the first one on. */
function fitting(all: Iterable<string>, columns: number): string[] {
  const kept: string[] = []
  let width = 0
  for (const grapheme of all) {
    width += graphemeWidth(grapheme)
    if (width > columns) break
    kept.push(grapheme)
  }
  return kept
}

/** The beginning of the text, with an ellipsis where it had to be cut to fit a number of columns. */
export const cutEnd = (text: string, columns: number): string =>
  textWidth(text) <= columns ? text : `${fitting(graphemes(text), columns - 1).join('')}…`

/** Both ends of the text, which for a hash are what one compares, with an ellipsis in the middle. */
export function cutMiddle(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text
  const tail = Math.min(6, Math.floor((columns - 1) / 2))
  const all = [...graphemes(text)]
  return `${fitting(all, columns - 1 - tail).join('')}…${fitting(all.toReversed(), tail).toReversed().join('')}`
}

export const padEnd = (text: string, columns: number): string => text + ' '.repeat(Math.max(0, columns - textWidth(text)))
export const padStart = (text: string, columns: number): string => ' '.repeat(Math.max(0, columns - textWidth(text))) + text
