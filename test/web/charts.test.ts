/** The charts' own arithmetic: lines, scales, windows of time, and what is said in words. */
import { describe, expect, test } from 'vitest'
import type { Series, Spread } from '../../src/http/api.ts'
import { groupsOf, stepFor } from '../../src/http/series/groups.ts'
import { CHARTS, drawingOf } from '../../src/web/charts/drawing.ts'
import { readingOf, sentenceOf, tickOf, valueOf } from '../../src/web/charts/in-words.ts'
import { scaleOf } from '../../src/web/charts/scale.ts'
import { runningMean, runningMedian, runningRatio, windowFor } from '../../src/web/charts/smooth.ts'
import { timeLabels } from '../../src/web/charts/time-labels.ts'
import { dragged, MIN_WINDOW_MS, moved, scaled, sinceOf, wholeOf } from '../../src/web/charts/time-window.ts'

const HOUR_MS = 3_600_000
const NOW = 1_800_000_000_000

/** Blocks with these intervals, each of 1 000 hashes and with as many transactions as its height; the last ends now. */
function seriesOf(intervalsMs: readonly number[], points = 500): Series {
  const times = [NOW - intervalsMs.reduce((sum, each) => sum + each, 0)]
  for (const interval of intervalsMs) times.push((times.at(-1) ?? 0) + interval)
  const timestamps = [0, ...times]
  const heights = timestamps.map((_, height) => height)
  const facts = {
    timestamps, difficulties: heights.map(() => 1_000), transactions: heights, fees: heights.map(() => 0),
    arrivalsMs: heights.map((height) => (height === 2 ? -40 : Number.NaN)),
  }
  return { tip: 'f'.repeat(64), ...groupsOf(facts, 1, times.length, stepFor(times.length, points)) }
}

describe('smoothing', () => {
  test('the window is odd, and none where there are few points', () => {
    expect([0, 7, 8, 64, 360, 2_000].map(windowFor)).toEqual([1, 1, 5, 5, 23, 31])
  })

  test('a median is moved by no far-off point, and is cut off at the ends', () => {
    expect(runningMedian([1, 2, 900, 4, 5], 3)).toEqual([1.5, 2, 4, 5, 4.5])
    expect(runningMedian([1, null, 3, 5], 3)).toEqual([1, null, 4, 4])
    expect(runningMedian([7], 1)).toEqual([7])
  })

  test('a mean counts every block, however many a point stands for', () => {
    expect(runningMean([1, 4], [4, 1], 3)).toEqual([1.6, 1.6])
  })

  test('a rate is all work by all time, and none where no time passed', () => {
    expect(runningRatio([10, 20, 60], [1, 4, 0], 1)).toEqual([10, 5, null])
    expect(runningRatio([10, 20, 60], [1, 4, 0], 3)).toEqual([6, 18, 20])
  })
})

describe('a drawing', () => {
  test('of single blocks: dots and a line; the first block has no interval', () => {
    const { dots, least, line, summary } = drawingOf('interval', seriesOf([5_000, 10_000, 30_000]))
    expect(dots).toEqual([null, 5_000, 10_000, 30_000])
    expect(line).toEqual(dots)
    expect(least).toEqual([null, null, null, null])
    expect(summary).toMatchObject({ least: 5_000, median: 10_000, most: 30_000, mean: 15_000 })
  })

  test('of groups: a band from least to most, and what is said of all blocks is exact', () => {
    const series = seriesOf([5_000, 10_000, 30_000, 1_000, 2_000], 4)
    expect(series.step).toBe(2)
    const { dots, least, most, summary } = drawingOf('interval', series)
    expect(dots).toEqual([null, null, null])
    expect([least, most]).toEqual([[5_000, 10_000, 1_000], [5_000, 30_000, 2_000]])
    expect(summary).toMatchObject({ least: 1_000, median: 5_000, most: 30_000, mean: 9_600 })
  })

  test('the hash rate is work by time: 1 000 hashes every 10 s are 100 a second, whatever luck does', () => {
    const { line, summary } = drawingOf('rate', seriesOf([1_000, 19_000, 4_000, 16_000, 10_000, 10_000, 10_000, 10_000]))
    expect(summary?.mean).toBe(100)
    expect(line[4]).toBeCloseTo(5_000 / 59, 9) // five blocks in 19 + 4 + 16 + 10 + 10 s
  })

  test('transactions are a mean and a sum; fees may all be 0; one arrival is enough for a chart', () => {
    const series = seriesOf([10_000, 10_000])
    expect(drawingOf('transactions', series)).toMatchObject({ line: [1, 2, 3], summary: { mean: 2, total: 6 } })
    expect(drawingOf('fees', series).summary).toMatchObject({ least: 0, most: 0, total: 0 })
    expect(drawingOf('arrival', series)).toMatchObject({ dots: [null, -40, null], summary: { median: -40 } })
  })

  test('of nothing says nothing', () => {
    const empty: Series = { ...groupsOf({ timestamps: [], difficulties: [], transactions: [], fees: [], arrivalsMs: [] }, 1, 0, 1), tip: '' }
    for (const name of CHARTS) expect(drawingOf(name, empty)).toMatchObject({ line: [], summary: undefined })
  })
})

