/** Chapter 2: bodies. Sizes, roots, amounts, signatures, nonces and balances, each on both sides of its limit. */
import { bodyRoot } from '../../../src/consensus/block.ts'
import { checkTransaction } from '../../../src/consensus/transaction.ts'
import { type Block, decodeTransaction, encodeTransaction, MAX_U64, type Transaction } from '../../../src/consensus/types.ts'
import { createBlockBuilder, type Payment } from '../../support/blocks.ts'
import type { Expected, Story } from './story.ts'

/** What Ed25519 counts modulo, little-endian as in a signature. */
const GROUP_ORDER = 2n ** 252n + 27_742_317_777_372_353_535_851_937_790_883_648_493n

const pay = (from: string, to: string, amount: number, fee = 0): Payment => ({ from, to, amount, fee })

/** The same signature once more: S + the group order. */
function malleated(transaction: Transaction): Transaction {
  const signature = transaction.signature.slice()
  let scalar = GROUP_ORDER
  for (let at = 63; at >= 32; at--) scalar += BigInt(signature[at]!) << BigInt(8 * (at - 32))
  for (let at = 32; at < 64; at++, scalar >>= 8n) signature[at] = Number(scalar & 0xffn)
  return { ...transaction, signature }
}

export function payments(story: Story): void {
  sizesAndRoots(story)
  amountsAndSignatures(story)
  noncesAndBalances(story)
  story.checkpoint()
}

function sizesAndRoots(story: Story): void {
  const { blocks } = story
  // 132 bytes of an empty block, 160 for each payment and its offset: 108 are left for memos.
  const ten = Array.from({ length: 10 }, () => pay('alice', 'bob', 1))
  const eleven = (memoBytes: number) => [...ten, { ...pay('alice', 'bob', 1), memo: 'x'.repeat(memoBytes) }]
  story.block('size-one-more', 'a4', 'block-too-large', { transactions: eleven(109) })
  story.block('a5', 'a4', 'connected', { transactions: eleven(108) })

  story.later('a6', 'a5', { transactions: [pay('alice', 'bob', 5, 1), pay('bob', 'carol', 7), pay('bob', 'bob', 1)] })
  const twice = (body: Block['body'], from: number) => void body.transactions.push(...body.transactions.slice(from))
  story.variant('a6-other-miner', 'a6', 'block-bad-body-root', ({ body }) => void (body.miner = blocks.account('alice')))
  story.variant('a6-dropped', 'a6', 'block-bad-body-root', ({ body }) => void body.transactions.pop())
  story.variant('a6-empty', 'a6', 'block-bad-body-root', ({ body }) => void (body.transactions = []))
  story.variant('a6-reversed', 'a6', 'block-bad-body-root', ({ body }) => void body.transactions.reverse())
  story.variant('a6-last-twice', 'a6', 'block-bad-body-root', ({ body }) => twice(body, -1))
  story.variant('a6-all-twice', 'a6', 'block-bad-body-root', ({ body }) => twice(body, 0))
  story.variant('a6-amount', 'a6', 'block-bad-body-root', ({ body }) => void (body.transactions[0]!.amount += 1))
  story.variant('a6-huge', 'a6', 'block-too-large', ({ body }) => {
    body.transactions.push(...blocks.get('a5').block.body.transactions)
  })
  story.variant('a6-fraction', 'a6', 'block-bad-encoding', ({ body }) => void (body.transactions[0]!.amount = 0.5))
  story.variant('a6-beyond', 'a6', 'block-bad-encoding', ({ body }) => void (body.transactions[1]!.fee = MAX_U64 + 1))
  story.variant('a6-short-miner', 'a6', 'block-bad-encoding', ({ body }) => void (body.miner = body.miner.subarray(1)))
  // After all these bodies the header is as good as it was.
  story.offer('a6', 'connected')
  story.variant('a6-late-lie', 'a6', 'known', ({ body }) => void (body.transactions = []))
  // The same body under another header is another block.
  story.block('a6-twin', 'a5', 'side-branch', {
    timestamp: blocks.get('a6').block.header.timestamp + 1,
    transactions: blocks.get('a6').block.body.transactions,
  })
}

