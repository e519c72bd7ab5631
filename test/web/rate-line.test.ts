import { expect, test } from 'vitest'
import { KEPT_MS, layoutRate, type RateSample, withSample } from '../../src/web/rate-line.ts'

const NOW = 10_000_000
const sample = (secondsAgo: number, hashRate: number): RateSample => ({ at: NOW - 1_000 * secondsAgo, hashRate })
const draw = (...samples: RateSample[]) => layoutRate(samples, NOW, 600, 100)

test('a line from measurement to measurement, the highest at the top', () => {
  const { path, area, highest, spanMs } = draw(sample(2, 50), sample(1, 100), sample(0, 0))
  expect(path).toBe('M580.0 50.0L590.0 0.0L600.0 100.0L600.0 100.0')
  expect(area).toBe('M580.0 100L580.0 50.0L590.0 0.0L600.0 100.0L600.0 100.0L600.0 100Z')
  expect([highest, spanMs]).toEqual([100, 60_000])
})

test('0 until now after mining stopped, and 0 until it begins again', () => {
  expect(draw(sample(30, 10), sample(29, 0)).path).toBe('M300.0 0.0L310.0 100.0L600.0 100.0')
  expect(draw(sample(30, 0), sample(10, 10), sample(9, 10)).path).toBe('M300.0 100.0L500.0 100.0L500.0 0.0L510.0 0.0')
})

test('broken where the page missed measurements', () => {
  expect(draw(sample(30, 10), sample(29, 10), sample(10, 10), sample(9, 10)).path).toBe('M300.0 0.0L310.0 0.0M500.0 0.0L510.0 0.0')
})

test('nothing to draw before there are two', () => {
  expect(draw().path).toBe('')
  expect(draw(sample(1, 5)).path).toBe('')
})

test('keeps ten minutes, and one measurement more, where the line comes from', () => {
  let samples: readonly RateSample[] = []
  for (let second = 0; second < 1_000; second += 1) samples = withSample(samples, { at: 1_000 * second, hashRate: 1 })
  expect(samples.length).toBe(KEPT_MS / 1_000 + 2)
  expect(samples.at(-1)?.at).toBe(999_000)
  expect(withSample([{ at: 0, hashRate: 7 }], { at: 2 * KEPT_MS, hashRate: 1 })).toHaveLength(2)
  for (const x of layoutRate(samples, 999_000, 600, 100).path.match(/[ML](-?[\d.]+)/g) ?? []) expect(Number(x.slice(1))).toBeGreaterThanOrEqual(0)
})
