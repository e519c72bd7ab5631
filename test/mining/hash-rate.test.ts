import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { HashRate } from '../../src/mining/hash-rate.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => void vi.useRealTimers())

test('hashes a second since the oldest sample kept', () => {
  const rate = new HashRate()
  expect(rate.at(1_000)).toBe(0)
  rate.sample(1_000)
  expect(rate.at(1_000)).toBe(0) // no time to tell
  vi.advanceTimersByTime(500)
  expect(rate.at(2_000)).toBe(2_000)
  for (let second = 1; second <= 10; second++) {
    vi.advanceTimersByTime(1_000)
    rate.sample(2_000 + 100 * second)
  }
  expect(rate.at(3_000)).toBe(100) // what was quicker before is forgotten
  rate.reset()
  expect(rate.at(9_000)).toBe(0)
})
