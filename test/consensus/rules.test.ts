/**
 * One test per rule code, each breaking that rule and no other: the same block without the fault is valid. The last test
 * asserts that no code of the table lacks one.
 */
import { describe, expect, test } from 'vitest'
import { bodyRoot, checkBlock } from '../../src/consensus/block.ts'
import { RULES, type RuleCode, RuleError } from '../../src/consensus/errors.ts'
import { blockHash, checkHeader } from '../../src/consensus/header.ts'
import { fromHex } from '../../src/consensus/hex.ts'
import { connect, type ReadAccounts } from '../../src/consensus/ledger.ts'
import { networkParams } from '../../src/consensus/params.ts'
import { checkSignature, checkTransaction } from '../../src/consensus/transaction.ts'
import {
  type Block,
  decodeBlock,
  decodeHeader,
  decodeTransaction,
  encodeBlock,
  encodeBody,
  encodeHeader,
  encodeTransaction,
  MAX_U64,
} from '../../src/consensus/types.ts'
import { type BlockBuilder, type BlockOptions, createBlockBuilder } from '../support/blocks.ts'
import { openChain } from '../support/chain.ts'
import { judge, verdict } from '../support/judge.ts'

const tested = new Set<RuleCode>()

/** A test of a rule, named by its code. */
function rule(code: RuleCode, asks: string, run: () => void | Promise<void>): void {
  tested.add(code)
  test(`${code}: ${asks}`, run)
}

/** genesis ── a1 ── a2, where alice has 100; the block under test is a3. */
function chain(options: Parameters<typeof createBlockBuilder>[0] = {}): BlockBuilder {
  const blocks = createBlockBuilder({ seed: 3, funds: { alice: 100 }, ...options })
  blocks.blocks('a', 'genesis', 2)
  return blocks
}

/** What the rules say of a block on a2. */
const judged = (options: BlockOptions, blocks = chain()): string => judge(blocks, blocks.block('a3', 'a2', options))

const payment = { from: 'alice', to: 'bob', amount: 30, fee: 1 }

test('a block without a fault is valid', () => {
  expect(judged({ transactions: [payment, { ...payment, memo: 'rent' }] })).toBe('valid')
})

