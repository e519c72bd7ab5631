/**
 * Numbers, times and hashes as people read them, in the page's language. Pure: the same input gives the same text.
 *
 * @example
 *   count(1284)           // '1 284', with narrow no-break spaces
 *   scaled(213_700_000)   // { value: '214', prefix: 'M' }
 *   span(150_000)         // { value: '2.5', unit: 'min' }, in German '2,5'
 */
import { language, locale } from './language.ts'
import { notation as english } from './words/english/notation.ts'
import { notation as german } from './words/german/notation.ts'

const notation = { en: english, de: german }[language]

/** A number and what it is in. */
export interface Quantity {
  value: string
  unit: string
}

const THIN = '\u202f'

/** A whole number with its thousands apart. */
export const count = (number: number): string => Math.round(number).toString().replace(/\B(?=(\d{3})+$)/g, THIN)

/** A change: `+ 25`, `− 1 050`; 0 has no sign. */
export const signed = (change: number): string =>
  change === 0 ? '0' : `${change > 0 ? '+' : '−'}\u00a0${count(Math.abs(change))}`

/** Three digits that count: 9.81, 98.1, 981. */
export const significant = (number: number): string =>
  number >= 100 || Number.isInteger(number) ? count(number) : decimal(number, number >= 10 ? 1 : 2)

const decimal = (number: number, places: number): string => number.toFixed(places).replace('.', notation.decimalMark)

/** A number by SI prefix: 0 to 999 of something. */
export function scaled(number: number): { value: string; prefix: string } {
  const prefixes = ['', 'k', 'M', 'G', 'T', 'P', 'E']
  let rest = number
  let step = 0
  while (rest >= 999.5 && step < prefixes.length - 1) {
    rest /= 1000
    step += 1
  }
  return { value: rest >= 100 ? rest.toFixed(0) : significant(Number(rest.toPrecision(3))), prefix: prefixes[step] ?? '' }
}

/** Hashes a second. */
export function hashRate(hashesPerSecond: number): Quantity {
  const { value, prefix } = scaled(hashesPerSecond)
  return { value, unit: `${prefix}H/s` }
}

/** Expected hashes. */
export function hashes(number: number): Quantity {
  const { value, prefix } = scaled(number)
  return { value, unit: prefix === '' ? notation.hashes : `${prefix} ${notation.hashes}` }
}

const SPANS = [
  { unit: notation.days, ms: 86_400_000 },
  { unit: notation.hours, ms: 3_600_000 },
  { unit: notation.minutes, ms: 60_000 },
] as const

/** A stretch of time, whole, in the largest unit that it has two of: 6 s, 110 s, 3 min, 5 d. For how long ago something was. */
export function age(ms: number): Quantity {
  for (const { unit, ms: size } of SPANS) {
    if (ms >= 2 * size) return { value: count(Math.floor(ms / size)), unit }
  }
  return { value: count(Math.floor(Math.max(ms, 0) / 1000)), unit: notation.seconds }
}

/** A stretch of time with a decimal where that matters: 0.4 s, 9.8 s, 1.3 min. For averages and expectations. */
export function span(ms: number): Quantity {
  for (const { unit, ms: size } of SPANS) {
    if (ms >= 2 * size) return { value: oneDecimal(ms / size), unit }
  }
  return ms < 950
    ? { value: count(ms), unit: notation.milliseconds }
    : { value: oneDecimal(ms / 1000), unit: notation.seconds }
}

/** One decimal where that says something: 0.4, 9.8, 10, 120. */
export const oneDecimal = (number: number): string =>
  number >= 100 || Number.isInteger(Number(number.toFixed(1))) ? count(number) : decimal(number, 1)

/** Made once, when it is first needed: making one takes a hundred times as long as using it, and every row has a time. */
let exactFormat: Intl.DateTimeFormat | undefined

/** Date and time of this place, to the second. */
export const exactTime = (ms: number): string => {
  exactFormat ??= new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' })
  return exactFormat.format(ms)
}

/** Hours and minutes of this place. */
export const timeOfDay = (ms: number): string => new Date(ms).toLocaleTimeString(locale, { timeStyle: 'short' })

/** A hash or id in three pieces: the zeros that work bought, and the start and end of the rest. */
export function splitHash(hash: string): { zeros: string; start: string; end: string } {
  const zeros = /^0*/.exec(hash)?.[0] ?? ''
  const rest = hash.slice(zeros.length)
  return { zeros, start: rest.slice(0, 4), end: rest.slice(4).slice(-4) }
}

/** The identity of a network, as the command line prints it too: `3f9a·41c2`. */
export const shortHash = (hash: string): string => `${hash.slice(0, 4)}·${hash.slice(-4)}`

/** `cairn1q8v…k2m4`: enough to tell accounts apart by eye, not enough to pay by. */
export const shortAccount = (account: string): string => `${account.slice(0, 9)}…${account.slice(-4)}`

/** `q8va…k2m4`: the same without what all accounts begin with, so that it starts with the letter on the miner's stones. */
export const accountName = (account: string): string => `${account.slice(6, 10)}…${account.slice(-4)}`

/** Whole units of the network's coin as typed: digits, with spaces between thousands allowed; undefined otherwise. */
export function parseAmount(text: string): number | undefined {
  const digits = text.trim().replace(/[\s\u202f]/g, '')
  if (!/^\d+$/.test(digits)) return undefined
  const amount = Number(digits)
  return Number.isSafeInteger(amount) ? amount : undefined
}
