/** Proofs: what they show, and that nothing in one can be changed and still be believed. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BodyCommitmentType, encodeBody, encodeHeader, type Header, MAX_BODY_TRANSACTIONS } from '../../src/consensus/types.ts'
import { branchTo, countInBranch, listRoot, rootFor, rootOfBranch } from '../../src/consensus/body-root.ts'
import { sha256 } from '../../src/consensus/hash.ts'
import { toHex } from '../../src/consensus/hex.ts'
import { networkParams, parseParams } from '../../src/consensus/params.ts'
import { makeProof, MAX_PROOF_HEADERS, type Proof } from '../../src/consensus/proof.ts'
import { PROOF_FAULTS, ProofError } from '../../src/consensus/proof-error.ts'
import { signTransaction, transactionId } from '../../src/consensus/transaction.ts'
import { type Proven, verifyProof, type VerifyProofOptions } from '../../src/consensus/verify-proof.ts'
import { type BlockBuilder, createBlockBuilder, mine } from '../support/blocks.ts'
import { holds } from '../support/holds.ts'

//   genesis ── a1 ── a2 ── a3 ── a4        a2: alice, who mined a1, pays bob 30, then carol 5
const blocks = createBlockBuilder({ seed: 4 })
blocks.block('a1', 'genesis', { miner: 'alice' })
blocks.block('a2', 'a1', {
  transactions: [
    { from: 'alice', to: 'bob', amount: 30, fee: 1, memo: 'tea' },
    { from: 'alice', to: 'carol', amount: 5, memo: 'ünïcode' },
  ],
})
blocks.block('a3', 'a2')
blocks.block('a4', 'a3', { transactions: [{ from: 'bob', to: 'alice', amount: 1 }] })

function proofIn(from: BlockBuilder, name: string, position: number, following: string[] = [], change: Partial<Proof> = {}): Proof {
  const { header, body } = from.get(name).block
  const { params, genesis } = from
  return {
    ...makeProof({
      network: params.name, genesis: genesis.hash, header, encodedBody: encodeBody(body), position,
      confirmations: 1 + following.length,
      following: following.map((each) => from.get(each).block.header),
    }),
    ...change,
  }
}

/** What a check says: the code that it refuses with, or what it found shown. Anything else it throws is a bug. */
function check(document: unknown, options?: VerifyProofOptions): string | Proven {
  try {
    return verifyProof(document, options)
  } catch (error) {
    if (error instanceof ProofError && error.message.startsWith(`${error.code}: `) && !error.message.includes('\n')) return error.code
    throw error
  }
}

const proof = proofIn(blocks, 'a2', 1, ['a3', 'a4'])

