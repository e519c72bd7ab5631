import { describe, expect, test } from 'vitest'
import { fromHex, toHex } from '../../src/consensus/hex.ts'
import {
  type Block,
  decodeBlock,
  decodeBody,
  decodeHeader,
  decodeTransaction,
  EMPTY_BLOCK_BYTES,
  encodeBlock,
  encodedBodyIn,
  encodeBody,
  encodeHeader,
  encodeTransaction,
  HEADER_BYTES,
  MAX_BODY_TRANSACTIONS,
  MAX_TRANSACTION_BYTES,
  MAX_U64,
  MIN_TRANSACTION_BYTES,
  misfitOfBody,
  misfitOfHeader,
  misfitOfTransaction,
  type Transaction,
} from '../../src/consensus/types.ts'
import { createRandom } from '../support/random.ts'
import { verdict } from '../support/judge.ts'

const random = createRandom(92)
const transaction = (memo: number): Transaction => ({
  sender: random.bytes(32),
  recipient: random.bytes(32),
  amount: 0x0001_0203_0405_06,
  fee: 7,
  nonce: 8,
  memo: random.bytes(memo),
  signature: random.bytes(64),
})
const block: Block = {
  header: {
    version: 1,
    height: 0x0102_0304,
    parent: random.bytes(32),
    bodyRoot: random.bytes(32),
    timestamp: 0x1f_ffff_ffff_fffe,
    bits: 0x1e10_0000,
    nonce: 5,
  },
  body: { miner: random.bytes(32), transactions: [transaction(0), transaction(3), transaction(256)] },
}

/** A little-endian number of so many bytes at an offset. */
const read = (bytes: Uint8Array, at: number, length: number): number =>
  [...bytes.subarray(at, at + length)].reduceRight((sum, byte) => sum * 256 + byte, 0)

describe('layout', () => {
  test('a header is 92 bytes, every field at its place', () => {
    const bytes = encodeHeader(block.header)
    expect(bytes).toHaveLength(92)
    expect(HEADER_BYTES).toBe(92)
    expect(read(bytes, 0, 4)).toBe(1)
    expect(read(bytes, 4, 4)).toBe(0x0102_0304)
    expect(bytes.subarray(8, 40)).toEqual(block.header.parent)
    expect(bytes.subarray(40, 72)).toEqual(block.header.bodyRoot)
    expect(read(bytes, 72, 8)).toBe(0x1f_ffff_ffff_fffe)
    expect(read(bytes, 80, 4)).toBe(0x1e10_0000)
    expect(read(bytes, 84, 8)).toBe(5)
  })

  test('a transaction is 156 bytes and its memo, 412 at most', () => {
    const [empty, short, full] = block.body.transactions.map(encodeTransaction)
    expect([empty!.length, short!.length, full!.length]).toEqual([MIN_TRANSACTION_BYTES, 159, MAX_TRANSACTION_BYTES])
    expect([MIN_TRANSACTION_BYTES, MAX_TRANSACTION_BYTES]).toEqual([156, 412])
    const { sender, recipient, memo, signature } = block.body.transactions[1]!
    expect(short!.subarray(0, 32)).toEqual(sender)
    expect(short!.subarray(32, 64)).toEqual(recipient)
    expect(read(short!, 64, 8)).toBe(0x0001_0203_0405_06)
    expect(read(short!, 72, 8)).toBe(7)
    expect(read(short!, 80, 8)).toBe(8)
    expect(read(short!, 88, 4), 'offset of the memo').toBe(156)
    expect(short!.subarray(92, 156)).toEqual(signature)
    expect(short!.subarray(156)).toEqual(memo)
  })

  test('a block is the header, an offset, and the body: the miner, an offset, and the transactions behind their offsets', () => {
    const bytes = encodeBlock(block)
    expect(bytes.subarray(0, 92)).toEqual(encodeHeader(block.header))
    expect(read(bytes, 92, 4), 'offset of the body').toBe(96)
    expect(encodeBlock({ ...block, body: { ...block.body, transactions: [] } })).toHaveLength(EMPTY_BLOCK_BYTES)
    expect(EMPTY_BLOCK_BYTES).toBe(132)
    const body = encodeBody(block.body)
    expect(body).toEqual(bytes.subarray(96))
    expect(body.subarray(0, 32)).toEqual(block.body.miner)
    expect(read(body, 32, 4), 'offset of the list').toBe(36)
    expect([0, 4, 8].map((at) => read(body, 36 + at, 4)), 'offsets in the list').toEqual([12, 12 + 156, 12 + 156 + 159])
    expect(body.subarray(48, 48 + 156)).toEqual(encodeTransaction(block.body.transactions[0]!))
  })

  test('the first 64 bytes of a header do not hold what a miner varies', () => {
    const [one, other] = [5, 6].map((nonce) => encodeHeader({ ...block.header, nonce, timestamp: nonce, bits: nonce }))
    expect(one).not.toEqual(other)
    expect(one!.subarray(0, 64)).toEqual(other!.subarray(0, 64))
  })
})

