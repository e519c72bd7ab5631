/** The token bucket, on a clock that only the test moves. */
import { expect, test } from 'vitest'
import { HttpError } from '../../src/http/http-error.ts'
import { RateLimit } from '../../src/http/rate-limit.ts'

function limited() {
  const clock = { now: 1_000_000 }
  const limit = new RateLimit({ perSecond: 2, burst: 3 }, () => clock.now)
  /** How many of `count` requests were granted. */
  const granted = (caller: string, count: number): number => {
    let ok = 0
    for (let i = 0; i < count; i++) {
      try {
        limit.take(caller)
        ok++
      } catch (error) {
        expect(error).toBeInstanceOf(HttpError)
        expect(error).toMatchObject({ status: 429, code: 'too-many-requests', headers: { 'retry-after': '1' } })
      }
    }
    return ok
  }
  return { clock, granted }
}

test('a burst, then so many a second, and never more than the burst saved up', () => {
  const { clock, granted } = limited()
  expect(granted('a', 10)).toBe(3)
  clock.now += 1_000
  expect(granted('a', 10)).toBe(2)
  clock.now += 3_600_000
  expect(granted('a', 10)).toBe(3)
})

test('a caller that hammers still gets its share', () => {
  const { clock, granted } = limited()
  granted('a', 3)
  let ok = 0
  for (let ms = 0; ms < 10_000; ms += 50) {
    clock.now += 50
    ok += granted('a', 1)
  }
  expect(ok).toBe(20)
})

test('callers do not share a bucket, and only so many are remembered', () => {
  const { granted } = limited()
  expect(granted('a', 4)).toBe(3)
  expect(granted('b', 4)).toBe(3)
  for (let i = 0; i < 1_024; i++) granted(`caller ${i}`, 1)
  expect(granted('a', 4), 'the quietest was forgotten').toBe(3)
})

test('a clock set back neither refills nor counts against anybody', () => {
  const { clock, granted } = limited()
  expect(granted('a', 1)).toBe(1)
  clock.now -= 3_600_000
  expect(granted('a', 10)).toBe(2)
  clock.now += 1_000
  expect(granted('a', 10)).toBe(2)
})
