import { expect, test } from 'vitest'
import { accountName, age, count, hashes, hashRate, parseAmount, scaled, shortAccount, span, splitHash } from '../../src/web/format.ts'

const THIN = '\u202f'

test('whole numbers have their thousands apart', () => {
  expect([0, 999, 1284, 1234567].map(count)).toEqual(['0', '999', `1${THIN}284`, `1${THIN}234${THIN}567`])
})

test('scaled numbers keep three digits and never reach a thousand of a prefix', () => {
  expect(scaled(2)).toEqual({ value: '2', prefix: '' })
  expect(scaled(1_048_576)).toEqual({ value: '1.05', prefix: 'M' })
  expect(scaled(98_140)).toEqual({ value: '98.1', prefix: 'k' })
  expect(scaled(999_600)).toEqual({ value: '1', prefix: 'M' })
  expect(hashRate(913_000)).toEqual({ value: '913', unit: 'kH/s' })
  expect(hashes(2)).toEqual({ value: '2', unit: 'hashes' })
})

test('ages are whole and in the largest unit that they have two of', () => {
  const shown = (ms: number) => Object.values(age(ms)).join(' ')
  const ages = [-5, 6_900, 119_000, 120_000, 7_200_000, 3 * 86_400_000]
  expect(ages.map(shown)).toEqual(['0 s', '6 s', '119 s', '2 min', '2 h', '3 d'])
})

test('spans have a decimal where it says something', () => {
  const shown = (ms: number) => Object.values(span(ms)).join(' ')
  expect([40, 9_810, 10_000, 150_000].map(shown)).toEqual(['40 ms', '9.8 s', '10 s', '2.5 min'])
})

test('a hash falls into the zeros that work bought, and the ends of the rest', () => {
  expect(splitHash(`00000${'4d3e'.padEnd(55, 'f')}7495`)).toEqual({ zeros: '00000', start: '4d3e', end: '7495' })
  expect(splitHash('0'.repeat(64))).toEqual({ zeros: '0'.repeat(64), start: '', end: '' })
  expect(shortAccount('cairn1q8vaaaabbbbcccck2m4')).toBe('cairn1q8v…k2m4')
  expect(accountName('cairn1q8vaaaabbbbcccck2m4')).toBe('q8va…k2m4')
})

test('an amount is digits, spaces between thousands allowed, and exact', () => {
  expect(parseAmount(` 1${THIN}284 `)).toBe(1284)
  for (const text of ['', '0.5', '-1', '1e300', 'abc', '9007199254740992']) expect(parseAmount(text), text).toBeUndefined()
})