describe('a proof', () => {
  test('shows who paid whom, in which block, with how much work', () => {
    const { id, transaction, network, block, confirmations, claimedConfirmations, last, work } = verifyProof(proof)
    expect(transaction).toEqual(blocks.get('a2').block.body.transactions[1])
    expect(id).toBe(toHex(transactionId(transaction)))
    expect(network).toEqual({ name: 'local', genesis: toHex(blocks.genesis.hash), known: 'name', parameters: true })
    expect(block).toEqual({
      hash: blocks.get('a2').hex, height: 2, timestamp: blocks.get('a2').block.header.timestamp,
      miner: blocks.account('miner'), transactionCount: 2, position: 1,
    })
    expect([confirmations, claimedConfirmations, last, work]).toEqual([3, 3, blocks.get('a4').hex, 6n]) // two hashes a block
  })

  test('says the same after a way through text', () => {
    expect(verifyProof(JSON.parse(JSON.stringify(proof)))).toEqual(verifyProof(proof))
  })

  test('of a block of one transaction, and without further headers', () => {
    expect(verifyProof(proofIn(blocks, 'a4', 0))).toMatchObject({ confirmations: 1, block: { transactionCount: 1, height: 4 } })
  })

  test('whose memo is no text', () => {
    const other = createBlockBuilder({ seed: 4 })
    other.block('a1', 'genesis', { miner: 'alice' })
    const unsigned = { sender: other.account('alice'), recipient: other.account('bob'), amount: 1, fee: 0, nonce: 0 }
    const memo = Uint8Array.of(0xff, 0xfe)
    other.block('a2', 'a1', { transactions: [signTransaction({ ...unsigned, memo }, other.keys('alice'), other.genesis.hash)] })
    const made = proofIn(other, 'a2', 0)
    expect(made.transaction.memo).toBeNull()
    expect(verifyProof(made).transaction.memo).toEqual(memo)
    expect(check({ ...made, transaction: { ...made.transaction, memo: '' } })).toBe('proof-fields-differ')
  })

  test('has one branch for each place of a block of any size', () => {
    const miner = sha256(Uint8Array.of(1))
    for (const count of [1, 2, 3, 255, 256, 257, 2_000]) {
      const ids = Array.from({ length: count }, (_, at) => sha256(Uint8Array.of(at, at >> 8)))
      const root = BodyCommitmentType.hashTreeRoot({ miner, transactionIds: ids }) // the library's own
      for (const at of new Set([0, 1, 2, count >> 1, count - 2, count - 1])) {
        if (at < 0 || at >= count) continue
        const branch = branchTo(at, ids, miner)
        expect(branch).toHaveLength(18)
        expect(toHex(rootOfBranch(ids[at]!, at, branch)), `${at} of ${count}`).toBe(toHex(root))
        expect(countInBranch(branch)).toBe(count)
        expect(toHex(rootOfBranch(ids[at]!, at ^ 1, branch))).not.toBe(toHex(root))
      }
    }
  })

  test('of the last transaction of 65 536', () => {
    const [miner, id] = [sha256(Uint8Array.of(1)), sha256(Uint8Array.of(2))]
    const ids = Array.from({ length: MAX_BODY_TRANSACTIONS }, () => id)
    const branch = branchTo(MAX_BODY_TRANSACTIONS - 1, ids, miner)
    expect(rootOfBranch(id, MAX_BODY_TRANSACTIONS - 1, branch)).toEqual(rootFor(miner, listRoot(ids)))
    expect(countInBranch(branch)).toBe(MAX_BODY_TRANSACTIONS)
  })

  test('a leaf with more than a length, or a length that no list has, is no count', () => {
    const branch = branchTo(0, [sha256(Uint8Array.of(2))], sha256(Uint8Array.of(1)))
    const counted = (leaf: Uint8Array): number | undefined => countInBranch(branch.with(16, leaf))
    const lengthLeaf = branch[16]!
    expect(counted(lengthLeaf)).toBe(1)
    for (let at = 4; at < 32; at++) expect(counted(lengthLeaf.with(at, 1)), `byte ${at}`).toBeUndefined()
    expect(counted(new Uint8Array(32).with(0, 1).with(2, 1)), '65 537').toBeUndefined()
  })

  test('of a block of 2 000 transactions', () => {
    const full = createBlockBuilder({ seed: 5, funds: { alice: 1_000_000 } })
    const transactions = Array.from({ length: 2_000 }, (_, nonce) => full.pay({ from: 'alice', to: 'bob', amount: 1, nonce }))
    full.block('a1', 'genesis', { transactions })
    const { params } = full
    for (const at of [0, 1_024, 1_999]) {
      expect(verifyProof(proofIn(full, 'a1', at), { params }).block).toMatchObject({ position: at, transactionCount: 2_000 })
    }
  })
})

