/**
 * What must hold of every encoding: it decodes to what was encoded, and whatever else comes either is the one encoding
 * of something or is refused with the code of its kind.
 */
import type { Type } from '@chainsafe/ssz'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fromAddress, toAddress } from '../../src/consensus/account.ts'
import { bodyRoot } from '../../src/consensus/block.ts'
import { type RuleCode, RuleError } from '../../src/consensus/errors.ts'
import { toHex } from '../../src/consensus/hex.ts'
import {
  type Block,
  BlockType,
  type Body,
  BodyType,
  decodeBlock,
  decodeBody,
  decodeHeader,
  decodeTransaction,
  encodeBlock,
  encodeBody,
  encodedTransactions,
  encodeHeader,
  encodeTransaction,
  feeIn,
  type Header,
  HeaderType,
  MAX_U64,
  minerIn,
  misfitOfBody,
  misfitOfHeader,
  misfitOfTransaction,
  type Transaction,
  TransactionType,
} from '../../src/consensus/types.ts'
import { holds } from '../support/holds.ts'

const bytesOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const u32 = fc.oneof(fc.integer({ min: 0, max: 0xffff_ffff }), fc.constantFrom(0, 1, 0xffff_ffff))
const u64 = fc.oneof(fc.integer({ min: 0, max: MAX_U64 }), fc.constantFrom(0, 1, 2 ** 32, MAX_U64))
const header: fc.Arbitrary<Header> = fc.record({
  version: u32,
  height: u32,
  parent: bytesOf(32),
  bodyRoot: bytesOf(32),
  timestamp: u64,
  bits: u32,
  nonce: u64,
})
const transaction: fc.Arbitrary<Transaction> = fc.record({
  sender: bytesOf(32),
  recipient: bytesOf(32),
  amount: u64,
  fee: u64,
  nonce: u64,
  memo: fc.uint8Array({ maxLength: 256 }),
  signature: bytesOf(64),
})
const body: fc.Arbitrary<Body> = fc.record({ miner: bytesOf(32), transactions: fc.array(transaction, { maxLength: 4 }) })
const block: fc.Arbitrary<Block> = fc.record({ header, body })

interface Codec<T> {
  values: fc.Arbitrary<T>
  encode(value: T): Uint8Array
  decode(bytes: Uint8Array): T
  /** What bytes that are no such object are refused with. */
  code: RuleCode
}

const codec = <T>(name: string, { values, encode, decode, code }: Codec<T>) => describe(name, () => {
  /** Foreign bytes either are the one encoding of what they decode to, or are refused with the code of their kind. */
  const isStrict = (bytes: Uint8Array): void => {
    let value: T
    try {
      value = decode(bytes)
    } catch (error) {
      expect(error).toBeInstanceOf(RuleError)
      expect(error).toMatchObject({ code })
      return
    }
    expect(encode(value)).toEqual(bytes)
  }

  test('decodes to what was encoded', () => {
    holds(values, (value) => expect(decode(encode(value))).toEqual(value))
  })

  test('cut anywhere, or longer by some bytes', () => {
    holds(
      values,
      (value) => {
        const bytes = encode(value)
        for (let length = 0; length < bytes.length; length++) isStrict(bytes.subarray(0, length))
        for (const more of [1, 2, 3, 4, 8, 32, 256]) isStrict(new Uint8Array([...bytes, ...new Uint8Array(more)]))
      },
      10,
    )
  })

  test('with one to four bits flipped anywhere', () => {
    holds(fc.tuple(values, fc.array(fc.nat(), { minLength: 1, maxLength: 4 })), ([value, places]) => {
      const bytes = encode(value)
      for (const place of places) bytes[(place >> 3) % bytes.length]! ^= 1 << (place & 7)
      isStrict(bytes)
    })
  })

  test('with any four bytes replaced by an offset', () => {
    holds(fc.tuple(values, fc.nat(), fc.oneof(fc.integer({ min: 0, max: 600 }), u32)), ([value, place, offset]) => {
      const bytes = encode(value)
      new DataView(bytes.buffer).setUint32(place % (bytes.length - 3), offset, true)
      isStrict(bytes)
    })
  })

  test('any bytes at all', () => {
    holds(fc.uint8Array({ maxLength: 700 }), isStrict)
  })
})

codec('header', { values: header, encode: encodeHeader, decode: decodeHeader, code: 'block-bad-encoding' })
codec('transaction', {
  values: transaction,
  encode: encodeTransaction,
  decode: decodeTransaction,
  code: 'transaction-bad-encoding',
})
codec('body', { values: body, encode: encodeBody, decode: decodeBody, code: 'block-bad-encoding' })
codec('block', { values: block, encode: encodeBlock, decode: decodeBlock, code: 'block-bad-encoding' })

