/** Both hash kernels, each against OpenSSL. */
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { wasm } from '#kernel'
import { type CreateKernel, createScalarKernel } from '../../src/mining/scalar-kernel.ts'
import { createSimdKernels } from '../../src/mining/simd-kernel.ts'

/** The hash of a header with a nonce, by OpenSSL, as a number. */
function hashOf(header: Uint8Array, nonce: number): bigint {
  const bytes = header.slice()
  new DataView(bytes.buffer).setBigUint64(84, BigInt(nonce), true)
  return BigInt(`0x${createHash('sha256').update(bytes).digest('hex')}`)
}

/** The first nonce of a range that meets a target, by OpenSSL. */
const firstOf = (header: Uint8Array, target: bigint, firstNonce: number, count: number): number | undefined =>
  Array.from({ length: count }, (_, i) => firstNonce + i).find((nonce) => hashOf(header, nonce) <= target)

const lowest = (hashes: bigint[]): bigint => hashes.reduce((a, b) => (a < b ? a : b))

const headers = fc.uint8Array({ minLength: 92, maxLength: 92 })
/** Where a byte, a word or the range of the nonce ends, and how the bytes of its words carry. */
const BORDERS = [
  2 ** 8, 2 ** 16, 2 ** 24, 2 ** 31, 2 ** 32, 2 ** 32 + 2 ** 31, 2 ** 33, 2 ** 40, 2 ** 48, 2 ** 52,
  2 ** 53 - 2 ** 32, Number.MAX_SAFE_INTEGER - 16,
]
/** Anywhere, and around the borders. */
const nonces = fc.oneof(
  fc.maxSafeNat(),
  fc.tuple(fc.constantFrom(...BORDERS), fc.integer({ min: -3, max: 3 })).map(([at, by]) => at + by),
  fc.constantFrom(0, Number.MAX_SAFE_INTEGER),
)

const KERNELS: [name: string, create: CreateKernel | undefined][] = [
  ['scalar', createScalarKernel],
  ['simd', createSimdKernels(wasm)],
]

