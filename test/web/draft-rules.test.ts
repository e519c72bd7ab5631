/**
 * What the page finds wrong with a block that was changed by hand, held to what the rules find in the same bytes; and one
 * test for each rule by its code.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toAddress } from '../../src/consensus/account.ts'
import { checkBlock, checkSignatures } from '../../src/consensus/block.ts'
import { RULES } from '../../src/consensus/errors.ts'
import { blockHash, checkHeaderContext } from '../../src/consensus/header.ts'
import { toHex } from '../../src/consensus/hex.ts'
import { networkParams } from '../../src/consensus/params.ts'
import { fromCompact } from '../../src/consensus/target.ts'
import { decodeBlock, encodeBlock as encodeByRules } from '../../src/consensus/types.ts'
import type { NetworkParameters } from '../../src/http/api.ts'
import { encodeBlock } from '../../src/web/body-bytes.ts'
import { createDraft, type Draft } from '../../src/web/draft.ts'
import { ASKED_RULES, type AskedRule, type Evidence, findingsOf } from '../../src/web/draft-rules.ts'
import { HEADER_LAYOUT } from '../../src/web/header-bytes.ts'
import { createBlockBuilder } from '../support/blocks.ts'
import { verdict } from '../support/judge.ts'

// Difficulty that changes, and still a few hashes a block.
const params = { ...networkParams('local'), name: 'draft', initialBits: 0x2030_0000, halfLifeBlocks: 4 }
const blocks = createBlockBuilder({ params, seed: 7, funds: { alice: 1_000 } })
blocks.blocks('a', 'genesis', 4)
const named = blocks.block('a5', 'a4', { transactions: [{ from: 'alice', to: 'bob', amount: 30, fee: 2, memo: 'tea' }, { from: 'alice', to: 'carol', amount: 5 }] })
const PARENT = blocks.ancestors('a4')
const NOW = named.block.header.timestamp + 1_000
const PARAMETERS: NetworkParameters = { ...params, allocations: [] }

const fresh = (): Draft => createDraft(encodeByRules(named.block))
function evidenceOf(draft: Draft, changes: Partial<Evidence> = {}): Evidence {
  return {
    header: draft.header.value, hash: draft.hash.value, body: draft.body.value, root: draft.root.value,
    isForged: draft.forged.value.length > 0,
    parent: draft.header.value?.parent === toHex(named.block.header.parent) ? PARENT : 'unknown',
    params: PARAMETERS, now: NOW, ...changes,
  }
}
const findings = (draft: Draft, changes?: Partial<Evidence>) => findingsOf(evidenceOf(draft, changes))

/** What a node says of the same bytes, up to the ledger: sanity, the parent, context. */
function byRules(draft: Draft): string {
  const [bytes, body] = [draft.bytes.value, draft.body.value]
  if (bytes === undefined || body === undefined) return 'block-bad-encoding'
  const block = decodeBlock(encodeBlock(bytes, body))
  const sanity = verdict(() => {
    checkBlock(block, blockHash(block.header), params)
    checkSignatures(block.body, blocks.genesis.hash)
  })
  if (sanity !== 'valid') return sanity
  if (toHex(block.header.parent) !== toHex(named.block.header.parent)) return 'block-unknown-parent'
  return verdict(() => checkHeaderContext(block.header, PARENT, params, NOW))
}

/** Types a nonce whose hash meets the target of the bits. */
function mine(draft: Draft): void {
  for (let nonce = 0; nonce < 10_000; nonce += 1) {
    draft.setNonce(nonce)
    const { target } = fromCompact(Number.parseInt(draft.header.value?.bits ?? '0', 16))
    if (BigInt(`0x${draft.hash.value}`) <= target) return
  }
  throw new Error('no nonce of 10 000 meets the target')
}

test('a block as the node gave it breaks no rule, and its hash is its own', () => {
  const draft = fresh()
  expect(draft.hash.value).toBe(named.hex)
  expect(draft.root.value).toBe(toHex(named.block.header.bodyRoot))
  expect(findings(draft)).toEqual({ broken: [], unasked: new Set() })
})

const BREAKING: Record<AskedRule, (draft: Draft) => void> = {
  'block-bad-encoding': (draft) => { draft.fields.parent.value = 'ab' },
  'block-bad-version': (draft) => { draft.fields.version.value = '2' },
  'block-malformed-bits': (draft) => { draft.fields.bits.value = '00000000' },
  'block-target-above-limit': (draft) => { draft.fields.bits.value = '2100ffff' },
  'block-bad-pow': (draft) => { draft.fields.bits.value = '1d00ffff' },
  'block-bad-body-root': (draft) => { draft.amounts.value = new Map([[0, '31']]) },
  'transaction-amount-overflow': (draft) => {
    draft.amounts.value = new Map([[0, '9007199254740991']])
    draft.fields.bodyRoot.value = draft.root.value ?? ''
  },
  'transaction-bad-signature': (draft) => {
    draft.amounts.value = new Map([[1, '500']])
    draft.fields.bodyRoot.value = draft.root.value ?? ''
  },
  'block-unknown-parent': (draft) => { draft.fields.parent.value = 'ab'.repeat(32) },
  'block-bad-height': (draft) => { draft.fields.height.value = '6' },
  'block-time-too-old': (draft) => { draft.fields.timestamp.value = String(PARENT.timestamp) },
  'block-bad-bits': (draft) => { draft.fields.bits.value = '207ffffe' },
  'block-too-early': (draft) => { draft.fields.timestamp.value = String(NOW + params.maxFutureMs + 1) },
}

