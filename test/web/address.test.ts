import { expect, test } from 'vitest'
import { toAddress } from '../../src/consensus/account.ts'
import { addressProblem } from '../../src/web/address.ts'

const address = toAddress(new Uint8Array(32).fill(7))

test('takes what the node takes', () => {
  expect(addressProblem(address)).toBeUndefined()
  expect(addressProblem(` ${address} `)).toBeUndefined()
})

test('finds every single mistyped character', () => {
  for (let at = 'cairn1'.length; at < address.length; at += 1) {
    const wrong = address.slice(0, at) + (address[at] === 'q' ? 'p' : 'q') + address.slice(at + 1)
    expect(addressProblem(wrong), wrong).toBe('bad-checksum')
  }
})

test('says what is missing while one types', () => {
  expect(addressProblem('ca')).toBe('too-short')
  expect(addressProblem(address.slice(0, 40))).toBe('too-short')
  expect(addressProblem('bc1qqqq')).toBe('wrong-start')
  expect(addressProblem(`${address}q`)).toBe('bad-checksum')
})
