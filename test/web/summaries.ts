/** Blocks as the page gets them, with made-up contents and true links. */
import type { ApiTransaction, BlockSummary, PendingTransaction } from '../../src/http/api.ts'

/** A hash that a name stands for: `hashOf('b1')`. */
export const hashOf = (name: string): string => `0000${Buffer.from(name).toString('hex')}`.padEnd(64, '7')

/** The block `name` on top of `parent`; genesis where there is no parent. */
export function summary(name: string, parent?: BlockSummary, changes: Partial<BlockSummary> = {}): BlockSummary {
  const height = parent === undefined ? 0 : parent.height + 1
  return {
    hash: hashOf(name), version: 1, height, parent: parent?.hash ?? '0'.repeat(64), bodyRoot: hashOf(`body of ${name}`),
    timestamp: 1_000_000 + height * 10_000, bits: '1e100000', nonce: 1, difficulty: 1000, work: height.toString(16),
    miner: 'cairn1fox', minerName: 'fox', transactionCount: 0, bytes: 136, fees: 0, best: true, ...changes,
  }
}

/** Genesis and `length` blocks on it: `PREFIX1`, `PREFIX2`, … */
export function line(prefix: string, length: number, from = summary('genesis')): BlockSummary[] {
  const blocks = [from]
  for (let at = 1; at <= length; at += 1) blocks.push(summary(`${prefix}${at}`, blocks.at(-1)))
  return blocks
}

export const payment = (id: string, changes: Partial<ApiTransaction> = {}): ApiTransaction => ({
  id, sender: 'cairn1fox', recipient: 'cairn1owl', amount: 10, fee: 1, nonce: 0, memo: null, signature: '', ...changes,
})

/** One that waits for a block. @param minedInMs null: for another one of its sender first */
export const waiting = (id: string, minedInMs: number | null = 9_000): PendingTransaction =>
  ({ ...payment(id), receivedAt: 40, bytes: 160, ready: minedInMs !== null, minedInMs })
