/**
 * One object for each code that consensus has, as a peer would gossip it: what breaks the rule, and nothing else does.
 *
 *   genesis ── a1 ── a2        what a node has; alice owns 100, hoard all that an account may have but for 40
 *                    └── x     what the peer sends
 */
import type { RuleCode } from '../../src/consensus/errors.ts'
import { encodeBlock, encodeTransaction, type Header, MAX_U64, type Transaction } from '../../src/consensus/types.ts'
import { type BlockBuilder, type BlockOptions, createBlockBuilder } from './blocks.ts'

export interface InvalidObject {
  topic: 'blocks' | 'transactions'
  data: Uint8Array
  /** Sent before it, by somebody else. */
  before?: Uint8Array
}

/** The chain that the objects go with. */
export function createInvalidWorld(): BlockBuilder {
  const blocks = createBlockBuilder({ funds: { alice: 100, hoard: MAX_U64 - 40 } })
  blocks.blocks('a', 'genesis', 2)
  return blocks
}

/** A payment whose amount was raised after it was signed. */
export const forged = (blocks: BlockBuilder): Transaction => ({ ...blocks.pay({ from: 'alice', to: 'bob', amount: 1 }), amount: 2 })

/** Block x on a2. */
const block = (blocks: BlockBuilder, options: BlockOptions): InvalidObject => {
  const { block } = blocks.block('x', 'a2', options)
  return { topic: 'blocks', data: encodeBlock(block) }
}
const header = (changes: Partial<Header>): BlockOptions => ({ mutate: ({ header }) => void Object.assign(header, changes) })
const paying = (amount: number, nonce?: number): BlockOptions => ({ transactions: [{ from: 'alice', to: 'bob', amount, nonce }] })

/** By code: makes the object. Each makes blocks by name, so a builder is good for one of them. */
export const INVALID_OBJECTS: Readonly<Record<RuleCode, (blocks: BlockBuilder) => InvalidObject>> = {
  'block-bad-encoding': () => ({ topic: 'blocks', data: Uint8Array.from({ length: 200 }, (_, at) => at) }),
  'block-too-large': ({ params }) => ({ topic: 'blocks', data: new Uint8Array(params.maxBlockBytes + 1) }),
  'block-bad-version': (blocks) => block(blocks, header({ version: 2 })),
  'block-malformed-bits': (blocks) => block(blocks, { ...header({ bits: 0 }), mined: false }),
  'block-target-above-limit': (blocks) => block(blocks, header({ bits: 0x2100_ffff })),
  'block-bad-pow': (blocks) => block(blocks, { mined: false }),
  'block-bad-body-root': (blocks) => block(blocks, { mutate: ({ body }) => void (body.miner = blocks.account('thief')) }),
  'block-duplicate-nonce': (blocks) =>
    block(blocks, { transactions: [0, 0].map((nonce, at) => ({ from: 'alice', to: 'bob', amount: 1 + at, nonce })) }),
  'transaction-bad-encoding': () => ({ topic: 'transactions', data: new Uint8Array(200) }),
  'transaction-amount-overflow': (blocks) => ({
    topic: 'transactions',
    data: encodeTransaction(blocks.pay({ from: 'alice', to: 'bob', amount: MAX_U64, fee: 1 })),
  }),
  'transaction-bad-signature': (blocks) => ({ topic: 'transactions', data: encodeTransaction(forged(blocks)) }),
  'block-invalid-parent': (blocks) => {
    const before = encodeBlock(blocks.block('parent', 'a2', paying(101)).block)
    return { topic: 'blocks', data: encodeBlock(blocks.block('x', 'parent').block), before }
  },
  'block-bad-height': (blocks) => block(blocks, header({ height: 9 })),
  'block-time-too-old': (blocks) => block(blocks, { timestamp: 1 }),
  'block-bad-bits': (blocks) => block(blocks, header({ bits: 0x207f_fffe })),
  'transaction-bad-nonce': (blocks) => block(blocks, paying(1, 7)),
  'transaction-overspend': (blocks) => block(blocks, paying(101)),
  'block-balance-overflow': (blocks) => block(blocks, { miner: 'hoard' }),
  'block-unknown-parent': (blocks) => block(blocks, header({ parent: new Uint8Array(32).fill(7) })),
  'block-too-early': (blocks) => block(blocks, { timestamp: Date.now() + blocks.params.maxFutureMs + 600_000 }),
}