function amountsAndSignatures(story: Story): void {
  const { blocks } = story
  const bad = (name: string, expected: Expected, ...transactions: (Payment | Transaction)[]) =>
    story.block(name, 'a6', expected, { transactions })
  bad('overflow-amount', 'transaction-amount-overflow', pay('rich', 'bob', MAX_U64, 1))
  bad('overflow-fee', 'transaction-amount-overflow', pay('rich', 'bob', 1, MAX_U64))
  bad('overflow-both', 'transaction-amount-overflow', pay('rich', 'bob', MAX_U64, MAX_U64))
  bad('overflow-second', 'transaction-amount-overflow', pay('alice', 'bob', 1), pay('alice', 'bob', MAX_U64, 1))

  const good = blocks.pay(pay('alice', 'bob', 1), 'a6')
  const bits = (at: number) => good.signature.with(at, good.signature[at]! ^ 1)
  bad('signature-zero', 'transaction-bad-signature', { ...good, signature: new Uint8Array(64) })
  bad('signature-first-bit', 'transaction-bad-signature', { ...good, signature: bits(0) })
  bad('signature-last-bit', 'transaction-bad-signature', { ...good, signature: bits(63) })
  bad('signature-malleated', 'transaction-bad-signature', malleated(good))
  bad('signature-other-sender', 'transaction-bad-signature', { ...good, sender: blocks.account('bob') })
  bad('signature-other-amount', 'transaction-bad-signature', { ...good, amount: 2 })
  bad('signature-other-memo', 'transaction-bad-signature', { ...good, memo: new Uint8Array(1) })
  bad('signature-other-nonce', 'transaction-bad-signature', { ...good, nonce: good.nonce + 1 })
  const elsewhere = createBlockBuilder({ seed: 120 }).pay({ ...pay('alice', 'bob', 1), nonce: good.nonce })
  bad('signature-other-network', 'transaction-bad-signature', elsewhere)
  // The point of order one signs everything for whoever is careless.
  const one = new Uint8Array(32).with(0, 1)
  const signature = new Uint8Array(64).with(0, 1)
  bad('signature-small-order', 'transaction-bad-signature', { ...good, sender: one, nonce: 0, signature })
  const third = { ...good, signature: bits(40) }
  bad('signature-of-third', 'transaction-bad-signature', pay('bob', 'alice', 1), pay('carol', 'alice', 1), third)

  const encoded = encodeTransaction(good)
  story.check('loose-good', 'valid', () => checkTransaction(decodeTransaction(encoded)))
  story.check('loose-cut', 'transaction-bad-encoding', () => decodeTransaction(encoded.subarray(1)))
  story.check('loose-beyond', 'transaction-bad-encoding', () => decodeTransaction(encoded.with(64 + 7, 0x80)))
  story.check('loose-memo-257', 'transaction-bad-encoding', () => checkTransaction({ ...good, memo: new Uint8Array(257) }))
  story.check('loose-memo-256', 'valid', () => checkTransaction({ ...good, memo: new Uint8Array(256) }))
  story.check('loose-sum-most', 'valid', () => checkTransaction({ ...good, amount: MAX_U64 - 1, fee: 1 }))
}

