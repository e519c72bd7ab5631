/** How stored bytes are known again: the digest of a body is its SHA-256, whichever bytes that has. */
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { digestOf } from '../../src/storage/digest.ts'

test('the digest of a body is its SHA-256', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (body) => {
    expect(digestOf(body)).toEqual(new Uint8Array(createHash('sha256').update(body).digest()))
  }), { seed: 1 })
})

test('a digest is the asker’s own', () => {
  const [one, other] = [new Uint8Array(1), new Uint8Array(2)].map(digestOf)
  expect(one).not.toEqual(other)
  expect(digestOf(new Uint8Array(1))).toEqual(one)
})
