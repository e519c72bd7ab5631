import { expect, test } from 'vitest'
import type { AccountHistory } from '../../src/http/api.ts'
import type { Client } from '../../src/http/client.ts'
import { applyEvents } from '../../src/web/apply-events.ts'
import { listed, type Payment, type Payments, readPayments, withPending, withRead, withRemoved } from '../../src/web/payments.ts'
import { createState } from '../../src/web/state.ts'
import { line, payment, waiting } from './summaries.ts'

const NONE: Payments = new Map()
const block = (height: number, position = 0) => ({ hash: `b${height}`, height, position, timestamp: height * 1000 })
const mined = (id: string, height: number, position = 0): Payment =>
  ({ transaction: payment(id), standing: { kind: 'mined', block: block(height, position) }, at: height * 1000 })
/** Read while nothing else happened. */
const read = (known: Payments, payments: Payment[], at: number): Payments => withRead(known, { read: payments, asked: known }, at)
const kindOf = (payments: Payments, id: string) => payments.get(id)?.standing.kind

test('pending, then in a block, which the node is asked for', () => {
  let payments = withPending(NONE, payment('t1'), 100)
  expect(payments.get('t1')?.standing).toEqual({ kind: 'pending' })
  payments = withRemoved(payments, 't1', 'mined', 200)
  expect(payments.get('t1')?.standing).toEqual({ kind: 'mined', block: null })
  payments = read(payments, [mined('t1', 7)], 300)
  expect(payments.get('t1')?.standing).toEqual({ kind: 'mined', block: block(7) })
})

test('dropped with the reason, and kept, though the node has forgotten it; pending again where it comes back', () => {
  let payments = withRemoved(withPending(NONE, payment('t1'), 100), 't1', 'replaced', 200)
  expect(read(payments, [mined('t0', 3)], 300).get('t1')?.standing).toEqual({ kind: 'dropped', reason: 'replaced' })
  payments = withPending(payments, payment('t1'), 400)
  expect(kindOf(payments, 't1')).toBe('pending')
  // One that a switch of branches took out of a block for good.
  expect(withRemoved(read(NONE, [mined('t2', 3)], 0), 't2', 'conflict', 1).get('t2')?.standing).toEqual({ kind: 'dropped', reason: 'conflict' })
  expect(withRemoved(NONE, 'somebody else’s', 'expired', 1)).toBe(NONE)
})

test('what waited and is gone when the page comes back was dropped while nobody looked', () => {
  const payments = read(withPending(NONE, payment('t1'), 100), [], 300)
  expect(payments.get('t1')?.standing).toEqual({ kind: 'dropped', reason: null })
})

test('what an event told while the answer was on its way is newer than the answer', () => {
  const asked = withPending(NONE, payment('t1'), 100)
  const known = withPending(withRemoved(asked, 't1', 'mined', 200), payment('t2'), 200)
  const payments = withRead(known, { read: [{ transaction: payment('t1'), standing: { kind: 'pending' }, at: 0 }], asked }, 300)
  expect(payments.get('t1')?.standing).toEqual({ kind: 'mined', block: null })
  expect(payments.get('t2')?.standing).toEqual({ kind: 'pending' })
})

test('what is in blocks further back than was read is left to the history', () => {
  expect(kindOf(read(read(NONE, [mined('old', 1)], 0), [mined('new', 9)], 0), 'old')).toBeUndefined()
})

test('listed: what waits first, then the newest; in a block the last first', () => {
  let payments = read(NONE, [mined('a', 1), mined('b', 2, 0), mined('c', 2, 1)], 0)
  payments = withPending(payments, payment('d'), 500)
  expect(listed(payments).map(({ transaction }) => transaction.id)).toEqual(['d', 'c', 'b', 'a'])
})

test('a flood of payments to an account does not grow without end', () => {
  let payments = NONE
  for (let at = 0; at < 300; at += 1) payments = withPending(payments, payment(`t${at}`), at)
  expect(payments.size).toBe(200)
  expect(payments.has('t299')).toBe(true)
})

test('read: what is pending with its time, and what is in blocks, each once', async () => {
  const history: AccountHistory = {
    pending: [waiting('soon'), waiting('behind', null)],
    transactions: [{ ...payment('old'), block: block(3), confirmations: 5, minedInMs: null, balance: 0 }],
    next: null,
  }
  const node = { history: async () => history } as unknown as Client // all that is asked
  const found = await readPayments(node, ['cairn1fox', 'cairn1owl'], 10, new AbortController().signal)
  expect(found.map(({ transaction, standing, at }) => [transaction.id, standing, at])).toEqual([
    ['soon', { kind: 'pending', minedInMs: 9000 }, 40],
    ['behind', { kind: 'pending', minedInMs: null }, 40],
    ['old', { kind: 'mined', block: block(3) }, 3000],
  ])
})

test('events tell it of this node’s payments alone', () => {
  const state = createState(null)
  state.view.value = { best: line('a', 1), side: new Map() }
  state.account.value = { account: 'cairn1fox', balance: 50, nonce: 0, pending: 0, spendable: 50 }
  applyEvents(state, [
    { event: 'transaction:added', data: payment('out') },
    { event: 'transaction:added', data: payment('in', { sender: 'cairn1owl', recipient: 'cairn1fox' }) },
    { event: 'transaction:added', data: payment('theirs', { sender: 'cairn1owl', recipient: 'cairn1elk' }) },
    { event: 'transaction:removed', data: { id: 'out', reason: 'evicted' } },
    { event: 'transaction:removed', data: { id: 'theirs', reason: 'evicted' } },
  ], 10)
  expect([...state.payments.value].map(([id, { standing }]) => [id, standing])).toEqual([
    ['out', { kind: 'dropped', reason: 'evicted' }], ['in', { kind: 'pending' }],
  ])
})
