import { expect, test } from 'vitest'
import { NodeClock } from '../../src/swarm/node-clock.ts'
import { createManualClock } from '../support/manual-clock.ts'

test('a right clock is the swarm’s', () => {
  const base = createManualClock(1_000)
  const clock = new NodeClock(base)
  base.advance(500)
  expect([clock.now(), clock.aheadMs]).toEqual([1_500, 0])
})

test('a skewed clock is ahead or behind by so much, and goes on so', () => {
  const base = createManualClock(1_000_000)
  const clock = new NodeClock(base, { skewMs: -90_000 })
  expect(clock.now()).toBe(910_000)
  base.advance(5_000)
  expect(clock.now()).toBe(915_000)
  clock.set({ skewMs: 10_000 })
  expect(clock.now()).toBe(1_015_000)
})

test('a clock that drifts gains from when it is set, in whole milliseconds, and keeps what it gained', () => {
  const base = createManualClock(0)
  const clock = new NodeClock(base, { driftPpm: 100_000 })
  base.advance(1_005)
  expect(clock.now()).toBe(1_105)
  clock.set({ driftPpm: 0 })
  base.advance(1_000)
  expect(clock.now()).toBe(2_105)
  clock.set({ skewMs: 0 })
  expect(clock.now()).toBe(2_005)
})

test('timers run by the node’s own clock: a fast one waits less', () => {
  const base = createManualClock(0)
  const clock = new NodeClock(base, { driftPpm: 250_000 })
  let rang = 0
  clock.after(1_000, () => (rang += 1))
  const cancel = clock.after(1_000, () => (rang += 10))
  cancel()
  base.advance(799)
  expect(rang).toBe(0)
  base.advance(1)
  expect(rang).toBe(1)
})

test.each([
  [{ skewMs: Number.NaN }, 'skewMs: must be within ten years, is NaN ms'],
  [{ driftPpm: -600_000 }, 'driftPpm: must be from −500000 to 500000 millionths, is -600000'],
])('refuses %j', (settings, message) => {
  expect(() => new NodeClock(createManualClock(0), settings)).toThrow(new RangeError(message))
})
