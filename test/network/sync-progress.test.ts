import { expect, test } from 'vitest'
import { Pace } from '../../src/network/sync-progress.ts'
import { createManualClock } from '../support/manual-clock.ts'

test('a pace is known after a second, and follows the last ten', () => {
  const clock = createManualClock(0)
  const pace = new Pace(clock.now)
  const paces: (number | null)[] = []
  let height = 100
  const run = (seconds: number, blocksPerSecond: number): number | null => {
    for (let step = 0; step < seconds * 4; step++) {
      clock.advance(250)
      height += blocksPerSecond / 4
      paces.push(pace.at(height))
    }
    return paces.at(-1) ?? null
  }
  expect(pace.at(height)).toBe(null)
  run(1, 400)
  expect(paces).toEqual([null, null, null, 400])
  expect(run(9, 400)).toBe(400)
  expect(run(5, 800)).toBe(600)
  expect(run(5, 800)).toBe(800)
})

test('where nothing moves there is none, nor after it was cleared or the clock was set back', () => {
  const clock = createManualClock(0)
  let shiftMs = 0
  const pace = new Pace(() => clock.now() + shiftMs)
  pace.at(0)
  clock.advance(2_000)
  expect(pace.at(0)).toBe(null)
  expect(pace.at(10)).toBe(5)
  shiftMs = -1_000_000
  expect(pace.at(20)).toBe(null)
  clock.advance(2_000)
  expect(pace.at(40)).toBe(10)
  pace.clear()
  expect(pace.at(50)).toBe(null)
})