describe('nothing in a proof can be changed', () => {
  // The same chain where a block takes 65 536 hashes: of two hashes, a changed header would be as good as the one before.
  const hard = createBlockBuilder({ seed: 4, params: parseParams({ name: 'hard', initialBits: 0x1f01_0000, halfLifeBlocks: 0 }) })
  hard.block('a1', 'genesis', { miner: 'alice' })
  hard.block('a2', 'a1', {
    transactions: [{ from: 'alice', to: 'bob', amount: 30, memo: 'tea' }, { from: 'alice', to: 'carol', amount: 5, memo: 'ünïcode' }],
  })
  hard.block('a3', 'a2')
  const proof = proofIn(hard, 'a2', 1, ['a3'])

  /** What may be changed: the name of a network and the node's count are its word, and shown as that. */
  const HARMLESS = new Set(['network', 'confirmations'])

  /** That a changed document is refused, or shows the same of all that is proven; without the last headers, so much less. */
  function expectRefusedOrHarmless(changed: unknown, what: string): void {
    const result = check(changed)
    if (typeof result === 'string') return
    const { network: _, claimedConfirmations: __, ...shown } = result
    const { headers } = changed as Proof // it was taken for one
    const fewer = JSON.stringify(proof.headers.slice(0, headers.length)) === JSON.stringify(headers)
    const { network: ___, claimedConfirmations: ____, ...original } = verifyProof({ ...proof, ...(fewer && { headers }) })
    expect(shown, what).toEqual(original)
    const changedFields = Object.keys(proof).filter(
      // Every name of a proof's field; the changed one may hold anything in it.
      (name) => JSON.stringify((changed as Record<string, unknown>)[name]) !== JSON.stringify(proof[name as keyof Proof]),
    )
    for (const name of changedFields) if (name !== 'headers' || !fewer) expect(HARMLESS, `${what} went unnoticed`).toContain(name)
  }

  test('not one character of its text', () => {
    const text = JSON.stringify(proof)
    let believed = 0
    for (let at = 0; at < text.length; at++) {
      for (const other of ['0', 'f', '"']) {
        if (other === text[at]) continue
        let changed: unknown
        try {
          changed = JSON.parse(text.slice(0, at) + other + text.slice(at + 1))
        } catch {
          continue // no JSON any more
        }
        const result = check(changed)
        if (typeof result !== 'string') believed += 1
        expectRefusedOrHarmless(changed, `${other} at ${at}: …${text.slice(Math.max(0, at - 30), at)}`)
      }
    }
    // The four letters of the name, each to 0 and to f; the one digit of confirmations cannot become less than is shown.
    expect(believed).toBe(8)
  })

  test('and no field be missing, more, or of another kind', () => {
    const odd = [null, true, -1, 0, 0.5, 1e300, -0, '', '0', 'x'.repeat(5_000), [], [[]], {}, { ssz: '' }, 2 ** 53, '\u0000']
    const places: [string, (change: (record: Record<string, unknown>) => void) => unknown][] = [
      ['proof', (change) => alter((copy) => change(copy))],
      ['header', (change) => alter((copy) => change(copy.header as Record<string, unknown>))],
      ['transaction', (change) => alter((copy) => change(copy.transaction as Record<string, unknown>))],
    ]
    for (const [place, changing] of places) {
      const fields = Object.keys(place === 'proof' ? proof : proof[place as 'header' | 'transaction'])
      expect(check(changing((record) => (record.more = 1)))).toBe('proof-malformed')
      expect(check(changing((record) => Object.defineProperty(record, '__proto__', { value: 1, enumerable: true })))).toBe('proof-malformed')
      for (const field of fields) {
        expect(check(changing((record) => delete record[field])), `without ${place}.${field}`).toBe('proof-malformed')
        for (const value of odd) {
          expectRefusedOrHarmless(changing((record) => (record[field] = value)), `${place}.${field} = ${JSON.stringify(value)}`)
        }
      }
    }
  })

  /** A deep copy, changed. */
  function alter(change: (copy: Record<string, unknown>) => void): unknown {
    const copy = JSON.parse(JSON.stringify(proof)) as Record<string, unknown> // a proof is an object
    change(copy)
    return copy
  }

  test('whatever comes out of JSON, the check throws nothing but its own error', () => {
    holds(fc.jsonValue({ maxDepth: 4 }), (value) => {
      expect(typeof check(value)).toBe('string')
    })
    holds(
      fc.tuple(fc.constantFrom(...Object.keys(proof), 'header.ssz', 'transaction.ssz', 'headers.0'), fc.jsonValue({ maxDepth: 2 })),
      ([path, value]) => {
        const [first, second] = path.split('.') as [string, string?] // a split text has a first part
        expectRefusedOrHarmless(
          alter((copy) => {
            if (second === undefined) copy[first] = value
            else (copy[first] as Record<string, unknown>)[second] = value
          }),
          path,
        )
      },
    )
  })

  test('random bytes in the place of an encoding are refused, each for what they are', () => {
    const hex = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map(toHex)
    holds(fc.tuple(hex(92), hex(160)), ([header, transaction]) => {
      expect(typeof check(alter((copy) => ((copy.header as { ssz: string }).ssz = header)))).toBe('string')
      expect(typeof check(alter((copy) => ((copy.transaction as { ssz: string }).ssz = transaction)))).toBe('string')
    })
  })
})