describe('a scale', () => {
  test('begins at 0 and ends at a round number above all', () => {
    expect(scaleOf([3, 41, null], 'number')).toEqual({ kind: 'linear', from: 0, to: 50, ticks: [0, 10, 20, 30, 40, 50] })
    expect(scaleOf([0, 1], 'count').ticks).toEqual([0, 1, 2])
    expect(scaleOf([0], 'count').ticks).toEqual([0, 1])
    expect(scaleOf([], 'duration')).toMatchObject({ kind: 'linear', from: 0 })
  })

  test('of durations has steps that a clock has', () => {
    expect(scaleOf([100_000, 200_000], 'duration').ticks).toEqual([0, 60_000, 120_000, 180_000, 240_000])
    expect(scaleOf([-40, 300], 'duration').ticks).toEqual([-100, 0, 100, 200, 300, 400])
  })

  test('goes by tens where one far-off value would press all others together, but never for what is counted', () => {
    const { kind, from, to, ticks } = scaleOf([200, 9_000, 5 * HOUR_MS], 'duration')
    expect([kind, from, to]).toEqual(['log', 100, 10 * HOUR_MS])
    expect(ticks.length).toBeLessThanOrEqual(6)
    expect(scaleOf([1_000, 900_000], 'number')).toMatchObject({ kind: 'log', from: 1_000, to: 1_000_000 })
    expect(scaleOf([0, 900], 'count').kind).toBe('linear')
    expect(scaleOf([0, 900_000], 'duration').kind).toBe('linear') // 0 has no place among tens
  })

  test('holds whatever it is made of', () => {
    for (const values of [[1e-3, 1], [1, 5e15], [1, 1e12], [0.3], [7, 7], [1, 51]]) {
      for (const measure of ['duration', 'number', 'count'] as const) {
        const { from, to, ticks } = scaleOf(values, measure)
        expect(from).toBeLessThanOrEqual(Math.min(...values))
        expect(to).toBeGreaterThanOrEqual(Math.max(...values))
        expect(ticks.length, `${measure} ${values.join()}`).toBeGreaterThan(0)
        expect(ticks.length).toBeLessThan(9)
      }
    }
  })
})

describe('a window of time', () => {
  const whole = { since: 0, until: 100_000 }

  test('zooms about its middle, and out to all of it', () => {
    const half = scaled(whole, 0.5, whole)
    expect(half).toEqual({ since: 25_000, until: 75_000 })
    expect(scaled(half!, 2, whole)).toBeUndefined()
    expect(scaled({ since: 80_000, until: 100_000 }, 2, whole)).toEqual({ since: 60_000, until: 100_000 })
  })

  test('moves as far as there is something to see', () => {
    expect(moved({ since: 10_000, until: 50_000 }, 0.5, whole)).toEqual({ since: 30_000, until: 70_000 })
    expect(moved({ since: 10_000, until: 50_000 }, -0.5, whole)).toEqual({ since: 0, until: 40_000 })
    expect(moved(whole, 0.5, whole)).toBeUndefined()
  })

  test('is dragged in either direction, and never too narrow to see anything', () => {
    expect(dragged(70_000, 30_000, whole)).toEqual({ since: 30_000, until: 70_000 })
    expect(dragged(50_000, 50_001, whole)).toEqual({ since: 50_001 - MIN_WINDOW_MS / 2, until: 50_001 + MIN_WINDOW_MS / 2 })
  })

  test('of a range ends now, and begins with the chain where that is younger', () => {
    expect([sinceOf('hour', NOW), sinceOf('day', NOW), sinceOf('all', NOW)]).toEqual([NOW - HOUR_MS, NOW - 24 * HOUR_MS, 0])
    const young = seriesOf([10_000, 10_000])
    expect(wholeOf(young, NOW - HOUR_MS, NOW + 5)).toEqual({ since: NOW - 20_000, until: NOW + 5 })
    const old: Series = { ...young, heights: [7, 8, 9] }
    expect(wholeOf(old, NOW - HOUR_MS, NOW)).toEqual({ since: NOW - HOUR_MS, until: NOW })
    // A miner's clock is ahead of this one.
    expect(wholeOf(old, NOW - HOUR_MS, NOW - 3_000).until).toBe(NOW)
  })
})

