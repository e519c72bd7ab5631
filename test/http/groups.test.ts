/** Blocks in groups for charts: the arithmetic alone. */
import { describe, expect, test } from 'vitest'
import { type BlockFacts, groupsOf, groupStart, stepFor } from '../../src/http/series/groups.ts'

/** Genesis and nine blocks: 1 a year after genesis, then intervals of 10, 20, 30 … s; block n has n transactions. */
const heights = Array.from({ length: 10 }, (_, height) => height)
const YEAR_MS = 31_536_000_000
const facts: BlockFacts = {
  timestamps: heights.map((height) => (height === 0 ? 0 : YEAR_MS + 5_000 * height * (height - 1))),
  difficulties: heights.map((height) => (height === 0 ? 1_000 : 100 * height)),
  transactions: heights,
  fees: heights.map((height) => 2 * height),
  arrivalsMs: heights.map((height) => (height >= 6 ? 10 * height : Number.NaN)),
}

test('as many blocks in a group as it takes, and the groups begin where they always do', () => {
  expect(stepFor(0, 500)).toBe(1)
  expect(stepFor(500, 500)).toBe(1)
  expect(stepFor(501, 500)).toBe(2)
  expect(stepFor(1_000, 500)).toBe(4) // of two there may be 501, where the first begins before
  expect(stepFor(100_000, 2)).toBe(131_072)
  for (const [blocks, groups] of [[8_640, 500], [1_000_000, 2_000], [17, 2], [3, 2]] as const) {
    const step = stepFor(blocks, groups)
    for (const first of [1, 2, 77]) {
      const count = Math.floor((first + blocks - 1 - groupStart(first, step)) / step) + 1
      expect(count, `${blocks} blocks from ${first} in ${groups}`).toBeLessThanOrEqual(groups)
    }
  }
  expect([1, 4, 5, 8, 9].map((height) => groupStart(height, 4))).toEqual([1, 1, 5, 5, 9])
})

describe('a group', () => {
  test('of one block is that block; block 1 has no interval', () => {
    const series = groupsOf(facts, 1, 3, 1)
    expect(series).toMatchObject({
      step: 1, blocks: [1, 1, 1], heights: [1, 2, 3], difficulties: [100, 200, 300], tookMs: [0, 10_000, 20_000], work: [0, 200, 300],
    })
    const single = [null, 10_000, 20_000]
    expect(series.intervalMs).toEqual({ least: single, median: single, most: single, mean: single })
    expect(series.fees.median).toEqual([2, 4, 6])
    expect(series.arrivalMs.median).toEqual([null, null, null])
  })

  test('of several: least, median and most; sums of time and work without block 1; the last as far as it goes', () => {
    const series = groupsOf(facts, 3, 9, 4)
    expect(series).toMatchObject({
      step: 4, blocks: [4, 4, 1], heights: [4, 8, 9], difficulties: [250, 650, 900],
      timestamps: [facts.timestamps[4], facts.timestamps[8], facts.timestamps[9]],
      tookMs: [60_000, 220_000, 80_000], work: [900, 2_600, 900],
    })
    expect(series.intervalMs).toEqual({
      least: [10_000, 40_000, 80_000], median: [20_000, 55_000, 80_000], most: [30_000, 70_000, 80_000], mean: [20_000, 55_000, 80_000],
    })
    expect(series.overall).toEqual({
      intervalMs: { least: 10_000, median: 45_000, most: 80_000, mean: 45_000 },
      transactions: { least: 1, median: 5, most: 9, mean: 5 },
      fees: { least: 2, median: 10, most: 18, mean: 10 },
      arrivalMs: { least: 60, median: 75, most: 90, mean: 75 },
    })
    expect(series.transactions).toEqual({ least: [1, 5, 9], median: [2.5, 6.5, 9], most: [4, 8, 9], mean: [2.5, 6.5, 9] })
    expect(series.arrivalMs).toEqual({ least: [null, 60, 90], median: [null, 70, 90], most: [null, 80, 90], mean: [null, 70, 90] })
  })

  test('of block 1 alone has neither time nor work', () => {
    expect(groupsOf(facts, 1, 1, 8)).toMatchObject({ blocks: [1], tookMs: [0], work: [0], intervalMs: { median: [null] } })
  })

  test('there is none where there are no blocks', () => {
    const { heights, overall } = groupsOf(facts, 1, 0, 1)
    expect([heights, overall.fees]).toEqual([[], { least: null, median: null, most: null, mean: null }])
  })
})
