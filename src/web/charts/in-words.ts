/** Values of the charts in words: on the scale, under the cursor, in the sentence that stands for a chart, in its table. */
import type { Series } from '../../http/api.ts'
import { count, exactTime, hashes, hashRate, type Quantity, scaled, significant, span } from '../format.ts'
import { text } from '../strings.ts'
import type { ChartName, Drawing, Summary } from './drawing.ts'
import type { Measure } from './scale.ts'

const words = text.charts
const NO_BREAK = '\u00a0'

export const MEASURES: Record<ChartName, Measure> = {
  interval: 'duration', arrival: 'duration', difficulty: 'number', rate: 'number', transactions: 'count', fees: 'count',
}

/** A value with its unit. */
export function valueOf(name: ChartName, value: number): string {
  switch (name) {
    case 'interval':
    case 'arrival': return `${value < 0 ? '−' : ''}${asText(span(Math.abs(value)))}`
    case 'difficulty': return asText(hashes(value))
    case 'rate': return asText(hashRate(value))
    case 'transactions':
    case 'fees': return Number.isInteger(value) ? count(value) : significant(value)
  }
}

/** The same beside the scale, where there is less room: the chart's name says of what. */
export function tickOf(name: ChartName, value: number): string {
  if (name !== 'difficulty') return withoutLastZeros(valueOf(name, value))
  const { value: digits, prefix } = scaled(value)
  return withoutLastZeros(prefix === '' ? digits : `${digits}${NO_BREAK}${prefix}`)
}

/** 2.50 → 2.5: on a scale every number is round. */
const withoutLastZeros = (number: string): string => number.replace(/([.,]\d*?)0+(?!\d)/, (_, digits: string) => (digits.length === 1 ? '' : digits))

const asText = ({ value, unit }: Quantity): string => `${value}${NO_BREAK}${unit}`

/** What is said of all blocks shown. */
export function sentenceOf(name: ChartName, summary: Summary, target: string | undefined): string {
  const { least, median, most, mean, total } = summary
  const inWords = (value: number): string => valueOf(name, value)
  if (least === most) {
    return `${[words.throughout(inWords(least)), ...(target === undefined || name !== 'interval' ? [] : [words.target(target)])].join('; ')}.`
  }
  const last = {
    interval: [words.mean(inWords(mean)), ...(target === undefined ? [] : [words.target(target)])],
    arrival: [],
    difficulty: [],
    rate: [words.overall(inWords(mean))],
    transactions: [words.mean(inWords(mean)), words.total(total)],
    fees: [words.mean(inWords(mean)), words.total(total)],
  }[name]
  return `${[words.summary(inWords(median), inWords(least), inWords(most)), ...last].join('; ')}.`
}

/** What the cursor is at. */
export function readingOf(name: ChartName, series: Series, { values, least, most }: Drawing, at: number): string {
  const height = series.heights[at] ?? 0
  const blocks = series.blocks[at] ?? 1
  const time = exactTime(series.timestamps[at] ?? 0)
  const where = blocks === 1 ? words.blockAt(height, time) : words.groupAt(height - blocks + 1, height, time)
  const [low, high] = [least[at] ?? null, most[at] ?? null]
  const value = values[at] ?? null
  if (value === null) return where + words.unknown
  const inWords = valueOf(name, value)
  return where + (low === null || high === null ? inWords : words.spread(inWords, valueOf(name, low), valueOf(name, high)))
}