describe('what is read by hand', () => {
  const misfitOfBlock = ({ header, body }: Block): string | undefined => misfitOfHeader(header) ?? misfitOfBody(body)

  /** SSZ's own decoder, made strict: decoded, looked at, encoded again and compared. */
  const bySsz = <T>(type: Type<T>, misfitOf: (value: T) => string | undefined) => (bytes: Uint8Array): T | 'refused' => {
    try {
      const value = type.deserialize(bytes)
      return misfitOf(value) === undefined && toHex(type.serialize(value)) === toHex(bytes) ? value : 'refused'
    } catch {
      return 'refused'
    }
  }
  const byHand = <T>(decode: (bytes: Uint8Array) => T, bytes: Uint8Array): T | 'refused' => {
    try {
      return decode(bytes)
    } catch (error) {
      if (error instanceof RuleError) return 'refused'
      throw error
    }
  }
  const isTheSame = <T>(
    { values, encode, decode }: Omit<Codec<T>, 'code'>,
    ssz: (bytes: Uint8Array) => T | 'refused',
  ): void => {
    const changes = fc.array(fc.tuple(fc.nat(), fc.oneof(fc.integer({ min: 0, max: 600 }), u32)), { maxLength: 2 })
    holds(fc.tuple(values, changes, fc.integer({ min: -5, max: 5 })), ([value, offsets, longer]) => {
      const right = encode(value)
      for (const length of [right.length, right.length + longer]) {
        const bytes = new Uint8Array(length)
        bytes.set(right.subarray(0, length))
        const view = new DataView(bytes.buffer)
        for (const [place, offset] of offsets) view.setUint32(4 * (place % (length >> 2)), offset, true)
        expect(byHand(decode, bytes)).toEqual(ssz(bytes))
      }
    })
  }

  test('a block is what SSZ’s own decoder takes it for, or refused where that refuses', () => {
    isTheSame({ values: block, encode: encodeBlock, decode: decodeBlock }, bySsz(BlockType, misfitOfBlock))
  })

  test('a header is, too', () => {
    isTheSame({ values: header, encode: encodeHeader, decode: decodeHeader }, bySsz(HeaderType, misfitOfHeader))
  })

  test('a body is, too', () => {
    isTheSame({ values: body, encode: encodeBody, decode: decodeBody }, bySsz(BodyType, misfitOfBody))
  })

  test('a transaction is, too', () => {
    isTheSame({ values: transaction, encode: encodeTransaction, decode: decodeTransaction }, bySsz(TransactionType, misfitOfTransaction))
  })

  /** An encoded body of so many transactions with memos of so many bytes. */
  const bodyOf = (count: number, memoBytes: number): Uint8Array => {
    const key = new Uint8Array(32)
    const short = encodeTransaction({ sender: key, recipient: key, amount: 1, fee: 1, nonce: 0, memo: new Uint8Array(), signature: new Uint8Array(64) })
    const length = short.length + memoBytes
    const bytes = new Uint8Array(36 + count * (4 + length))
    const view = new DataView(bytes.buffer)
    view.setUint32(32, 36, true)
    for (let at = 0; at < count; at++) {
      view.setUint32(36 + 4 * at, 4 * count + at * length, true)
      bytes.set(short, 36 + 4 * count + at * length)
    }
    return bytes
  }

  test('memos of 256 bytes are the longest, and 65 536 transactions the most', () => {
    for (const [count, memoBytes] of [[2, 256], [65_536, 0]] as const) {
      expect(decodeBody(bodyOf(count, memoBytes)).transactions).toHaveLength(count)
    }
    for (const [count, memoBytes] of [[1, 257], [2, 257], [65_537, 0]] as const) {
      expect(byHand(decodeBody, bodyOf(count, memoBytes))).toBe('refused')
    }
  })

  test('an offset that points outside is refused as any other that is wrong', () => {
    for (const place of [36, 40, 44]) {
      for (const offset of [12 + 3 * 156 + 1, 12 + 3 * 156 + 256, 0x7fff_fffc, 0xffff_fffc]) {
        const bytes = bodyOf(3, 0)
        new DataView(bytes.buffer).setUint32(place, offset, true)
        expect(byHand(decodeBody, bytes), `${offset} at ${place}`).toBe('refused')
      }
    }
  })
})

test('what is read out of an encoded body, with nothing decoded, is what was encoded', () => {
  holds(body, (value) => {
    const encoded = encodeBody(value)
    const transactions = encodedTransactions(encoded)
    expect(toHex(minerIn(encoded))).toBe(toHex(value.miner))
    expect(transactions.map(toHex)).toEqual(value.transactions.map((each) => toHex(encodeTransaction(each))))
    expect(transactions.map(feeIn)).toEqual(value.transactions.map(({ fee }) => fee))
  })
})

test('two bodies have one root only if they are the same', () => {
  holds(fc.tuple(body, body), ([one, other]) => {
    expect(toHex(bodyRoot(one)) === toHex(bodyRoot(other))).toBe(toHex(encodeBody(one)) === toHex(encodeBody(other)))
  })
})

test('an address is its key’s and no other’s', () => {
  holds(bytesOf(32), (key) => {
    expect(toAddress(key)).toMatch(/^cairn1[02-9ac-hj-np-z]{58}$/)
    expect(fromAddress(toAddress(key))).toEqual(key)
  })
})
