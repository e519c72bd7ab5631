import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Fill } from '../../src/mempool/admission.ts'
import { decayed, FeeFloor } from '../../src/mempool/fee-floor.ts'
import { DEFAULT_LIMITS } from '../../src/mempool/policy.ts'

const LIMITS = { ...DEFAULT_LIMITS, maxTransactions: 1e6, floorHalfLifeMs: 600_000 }
const full = (share: number): Fill => ({ size: Math.round(share * LIMITS.maxTransactions), bytes: 0, lowest: undefined })

test('halves in a half-life', () => {
  expect([0, 1, 2, 3].map((halfLives) => decayed(80, halfLives * 5_000, 5_000))).toEqual([80, 40, 20, 10])
})

test('a fee above the one pushed out, which halves in ten minutes, sooner in a pool that is nearly empty', () => {
  for (const [fullness, later] of [[1, 20], [0.5, 20], [0.49, 10], [0.25, 10], [0.24, 3]] as const) {
    const floor = new FeeFloor(LIMITS)
    floor.raise(39, 1_000)
    expect(floor.at(1_000, full(fullness))).toBe(40)
    expect(floor.at(601_000, full(fullness)), `${fullness} full`).toBe(later)
  }
})

test('is gone in the end, down to what the node asks for anyway', () => {
  const floor = new FeeFloor({ ...LIMITS, minFee: 2 })
  floor.raise(1_000_000, 0)
  expect(floor.at(30 * 600_000, full(1))).toBe(2)
})

test('property: never above the highest one pushed out plus 1, never rising by itself, never below what is asked for anyway', () => {
  const step = fc.oneof(
    fc.record({ raise: fc.nat({ max: 1e6 }) }),
    fc.record({ waitMs: fc.integer({ min: -1_000, max: 1e6 }), fullness: fc.double({ min: 0, max: 1, noNaN: true }) }),
  )
  fc.assert(
    fc.property(fc.array(step), fc.nat({ max: 5 }), (steps, minFee) => {
      const floor = new FeeFloor({ ...LIMITS, minFee })
      let now = 1e9
      let last = minFee
      for (const each of steps) {
        if ('raise' in each) {
          floor.raise(each.raise, now)
          const raised = floor.at(now, full(1))
          expect(raised).toBeGreaterThanOrEqual(each.raise + 1)
          expect(raised).toBeLessThanOrEqual(Math.max(last, each.raise + 1))
          last = raised
        } else {
          now += each.waitMs
          const later = floor.at(now, full(each.fullness))
          expect(later).toBeLessThanOrEqual(last)
          expect(later).toBeGreaterThanOrEqual(minFee)
          last = later
        }
      }
    }),
    { seed: 1 },
  )
})