function noncesAndBalances(story: Story): void {
  const { blocks } = story
  const on =
    (parent: string) =>
    (name: string, expected: Expected, ...transactions: (Payment | Transaction)[]): void =>
      story.block(name, parent, expected, { transactions })
  const six = on('a6')
  const [first, second] = [blocks.pay(pay('alice', 'bob', 1), 'a6'), blocks.pay(pay('alice', 'bob', 2), 'a6')]
  six('nonce-twice-same', 'block-duplicate-nonce', first, first)
  six('nonce-twice-unlike', 'block-duplicate-nonce', first, second)
  six('nonce-twice-apart', 'block-duplicate-nonce', first, pay('bob', 'carol', 1), second)
  six('nonce-used', 'transaction-bad-nonce', { ...pay('alice', 'bob', 1), nonce: 0 })
  six('nonce-gap', 'transaction-bad-nonce', { ...pay('alice', 'bob', 1), nonce: first.nonce + 1 })
  six('nonce-most', 'transaction-bad-nonce', { ...pay('alice', 'bob', 1), nonce: MAX_U64 })
  six('nonce-backwards', 'transaction-bad-nonce', { ...pay('alice', 'bob', 1), nonce: first.nonce + 1 }, first)
  six('nonce-replayed', 'transaction-bad-nonce', blocks.get('a5').block.body.transactions[0]!)
  six('nonce-of-nobody', 'transaction-bad-nonce', { ...pay('nobody', 'bob', 0), nonce: 1 })

  // Alice has 983, carol 1 007.
  six('overspend-amount', 'transaction-overspend', pay('alice', 'bob', 984))
  six('overspend-fee', 'transaction-overspend', pay('alice', 'bob', 983, 1))
  six('overspend-together', 'transaction-overspend', pay('alice', 'bob', 500), pay('alice', 'bob', 484))
  six('overspend-nobody', 'transaction-overspend', pay('nobody', 'bob', 1))
  six('overspend-self', 'transaction-overspend', pay('alice', 'alice', 984))
  six('overspend-before-paid', 'transaction-overspend', pay('alice', 'bob', 1_000), pay('bob', 'alice', 100))
  story.block('overspend-reward', 'a6', 'transaction-overspend', { miner: 'dora', transactions: [pay('dora', 'bob', 1)] })

  six('balance-hoard', 'block-balance-overflow', pay('bob', 'hoard', 41))
  story.block('balance-miner', 'a6', 'block-balance-overflow', { miner: 'hoard' })
  story.block('balance-miner-fee', 'a6', 'block-balance-overflow', { miner: 'rich', transactions: [pay('bob', 'rich', 0)] })
  six('balance-reward', 'block-balance-overflow', pay('rich', 'bob', 0, MAX_U64))
  six('balance-fees', 'block-balance-overflow', pay('rich', 'bob', 0, MAX_U64), pay('bob', 'alice', 0, 1))
  six('a7', 'connected', pay('alice', 'hoard', 40))
  story.block('balance-full', 'a7', 'block-balance-overflow', { transactions: [pay('alice', 'hoard', 1)] })

  // All of it, to the unit: a self-payment of everything there may be, then everything but its fee to another.
  const seven = on('a7')
  seven('a8', 'connected', pay('rich', 'rich', MAX_U64), pay('rich', 'heir', MAX_U64 - 500, 500), pay('alice', 'erin', 900, 43))
  story.block('a9', 'a8', 'connected', {
    miner: 'bob',
    transactions: [
      pay('bob', 'bob', 10, 3),
      pay('alice', 'carol', 0),
      pay('carol', 'alice', 1_000),
      pay('alice', 'erin', 1_000),
      { ...pay('erin', 'bob', 1), memo: 'm'.repeat(256) },
    ],
  })
  story.block('spent-again', 'a9', 'transaction-overspend', { transactions: [pay('alice', 'bob', 0, 1)] })
  story.block('heir-overspend', 'a9', 'transaction-overspend', { transactions: [pay('heir', 'bob', MAX_U64 - 499)] })
  // The body of a block that was refused, once more under another header: it is refused for itself.
  const { body } = blocks.get('nonce-twice-same').block
  story.block('nonce-twice-again', 'a9', 'block-duplicate-nonce', {
    mutate: (block) => {
      block.body = body
      block.header.bodyRoot = bodyRoot(body)
    },
  })
}
