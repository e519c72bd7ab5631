import { expect, test } from 'vitest'
import { luckOf, targetOf } from '../../src/web/target.ts'

test.each([
  ['207fffff', `7fffff${'0'.repeat(58)}`],
  ['1f0fffff', `000fffff${'0'.repeat(56)}`],
  ['1d00ffff', `00000000ffff${'0'.repeat(52)}`],
  ['1b0404cb', `00000000000404cb${'0'.repeat(48)}`],
  ['2100ffff', `ffff${'0'.repeat(60)}`],
])('the target of %s, as digits', (bits, target) => expect(targetOf(bits)).toBe(target))

test('how far a hash is below it', () => {
  const target = `00ff${'0'.repeat(60)}`
  expect(luckOf(target, target)).toBe(1)
  expect(luckOf(`0033${'0'.repeat(60)}`, target)).toBe(5)
  expect(luckOf('0'.repeat(64), target)).toBe(Infinity)
})
