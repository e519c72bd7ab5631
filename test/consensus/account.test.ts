import { bech32, bech32m } from '@scure/base'
import { describe, expect, test } from 'vitest'
import { fromAddress, toAddress } from '../../src/consensus/account.ts'
import { fromHex } from '../../src/consensus/hex.ts'
import { createRandom } from '../support/random.ts'

const key = fromHex('8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c')
const address = 'cairn132yw8ht5p8cetl2jmvknewjawt9xwzdlrk2pyxlnwjyqrdq0dawqk9dx6l'
const CHARSET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'

test('frozen: the address of the key of seed 0101…01', () => {
  expect(toAddress(key)).toBe(address)
  expect(address).toHaveLength(64)
  expect(fromAddress(address)).toEqual(key)
})

test('every key comes back from its address', () => {
  const random = createRandom(350)
  for (const bytes of [new Uint8Array(32), new Uint8Array(32).fill(255), ...Array.from({ length: 50 }, () => random.bytes(32))]) {
    expect(fromAddress(toAddress(bytes))).toEqual(bytes)
  }
})

test('capitals throughout are the same address, and so is one with space around it', () => {
  expect(fromAddress(address.toUpperCase())).toEqual(key)
  expect(fromAddress(`  ${address}\n`)).toEqual(key)
})

describe('refused', () => {
  test('every single changed character, every pair of swapped neighbours, and 2 000 random changes of up to four', () => {
    const random = createRandom(1)
    const why = /is not an account: (its checksum|an account starts)/
    const refused = (text: string) => expect(() => fromAddress(text), text).toThrow(why)
    for (let at = 0; at < address.length; at++) {
      for (const other of CHARSET) if (other !== address[at]) refused(address.slice(0, at) + other + address.slice(at + 1))
      const swapped = address.slice(0, at) + (address[at + 1] ?? '') + address[at]! + address.slice(at + 2)
      if (swapped !== address) refused(swapped)
    }
    for (let round = 0; round < 2_000; round++) {
      const characters = [...address]
      for (let change = 0; change <= random.below(4); change++) characters[6 + random.below(58)] = CHARSET[random.below(32)]!
      if (characters.join('') !== address) refused(characters.join(''))
    }
  })

  test.each([
    ['mixed case', address.slice(0, 20) + address.slice(20).toUpperCase(), /checksum/],
    ['a character that bech32 does not have', address.replace('y', 'b'), /checksum/],
    ['one character less', address.slice(0, -1), /checksum/],
    ['one character more', `${address}q`, /checksum/],
    ['the older checksum, bech32', bech32.encodeFromBytes('cairn', key), /checksum/],
    ['another prefix', bech32m.encodeFromBytes('bc', key), /starts with cairn1/],
    ['a prefix that only starts like it', bech32m.encodeFromBytes('cairn1x', key), /checksum/],
    ['a longer prefix', bech32m.encodeFromBytes('cairns', key), /starts with cairn1/],
    ['31 bytes', bech32m.encodeFromBytes('cairn', key.subarray(1)), /31 bytes instead of 32/],
    ['33 bytes', bech32m.encodeFromBytes('cairn', new Uint8Array(33)), /33 bytes instead of 32/],
    ['spare bits that are not zero', bech32m.encode('cairn', [...Array<number>(51).fill(0), 1]), /checksum/],
    ['nothing', '', /"" is not an account/],
    ['a prefix alone', 'cairn1', /checksum/],
  ])('%s', (_, text, why) => {
    expect(() => fromAddress(text)).toThrow(why)
  })

  test('a text of up to 80 characters is shown whole, a longer one is cut', () => {
    expect(() => fromAddress('x'.repeat(80))).toThrow(`"${'x'.repeat(80)}" is not`)
    expect(() => fromAddress('x'.repeat(81))).toThrow(`"${'x'.repeat(77)}…" is not`)
  })

  test('a text of a million characters, quickly and in one short line', () => {
    for (const text of ['x'.repeat(1_000_000), `cairn1${'q'.repeat(1_000_000)}`]) {
      expect(() => fromAddress(text)).toThrow(/^"[^"]{77}…" is not an account: .{1,90}$/)
    }
  })
})
