/**
 * The order of the rules: whatever is wrong with a block, the cheapest fault is the one that is reported, and the dear
 * checks are never made for nothing.
 */
import { expect, test } from 'vitest'
import { checkBlock } from '../../src/consensus/block.ts'
import type { RuleCode } from '../../src/consensus/errors.ts'
import { checkHeader } from '../../src/consensus/header.ts'
import { networkParams } from '../../src/consensus/params.ts'
import { type Block, type Header, MAX_U64 } from '../../src/consensus/types.ts'
import { type BlockBuilder, type BlockOptions, createBlockBuilder } from '../support/blocks.ts'
import { judge, verdict } from '../support/judge.ts'

/** genesis ── a1 ── a2, where alice has 100; the block under test is a3. */
function chain(): BlockBuilder {
  const blocks = createBlockBuilder({ seed: 3, funds: { alice: 100 } })
  blocks.blocks('a', 'genesis', 2)
  return blocks
}

/** What the rules say of a block on a2. */
function judged(options: BlockOptions): string {
  const blocks = chain()
  return judge(blocks, blocks.block('a3', 'a2', options))
}

const payment = { from: 'alice', to: 'bob', amount: 30, fee: 1 }

/** What a fault may change of the block under test. */
interface Faulty {
  transactions: NonNullable<BlockOptions['transactions']>
  header: Partial<Header>
  mined: boolean
}

// Faults that can be in one block together, in the order in which they must be reported.
const faults: [RuleCode, (block: Faulty) => void][] = [
  ['block-bad-version', ({ header }) => void (header.version = 2)],
  ['block-bad-pow', (options) => void (options.mined = false)],
  ['block-bad-body-root', ({ header }) => void (header.bodyRoot = new Uint8Array(32))],
  ['transaction-amount-overflow', ({ transactions }) => void transactions.push({ ...payment, amount: MAX_U64, nonce: 7 })],
  ['block-duplicate-nonce', ({ transactions }) => void transactions.push({ ...payment, nonce: 8 }, { ...payment, nonce: 8 })],
  [
    'transaction-bad-signature',
    ({ transactions }) => void transactions.push(createBlockBuilder().pay({ from: 'eve', to: 'eve', amount: 0 })),
  ],
  ['block-bad-height', ({ header }) => void (header.height = 9)],
  ['block-time-too-old', ({ header }) => void (header.timestamp = 1)],
  ['block-bad-bits', ({ header }) => void (header.bits = 0x207f_fffe)],
  ['transaction-bad-nonce', ({ transactions }) => void transactions.push({ ...payment, nonce: 9 })],
]
const withFaults = (...places: number[]): string => {
  const faulty: Faulty = { transactions: [], header: {}, mined: true }
  for (const at of places) faults[at]![1](faulty)
  const { transactions, mined } = faulty
  return judged({ transactions, mined, mutate: ({ header }) => void Object.assign(header, faulty.header) })
}

const codes = faults.map(([code]) => code)
test.each(codes)('%s is reported before every dearer fault', (code) => {
  const cheap = codes.indexOf(code)
  expect(withFaults(cheap)).toBe(code)
  for (let dear = cheap + 1; dear < codes.length; dear++) expect(withFaults(cheap, dear), `with ${codes[dear]}`).toBe(code)
})

test('within one header the bits are read before the work, and being early comes after every other fault', () => {
  const blocks = chain()
  const early = blocks.block('early', 'a2', { mutate: ({ header }) => void (header.height = 9) })
  expect(judge(blocks, early, 0)).toBe('block-bad-height')
  const { header } = early.block
  const noWork = new Uint8Array(32).fill(255)
  const work = (bits: number) => verdict(() => checkHeader({ ...header, bits }, noWork, networkParams('lan')))
  expect(work(0)).toBe('block-malformed-bits')
  expect(work(0x207f_ffff)).toBe('block-target-above-limit')
  expect(work(0x1e10_0000)).toBe('block-bad-pow')
})

test('a block that is too large is told before its body is looked into', () => {
  const blocks = chain()
  const mutate = ({ header }: Block) => void (header.bodyRoot = header.parent)
  const { block, hash } = blocks.block('a3', 'a2', { transactions: [payment], mutate })
  const check = (maxBlockBytes: number) => () =>
    checkBlock(block, hash, { ...blocks.params, maxBlockBytes })
  expect(verdict(check(200))).toBe('block-too-large')
  expect(verdict(check(2_000))).toBe('block-bad-body-root')
  block.body.miner = new Uint8Array(31)
  expect(verdict(check(2_000))).toBe('block-bad-encoding')
})

test('a nonce is judged before the balance', () => {
  expect(judged({ transactions: [{ ...payment, amount: 1_000, nonce: 4 }] })).toBe('transaction-bad-nonce')
})
