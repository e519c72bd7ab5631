import { expect, test } from 'vitest'
import { encodeBlock } from '../../src/consensus/types.ts'
import { createScalarKernel } from '../../src/mining/scalar-kernel.ts'
import { createDraft, type Draft } from '../../src/web/draft.ts'
import { NonceHunt } from '../../src/web/nonce-hunt.ts'
import { createBlockBuilder } from '../support/blocks.ts'

const { block } = createBlockBuilder({ seed: 1 }).block('a1', 'genesis')
/** One hash in 4 096, and one that is never found. */
const HARD = '1f0fffff'
const NEVER = '01010000'

function begin(bits: string): { draft: Draft; hunt: NonceHunt } {
  const draft = createDraft(encodeBlock(block))
  draft.fields.bits.value = bits
  draft.fields.nonce.value = '0'
  return { draft, hunt: new NonceHunt(draft) }
}

test('one try: the nonce goes up by one, and its hash is counted', async () => {
  const { draft, hunt } = begin(NEVER)
  await hunt.search(1)
  expect(draft.fields.nonce.value).toBe('1')
  expect(hunt.end.value).toEqual({ outcome: 'not-found', tries: 1 })
  expect(hunt.tally.value).toMatchObject({ tries: 1, best: { nonce: 1, hash: draft.hash.value } })
  draft.fields.nonce.value = String(Number.MAX_SAFE_INTEGER)
  await hunt.search(2)
  expect(draft.fields.nonce.value).toBe('1') // after the last comes the first
})

test('until one is found: the one that the miner’s kernel finds', async () => {
  const { draft, hunt } = begin(HARD)
  const expected = createScalarKernel(draft.bytes.value ?? new Uint8Array(), 0x0fffffn << 224n).search(1, 1_000_000)
  await hunt.search(Infinity)
  expect(hunt.end.value).toEqual({ outcome: 'found', nonce: expected, tries: expected })
  expect(draft.fields.nonce.value).toBe(String(expected))
  expect((draft.hash.value ?? '').startsWith('000')).toBe(true)
})

test('stops when it is told to, and when another field is changed', async () => {
  const { draft, hunt } = begin(NEVER)
  const stopped = hunt.search(Infinity)
  expect(hunt.searching.value).toBe(true)
  await hunt.search(1) // one at a time: nothing happens
  hunt.stop()
  await stopped
  expect([hunt.searching.value, hunt.end.value]).toEqual([false, { outcome: 'stopped' }])
  const { tries } = hunt.tally.value
  expect(tries).toBeGreaterThan(0)

  const changed = hunt.search(Infinity)
  draft.fields.timestamp.value = '5'
  await changed
  // Of the header as it is now nothing was seen; of the one before, more than when it was stopped.
  expect([hunt.searching.value, hunt.end.value, hunt.tally.value.tries]).toEqual([false, null, 0])
  draft.fields.timestamp.value = String(block.header.timestamp)
  expect(hunt.tally.value.tries).toBeGreaterThan(tries)
})

test('does nothing where there is nothing to hash, or no target', async () => {
  const { draft, hunt } = begin('00000000')
  await hunt.search(5)
  draft.fields.nonce.value = 'many'
  await hunt.search(5)
  expect([hunt.searching.value, hunt.end.value, hunt.tally.value.tries, draft.fields.nonce.value]).toEqual([false, null, 0, 'many'])
})