describe('sanity', () => {
  rule('block-bad-encoding', 'bytes that are no header, no block, or encode a number above 2^53 − 1', () => {
    const { header } = chain().get('a1').block
    const bytes = encodeHeader(header)
    expect(verdict(() => decodeHeader(bytes))).toBe('valid')
    expect(verdict(() => decodeHeader(bytes.subarray(1)))).toBe('block-bad-encoding')
    expect(verdict(() => decodeBlock(bytes))).toBe('block-bad-encoding')
    const at = (timestamp: number) => checkHeader({ ...header, timestamp }, blockHash(header), networkParams('local'))
    for (const timestamp of [-1, 0.5, Number.NaN, MAX_U64 + 1]) expect(verdict(() => at(timestamp))).toBe('block-bad-encoding')
  })

  rule('block-too-large', 'exactly maxBlockBytes is still valid', () => {
    const one = chain().block('a3', 'a2', { transactions: [payment] })
    const size = encodeBlock(one.block).length
    const limit = (maxBlockBytes: number) => chain({ params: { ...networkParams('local'), maxBlockBytes } })
    expect(judged({ transactions: [payment] }, limit(size))).toBe('valid')
    expect(judged({ transactions: [payment] }, limit(size - 1))).toBe('block-too-large')
    const { block, hash } = one
    const reading = { encodedBody: encodeBody(block.body) } // as where it was decoded
    const read = (maxBlockBytes: number) => () => checkBlock(block, hash, { ...networkParams('local'), maxBlockBytes }, reading)
    expect(verdict(read(size))).toBe('valid')
    expect(verdict(read(size - 1))).toBe('block-too-large')
  })

  rule('block-bad-version', 'versions 0 and 2', () => {
    for (const version of [0, 2, 0xffff_ffff]) {
      expect(judged({ mutate: ({ header }) => void (header.version = version) })).toBe('block-bad-version')
    }
  })

  rule('block-malformed-bits', 'negative, zero, overflowing and non-canonical targets', () => {
    const { header } = chain().get('a1').block
    // Not mined: no hash meets a target that there is not.
    const of = (bits: number) => checkHeader({ ...header, bits }, blockHash(header), networkParams('local'))
    for (const bits of [0x2080_0001, 0, 0x1d00_0000, 0x2300_0001, 0xff12_3456, 0x2100_7fff, 0x0112_3456]) {
      expect(verdict(() => of(bits))).toBe('block-malformed-bits')
    }
    expect(() => of(0x0112_3456)).toThrow('block-malformed-bits: bits 01123456')
  })

  rule('block-target-above-limit', 'one step easier than limitBits', () => {
    const params = { ...networkParams('local'), initialBits: 0x207f_fffe, limitBits: 0x207f_fffe }
    const blocks = chain({ params })
    expect(judged({}, blocks)).toBe('valid')
    const easier = ({ header }: Block) => void (header.bits = 0x207f_ffff)
    expect(judged({ mutate: easier }, chain({ params }))).toBe('block-target-above-limit')
  })

  rule('block-bad-pow', 'a nonce that misses the target', () => {
    expect(judged({ mined: true })).toBe('valid')
    expect(judged({ mined: false })).toBe('block-bad-pow')
  })

  rule('block-bad-pow', 'a hash equal to the target is enough, one above it is not', () => {
    const { header } = chain().get('a1').block
    const target = fromHex(`7fffff${'00'.repeat(29)}`)
    expect(verdict(() => checkHeader(header, target, networkParams('local')))).toBe('valid')
    expect(verdict(() => checkHeader(header, target.with(31, 1), networkParams('local')))).toBe('block-bad-pow')
  })

  rule('block-bad-body-root', 'a miner, a transaction or an order that the header does not commit to', () => {
    const transactions = [payment, payment]
    const swaps: ((block: Block) => void)[] = [
      ({ body }) => void (body.miner = body.miner.with(0, body.miner[0]! ^ 1)),
      ({ body }) => void body.transactions.pop(),
      ({ body }) => void body.transactions.reverse(),
      ({ body }) => void (body.transactions[0]!.amount += 1),
      ({ header }) => void (header.bodyRoot = new Uint8Array(32)),
    ]
    for (const mutate of swaps) expect(judged({ transactions, mutate })).toBe('block-bad-body-root')
  })

  rule('block-duplicate-nonce', 'two transactions of one sender with one nonce, even unlike ones', () => {
    const transactions = [{ ...payment, nonce: 0 }, { ...payment, amount: 5, nonce: 0 }]
    expect(judged({ transactions })).toBe('block-duplicate-nonce')
    const other = { from: 'miner', to: 'bob', amount: 5, nonce: 0 }
    expect(judged({ transactions: [transactions[0]!, other] })).toBe('valid')
    // The second of a sender counts as the first does.
    const third = [{ ...payment, nonce: 0 }, { ...payment, nonce: 1 }, { ...payment, amount: 5, nonce: 1 }]
    expect(judged({ transactions: third })).toBe('block-duplicate-nonce')
  })

  rule('transaction-bad-encoding', 'bytes that are no transaction, numbers and lengths that have no encoding', () => {
    const good = chain().pay(payment)
    const bytes = encodeTransaction(good)
    expect(verdict(() => decodeTransaction(bytes))).toBe('valid')
    expect(verdict(() => decodeTransaction(bytes.subarray(0, -65)))).toBe('transaction-bad-encoding')
    const noU64s = [-1, 0.5, Number.NaN, Infinity, MAX_U64 + 1]
    const misfits = [
      ...noU64s.flatMap((number) => [{ amount: number }, { fee: number }, { nonce: number }]),
      ...[0, 31, 33].flatMap((length) => [{ sender: new Uint8Array(length) }, { recipient: new Uint8Array(length) }]),
      ...[63, 65].map((length) => ({ signature: new Uint8Array(length) })),
      { memo: new Uint8Array(257) },
    ]
    for (const misfit of misfits) {
      expect(verdict(() => checkTransaction({ ...good, ...misfit })), JSON.stringify(misfit)).toBe('transaction-bad-encoding')
    }
    expect(verdict(() => checkTransaction({ ...good, memo: new Uint8Array(256) }))).toBe('valid')
  })

  rule('transaction-amount-overflow', 'amount + fee of exactly 2^53 − 1 passes, one more does not', () => {
    const blocks = chain()
    const of = (amount: number, fee: number) => verdict(() => checkTransaction(blocks.pay({ ...payment, amount, fee })))
    expect(of(MAX_U64 - 1, 1)).toBe('valid')
    expect(of(MAX_U64, 1)).toBe('transaction-amount-overflow')
    expect(of(1, MAX_U64)).toBe('transaction-amount-overflow')
    expect(of(MAX_U64, MAX_U64)).toBe('transaction-amount-overflow')
    expect(judged({ transactions: [{ ...payment, amount: MAX_U64 }] })).toBe('transaction-amount-overflow')
  })

  rule('transaction-bad-signature', 'another’s signature, another network’s, and any field changed after signing', () => {
    const blocks = chain()
    const good = blocks.pay(payment)
    const { hash } = blocks.genesis
    expect(verdict(() => checkSignature(good, hash))).toBe('valid')
    expect(verdict(() => checkSignature(good, createBlockBuilder().genesis.hash))).toBe('transaction-bad-signature')
    const changes = [
      { sender: blocks.account('bob') },
      { recipient: blocks.account('carol') },
      { amount: good.amount + 1 },
      { fee: good.fee + 1 },
      { nonce: good.nonce + 1 },
      { memo: new Uint8Array(1) },
      { signature: blocks.pay({ ...payment, amount: 29 }).signature },
      { signature: new Uint8Array(64) },
    ]
    for (const change of changes) {
      expect(verdict(() => checkSignature({ ...good, ...change }, hash))).toBe('transaction-bad-signature')
    }
    expect(judged({ transactions: [{ ...good, amount: 31 }] })).toBe('transaction-bad-signature')
  })
})

