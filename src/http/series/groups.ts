/**
 * Blocks in groups of neighbours, for charts of chains of any length: what is spread over the blocks of a group is told
 * by its least, median and most, so that no peak is lost, and by its mean, of which one has the sum. Pure.
 *
 * @example
 *   stepFor(8_640, 500)   // 32: a day of ten-second blocks in 270 groups
 */
import type { Series, Spread, Summary } from '../api.ts'

/** What is known of each block, by height. */
export interface BlockFacts {
  timestamps: ArrayLike<number>
  /** Expected hashes. */
  difficulties: ArrayLike<number>
  transactions: ArrayLike<number>
  fees: ArrayLike<number>
  /** How long it took to come here; NaN where that is not known. */
  arrivalsMs: ArrayLike<number>
}

/** Blocks of a group, so that so many blocks make at most so many groups, of which there are two or more. */
export function stepFor(blocks: number, groups: number): number {
  let step = 1
  // One more than fit, for the first group may begin before the first block.
  while (Math.ceil(blocks / step) + (step > 1 ? 1 : 0) > groups) step *= 2
  return step
}

/** The height that the group of a block begins with. */
export const groupStart = (height: number, step: number): number => height - ((height - 1) % step)

/** The groups of the blocks from one height to another, each whole, but for the last. */
export function groupsOf(facts: BlockFacts, first: number, last: number, step: number): Omit<Series, 'tip'> {
  const { timestamps, difficulties, transactions, fees, arrivalsMs } = facts
  const at = (values: ArrayLike<number>) => (height: number): number => values[height] ?? Number.NaN
  const intervalMs = (height: number): number => (height > 1 ? at(timestamps)(height) - at(timestamps)(height - 1) : Number.NaN)
  const from = groupStart(first, step)
  const overall = (of: (height: number) => number): Summary => summaryOf(of, from, last)
  const series: Omit<Series, 'tip'> = {
    step, blocks: [], heights: [], timestamps: [], difficulties: [], tookMs: [], work: [],
    intervalMs: emptySpread(), transactions: emptySpread(), fees: emptySpread(), arrivalMs: emptySpread(),
    overall: {
      intervalMs: overall(intervalMs), transactions: overall(at(transactions)), fees: overall(at(fees)), arrivalMs: overall(at(arrivalsMs)),
    },
  }
  for (let start = from; start <= last; start += step) {
    const end = Math.min(start + step - 1, last)
    const blocks = end - start + 1
    const total = sum(at(difficulties), start, end)
    const timed = Math.max(start, 2)
    series.blocks.push(blocks)
    series.heights.push(end)
    series.timestamps.push(at(timestamps)(end))
    series.difficulties.push(total / blocks)
    series.tookMs.push(timed <= end ? at(timestamps)(end) - at(timestamps)(timed - 1) : 0)
    series.work.push(timed <= end ? total - sum(at(difficulties), start, timed - 1) : 0)
    spread(series.intervalMs, intervalMs, start, end, null)
    spread(series.transactions, at(transactions), start, end, 0)
    spread(series.fees, at(fees), start, end, 0)
    spread(series.arrivalMs, at(arrivalsMs), start, end, null)
  }
  return series
}

const emptySpread = (): Spread<never> => ({ least: [], median: [], most: [], mean: [] })

function sum(of: (height: number) => number, start: number, end: number): number {
  let total = 0
  for (let height = start; height <= end; height++) total += of(height)
  return total
}

/** @param none what a group has of which nothing is known */
function spread<Value>(into: Spread<Value | number>, of: (height: number) => number, start: number, end: number, none: Value): void {
  const { least, median, most, mean } = summaryOf(of, start, end)
  into.least.push(least ?? none)
  into.median.push(median ?? none)
  into.most.push(most ?? none)
  into.mean.push(mean ?? none)
}

/** @param of a block by its height; NaN where nothing is known */
function summaryOf(of: (height: number) => number, start: number, end: number): Summary {
  const values = new Float64Array(Math.max(0, end - start + 1))
  let [known, total] = [0, 0]
  for (let height = start; height <= end; height++) {
    const value = of(height)
    if (Number.isNaN(value)) continue
    values[known++] = value
    total += value
  }
  const sorted = values.subarray(0, known).sort()
  const [least, most] = [sorted[0], sorted[known - 1]]
  const [lower, upper] = [sorted[(known - 1) >> 1], sorted[known >> 1]]
  if (least === undefined || most === undefined || lower === undefined || upper === undefined) {
    return { least: null, median: null, most: null, mean: null }
  }
  return { least, median: (lower + upper) / 2, most, mean: total / known }
}