describe('decoding is strict', () => {
  test('2^53 − 1 is the largest number of every u64', () => {
    const header = encodeHeader(block.header)
    const payment = encodeTransaction(block.body.transactions[0]!)
    const put = (bytes: Uint8Array, at: number, hex: string) => {
      const changed = bytes.slice()
      changed.set(fromHex(hex), at)
      return changed
    }
    const most = 'ffffffffffff1f00'
    const above = [
      '0000000000002000',
      '0100000000002000',
      'ffffffffffffff7f',
      '0000000000000080',
      'ffffffffffffffff',
      '00f8ffffffffffff',
    ]
    for (const at of [72, 84]) {
      expect(verdict(() => decodeHeader(put(header, at, most)))).toBe('valid')
      for (const hex of above) expect(verdict(() => decodeHeader(put(header, at, hex))), hex).toBe('block-bad-encoding')
    }
    for (const at of [64, 72, 80]) {
      expect(verdict(() => decodeTransaction(put(payment, at, most)))).toBe('valid')
      for (const hex of above) {
        expect(verdict(() => decodeTransaction(put(payment, at, hex))), hex).toBe('transaction-bad-encoding')
      }
    }
    expect(decodeHeader(put(header, 72, most)).timestamp).toBe(MAX_U64)
  })

  test('a header or a transaction inside a block is held to the same', () => {
    // The timestamp, the nonce, and the amount, fee and nonce of the first transaction; the body begins at 96.
    for (const at of [72, 84, 96 + 48 + 64, 96 + 48 + 72, 96 + 48 + 80]) {
      // 2^53 is a double, so that it would come back as it was; most numbers above it are none.
      for (const number of ['0000000000002000', '0100000000002000', '0000000000000001']) {
        const bytes = encodeBlock(block)
        bytes.set(fromHex(number), at)
        expect(verdict(() => decodeBlock(bytes)), `${number} at ${at}`).toBe('block-bad-encoding')
        if (at > 96) expect(verdict(() => decodeBody(bytes.subarray(96)))).toBe('block-bad-encoding')
      }
    }
  })

  test('the offset of a memo can be nothing but 156', () => {
    const bytes = encodeTransaction(block.body.transactions[1]!)
    for (const offset of [0, 91, 155, 157, 159, 1_000, 0xffff_ffff]) {
      const changed = bytes.slice()
      new DataView(changed.buffer).setUint32(88, offset, true)
      expect(verdict(() => decodeTransaction(changed)), String(offset)).toBe('transaction-bad-encoding')
    }
  })

  test('the offsets of a block cannot leave a gap, overlap, run backwards, or point outside', () => {
    const bytes = encodeBlock(block)
    const places = { body: 92, list: 96 + 32, first: 96 + 36, second: 96 + 40, third: 96 + 44 }
    for (const [name, at] of Object.entries(places)) {
      const right = read(bytes, at, 4)
      const near = [right - 4, right - 1, right + 1, right + 4]
      for (const offset of [0, 1, 4, 8, ...near, bytes.length, bytes.length + 1, 0x7fff_ffff, 0xffff_ffff]) {
        if (offset === right) continue
        const changed = bytes.slice()
        new DataView(changed.buffer).setUint32(at, offset, true)
        const found = verdict(() => expect(encodeBlock(decodeBlock(changed))).toEqual(changed))
        // Moving the border between two transactions may leave two other transactions; nothing else may decode.
        if (found === 'valid') expect(['second', 'third'], `${name} = ${offset}`).toContain(name)
      }
    }
  })

  test('a memo of 257 bytes is refused', () => {
    const bytes = new Uint8Array(413)
    bytes.set(encodeTransaction(block.body.transactions[2]!))
    expect(verdict(() => decodeTransaction(bytes))).toBe('transaction-bad-encoding')
  })

  test('bytes that lie inside a larger buffer decode as they are, into copies', () => {
    const bytes = encodeBlock(block)
    const buffer = new Uint8Array(bytes.length + 20).fill(0xaa)
    buffer.set(bytes, 7)
    const decoded = decodeBlock(buffer.subarray(7, 7 + bytes.length))
    buffer.fill(0)
    expect(decoded).toEqual(block)
    const payment = block.body.transactions[1]!
    const one = encodeTransaction(payment)
    buffer.set(one, 3)
    const alone = decodeTransaction(buffer.subarray(3, 3 + one.length))
    buffer.fill(0)
    expect(alone).toEqual(payment)
  })

  test('an encoded block holds its body’s encoding as it is', () => {
    expect(encodedBodyIn(encodeBlock(block))).toEqual(encodeBody(block.body))
  })

  test('bytes in a Node Buffer decode into copies as well', () => {
    const buffer = Buffer.from(encodeBlock(block))
    const decoded = decodeBlock(buffer)
    buffer.fill(0)
    expect(toHex(encodeBlock(decoded))).toBe(toHex(encodeBlock(block)))
    const one = Buffer.from(encodeTransaction(block.body.transactions[1]!))
    const alone = decodeTransaction(one)
    one.fill(0)
    expect(alone).toEqual(block.body.transactions[1])
  })
})

