import { expect, test } from 'vitest'
import { toHex } from '../../src/consensus/hex.ts'
import { transactionId } from '../../src/consensus/transaction.ts'
import type { Transaction } from '../../src/consensus/types.ts'
import { blockOf, builder, createSetting, removed } from './setting.ts'

const idOf = (transaction: Transaction): string => toHex(transactionId(transaction))

test('a block takes out what it holds', () => {
  const { pool, fund, pay, add, told } = createSetting()
  fund('alice', 100)
  const first = pay('alice', 0)
  const [id, next] = add(first, pay('alice', 1))
  told()
  fund('alice', 99, 1)
  pool.blockConnected(blockOf([first]))
  pool.settle()
  expect(told()).toEqual([removed(id!, 'mined')])
  expect(pool.get(next!)?.ready).toBe(true)
  expect(pool.pendingOf(builder.account('alice'))).toBe(-1)
})

test('a block takes out what has the nonce of something it holds', () => {
  const { pool, fund, pay, add, told } = createSetting()
  fund('alice', 100)
  const [mine] = add(pay('alice', 0))
  told()
  fund('alice', 98, 1)
  pool.blockConnected(blockOf([pay('alice', 0, { amount: 2 })]))
  expect(told()).toEqual([removed(mine!, 'conflict')])
  pool.settle()
  expect(told()).toEqual([])
})

test('what its sender cannot pay any more after a block waits', () => {
  const { pool, fund, pay, add, told } = createSetting()
  fund('alice', 100)
  const [, second, third] = add(pay('alice', 0, { amount: 10 }), pay('alice', 1, { amount: 50 }), pay('alice', 2, { amount: 5 }))
  told()
  fund('alice', 20, 1)
  pool.blockConnected(blockOf([pay('alice', 0, { amount: 80 })])) // sent by another wallet with the same key
  pool.settle()
  expect(told().slice(1)).toEqual([])
  expect([second, third].map((id) => pool.get(id!)?.ready)).toEqual([false, false])
})

test('a block makes room among the ready ones', () => {
  const { pool, fund, pay, add } = createSetting({ readyPerSender: 2 })
  fund('alice', 100)
  const first = pay('alice', 0)
  const [, , third] = add(first, pay('alice', 1), pay('alice', 2))
  expect(pool.get(third!)?.ready).toBe(false)
  fund('alice', 99, 1)
  pool.blockConnected(blockOf([first]))
  pool.settle()
  expect(pool.get(third!)?.ready).toBe(true)
})

//   a1 {A0}          left
//   b1 {} ── b2 {}   taken
test('what only the abandoned branch held is pending again, before what came later', () => {
  const { pool, fund, pay, add, told } = createSetting()
  fund('alice', 99, 1)
  const mined = pay('alice', 0)
  const [later] = add(pay('alice', 1))
  told()
  fund('alice', 100, 0)
  pool.blockDisconnected(blockOf([mined]))
  pool.blockConnected(blockOf([]))
  pool.blockConnected(blockOf([]))
  expect(told()).toEqual([])
  pool.settle()
  expect(told()).toEqual([`+${idOf(mined)} reorg`])
  expect(pool.select(10_000).map(({ transaction }) => transaction.nonce)).toEqual([0, 1])
  expect(pool.get(later!)?.ready).toBe(true)
})

//   a1 {A0, A1}          left
//   b1 {A0} ── b2 {}     taken
test('what both branches held never reappears', () => {
  const { pool, fund, pay, told } = createSetting()
  const [first, second] = [pay('alice', 0), pay('alice', 1)]
  fund('alice', 99, 1)
  pool.blockDisconnected(blockOf([first, second]))
  pool.blockConnected(blockOf([first]))
  pool.blockConnected(blockOf([]))
  pool.settle()
  expect(told()).toEqual([`+${idOf(second)} reorg`])
  expect(pool.size).toBe(1)
})

//   a1 {A0: 1 unit}           left
//   b1 {A0: 2 units} ── b2    taken
test('what the new branch contradicts is dropped with a reason', () => {
  const { pool, fund, pay, told } = createSetting()
  const old = pay('alice', 0)
  fund('alice', 98, 1)
  pool.blockDisconnected(blockOf([old]))
  pool.blockConnected(blockOf([pay('alice', 0, { amount: 2 })]))
  pool.settle()
  expect(told()).toEqual([removed(idOf(old), 'conflict')])
})

