import { expect, test } from 'vitest'
import { applyEvents, type PageEvent } from '../../src/web/apply-events.ts'
import { MANY_BLOCKS } from '../../src/web/news.ts'
import { createState } from '../../src/web/state.ts'
import { hashOf, line, payment, summary } from './summaries.ts'

const NOW = 2_000_000
function stateAt(height: number) {
  const state = createState(null)
  state.view.value = { best: line('a', height), side: new Map() }
  return state
}
const kinds = (state: ReturnType<typeof createState>) => state.news.value.map(({ kind }) => kind)

test('a transaction waits, and a block takes it', () => {
  const state = stateAt(1)
  expect(applyEvents(state, [{ event: 'transaction:added', data: payment('t1') }], NOW)).toBe(true)
  expect(state.pendingByFee.value.map(({ id }) => id)).toEqual(['t1'])
  const taken: PageEvent[] = [
    { event: 'transaction:removed', data: { id: 't1', reason: 'mined' } },
    { event: 'block:connected', data: summary('a2', state.tip.value, { transactionCount: 1 }) },
  ]
  expect(applyEvents(state, taken, NOW)).toBe(true)
  expect(state.pending.value.size).toBe(0)
  expect(kinds(state)).toEqual(['mined', 'sent'])
})

test('pending is listed by fee, the older first among equals', () => {
  const state = stateAt(1)
  applyEvents(state, [{ event: 'transaction:added', data: payment('first', { fee: 1 }) }], NOW)
  applyEvents(state, [
    { event: 'transaction:added', data: payment('second', { fee: 1 }) },
    { event: 'transaction:added', data: payment('best', { fee: 5 }) },
  ], NOW + 1)
  expect(state.pendingByFee.value.map(({ id }) => id)).toEqual(['best', 'first', 'second'])
})

test('what own pending payments take cannot be spent again', () => {
  const state = stateAt(1)
  state.account.value = { account: 'cairn1fox', balance: 50, nonce: 0, pending: 0, spendable: 50 }
  applyEvents(state, [{ event: 'transaction:added', data: payment('t1', { amount: 30, fee: 1 }) }], NOW)
  applyEvents(state, [{ event: 'transaction:added', data: payment('t2', { sender: 'cairn1owl', recipient: 'cairn1fox' }) }], NOW)
  expect(state.own.value[0]?.spendable).toBe(19)
})

test('a switch of branches is one line of news, and its blocks lie beside the chain', () => {
  const state = stateAt(2)
  const [, a1, a2] = state.view.value.best
  const b2 = summary('b2', a1)
  const b3 = summary('b3', b2, { miner: 'cairn1owl', minerName: 'owl' })
  const events: PageEvent[] = [
    { event: 'block:disconnected', data: { hash: a2?.hash ?? '', height: 2 } },
    { event: 'block:connected', data: b2 },
    { event: 'block:connected', data: b3 },
    { event: 'chain:reorg', data: { ancestor: 1, disconnected: [hashOf('a2')], connected: [b2.hash, b3.hash] } },
  ]
  expect(applyEvents(state, events, NOW)).toBe(true)
  expect(state.tip.value?.hash).toBe(b3.hash)
  expect(state.view.value.side.get(hashOf('a2'))?.leftFor).toBe('cairn1owl')
  expect(state.news.value[0]).toMatchObject({ kind: 'switched', out: 1, in: 2, miner: 'cairn1owl' })
  expect(Object.fromEntries(state.lastSwitch.value.moved)).toEqual({
    [hashOf('a2')]: { way: 'left', order: 0 }, [b2.hash]: { way: 'entered', order: 0 }, [b3.hash]: { way: 'entered', order: 1 },
  })
  // Blocks that follow at once do not end its showing; later ones do.
  const b4 = summary('b4', b3)
  applyEvents(state, [{ event: 'block:connected', data: b4 }], NOW + 100)
  expect(state.lastSwitch.value.moved.size).toBe(3)
  applyEvents(state, [{ event: 'block:connected', data: summary('b5', b4) }], NOW + 10_000)
  expect(state.lastSwitch.value.moved.size).toBe(0)
})

test('blocks of a switch leave from the tip down and come upwards, those of a long one together at the end', () => {
  const state = stateAt(1)
  const out = Array.from({ length: 30 }, (_, at) => `out ${at}`)
  applyEvents(state, [{ event: 'chain:reorg', data: { ancestor: 1, disconnected: out, connected: ['in 0', 'in 1'] } }], NOW)
  const orderOf = (hash: string) => state.lastSwitch.value.moved.get(hash)?.order
  expect(['out 29', 'out 28', 'in 0', 'in 1'].map(orderOf)).toEqual([0, 1, 0, 1])
  expect(orderOf('out 0')).toBe(orderOf('out 10'))
})

test('catching up is told in one line, however many pieces it comes in', () => {
  const state = stateAt(0)
  const blocks = line('b', 3 * (MANY_BLOCKS + 1)).slice(1).map((data): PageEvent => ({ event: 'block:connected', data }))
  for (let at = 0; at < blocks.length; at += MANY_BLOCKS + 1) applyEvents(state, blocks.slice(at, at + MANY_BLOCKS + 1), NOW)
  expect(state.news.value).toMatchObject([{ kind: 'caught-up', blocks: blocks.length, height: blocks.length }])
})

test('a payment that a switch of branches made pending again is no news', () => {
  const state = stateAt(1)
  const added: PageEvent = { event: 'transaction:added', data: payment('t1') }
  applyEvents(state, [added], NOW)
  applyEvents(state, [{ event: 'transaction:removed', data: { id: 't1', reason: 'mined' } }], NOW)
  applyEvents(state, [added], NOW + 60_000)
  expect(kinds(state)).toEqual(['sent'])
  expect(state.pending.value.size).toBe(1)
})

test('what does not fit asks for everything anew', () => {
  const state = stateAt(1)
  const missing = summary('x9', summary('x8', state.tip.value))
  expect(applyEvents(state, [{ event: 'block:connected', data: missing }], NOW)).toBe(false)
  expect(applyEvents(state, [{ event: 'reset', data: {} }], NOW)).toBe(false)
  expect(state.tip.value?.height).toBe(1)
})
