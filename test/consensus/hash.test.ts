import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { merkleize, portableMerkleize, portableSha256, sha256 } from '../../src/consensus/hash.ts'
import { toHex } from '../../src/consensus/hex.ts'
import { createRandom } from '../support/random.ts'

const text = (text: string): Uint8Array => new TextEncoder().encode(text)

// https://csrc.nist.gov/projects/cryptographic-standards-and-guidelines/example-values (FIPS 180-4)
test.each([
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  [
    'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  ],
  ['a'.repeat(1_000_000), 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0'],
])('NIST: SHA-256 of %.10s', (message, digest) => {
  expect(toHex(sha256(text(message)))).toBe(digest)
  expect(toHex(portableSha256(text(message)))).toBe(digest)
})

test('every length around the ends of a SHA-256 block and of the library’s buffer agrees with Node’s own SHA-256', () => {
  const random = createRandom(180)
  for (const length of [...Array(200).keys(), ...Array.from({ length: 40 }, (_, at) => 492 + at), 4_096, 8_191, 8_192, 100_000]) {
    const bytes = random.bytes(length)
    const digest = createHash('sha256').update(bytes).digest('hex')
    expect(toHex(sha256(bytes)), `${length} bytes`).toBe(digest)
    expect(toHex(portableSha256(bytes)), `${length} bytes, without Node`).toBe(digest)
  }
})

test.each([sha256, portableSha256])('a digest is a copy: the next one does not change it', (hash) => {
  const first = hash(text('abc'))
  const kept = toHex(first)
  hash(text('abd'))
  expect(toHex(first)).toBe(kept)
})

test.each([merkleize, portableMerkleize])('a Merkle root is 32 bytes: of two leaves, the hash of both', (merkleize) => {
  const leaves = createRandom(1).bytes(64)
  expect(merkleize(leaves.slice(), 2)).toEqual(sha256(leaves))
  const beside = new Uint8Array(64).fill(0, 32)
  beside.set(sha256(leaves))
  beside.set(sha256(new Uint8Array(64)), 32)
  expect(merkleize(leaves.slice(), 4)).toEqual(sha256(beside))
})

test('a Merkle root is the same with Node and without, for every number of leaves up to the limit', () => {
  const random = createRandom(2)
  for (const limit of [1, 2, 4, 64, 65_536]) {
    for (const pairs of new Set([0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 250, 1_023].map((pairs) => Math.min(pairs, limit / 2)))) {
      const leaves = random.bytes(64 * Math.floor(pairs))
      const room = new Uint8Array([1, ...leaves, 2]) // they may be a part of something
      const root = merkleize(room.subarray(1, 1 + leaves.length), limit)
      expect(toHex(root), `${leaves.length / 32} of ${limit} leaves`).toBe(toHex(portableMerkleize(leaves.slice(), limit)))
      expect([room[0], room.at(-1)]).toEqual([1, 2])
      root.fill(0) // the caller's own
    }
  }
})