describe('context', () => {
  // These two are the chain's to find, since it alone has the tree.
  rule('block-unknown-parent', 'is nobody’s fault: the block waits, and comes when its parent does', async () => {
    const blocks = chain()
    const node = openChain(blocks)
    expect(await node.addAll('a2', 'a1')).toEqual(['block-unknown-parent', 'connected'])
    expect(node.tip()).toBe('a2')
    await node.stop()
  })

  rule('block-invalid-parent', 'however valid the block is otherwise', async () => {
    const blocks = chain()
    blocks.block('bad', 'a2', { transactions: [{ ...payment, nonce: 5 }] })
    blocks.block('child', 'bad')
    const node = openChain(blocks)
    expect(judge(blocks, blocks.get('child'))).toBe('valid')
    await node.addAll('a1', 'a2')
    expect(await node.addAll('bad', 'child')).toEqual(['transaction-bad-nonce', 'block-invalid-parent'])
    await node.stop()
  })

  rule('block-bad-height', 'the parent’s height and the parent’s + 2', () => {
    for (const height of [0, 2, 4]) {
      expect(judged({ mutate: ({ header }) => void (header.height = height) })).toBe('block-bad-height')
    }
  })

  rule('block-time-too-old', 'the parent’s own time and before; one ms later is valid', () => {
    const { timestamp } = chain().get('a2').block.header
    expect(judged({ timestamp: timestamp + 1 })).toBe('valid')
    expect(judged({ timestamp })).toBe('block-time-too-old')
    expect(judged({ timestamp: 0 })).toBe('block-time-too-old')
  })

  rule('block-bad-bits', 'harder than the rule asks is as wrong as easier', () => {
    const params = { ...networkParams('local'), initialBits: 0x207f_ff00 }
    for (const bits of [0x207f_fe00, 0x207f_ffff]) {
      expect(judged({ mutate: ({ header }) => void (header.bits = bits) }, chain({ params }))).toBe('block-bad-bits')
    }
  })

  rule('block-too-early', 'maxFutureMs ahead of the clock is valid, one ms more is not', () => {
    const blocks = chain()
    const a3 = blocks.block('a3', 'a2')
    const { timestamp } = a3.block.header
    expect(judge(blocks, a3, timestamp - blocks.params.maxFutureMs)).toBe('valid')
    expect(judge(blocks, a3, timestamp - blocks.params.maxFutureMs - 1)).toBe('block-too-early')
  })
})

