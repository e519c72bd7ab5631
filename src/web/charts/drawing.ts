/** What each chart shows of a series: its line, and what is pale behind it. Pure. */
import type { Series, Spread, Summary as Overall } from '../../http/api.ts'
import { medianOf, type Points, runningMean, runningMedian, runningRatio, windowFor } from './smooth.ts'

/**
 * - `interval`: time from block to block, ms
 * - `difficulty`: expected hashes a block
 * - `rate`: hashes a second of all miners together, estimated
 * - `transactions`, `fees`: of a block
 * - `arrival`: from a block's time to when this node had it, ms
 */
export const CHARTS = ['interval', 'arrival', 'difficulty', 'rate', 'transactions', 'fees'] as const
export type ChartName = (typeof CHARTS)[number]

export interface Drawing {
  line: Points
  /** Each point by itself: a block's value, or that of a group. */
  values: Points
  /** Where each point is a block: the same, as dots. */
  dots: Points
  /** Where each point stands for several: from the least of them to the most, as a band. */
  least: Points
  most: Points
  /** What is said of all blocks shown; undefined where nothing is known of any. */
  summary: Summary | undefined
}

export interface Summary {
  least: number
  median: number
  most: number
  mean: number
  /** Of what is counted: of all blocks together. */
  total: number
}

export function drawingOf(name: ChartName, series: Series): Drawing {
  const { step, blocks, difficulties, work, tookMs } = series
  const none = blocks.map(() => null)
  const window = windowFor(blocks.length)
  const behind = ({ least, most }: Spread<number | null>, values: Points) =>
    step === 1 ? { values, dots: values, least: none, most: none } : { values, dots: none, least, most }
  switch (name) {
    case 'interval':
    case 'arrival': {
      const spread = name === 'interval' ? series.intervalMs : series.arrivalMs
      return { line: runningMedian(spread.median, window), ...behind(spread, spread.median), summary: known(series.overall[`${name}Ms`], sum(blocks)) }
    }
    case 'transactions':
    case 'fees': {
      const spread = series[name]
      return { line: runningMean(spread.mean, blocks, window), ...behind(spread, spread.mean), summary: known(series.overall[name], sum(blocks)) }
    }
    case 'difficulty':
      return { line: difficulties, values: difficulties, dots: none, least: none, most: none, summary: summaryOf(difficulties) }
    case 'rate': {
      const line = runningRatio(work, tookMs, window).map((perMs) => (perMs === null ? null : perMs * 1_000))
      const [overall = null] = runningRatio([sum(work)], [sum(tookMs)], 1)
      const summary = summaryOf(line)
      return { line, values: line, dots: none, least: none, most: none, summary: summary && { ...summary, mean: (overall ?? 0) * 1_000 } }
    }
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

function known({ least, median, most, mean }: Overall, blocks: number): Summary | undefined {
  if (least === null || median === null || most === null || mean === null) return undefined
  return { least, median, most, mean, total: Math.round(mean * blocks) }
}

/** Of the points of a line. */
function summaryOf(line: Points): Summary | undefined {
  const values = line.filter((value) => value !== null)
  const [median, total] = [medianOf(values), sum(values)]
  if (median === null) return undefined
  // Not Math.min(...values): that many arguments may be more than a browser takes.
  const [least, most] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))]
  return { least, median, most, mean: total / values.length, total }
}