test.each(ASKED_RULES)('%s', (code) => {
  const draft = fresh()
  BREAKING[code](draft)
  const isWork = ASKED_RULES.indexOf(code) <= ASKED_RULES.indexOf('block-bad-pow')
  if (!isWork) mine(draft)
  expect(findings(draft).broken[0]).toBe(code)
  expect(byRules(draft)).toBe(code)
  draft.reset()
  expect(findings(draft).broken).toEqual([])
})

test('the rules are asked in the order in which a node does', () => {
  const layers = ASKED_RULES.map((code) => ['sanity', 'context', 'connect'].indexOf(RULES[code].layer))
  expect(layers).toEqual(layers.toSorted())
})

test('whatever is typed, the first rule that is broken is the one that the rules find', () => {
  const number = fc.oneof(fc.constantFrom('0', '1', '2', '5', '6', ' 5 ', '-1', '1.5', 'x', '', '4294967296', '9007199254740992'), fc.nat().map(String))
  const texts = {
    version: number, height: number, nonce: number,
    timestamp: fc.oneof(number, fc.integer({ min: -2, max: 70_000 }).map((ms) => String(PARENT.timestamp + ms))),
    bits: fc.oneof(fc.constantFrom('1d00ffff', '207fffff', '0x2030', '', '2100ffff', '04923456', '207ffffe', 'zz'), fc.nat(0xffffffff).map((bits) => bits.toString(16))),
    parent: fc.constantFrom('ab'.repeat(32), 'AB'.repeat(31), ''),
    bodyRoot: fc.constantFrom('root', 'ab'.repeat(32), 'no hex'),
  }
  const edits = fc.record({
    fields: fc.uniqueArray(fc.oneof(...HEADER_LAYOUT.map(({ field }) => fc.tuple(fc.constant(field), texts[field]))), { selector: ([field]) => field, maxLength: 3 }),
    amount: fc.option(fc.constantFrom('30', '31', '', '9007199254740991', 'much')),
    miner: fc.option(fc.constantFrom(toAddress(new Uint8Array(32).fill(9)), 'cairn1q', 'fox')),
    isMined: fc.boolean(),
  })
  const seen = new Set<string>()
  fc.assert(fc.property(edits, ({ fields, amount, miner, isMined }) => {
    const draft = fresh()
    if (amount !== null) draft.amounts.value = new Map([[0, amount]])
    if (miner !== null) draft.miner.value = miner
    for (const [field, text] of fields) draft.fields[field].value = text === 'root' ? draft.root.value ?? '' : text
    const bits = Number.parseInt(draft.header.value?.bits ?? '0', 16)
    if (isMined && fromCompact(bits).target >> 248n > 0n) mine(draft)
    const [first = 'valid'] = findings(draft).broken
    expect(first).toBe(byRules(draft))
    seen.add(first)
  }), { seed: 7, numRuns: 400 })
  expect(seen.size).toBeGreaterThan(7)
})

test('everything that is broken is named, not the first alone', () => {
  const draft = fresh()
  draft.fields.version.value = '3'
  draft.fields.height.value = '9'
  draft.fields.timestamp.value = String(NOW + params.maxFutureMs + 1)
  draft.fields.bits.value = '1d00ffff'
  draft.amounts.value = new Map([[0, '40']])
  expect(findings(draft)).toEqual({
    broken: ['block-bad-version', 'block-bad-pow', 'block-bad-body-root', 'transaction-bad-signature', 'block-bad-height', 'block-bad-bits', 'block-too-early'],
    unasked: new Set(),
  })
})

test('what cannot be asked is not said to hold', () => {
  const noHeader = fresh()
  noHeader.fields.nonce.value = 'many'
  expect(findings(noHeader)).toEqual({ broken: ['block-bad-encoding'], unasked: new Set(ASKED_RULES.slice(1)) })
  const noTarget = fresh()
  noTarget.fields.bits.value = '00000000'
  expect(findings(noTarget).unasked).toEqual(new Set(['block-target-above-limit', 'block-bad-pow']))
  const noBody = fresh()
  noBody.amounts.value = new Map([[0, 'all']])
  expect(findings(noBody).unasked).toEqual(new Set(['block-bad-body-root', 'transaction-amount-overflow', 'transaction-bad-signature']))
  const context = ['block-bad-height', 'block-time-too-old', 'block-bad-bits', 'block-too-early'] as const
  expect(findings(fresh(), { parent: 'asking' })).toEqual({ broken: [], unasked: new Set(['block-unknown-parent', ...context]) })
  expect(findings(fresh(), { parent: 'unknown' })).toEqual({ broken: ['block-unknown-parent'], unasked: new Set(context) })
})

test('a draft says what is typed wrong, and which fields are not as they were', () => {
  const draft = fresh()
  expect(draft.changed.value).toEqual(new Set())
  draft.fields.version.value = '4294967296'
  draft.fields.nonce.value = '1e3'
  draft.fields.parent.value = '00'
  draft.fields.bits.value = '123456789'
  draft.miner.value = 'fox'
  expect(draft.problems.value).toEqual({ version: 'small-number', nonce: 'number', parent: 'hash', bits: 'bits' })
  expect(draft.minerProblem.value).toBe('wrong-start')
  expect([draft.bytes.value, draft.hash.value, draft.root.value]).toEqual([undefined, undefined, undefined])
  expect(draft.changed.value).toEqual(new Set(['version', 'nonce', 'parent', 'bits']))
  draft.miner.value = ` ${toAddress(named.block.body.miner).replace('cairn', 'Cairn')} ` // as somebody may type it
  expect(draft.root.value).toBe(draft.original.header.bodyRoot)
  draft.reset()
  expect([draft.hash.value, draft.problems.value, draft.changed.value]).toEqual([named.hex, {}, new Set()])
  draft.fields.nonce.value = ` ${draft.original.header.nonce} `
  expect(draft.changed.value).toEqual(new Set())
})
