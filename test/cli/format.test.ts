import { expect, test } from 'vitest'
import {
  formatAge, formatChange, formatCount, formatCountOf, formatDuration, formatHashRate, formatMetric,
} from '../../src/cli/format.ts'

test('digits are grouped by threes', () => {
  expect([-4800, 0, 999, 1000, 1234567, Number.MAX_SAFE_INTEGER].map(formatCount)).toEqual([
    '−4 800', '0', '999', '1 000', '1 234 567', '9 007 199 254 740 991',
  ])
})

test('one of something is singular, none and many are plural', () => {
  expect([0, 1, 2].map((count) => formatCountOf(count, 'block'))).toEqual(['0 blocks', '1 block', '2 blocks'])
})

test('large figures keep three digits, and rounding never shows 1000 of a prefix', () => {
  expect([0, 12, 999, 1000, 1_048_576, 340_123, 999_499, 999_500, 9_995_000].map(formatMetric)).toEqual([
    '0', '12', '999', '1.00 k', '1.05 M', '340 k', '999 k', '1.00 M', '10.0 M',
  ])
  expect(formatHashRate(1_200_000)).toBe('1.20 MH/s')
  expect(formatHashRate(0)).toBe('0 H/s')
})

test('durations show their two largest units', () => {
  expect([0, 340, 999.7, 4_240, 9_960, 59_400, 60_000, 192_000, 18_240_000, 183_600_000].map(formatDuration)).toEqual([
    '0 ms', '340 ms', '1.0 s', '4.2 s', '10 s', '59 s', '1 min', '3 min 12 s', '5 h 4 min', '2 d 3 h',
  ])
})

test('ages are coarse, and a clock ahead of ours shows as such', () => {
  const now = 1_000_000_000
  expect([0, 12_000, 60_000, 3_600_000, 172_800_000, -400, -30_000].map((ago) => formatAge(now - ago, now))).toEqual([
    'now', '12 s ago', '1 min ago', '1 h ago', '2 d ago', 'now', 'in 30 s',
  ])
})

test('a change carries its sign', () => {
  expect([50, 0, -1031].map(formatChange)).toEqual(['+50', '0', '−1 031'])
})
