/** What a block made of accounts, as a row: JSON that every tool reads, and the accounts beside it in the same order. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MAX_U64 } from '../../src/consensus/types.ts'
import { recentStates, statesIn } from '../../src/storage/recent-states.ts'

const u64 = fc.oneof(fc.integer({ min: 0, max: MAX_U64 }), fc.constantFrom(0, 1, MAX_U64))
const state = fc.record({ balance: u64, nonce: u64 })
const account = fc.uint8Array({ minLength: 32, maxLength: 32 })
const changes = fc.array(fc.record({ account, before: state, after: state }), { maxLength: 40 })

test('states come back as they went in, and their text is JSON as any program writes it', () => {
  fc.assert(fc.property(changes, (made) => {
    const row = recentStates(made)
    expect([...statesIn(row)]).toEqual(made.map(({ account, after }) => ({ account, state: after })))
    expect(row.states).toBe(JSON.stringify(made.map(({ after: { balance, nonce } }) => [balance, nonce])))
  }), { seed: 1 })
})