describe('connect', () => {
  rule('transaction-bad-nonce', 'a nonce used already, and one ahead of the account', () => {
    const blocks = chain()
    blocks.block('a3', 'a2', { transactions: [payment] })
    expect(judge(blocks, blocks.block('used', 'a3', { transactions: [{ ...payment, nonce: 0 }] }))).toBe('transaction-bad-nonce')
    expect(judge(blocks, blocks.block('gap', 'a3', { transactions: [{ ...payment, nonce: 2 }] }))).toBe('transaction-bad-nonce')
    expect(judge(blocks, blocks.block('next', 'a3', { transactions: [{ ...payment, nonce: 1 }] }))).toBe('valid')
  })

  rule('transaction-overspend', 'the whole balance may be spent, fee included; one unit more may not', () => {
    expect(judged({ transactions: [{ ...payment, amount: 99, fee: 1 }] })).toBe('valid')
    expect(judged({ transactions: [{ ...payment, amount: 100, fee: 1 }] })).toBe('transaction-overspend')
    expect(judged({ transactions: [{ ...payment, amount: 99, fee: 2 }] })).toBe('transaction-overspend')
    expect(judged({ transactions: [{ from: 'nobody', to: 'bob', amount: 1 }] })).toBe('transaction-overspend')
    // The miner's reward comes last, so it cannot be spent in its own block.
    expect(judged({ miner: 'new', transactions: [{ from: 'new', to: 'bob', amount: 1 }] })).toBe('transaction-overspend')
  })

  // No network's parameters let its balances reach the limit, so the ledger here is made up.
  rule('block-balance-overflow', 'a recipient, the fees or the miner above 2^53 − 1', () => {
    const blocks = chain()
    const body = (...transactions: Parameters<BlockBuilder['pay']>[0][]) => ({
      miner: blocks.account('miner'),
      transactions: transactions.map((transaction) => blocks.pay(transaction)),
    })
    const at = (balance: number): ReadAccounts => (accounts) => accounts.map(() => ({ balance, nonce: 0 }))
    const plain = { subsidy: 0, halvingInterval: 1 }
    const pay = (from: string, amount: number, fee: number) => ({ from, to: 'bob', amount, fee })
    expect(verdict(() => connect(body(pay('alice', 1, 0)), 1, plain, at(MAX_U64 - 1)))).toBe('valid')
    expect(verdict(() => connect(body(pay('alice', 1, 0)), 1, plain, at(MAX_U64)))).toBe('block-balance-overflow')
    const fees = body(pay('alice', 0, MAX_U64), pay('carol', 0, 1))
    expect(verdict(() => connect(fees, 1, plain, at(MAX_U64)))).toBe('block-balance-overflow')
    expect(verdict(() => connect(body(), 1, { subsidy: 1, halvingInterval: 9 }, at(MAX_U64)))).toBe('block-balance-overflow')
    const reward = body(pay('alice', 0, MAX_U64))
    expect(verdict(() => connect(reward, 1, { subsidy: 1, halvingInterval: 9 }, at(MAX_U64)))).toBe('block-balance-overflow')
  })
})

describe('the table', () => {
  test('a RuleError carries its rule’s code and fault, and says what was found', () => {
    const error = new RuleError('block-too-early', 'in a minute')
    expect(error).toMatchObject({ name: 'RuleError', code: 'block-too-early', fault: 'nobody' })
    expect(error.message).toBe('block-too-early: in a minute')
    expect(error).toBeInstanceOf(Error)
  })

  test('a wrong body is never held against the header, and what cannot be judged yet is nobody’s fault', () => {
    const codes = (fault: string) => Object.entries(RULES).filter(([, rule]) => rule.fault === fault).map(([code]) => code)
    expect(codes('body')).toEqual(['block-bad-encoding', 'block-too-large', 'block-bad-body-root'])
    expect(codes('nobody')).toEqual(['block-unknown-parent', 'block-too-early'])
  })

  test('a block whose body is right but for a transaction is itself at fault, since its root commits to that body', () => {
    const blocks = chain()
    const { block } = blocks.block('a3', 'a2', { transactions: [payment] })
    expect(block.header.bodyRoot).toEqual(bodyRoot(block.body))
    for (const code of ['transaction-bad-signature', 'transaction-overspend', 'block-duplicate-nonce'] as const) {
      expect(RULES[code].fault).toBe('object')
    }
  })

  test('every rule has its test', () => {
    expect(Object.keys(RULES).filter((code) => !tested.has(code as RuleCode))).toEqual([])
  })
})
