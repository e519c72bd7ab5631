import { expect, test } from 'vitest'
import { equalBytes, fromHex, toHex } from '../../src/consensus/hex.ts'

test('bytes to lower-case digits, two each, and back from either case', () => {
  expect(toHex(Uint8Array.of(0, 1, 0xab, 0xff))).toBe('0001abff')
  expect(fromHex('0001ABff')).toEqual(Uint8Array.of(0, 1, 0xab, 0xff))
  expect(toHex(new Uint8Array())).toBe('')
  expect(fromHex('')).toEqual(new Uint8Array())
})

test('as many digits for every length: those around a hash, and what comes after, are their own', () => {
  for (let length = 0; length <= 70; length++) {
    const bytes = Uint8Array.from({ length }, (_, at) => (at * 37 + length) % 256)
    expect(toHex(bytes)).toBe(Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(''))
    expect(fromHex(toHex(bytes))).toEqual(bytes)
  }
})

test.each(['0', '0x00', 'zz', '0 ', '００'])('%j is no hex', (text) => {
  expect(() => fromHex(text)).toThrow()
})

test('bytes are equal when every one is, and there are as many', () => {
  const bytes = Uint8Array.of(1, 2, 3)
  expect(equalBytes(bytes, bytes.slice())).toBe(true)
  expect(equalBytes(new Uint8Array(), new Uint8Array())).toBe(true)
  for (const at of [0, 1, 2]) expect(equalBytes(bytes, bytes.with(at, 9))).toBe(false)
  expect(equalBytes(bytes, bytes.subarray(0, 2))).toBe(false)
  expect(equalBytes(bytes.subarray(0, 2), bytes)).toBe(false)
})
