import { expect, test } from 'vitest'
import { toAddress } from '../../src/consensus/account.ts'
import { meaningOf } from '../../src/web/search.ts'
import { line } from './summaries.ts'

const account = toAddress(new Uint8Array(32).fill(7))
const blocks = line('b', 3)
const meaning = (text: string) => meaningOf(text, new Map([['fox', account], ['42', account]]), blocks)

test('heights, also with their thousands apart', () => {
  for (const text of ['1284', ' 1 284 ', '1\u202f284', '001284']) expect(meaning(text), text).toEqual({ kind: 'height', height: '1284' })
  expect(meaning('0000')).toEqual({ kind: 'height', height: '0' }) // though every hash begins so
})

test('a node that is called like a height is found by its name', () => {
  expect(meaning('42')).toEqual({ kind: 'account', account })
})

test('hashes and ids, in capitals and with 0x too', () => {
  const hash = 'ab'.repeat(32)
  for (const text of [hash, hash.toUpperCase(), `0x${hash}`]) expect(meaning(text), text).toEqual({ kind: 'hash', hash })
})

test('accounts and names', () => {
  expect(meaning(account.toUpperCase())).toEqual({ kind: 'account', account })
  expect(meaning('Fox')).toEqual({ kind: 'account', account })
  expect(meaning(account.slice(0, 40))).toEqual({ kind: 'not-an-account', problem: 'too-short' })
  expect(meaning(`${account.slice(0, -1)}${account.endsWith('q') ? 'p' : 'q'}`)).toEqual({ kind: 'not-an-account', problem: 'bad-checksum' })
})

test('the beginning of a hash, with its zeros or without them', () => {
  const hash = blocks[2]?.hash ?? ''
  expect(meaning(hash.slice(0, 12))).toEqual({ kind: 'block', hash })
  expect(meaning(hash.replace(/^0+/, '').slice(0, 6))).toEqual({ kind: 'block', hash })
  for (const text of ['abc', 'fade', 'badger', '', '<b>']) expect(meaning(text), text).toEqual({ kind: 'unknown' })
})
