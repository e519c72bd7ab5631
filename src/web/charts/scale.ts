/**
 * The scale of a chart's values: from where to where, in even steps or in steps of ten, and which of them are written
 * beside it. Pure.
 *
 *   linear   from 0 (or below, where values are) to a round number above the largest
 *   log      where the largest is more than 50 times the smallest: with even steps one far-off block would press all
 *            others into a line at the bottom
 */
export interface Scale {
  kind: 'linear' | 'log'
  from: number
  to: number
  ticks: number[]
}

/** What is measured: durations (ms) are read in seconds, minutes and hours, so their round numbers are others. */
export type Measure = 'duration' | 'number' | 'count'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const ROUND_DURATIONS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500,
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 4, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000].map((days) => days * DAY),
]
const DECADES_OF_DURATION = [1, 10, 100, SECOND, 10 * SECOND, MINUTE, 10 * MINUTE, HOUR, 10 * HOUR, 4 * DAY, 40 * DAY, 400 * DAY]

/** From here on one scale no longer fits both the smallest and the largest. */
const LOG_FROM = 50
const MAX_TICKS = 5

/** @param values all that is to be seen, besides null */
export function scaleOf(values: Iterable<number | null>, measure: Measure): Scale {
  let [least, most, leastAboveZero] = [Infinity, -Infinity, Infinity]
  for (const value of values) {
    if (value === null) continue
    least = Math.min(least, value)
    most = Math.max(most, value)
    if (value > 0) leastAboveZero = Math.min(leastAboveZero, value)
  }
  if (most === -Infinity) [least, most] = [0, 1]
  if (measure !== 'count' && least > 0 && most / least > LOG_FROM) return logScale(leastAboveZero, most, measure)
  return linearScale(Math.min(least, 0), Math.max(most, 0), measure)
}

function linearScale(least: number, most: number, measure: Measure): Scale {
  const size = most - least || 1
  const increment = roundUp(size / MAX_TICKS, measure)
  const from = Math.floor(least / increment) * increment
  const to = Math.max(Math.ceil((most * 1.02) / increment), 1) * increment
  const ticks = Array.from({ length: Math.round((to - from) / increment) + 1 }, (_, at) => from + at * increment)
  return { kind: 'linear', from, to, ticks }
}

function logScale(least: number, most: number, measure: Measure): Scale {
  const decades = measure === 'duration' ? DECADES_OF_DURATION : Array.from({ length: 40 }, (_, at) => 10 ** (at - 6))
  const below = decades.findLastIndex((decade) => decade <= least)
  const above = decades.findIndex((decade) => decade >= most)
  const within = decades.slice(Math.max(below, 0), above < 0 ? decades.length : above + 1)
  const [from, to] = [below < 0 ? least : within[0] ?? least, above < 0 ? most : within.at(-1) ?? most]
  const every = Math.ceil(within.length / (MAX_TICKS + 1))
  return { kind: 'log', from, to, ticks: within.filter((_, at) => at % every === 0) }
}

/** The least round number that is no smaller. */
function roundUp(size: number, measure: Measure): number {
  if (measure === 'duration') {
    const round = ROUND_DURATIONS.find((duration) => duration >= size)
    if (round !== undefined) return round
  }
  const power = 10 ** Math.floor(Math.log10(size))
  const round = [1, 2, 5, 10].map((digit) => digit * power).find((number) => number >= size) ?? size
  return measure === 'count' ? Math.max(1, round) : round
}
