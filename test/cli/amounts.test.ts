import { expect, test } from 'vitest'
import { parseAmount, parseWhole } from '../../src/cli/amounts.ts'
import { Refusal } from '../../src/cli/failure.ts'

test('digits are a number, up to the largest that is exact', () => {
  expect(parseAmount('amount', '1')).toBe(1)
  expect(parseAmount('amount', '007')).toBe(7)
  expect(parseAmount('amount', '9007199254740991')).toBe(Number.MAX_SAFE_INTEGER)
})

test.each([
  ['0.5', 'is not whole'],
  ['.5', 'is not whole'],
  ['-1', 'is negative'],
  ['-0', 'is negative'],
  ['1e300', 'is in scientific notation'],
  ['1E3', 'is in scientific notation'],
  ['abc', 'is not a number'],
  ['0x10', 'is not a number'],
  ['Infinity', 'is not a number'],
  ['NaN', 'is not a number'],
  ['+1', 'is not a number'],
  ['١٢', 'is not a number'],
  ['', 'is empty'],
  [' ', 'is empty'],
  ['1,000', 'has separators between its digits'],
  ['1 000', 'has separators between its digits'],
  ['0', 'is too small'],
  ['9007199254740992', 'is too large'],
  ['9'.repeat(400), 'is too large'],
])('%j is refused: %s', (text, why) => {
  expect(() => parseAmount('amount', text)).toThrow(Refusal)
  expect(() => parseAmount('amount', text)).toThrow(why)
})

test('a refusal names what it is, quotes what was given, says what would do, and stays one short line', () => {
  expect(() => parseWhole('--threads', '999', 1, 256)).toThrow(
    new Refusal('--threads: 999 is too large; give a whole number from 1 to 256'),
  )
  expect(() => parseAmount('AMOUNT', 'a\nb')).toThrow(String.raw`AMOUNT: "a\nb" is not a number`)
  try {
    parseAmount('AMOUNT', 'x'.repeat(10_000))
  } catch (error) {
    expect((error as Error).message.length).toBeLessThan(160)
  }
  expect.assertions(3)
})
