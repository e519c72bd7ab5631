import { expect, test } from 'vitest'
import { blockBytes } from '../../src/consensus/block.ts'
import { encodeTransaction, EMPTY_BLOCK_BYTES, type Transaction } from '../../src/consensus/types.ts'
import { paysMore, type PendingTransaction } from '../../src/mempool/queue.ts'
import { selectTransactions } from '../../src/mempool/selection.ts'
import { createRandom } from '../support/random.ts'
import { blockOf, builder, createSetting } from './setting.ts'

/** A pending transaction with nothing true about it but what selection looks at. */
function pending(sender: number, nonce: number, fee: number, memoBytes = 0): PendingTransaction {
  const transaction: Transaction = {
    sender: new Uint8Array(32).fill(sender % 256),
    recipient: new Uint8Array(32),
    amount: sender,
    fee,
    nonce,
    memo: new Uint8Array(memoBytes),
    signature: new Uint8Array(64),
  }
  return { id: `${sender}/${nonce}`, hash: new Uint8Array(32), transaction, bytes: 156 + memoBytes, receivedAt: 0, ready: true, local: false }
}

/** Selects from senders that come in any order. */
function select(senders: PendingTransaction[][], maxBytes: number): PendingTransaction[] {
  const candidates = senders
    .flatMap((ready) => ready.slice(0, 1).map(({ transaction: { fee }, receivedAt }) => ({ fee, receivedAt, queue: { ready: () => ready } })))
    .sort((a, b) => (paysMore(a, b) ? -1 : paysMore(b, a) ? 1 : 0))
  return selectTransactions(candidates.values(), maxBytes)
}

const feesOf = (selected: PendingTransaction[]): number[] => selected.map(({ transaction }) => transaction.fee)

test('the highest fee first, each sender’s in nonce order', () => {
  const senders = [
    [pending(1, 0, 5), pending(1, 1, 9), pending(1, 2, 1)],
    [pending(2, 0, 7), pending(2, 1, 2)],
    [],
    [pending(3, 0, 0), pending(3, 1, 100)],
  ]
  expect(feesOf(select(senders, 1e6))).toEqual([7, 5, 9, 2, 1, 0, 100])
})

test('of equal fees, what came first', () => {
  const senders = [[{ ...pending(1, 0, 5), receivedAt: 20 }], [{ ...pending(2, 0, 5), receivedAt: 10 }]]
  expect(select(senders, 1e6).map(({ transaction }) => transaction.amount)).toEqual([2, 1])
})

test('fills the room to the last byte; what does not fit stays out with all behind it, and smaller ones get in', () => {
  const senders = [[pending(1, 0, 9, 100), pending(1, 1, 8)], [pending(2, 0, 7)], [pending(3, 0, 6)]]
  const small = 156 + 4
  expect(feesOf(select(senders, 2 * small))).toEqual([9])
  expect(feesOf(select(senders, small + 99))).toEqual([7])
  expect(feesOf(select(senders, 2 * small + 100))).toEqual([9, 8])
  expect(feesOf(select(senders, 2 * small + 99))).toEqual([9])
  expect(feesOf(select(senders, small - 1))).toEqual([])
  expect(feesOf(select(senders, 0))).toEqual([])
})

test('a block takes at most 65 536 transactions, whatever its room', () => {
  const senders = Array.from({ length: 65_540 }, (_, i) => [pending(i, 0, i)])
  const selected = select(senders, 1e9)
  expect(selected).toHaveLength(65_536)
  expect(selected.at(-1)!.transaction.fee).toBe(4)
})

test('a body of selected transactions has the size that was counted', () => {
  const { pool, fund, pay, add } = createSetting()
  fund('alice', 1_000)
  const memos = ['', 'a', 'b'.repeat(99), 'c'.repeat(256)]
  add(...memos.map((memo, nonce) => pay('alice', nonce, { memo })))
  const full = blockBytes(blockOf(pool.select(1e6).map(({ transaction }) => transaction)))
  expect(full).toBe(EMPTY_BLOCK_BYTES + 4 * (4 + 156) + 1 + 99 + 256)
  expect(pool.select(full - EMPTY_BLOCK_BYTES)).toHaveLength(4)
  expect(pool.select(full - EMPTY_BLOCK_BYTES - 1)).toHaveLength(3)
  expect(encodeTransaction(pool.select(1e6)[3]!.transaction)).toHaveLength(412)
  expect(pool.pendingOf(builder.account('bob'))).toBe(4)
})

test('agrees with looking for the best next one again and again', () => {
  const random = createRandom(1)
  const senders = Array.from({ length: 250 }, (_, sender) =>
    Array.from({ length: 8 }, (_, nonce) => pending(sender, nonce, random.below(1e9), random.below(257))),
  )
  const maxBytes = 300_000
  const expected: PendingTransaction[] = []
  const queues = senders.map((entries) => [...entries])
  for (let room = maxBytes; ; ) {
    let best: PendingTransaction | undefined
    for (const queue of queues) {
      const [next] = queue
      if (next !== undefined && next.bytes + 4 > room) queue.length = 0
      else if (next !== undefined && next.transaction.fee > (best?.transaction.fee ?? -1)) best = next
    }
    if (best === undefined) break
    queues[best.transaction.amount]!.shift()
    expected.push(best)
    room -= best.bytes + 4
  }
  expect(expected.length).toBeGreaterThan(900)
  expect(select(senders, maxBytes)).toEqual(expected)
})