//   a1 (alice mined it: 50) ── a2 {A0: 40 units}     left
//   b1 ── b2 ── b3                                   taken
test('what was paid with a reward of the abandoned branch waits until there is a reward again', () => {
  const { pool, fund, pay, add, told } = createSetting()
  const spend = pay('alice', 0, { amount: 40 })
  fund('alice', 10, 1)
  const [pending] = add(pay('alice', 1, { amount: 10 }))
  told()
  fund('alice', 0, 0)
  pool.blockDisconnected(blockOf([spend]))
  pool.blockDisconnected(blockOf([], 'alice'))
  for (let i = 0; i < 3; i++) pool.blockConnected(blockOf([]))
  pool.settle()
  expect(told()).toEqual([`+${idOf(spend)} reorg`])
  expect([idOf(spend), pending!].map((id) => pool.get(id)?.ready)).toEqual([false, false])
  expect(pool.select(10_000)).toEqual([])

  fund('alice', 45, 0)
  pool.blockConnected(blockOf([], 'alice'))
  pool.settle()
  expect([idOf(spend), pending!].map((id) => pool.get(id)?.ready)).toEqual([true, false])
  expect(pool.select(10_000).map(({ transaction }) => transaction)).toEqual([spend])
})

test('what a recipient wanted to pay waits when it loses what it was paid, until it is paid again', () => {
  const { pool, fund, pay, add, told } = createSetting()
  const gift = pay('alice', 0, { to: 'carol', amount: 30 })
  fund('alice', 70, 1)
  fund('carol', 30)
  const [spend] = add(pay('carol', 0, { amount: 30 }))
  told()
  fund('alice', 100, 0)
  fund('carol', 0)
  pool.blockDisconnected(blockOf([gift]))
  pool.blockConnected(blockOf([]))
  pool.settle()
  expect(told()).toEqual([`+${idOf(gift)} reorg`])
  expect(pool.get(spend!)?.ready).toBe(false)

  fund('alice', 70, 1)
  fund('carol', 30)
  pool.blockConnected(blockOf([gift]))
  pool.settle()
  expect(pool.get(spend!)?.ready).toBe(true)
})

test('more than a sender’s room comes back: the last ones leave', () => {
  const { pool, fund, pay, add, told } = createSetting({ readyPerSender: 2, gappedPerSender: 2 })
  const mined = [0, 1, 2].map((nonce) => pay('alice', nonce))
  fund('alice', 97, 3)
  const pending = add(...[3, 4, 5, 6].map((nonce) => pay('alice', nonce)))
  told()
  fund('alice', 100, 0)
  pool.blockDisconnected(blockOf(mined))
  pool.blockConnected(blockOf([]))
  pool.settle()
  expect(told()).toEqual([...pending.slice(1).map((id) => removed(id, 'evicted')), ...mined.map((t) => `+${idOf(t)} reorg`)])
  expect(pool.select(10_000).map(({ transaction }) => transaction.nonce)).toEqual([0, 1])
})

test('more than the pool’s room comes back: the lowest fees leave', () => {
  const { pool, fund, pay, add, told } = createSetting({ maxTransactions: 1 })
  const mined = pay('alice', 0, { fee: 1 })
  fund('carol', 100)
  add(pay('carol', 0, { fee: 2 }))
  told()
  fund('alice', 100)
  pool.blockDisconnected(blockOf([mined]))
  pool.settle()
  expect(told()).toEqual([removed(idOf(mined), 'evicted')])
  expect(pool.size).toBe(1)
})

test('settling looks at the senders that blocks touched, and at nobody else', () => {
  const { pool, fund, pay, add, ledger } = createSetting()
  for (const name of ['alice', 'carol', 'dave']) fund(name, 100)
  const first = pay('alice', 0)
  add(first, pay('carol', 0), pay('dave', 0))
  fund('alice', 99, 1)
  pool.blockConnected(blockOf([first]))
  const asked: string[] = []
  const { get } = ledger
  ledger.get = (key) => {
    asked.push(key)
    return get.call(ledger, key)
  }
  pool.settle()
  expect(asked).toEqual([]) // alice has nothing left, the others were not touched
  add(pay('alice', 1))
  asked.length = 0
  pool.blockDisconnected(blockOf([first]))
  pool.settle()
  expect(asked).toEqual([toHex(builder.account('alice'))])
})