describe('what was never bytes', () => {
  test('a fitting object has no misfit', () => {
    expect(misfitOfHeader(block.header)).toBeUndefined()
    expect(misfitOfTransaction(block.body.transactions[2]!)).toBeUndefined()
    expect(misfitOfBody(block.body)).toBeUndefined()
  })

  const numbers = ['version', 'height', 'timestamp', 'bits', 'nonce'] as const
  test.each(numbers)('a header’s %s is a whole number that its field holds', (field) => {
    const most = field === 'timestamp' || field === 'nonce' ? MAX_U64 : 0xffff_ffff
    for (const value of [0, 1, most]) expect(misfitOfHeader({ ...block.header, [field]: value })).toBeUndefined()
    for (const value of [-1, 0.5, Number.NaN, Infinity, most + 1]) {
      const misfit = `${field} ${value} is not a whole number from 0 to ${most}`
      expect(misfitOfHeader({ ...block.header, [field]: value })).toBe(misfit)
    }
  })

  test.each(['parent', 'bodyRoot'] as const)('a header’s %s has 32 bytes', (field) => {
    for (const length of [0, 31, 33]) {
      const misfit = `${field} of ${length} bytes instead of 32`
      expect(misfitOfHeader({ ...block.header, [field]: new Uint8Array(length) })).toBe(misfit)
    }
  })

  test('a body has a miner of 32 bytes and at most 65 536 transactions, each of them fitting', () => {
    const list = (length: number) => Array<Transaction>(length).fill(block.body.transactions[0]!)
    expect(misfitOfBody({ ...block.body, miner: new Uint8Array(33) })).toMatch(/^miner/)
    expect(misfitOfBody({ ...block.body, transactions: list(MAX_BODY_TRANSACTIONS) })).toBeUndefined()
    expect(misfitOfBody({ ...block.body, transactions: list(65_537) })).toMatch(/^transactions of length 65537, at most 65536/)
    expect(misfitOfBody({ ...block.body, transactions: [{ ...transaction(0), fee: -1 }] })).toMatch(/^fee -1/)
  })
})
