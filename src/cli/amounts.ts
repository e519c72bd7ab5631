/**
 * Whole numbers as people type them: amounts, fees, counts, heights, percentages.
 *
 * Strict, because money is at stake: only digits are taken, so that nothing is rounded, guessed or read in another base
 * ('0.5', '-1', '1e300', '0x10', '1,000' and 'abc' are refused, each with its reason) before anything is sent.
 *
 * @example
 *   parseAmount('amount', '30')      // 30
 *   parseAmount('amount', '0.5')     // throws: amount: 0.5 is not whole …
 */
import { Refusal } from './failure.ts'

/** Largest number that the protocol carries: 2^53 − 1. */
const MAX = Number.MAX_SAFE_INTEGER

/**
 * A whole number from `least` to `most`.
 * @param name what it is, for the message
 * @throws Refusal that says what was given, why it will not do and what would
 */
export function parseWhole(name: string, text: string, least: number, most = MAX): number {
  const wanted = `give a whole number from ${least} to ${most === MAX ? '9007199254740991 (2^53 − 1)' : most}`
  const refuse = (why: string): Refusal => new Refusal(`${name}: ${shown(text)} ${why}; ${wanted}`)
  if (!/^\d+$/.test(text)) throw refuse(whatIsWrong(text))
  const number = Number(text)
  if (number > most) throw refuse('is too large')
  if (number < least) throw refuse('is too small')
  return number
}

/** An amount to pay: at least one unit, the smallest there is. */
export const parseAmount = (name: string, text: string): number => parseWhole(name, text, 1)

function whatIsWrong(text: string): string {
  if (text.trim() === '') return 'is empty'
  if (/^-\d/.test(text)) return 'is negative'
  if (/^\d*\.\d+$/.test(text)) return 'is not whole'
  if (/^\d+(\.\d+)?e[+-]?\d+$/i.test(text)) return 'is in scientific notation'
  if (/^\d[\d,_' ]*$/.test(text)) return 'has separators between its digits'
  return 'is not a number'
}

/** The text quoted where it would not read as one word, and cut where it is long. */
function shown(text: string): string {
  const cut = text.length > 40 ? `${text.slice(0, 39)}…` : text
  return /^[\w.+-]+$/.test(cut) ? cut : JSON.stringify(cut)
}
