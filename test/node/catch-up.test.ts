/** When mining waits for a sync, and when it does not, on a clock that only the test moves. */
import { expect, test } from 'vitest'
import { CatchUp } from '../../src/node/catch-up.ts'
import { createManualClock } from '../support/manual-clock.ts'

function createCatchUp() {
  const clock = createManualClock(0)
  const state = { held: false }
  const catchUp = new CatchUp({ clock, hold: (held) => (state.held = held) })
  /** What holds after each thing told, or after so many ms. */
  const after = (...steps: ('headers' | 'bodies' | 'idle' | number)[]): boolean[] =>
    steps.map((step) => {
      if (typeof step === 'number') clock.advance(step)
      else catchUp.progress({ state: step })
      return state.held
    })
  return { after, catchUp, clock }
}

test('waits from the first body to the end of the sync, through the headers in between', () => {
  const { after, clock } = createCatchUp()
  expect(after('headers', 'bodies', 'bodies', 'headers', 'bodies', 'idle')).toEqual([false, true, true, true, true, false])
  expect(clock.pending).toBe(0)
})

test('waits as long as bodies arrive, however long the chain', () => {
  const { after } = createCatchUp()
  const steps = Array.from({ length: 100 }, () => ['bodies', 3_999] as const).flat()
  expect(new Set(after(...steps))).toEqual(new Set([true]))
})

test('a peer that stalls stops nobody: mining goes on after some seconds, and waits again when bodies arrive', () => {
  const { after } = createCatchUp()
  expect(after('bodies', 3_999, 1, 60_000, 'bodies', 'idle')).toEqual([true, true, false, false, true, false])
  expect(after('bodies', 'headers', 3_999, 1)).toEqual([true, true, true, false])
})

test('who mines from the start first looks for peers, for two seconds and no longer', () => {
  const { after, catchUp, clock } = createCatchUp()
  catchUp.lookAround()
  expect(after(0, 1_999, 1)).toEqual([true, true, false])
  expect(after('headers', 60_000)).toEqual([false, false])
  expect(clock.pending).toBe(0)
})

test('a sync that begins in that moment takes over, with its first headers', () => {
  const { after, catchUp } = createCatchUp()
  catchUp.lookAround()
  expect(after(1_900, 'headers', 3_000, 'bodies', 3_999, 'bodies', 'idle')).toEqual([true, true, true, true, true, true, false])
})

test('a peer that begins with headers and stops there holds nobody up for longer than any other that stalls', () => {
  const { after, catchUp } = createCatchUp()
  catchUp.lookAround()
  expect(after(1_999, 'headers', 3_999, 1, 'headers')).toEqual([true, true, true, false, false])
})

test('a sync that is soon over does not cut that moment short: another peer may be farther ahead', () => {
  const { after, catchUp } = createCatchUp()
  catchUp.lookAround()
  expect(after(100, 'headers', 'bodies', 'idle', 1_899, 1)).toEqual([true, true, true, true, true, false])
})

test('headers alone stop nobody, and a stopped one tells nothing', () => {
  const { after, catchUp, clock } = createCatchUp()
  expect(after('headers', 10_000, 'idle')).toEqual([false, false, false])
  catchUp.lookAround()
  after('bodies')
  catchUp.stop()
  expect(clock.pending).toBe(0)
})
