import { expect, test } from 'vitest'
import { fromCompact } from '../../src/consensus/target.ts'
import { luckOf, targetOf } from '../../src/web/target.ts'

test('the target is the one of the rules', () => {
  for (const bits of [0x207fffff, 0x1f0fffff, 0x1d00ffff, 0x1b0404cb, 0x2100ffff]) {
    expect(targetOf(bits.toString(16))).toBe(fromCompact(bits).target.toString(16).padStart(64, '0'))
  }
})

test('how far a hash is below it', () => {
  const target = `00ff${'0'.repeat(60)}`
  expect(luckOf(target, target)).toBe(1)
  expect(luckOf(`0033${'0'.repeat(60)}`, target)).toBe(5)
  expect(luckOf('0'.repeat(64), target)).toBe(Infinity)
})
