import { expect, test } from 'vitest'
import { createScalarKernel } from '../../src/mining/scalar-kernel.ts'
import { hashHeader } from '../../src/web/header-bytes.ts'
import { NO_TRIES, NonceSearch, searchKey } from '../../src/web/nonce-search.ts'
import { zeroBits } from '../../src/web/zeros-layout.ts'

const header = Uint8Array.from({ length: 92 }, (_, at) => 3 * at)
/** One hash in 1 024. */
const target = '003fffff'.padEnd(64, 'f')

function withNonce(nonce: number): Uint8Array {
  const bytes = header.slice()
  new DataView(bytes.buffer).setBigUint64(84, BigInt(nonce), true)
  return bytes
}

test.each([0, 2 ** 32 - 700, Number.MAX_SAFE_INTEGER - 20_000])('finds from nonce %i on what the miner’s kernel finds', (first) => {
  const search = new NonceSearch(header, target)
  const found = search.run(first, 20_000)
  expect(found).toBe(createScalarKernel(header, BigInt(`0x${target}`)).search(first, 20_000))
  expect(found).toBeDefined()
  expect(search.tally.tries).toBe((found ?? 0) - first + 1)
  expect(search.tally.best).toEqual({ nonce: found, hash: hashHeader(withNonce(found ?? 0)) })
})

test('tallies each hash by its zeros, and goes on with what was tallied before', () => {
  const hashes = Array.from({ length: 300 }, (_, nonce) => hashHeader(withNonce(nonce)))
  const counts: number[] = []
  for (const hash of hashes) counts[Math.floor(zeroBits(hash))] = (counts[Math.floor(zeroBits(hash))] ?? 0) + 1
  const nothing = '0'.repeat(64)
  const first = new NonceSearch(header, nothing)
  expect(first.run(0, 120)).toBeUndefined()
  const rest = new NonceSearch(header, nothing, first.tally)
  expect(rest.run(120, 180)).toBeUndefined()
  const smallest = hashes.toSorted()[0] ?? ''
  expect(rest.tally).toEqual({ tries: 300, zeroBits: [...counts].map((count) => count ?? 0), best: { nonce: hashes.indexOf(smallest), hash: smallest } })
})

test('finds a second nonce, also where the first was better', () => {
  const search = new NonceSearch(header, target)
  const found: number[] = []
  for (let next = 0; found.length < 5; ) {
    const nonce = search.run(next, 100_000)
    if (nonce === undefined) break
    found.push(nonce)
    next = nonce + 1
  }
  const kernel = createScalarKernel(header, BigInt(`0x${target}`))
  const expected: number[] = []
  for (let next = 0; expected.length < 5; next = (expected.at(-1) ?? 0) + 1) expected.push(kernel.search(next, 100_000) ?? 0)
  expect(found).toEqual(expected)
})

test('a search goes on while only the nonce is another', () => {
  expect(searchKey(withNonce(1))).toBe(searchKey(withNonce(2 ** 40)))
  const other = header.slice()
  other[83] = 1
  expect(searchKey(other)).not.toBe(searchKey(header))
  expect(NO_TRIES.tries).toBe(0)
})