describe('each failure has its code', () => {
  const rebuilt = (change: (header: Header) => void, names = ['a3']): Proof => {
    // A chain of its own on a2, whose last header is changed and mined again.
    const headers = names.map((name) => ({ ...blocks.get(name).block.header }))
    const last = headers.at(-1)!
    change(last)
    mine(last)
    return { ...proof, headers: headers.map((header) => toHex(encodeHeader(header))), confirmations: 9 }
  }

  test('proof-malformed', () => {
    for (const document of [null, [], 'x', {}, { ...proof, format: 'cairn-proof-2' }, { ...proof, branch: proof.branch.slice(1) }]) {
      expect(check(document)).toBe('proof-malformed')
    }
    const headers = Array.from({ length: MAX_PROOF_HEADERS + 1 }, () => proof.headers[0]!)
    expect(check({ ...proof, headers })).toBe('proof-malformed')
    expect(() => verifyProof({ ...proof, position: '1' })).toThrow('proof-malformed: position must be a whole number from 0 to 65535')
    expect(() => verifyProof({ ...proof, added: 1 })).toThrow('proof-malformed: added is no field of a proof')
  })

  test('proof-other-network', () => {
    expect(check(proof, { params: networkParams('lan') })).toBe('proof-other-network')
    expect(check(proof, { genesis: '00'.repeat(32) })).toBe('proof-other-network')
    expect(check(proof, { genesis: toHex(blocks.genesis.hash).toUpperCase() })).toMatchObject({ network: { known: 'asked' } })
    expect(check(proof, { params: blocks.params })).toMatchObject({ network: { known: 'asked', parameters: true } })
  })

  test('proof-fields-differ', () => {
    expect(check({ ...proof, height: 3 })).toBe('proof-fields-differ')
    expect(check({ ...proof, hash: blocks.get('a3').hex })).toBe('proof-fields-differ')
    expect(check({ ...proof, header: { ...proof.header, nonce: proof.header.nonce + 1 } })).toBe('proof-fields-differ')
    expect(check({ ...proof, transaction: { ...proof.transaction, amount: 50 } })).toBe('proof-fields-differ')
    expect(check({ ...proof, confirmations: 2 })).toBe('proof-fields-differ')
    expect(check({ ...proof, network: 'lan' }, { params: blocks.params })).toBe('proof-fields-differ')
  })

  test('proof-unlinked', () => {
    expect(check({ ...proof, headers: [proof.headers[1]!] })).toBe('proof-unlinked')
    const stranger = createBlockBuilder({ seed: 9, funds: { alice: 9 } })
    stranger.block('a1', 'genesis', { transactions: [{ from: 'alice', to: 'bob', amount: 1 }] })
    const made = proofIn(stranger, 'a1', 0)
    expect(check(made), 'block 1 on its genesis').toMatchObject({ network: { known: 'no', parameters: false } })
    expect(check({ ...made, genesis: proof.genesis }), 'block 1 on another').toBe('proof-unlinked')
  })

  test('proof-bad-branch', () => {
    expect(check({ ...proof, position: 0 })).toBe('proof-bad-branch')
    expect(check({ ...proof, position: 2 }), 'after the last').toBe('proof-bad-branch')
    expect(check({ ...proof, branch: proof.branch.toReversed() })).toBe('proof-bad-branch')
    expect(check({ ...proof, transaction: proofIn(blocks, 'a2', 0).transaction }), 'of another place').toBe('proof-bad-branch')
    const more = proof.branch.with(16, `ffff0200${'00'.repeat(28)}`)
    expect(check({ ...proof, branch: more }), 'more ids than a list can have').toBe('proof-bad-branch')
    // The count is looked at first, and says more.
    expect(() => verifyProof({ ...proof, position: 2 })).toThrow('a list of 2 ids has none at 2')
    expect(() => verifyProof({ ...proof, branch: more })).toThrow('a list of no possible number of ids has none at 1')
  })

  test('proof-too-short', () => {
    expect(check(proof, { confirmations: 3 })).toMatchObject({ confirmations: 3 })
    expect(check({ ...proof, confirmations: 100 }, { confirmations: 4 })).toBe('proof-too-short')
  })

  test('proof-other-block', () => {
    expect(check(proof, { block: blocks.get('a4').hex })).toMatchObject({ last: blocks.get('a4').hex })
    expect(check(proof, { block: blocks.get('a1').hex })).toBe('proof-other-block')
  })

  test('transaction-bad-signature: signed for another network', () => {
    const other = createBlockBuilder({ seed: 4, params: parseParams({ ...networkParams('local'), name: 'other' }) })
    other.block('a1', 'genesis', { miner: 'alice' })
    other.block('a2', 'a1', { transactions: blocks.get('a2').block.body.transactions })
    expect(check(proofIn(other, 'a2', 1))).toBe('transaction-bad-signature')
  })

  test('block-bad-pow', () => {
    const unmined = createBlockBuilder({ seed: 4 })
    unmined.block('a1', 'genesis', { miner: 'alice' })
    unmined.block('a2', 'a1', { transactions: blocks.get('a2').block.body.transactions, mined: false })
    expect(check(proofIn(unmined, 'a2', 1))).toBe('block-bad-pow')
    const header = { ...blocks.get('a3').block.header }
    mine(header, false)
    expect(check({ ...proof, headers: [toHex(encodeHeader(header))] })).toBe('block-bad-pow')
  })

  test('block-bad-version, block-malformed-bits, block-target-above-limit, block-bad-encoding', () => {
    expect(check(rebuilt((header) => (header.version = 2)))).toBe('block-bad-version')
    const withBits = (bits: number): Proof => {
      const header = { ...blocks.get('a3').block.header, bits }
      return { ...proof, headers: [toHex(encodeHeader(header))] }
    }
    expect(check(withBits(0))).toBe('block-malformed-bits')
    expect(check(withBits(0x2100_ffff))).toBe('block-target-above-limit')
    expect(check({ ...proof, headers: ['ff'.repeat(92)] })).toBe('block-bad-encoding')
  })

  test('block-bad-height, block-time-too-old, block-too-early', () => {
    expect(check(rebuilt((header) => (header.height += 1)))).toBe('block-bad-height')
    expect(check(rebuilt((header) => (header.timestamp = blocks.get('a2').block.header.timestamp)))).toBe('block-time-too-old')
    const last = blocks.get('a4').block.header.timestamp
    expect(check(proof, { now: last - blocks.params.maxFutureMs })).toMatchObject({ confirmations: 3 })
    expect(check(proof, { now: last - blocks.params.maxFutureMs - 1 })).toBe('block-too-early')
  })

  test('block-bad-bits: from the third header on by the difficulty rule, before that only where it asks for no gap', () => {
    const params = parseParams({ ...networkParams('local'), name: 'moving', halfLifeBlocks: 12 })
    const moving = createBlockBuilder({ params, seed: 4 })
    moving.block('a1', 'genesis', { miner: 'alice' })
    moving.block('a2', 'a1')
    moving.block('a3', 'a2', { transactions: [{ from: 'alice', to: 'bob', amount: 1 }] })
    let time = moving.get('a3').block.header.timestamp
    moving.block('a4', 'a3', { timestamp: (time += 1) })
    moving.block('a5', 'a4', { timestamp: (time += 1) })
    expect(moving.get('a5').block.header.bits, 'the rule asks for more').not.toBe(params.initialBits)
    const made = proofIn(moving, 'a3', 0, ['a4', 'a5'])
    expect(check(made, { params })).toMatchObject({ confirmations: 3 })

    const easier = (name: string): string => {
      const header = { ...moving.get(name).block.header, bits: params.initialBits - 1 }
      mine(header)
      return toHex(encodeHeader(header))
    }
    expect(check({ ...made, headers: [made.headers[0]!, easier('a5')] }, { params })).toBe('block-bad-bits')
    expect(check({ ...made, headers: [made.headers[0]!, easier('a5')] }), 'parameters unknown').toMatchObject({ confirmations: 3 })
    expect(check({ ...made, headers: [easier('a4')] }, { params }), 'its gap is not in the document').toMatchObject({ confirmations: 2 })
    const fixed = rebuilt((header) => (header.bits = networkParams('local').initialBits - 1))
    expect(check(fixed), 'difficulty that never changes').toBe('block-bad-bits')
  })

  test('transaction-bad-encoding', () => {
    const { transaction } = proof
    const ssz = transaction.ssz.replace(/^(.{176})9c/, '$19d') // the memo’s offset
    expect(ssz).not.toBe(transaction.ssz)
    expect(check({ ...proof, transaction: { ...transaction, ssz } })).toBe('transaction-bad-encoding')
  })

  test('every code of its own is tested above', () => {
    expect(Object.keys(PROOF_FAULTS).sort()).toEqual([
      'proof-bad-branch', 'proof-fields-differ', 'proof-malformed', 'proof-other-block', 'proof-other-network', 'proof-too-short',
      'proof-unlinked',
    ])
  })
})
