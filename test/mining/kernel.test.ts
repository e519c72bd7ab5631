import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createKernel } from '../../src/mining/kernel.ts'

/** The hash of a header with a nonce, by OpenSSL, as a number. */
function hashOf(header: Uint8Array, nonce: number): bigint {
  const bytes = header.slice()
  new DataView(bytes.buffer).setBigUint64(84, BigInt(nonce), true)
  return BigInt(`0x${createHash('sha256').update(bytes).digest('hex')}`)
}

const headers = fc.uint8Array({ minLength: 92, maxLength: 92 })
/** Anywhere, and around the borders of the nonce's bytes, words and range. */
const nonces = fc.oneof(
  fc.maxSafeNat(),
  fc.tuple(fc.constantFrom(2 ** 8, 2 ** 16, 2 ** 31, 2 ** 32, 2 ** 33, 2 ** 48, 2 ** 52), fc.integer({ min: -3, max: 3 }))
    .map(([at, by]) => at + by),
  fc.constantFrom(0, Number.MAX_SAFE_INTEGER),
)

test('a hash meets the target that it equals and no target below', () => {
  fc.assert(
    fc.property(headers, nonces, (header, nonce) => {
      const hash = hashOf(header, nonce)
      expect(createKernel(header, hash).search(nonce, 1)).toBe(nonce)
      expect(createKernel(header, hash - 1n).search(nonce, 1)).toBeUndefined()
    }),
    { seed: 1, numRuns: 500 },
  )
})

test('targets that differ from a hash in any one word are told apart', () => {
  fc.assert(
    fc.property(headers, nonces, fc.nat({ max: 255 }), (header, nonce, bit) => {
      const hash = hashOf(header, nonce)
      const target = hash ^ (1n << BigInt(bit))
      expect(createKernel(header, target).search(nonce, 1)).toBe(hash <= target ? nonce : undefined)
    }),
    { seed: 2, numRuns: 500 },
  )
})

test('a search gives the first nonce of its range that meets the target', () => {
  fc.assert(
    fc.property(headers, nonces, fc.nat({ max: 12 }), fc.nat({ max: 200 }), (header, nonce, zeros, count) => {
      const first = Math.min(nonce, Number.MAX_SAFE_INTEGER - 200)
      const target = (1n << BigInt(256 - zeros)) - 1n
      const expected = Array.from({ length: count }, (_, i) => first + i).find((n) => hashOf(header, n) <= target)
      expect(createKernel(header, target).search(first, count)).toBe(expected)
    }),
    { seed: 3, numRuns: 100 },
  )
})

test('a search across 2^32 finds what lies beyond it', () => {
  const header = new Uint8Array(92).fill(7)
  const at = 2 ** 32 + 1
  expect(createKernel(header, hashOf(header, at)).search(at, 1)).toBe(at)
  const target = [at - 3, at - 2, at - 1, at].map((nonce) => hashOf(header, nonce)).reduce((a, b) => (a < b ? a : b))
  const found = createKernel(header, target).search(at - 3, 4)
  expect(hashOf(header, found!)).toBe(target)
})

test('the nonce in the header given does not matter, and the header is left alone', () => {
  const header = Uint8Array.from({ length: 92 }, (_, i) => i)
  const before = header.slice()
  expect(createKernel(header, hashOf(header, 5)).search(5, 1)).toBe(5)
  expect(header).toEqual(before)
})

test('one kernel searches again and again', () => {
  const header = new Uint8Array(92)
  const hashes = Array.from({ length: 100 }, (_, nonce) => hashOf(header, nonce))
  const target = hashes.reduce((a, b) => (a < b ? a : b))
  const lowest = hashes.indexOf(target)
  const { search } = createKernel(header, target)
  const found = [search(0, 100), search(0, lowest), search(lowest, 1), search(lowest, 0), search(0, 100)]
  expect(found).toEqual([lowest, undefined, lowest, undefined, lowest])
})

test('nonces past 2^53 − 1 and headers of another length are refused', () => {
  expect(() => createKernel(new Uint8Array(92), 0n).search(Number.MAX_SAFE_INTEGER, 2)).toThrow(RangeError)
  expect(() => createKernel(new Uint8Array(92), 0n).search(-1, 1)).toThrow(RangeError)
  expect(() => createKernel(new Uint8Array(91), 0n)).toThrow(RangeError)
})
