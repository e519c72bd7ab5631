import { expect, test } from 'vitest'
import { layoutZeros, zeroBits } from '../../src/web/zeros-layout.ts'

const hex = (start: string): string => start.padEnd(64, 'f')
const SIZE = { width: 800, height: 100 }

test('zeros are counted in bits, with the fraction that follows', () => {
  expect(zeroBits(hex('7'))).toBe(1)
  expect(zeroBits(hex('1'))).toBe(3)
  expect(zeroBits(hex('000f'))).toBeCloseTo(12)
  expect(zeroBits('0'.repeat(64))).toBe(256)
  expect(zeroBits(`0001${'0'.repeat(60)}`)).toBeCloseTo(16, 3)
})

test('bars go down like stairs, one step for half as many', () => {
  const { bars } = layoutZeros(hex('00'), undefined, [1023, 511, 255, 0, 63], SIZE)
  expect(bars.map(({ zeroBits, height }) => [zeroBits, height])).toEqual([[0, 100], [1, 90], [2, 80], [4, 60]])
})

test('hash and target lie by their zeros, and all of it within the drawing', () => {
  const near = layoutZeros(hex('00f'), hex('3'), [1], SIZE)
  expect([near.hashX, near.targetX].map((x) => Math.round(x ?? 0))).toEqual([133, 533])
  expect(near.ticks.map(({ zeros }) => zeros)).toEqual([0, 1, 2, 3])
  for (const [target, hash] of [[hex('7'), hex('f')], [hex('0000000f'), hex('f')], [hex('000f'), '0'.repeat(64)], [hex('0'.repeat(40)), hex('f')]] as const) {
    const { targetX, hashX = 0, ticks } = layoutZeros(target, hash, [], SIZE)
    for (const x of [targetX, hashX, ticks.at(-1)?.x ?? 0]) expect(x).toBeLessThanOrEqual(SIZE.width)
  }
  expect(layoutZeros(hex('7'), undefined, [], SIZE).hashX).toBeUndefined()
})
