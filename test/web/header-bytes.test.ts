import fc from 'fast-check'
import { expect, test } from 'vitest'
import { blockHash } from '../../src/consensus/header.ts'
import { fromHex, toHex } from '../../src/consensus/hex.ts'
import { encodeHeader as encodeByRules, type Header, MAX_U64 } from '../../src/consensus/types.ts'
import { decodeHeader, encodeHeader, HEADER_BYTES, HEADER_LAYOUT, hashHeader } from '../../src/web/header-bytes.ts'

const u32 = fc.integer({ min: 0, max: 0xffff_ffff })
const u64 = fc.integer({ min: 0, max: MAX_U64 })
const hash = fc.uint8Array({ minLength: 32, maxLength: 32 })
const headers: fc.Arbitrary<Header> = fc.record({
  version: u32, height: u32, parent: hash, bodyRoot: hash, timestamp: u64, bits: u32, nonce: u64,
})
const fieldsOf = ({ parent, bodyRoot, bits, ...numbers }: Header) =>
  ({ ...numbers, parent: toHex(parent), bodyRoot: toHex(bodyRoot), bits: bits.toString(16).padStart(8, '0') })

test('the page encodes and hashes every header as the rules do', () => {
  fc.assert(fc.property(headers, (header) => {
    const bytes = encodeHeader(fieldsOf(header))
    expect(toHex(bytes)).toBe(toHex(encodeByRules(header)))
    expect(hashHeader(bytes)).toBe(toHex(blockHash(header)))
    expect(decodeHeader(bytes)).toEqual(fieldsOf(header))
  }))
})

test('a field changes the bytes that are marked as its own, and no other', () => {
  const header = fieldsOf({
    version: 1, height: 1, parent: fromHex('11'.repeat(32)), bodyRoot: fromHex('22'.repeat(32)), timestamp: 1, bits: 1, nonce: 1,
  })
  const before = encodeHeader(header)
  const other = 'ff'.repeat(32)
  const changes = { version: 0xffffffff, height: 0xffffffff, parent: other, bodyRoot: other, timestamp: MAX_U64, bits: 'ffffffff', nonce: MAX_U64 }
  for (const { field, at, bytes } of HEADER_LAYOUT) {
    const after = encodeHeader({ ...header, [field]: changes[field] })
    const changed = [...after.keys()].filter((index) => after[index] !== before[index])
    expect(changed.length, field).toBeGreaterThan(0)
    for (const index of changed) expect(index >= at && index < at + bytes, `${field}, byte ${index}`).toBe(true)
  }
  expect(HEADER_LAYOUT.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(HEADER_BYTES)
})
