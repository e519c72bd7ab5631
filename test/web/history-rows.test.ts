import { expect, test } from 'vitest'
import type { Account, HistoryTransaction } from '../../src/http/api.ts'
import { historyRows } from '../../src/web/history-rows.ts'
import { payment, waiting } from './summaries.ts'

const account: Account = { account: 'cairn1fox', balance: 160, nonce: 1, pending: 0, spendable: 160 }
const inBlock = (id: string, balance: number, changes: Partial<HistoryTransaction>): HistoryTransaction => ({
  ...payment(id, changes), block: { hash: id, height: 1, position: 0, timestamp: 0 }, confirmations: 1, minedInMs: null, balance, ...changes,
})
const shown = (rows: ReturnType<typeof historyRows>) =>
  rows.map((row) => (row.kind === 'mined' ? [row.place, row.change, row.balance] : [row.transaction.id, row.balance]))

//   100 from genesis, − 11 = 89, + 50 mined = 139, + 10 = 149, + 11 mined = 160, 10 on their way
test('what no transaction explains was mined, and the balances follow from each other', () => {
  const transactions = [inBlock('in', 149, { sender: 'cairn1owl', recipient: 'cairn1fox' }), inBlock('out', 89, {})]
  expect(shown(historyRows(account, { pending: [waiting('soon')], transactions, next: null }))).toEqual([
    ['soon', null], ['minedSince', 11, 160], ['in', 149], ['mined', 50, 139], ['out', 89], ['minedBefore', 100, 100],
  ])
})

test('what was before the first page is not known yet', () => {
  const rows = historyRows({ ...account, balance: 89 }, { pending: [], transactions: [inBlock('out', 89, {})], next: '1.0' })
  expect(shown(rows)).toEqual([['out', 89]])
})

test('an account that only mined, one that paid itself, and one of which nothing is known', () => {
  expect(shown(historyRows(account, { pending: [], transactions: [], next: null }))).toEqual([['minedBefore', 160, 160]])
  const itself = inBlock('itself', 159, { recipient: 'cairn1fox' })
  expect(shown(historyRows({ ...account, balance: 159 }, { pending: [], transactions: [itself], next: null }))).toEqual([
    ['itself', 159], ['minedBefore', 160, 160],
  ])
  expect(historyRows({ ...account, balance: 0 }, { pending: [], transactions: [], next: null })).toEqual([])
})
