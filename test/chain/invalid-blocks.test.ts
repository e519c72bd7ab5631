import { expect, test } from 'vitest'
import { InvalidBlocks } from '../../src/chain/invalid-blocks.ts'

test('the rule that a block broke is remembered', () => {
  const invalid = new InvalidBlocks()
  invalid.add('one', 'transaction-overspend')
  invalid.add('one', 'transaction-bad-nonce')
  expect([invalid.get('one'), invalid.get('two'), invalid.size]).toEqual(['transaction-bad-nonce', undefined, 1])
})

test('the memory is bounded, and forgets the oldest', () => {
  const invalid = new InvalidBlocks(3)
  const hashes = ['one', 'two', 'three', 'four', 'five']
  for (const hash of hashes) invalid.add(hash, 'block-bad-bits')
  expect(invalid.size).toBe(3)
  expect(hashes.filter((hash) => invalid.get(hash) !== undefined)).toEqual(['three', 'four', 'five'])
})