describe.each(KERNELS)('the %s kernel', (_name, create) => {
  if (create === undefined) throw new Error('WebAssembly SIMD does not run here')

  test('a hash meets the target that it equals and no target below', () => {
    fc.assert(
      fc.property(headers, nonces, (header, nonce) => {
        const hash = hashOf(header, nonce)
        expect(create(header, hash).search(nonce, 1)).toBe(nonce)
        expect(create(header, hash - 1n).search(nonce, 1)).toBeUndefined()
      }),
      { seed: 1, numRuns: 500 },
    )
  })

  test('targets that differ from a hash in any one word are told apart', () => {
    fc.assert(
      fc.property(headers, nonces, fc.nat({ max: 255 }), (header, nonce, bit) => {
        const hash = hashOf(header, nonce)
        const target = hash ^ (1n << BigInt(bit))
        expect(create(header, target).search(nonce, 1)).toBe(hash <= target ? nonce : undefined)
      }),
      { seed: 2, numRuns: 500 },
    )
  })

  test('a search gives the first nonce of its range that meets the target', () => {
    fc.assert(
      fc.property(headers, nonces, fc.nat({ max: 12 }), fc.nat({ max: 200 }), (header, nonce, zeros, count) => {
        const first = Math.min(nonce, Number.MAX_SAFE_INTEGER - 200)
        const target = (1n << BigInt(256 - zeros)) - 1n
        expect(create(header, target).search(first, count)).toBe(firstOf(header, target, first, count))
      }),
      { seed: 3, numRuns: 100 },
    )
  })

  test('targets of every size, 0 to 256 bits, and their neighbours', () => {
    const header = new Uint8Array(92).fill(9)
    for (let bits = 0; bits <= 256; bits++) {
      const power = 1n << BigInt(bits)
      for (const target of [power - 1n, power, power + 1n].filter((target) => target < 1n << 256n)) {
        expect(create(header, target).search(1_000, 50), `target ${target}`).toBe(firstOf(header, target, 1_000, 50))
      }
    }
  })

  test('a range that ends or begins anywhere beside the borders is searched to its last nonce, and not beyond', () => {
    const header = Uint8Array.from({ length: 92 }, (_, i) => 7 * i)
    for (const border of BORDERS) {
      for (let first = border - 9; first <= border; first++) {
        const hashes = Array.from({ length: 17 }, (_, i) => hashOf(header, first + i))
        for (let count = 0; count <= 16; count++) {
          const target = lowest(hashes.slice(0, count + 1))
          const at = hashes.slice(0, count).indexOf(target)
          expect(create(header, target).search(first, count), `${count} from ${first} on`).toBe(at < 0 ? undefined : first + at)
        }
      }
    }
  })

  test('behind a hash that is just too large, the search goes on', () => {
    const header = new Uint8Array(92).fill(11)
    const hashes = Array.from({ length: 100 }, (_, nonce) => hashOf(header, nonce))
    for (const hash of hashes) {
      // Its top word is the target's, so that only the words below tell.
      const found = hashes.findIndex((other) => other < hash)
      expect(create(header, hash - 1n).search(0, 100)).toBe(found < 0 ? undefined : found)
    }
  })

  test('a search across 2^32 finds what lies beyond it', () => {
    const header = new Uint8Array(92).fill(7)
    const at = 2 ** 32 + 1
    expect(create(header, hashOf(header, at)).search(at, 1)).toBe(at)
    const target = lowest([at - 3, at - 2, at - 1, at].map((nonce) => hashOf(header, nonce)))
    const found = create(header, target).search(at - 3, 4)
    expect(hashOf(header, found!)).toBe(target)
  })

  test('the nonce in the header given does not matter, and the header is left alone', () => {
    const header = Uint8Array.from({ length: 92 }, (_, i) => i)
    const before = header.slice()
    expect(create(header, hashOf(header, 5)).search(5, 1)).toBe(5)
    expect(header).toEqual(before)
  })

  test('a header may be part of a larger array, which changes later', () => {
    const around = Uint8Array.from({ length: 200 }, (_, i) => i)
    const header = around.subarray(51, 143)
    const hashes = Array.from({ length: 10 }, (_, nonce) => hashOf(header, nonce))
    const kernel = create(header, lowest(hashes))
    around.fill(0)
    expect(kernel.search(0, 10)).toBe(hashes.indexOf(lowest(hashes)))
  })

  test('one kernel searches again and again', () => {
    const header = new Uint8Array(92)
    const hashes = Array.from({ length: 100 }, (_, nonce) => hashOf(header, nonce))
    const target = lowest(hashes)
    const best = hashes.indexOf(target)
    const { search } = create(header, target)
    const found = [search(0, 100), search(0, best), search(best, 1), search(best, 0), search(0, 100)]
    expect(found).toEqual([best, undefined, best, undefined, best])
  })

  test('kernels of several headers, targets and halves of the nonce search by turns', () => {
    const searches = Array.from({ length: 6 }, (_, i) => {
      const header = new Uint8Array(92).fill(i)
      const target = (1n << BigInt(252 + (i % 3))) - 1n
      return { header, target, kernel: create(header, target) }
    })
    for (const first of [0, 2 ** 32, 100, 2 ** 40 - 20, 2 ** 32 - 10]) {
      for (const { header, target, kernel } of searches) {
        expect(kernel.search(first, 40)).toBe(firstOf(header, target, first, 40))
      }
    }
  })

  test('nonces past 2^53 − 1 and headers of another length are refused', () => {
    expect(() => create(new Uint8Array(92), 0n).search(Number.MAX_SAFE_INTEGER, 2)).toThrow(RangeError)
    expect(() => create(new Uint8Array(92), 0n).search(-1, 1)).toThrow(RangeError)
    expect(() => create(new Uint8Array(91), 0n)).toThrow(RangeError)
  })
})

test('the fast kernel passes over hundreds of thousands of nonces as the other one does', () => {
  const header = new Uint8Array(92).fill(13)
  const target = (1n << 239n) - 1n
  const found = KERNELS.map(([, create]) => create?.(header, target).search(2 ** 32 - 100_000, 1_000_000))
  expect(found[0]).toBeGreaterThan(2 ** 32 - 100_000)
  expect(found[1]).toBe(found[0])
})
