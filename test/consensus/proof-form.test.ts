/** The form of a proof's document, field by field: the last value that is taken, the first that is not, and what is said. */
import { describe, expect, test } from 'vitest'
import { parseProof } from '../../src/consensus/proof-form.ts'
import { encodeBody } from '../../src/consensus/types.ts'
import { makeProof, MAX_PROOF_HEADERS, type Proof } from '../../src/consensus/proof.ts'
import { createBlockBuilder } from '../support/blocks.ts'

const builder = createBlockBuilder({ seed: 4 })
builder.block('a1', 'genesis', { miner: 'alice' })
builder.block('a2', 'a1', { transactions: [{ from: 'alice', to: 'bob', amount: 30, fee: 1 }] })
const { header, body } = builder.get('a2').block
const proof = makeProof({
  network: builder.params.name, genesis: builder.genesis.hash, header, encodedBody: encodeBody(body), position: 0, confirmations: 1, following: [],
})

const digits = (count: number): string => 'a'.repeat(count)
const times = (count: number, value: string): string[] => Array.from({ length: count }, () => value)

/** The proof with another value in one field, in a record of it or in itself. */
function changed(field: string, value: unknown): unknown {
  const document = structuredClone(proof) as Proof & Record<string, unknown>
  const [first = '', second] = field.split('.')
  if (second === undefined) document[first] = value
  else document[first] = { ...(document[first] as object), [second]: value } // header and transaction are records
  return document
}

describe('takes', () => {
  test.each<[string, unknown]>([
    ['height', 1], ['height', 0xffff_ffff],
    ['position', 0], ['position', 65_535],
    ['confirmations', 1], ['confirmations', 0xffff_ffff],
    ['headers', []], ['headers', times(MAX_PROOF_HEADERS, digits(184))],
    ['header.version', 0], ['header.nonce', Number.MAX_SAFE_INTEGER],
    ['transaction.memo', null], ['transaction.memo', ''],
    ['transaction.ssz', digits(2 * 156)], ['transaction.ssz', digits(2 * 412)],
  ])('%s, case %#', (field, value) => {
    expect(() => parseProof(changed(field, value))).not.toThrow()
  })
})

describe('refuses', () => {
  const HASH = 'be 64 lower-case hex digits'
  const WHOLE = 'be a whole number from'
  test.each<[string, unknown, string]>([
    ['format', 'cairn-proof-0', 'be "cairn-proof-1"'],
    ['network', '', 'be the name of a network'],
    ['network', 7, 'be the name of a network'],
    ['genesis', digits(62), HASH], ['genesis', digits(63), HASH], ['genesis', digits(66), HASH], ['genesis', digits(64).toUpperCase(), HASH],
    ['genesis', `${digits(63)}g`, HASH], ['genesis', 7, HASH], ['genesis', times(64, 'a'), HASH], ['genesis', null, HASH],
    // Numbers and lists that read like hex once they are text.
    ['header.bits', 12_345_678, 'be 8 lower-case hex digits'], ['hash', [digits(64)], HASH],
    ['height', 0, `${WHOLE} 1 to 4294967295`], ['height', 2 ** 32, `${WHOLE} 1 to 4294967295`], ['height', 1.5, `${WHOLE} 1 to 4294967295`],
    ['height', '1', `${WHOLE} 1 to 4294967295`], ['height', [1], `${WHOLE} 1 to 4294967295`], ['height', null, `${WHOLE} 1 to 4294967295`],
    ['position', -1, `${WHOLE} 0 to 65535`], ['position', 65_536, `${WHOLE} 0 to 65535`],
    ['confirmations', 0, `${WHOLE} 1 to 4294967295`], ['confirmations', 2 ** 32, `${WHOLE} 1 to 4294967295`],
    ['header', null, 'be an object'], ['header', [], 'be an object'], ['header', 'x', 'be an object'], ['transaction', undefined, 'be an object'],
    ['branch', times(17, digits(64)), `be a list of 18, each of which must ${HASH}`],
    ['branch', times(19, digits(64)), `be a list of 18, each of which must ${HASH}`],
    ['branch', times(18, digits(62)), `be a list of 18, each of which must ${HASH}`],
    ['branch', digits(18), `be a list of 18, each of which must ${HASH}`],
    ['headers', times(MAX_PROOF_HEADERS + 1, digits(184)), `be a list of at most ${MAX_PROOF_HEADERS}, each of which must be 184 lower-case hex digits`],
    ['headers', [digits(182)], `be a list of at most ${MAX_PROOF_HEADERS}, each of which must be 184 lower-case hex digits`],
    ['header.version', -1, `${WHOLE} 0 to 9007199254740991`], ['header.nonce', 2 ** 53, `${WHOLE} 0 to 9007199254740991`],
    ['header.bits', digits(6), 'be 8 lower-case hex digits'], ['header.ssz', digits(186), 'be 184 lower-case hex digits'],
    ['transaction.sender', 7, 'be text'], ['transaction.memo', 7, 'be text or null'],
    ['transaction.signature', digits(126), 'be 128 lower-case hex digits'],
    ['transaction.ssz', digits(2 * 155), 'be 312 to 824 lower-case hex digits'], ['transaction.ssz', digits(2 * 413), 'be 312 to 824 lower-case hex digits'],
  ])('%s = %j', (field, value, must) => {
    expect(() => parseProof(changed(field, value))).toThrow(`proof-malformed: ${field} must ${must}`)
  })

  test.each([null, [], 'text', 7])('%j, which is no object', (document) => {
    expect(() => parseProof(document)).toThrow('proof-malformed: a proof is a JSON object, as cairn proof TXID --json prints it')
  })

  test('a field that no proof has, by as much of its name as there is room for', () => {
    expect(() => parseProof({ ...proof, ['x'.repeat(41)]: 1 })).toThrow(`proof-malformed: ${'x'.repeat(40)} is no field of a proof`)
  })
})