describe('in words', () => {
  const plain = (text: string): string => text.replaceAll(/[\s\u202f]+/g, ' ')

  test('each value has its unit; beside the scale there is less room', () => {
    expect(CHARTS.map((name) => plain(valueOf(name, 1_500)))).toEqual(['1.5 s', '1.5 s', '1.50 k hashes', '1.50 kH/s', '1 500', '1 500'])
    expect(plain(valueOf('arrival', -40))).toBe('−40 ms')
    expect(plain(valueOf('transactions', 0.625))).toBe('0.63')
    expect([plain(tickOf('difficulty', 2_000_000)), tickOf('difficulty', 500)]).toEqual(['2 M', '500'])
    expect([plain(tickOf('difficulty', 2.5)), plain(tickOf('rate', 0.1)), plain(tickOf('rate', 100)), tickOf('fees', 0)]).toEqual(['2.5', '0.1 H/s', '100 H/s', '0'])
  })

  test('a sentence says what the picture shows', () => {
    const series = seriesOf([5_000, 10_000, 30_000])
    const sentence = (name: Parameters<typeof drawingOf>[0]) => plain(sentenceOf(name, drawingOf(name, series).summary!, '10 s'))
    expect(sentence('interval')).toBe('Median 10 s, from 5 s to 30 s; mean 15 s; target 10 s.')
    expect(sentence('transactions')).toBe('Median 2.50, from 1 to 4; mean 2.50; 10 in all.')
    expect(sentence('rate')).toMatch(/; 66\.7 H\/s overall\.$/)
    expect(sentence('arrival')).toBe('−40 ms throughout.')
    expect(sentence('fees')).toBe('0 throughout.')
    expect(plain(sentenceOf('interval', drawingOf('interval', seriesOf([9_000])).summary!, '10 s'))).toBe('9 s throughout; target 10 s.')
  })

  test('under the cursor: which block, when, and its value; or how its group is spread', () => {
    const series = seriesOf([5_000, 10_000, 30_000])
    const reading = (name: Parameters<typeof drawingOf>[0], from: Series, at: number) => plain(readingOf(name, from, drawingOf(name, from), at))
    expect(reading('interval', series, 3)).toMatch(/^Block 4, .*: 30 s$/)
    expect(reading('interval', series, 0)).toMatch(/^Block 1, .*: not known$/)
    expect(reading('interval', seriesOf([5_000, 10_000, 30_000], 2), 0)).toMatch(/^Blocks 1 to 4, .*: 10 s \(5 s to 30 s\)$/)
  })

  test('times say the day where it changes, seconds where they are close', () => {
    const midnight = new Date(2026, 10, 27).getTime()
    const [before, after] = timeLabels([midnight - 600_000, midnight + 600_000], 1_200_000)
    expect(before).not.toContain('\n')
    expect(after).toMatch(/\n.*27/)
    const exact = timeLabels([midnight + 5_000], 5_000)[0]
    expect(exact).toMatch(/05/)
    expect(timeLabels([midnight], 86_400_000)[0]).toMatch(/27/)
  })
})

test('a spread is as the node gives it', () => {
  const { intervalMs }: { intervalMs: Spread<number | null> } = seriesOf([10_000])
  expect(intervalMs).toEqual({ least: [null, 10_000], median: [null, 10_000], most: [null, 10_000], mean: [null, 10_000] })
})
