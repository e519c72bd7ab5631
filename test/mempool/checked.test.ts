/**
 * What is handed in so that it is not computed twice: with a transaction its encoding and what `check` found, with a block
 * what `findChecked` found.
 */
import { expect, test } from 'vitest'
import { encodeTransaction } from '../../src/consensus/types.ts'
import { blockOf, createSetting, removed, verdict } from './setting.ts'

test('a transaction that was checked is pending as it was then, and known by its own id', () => {
  const setting = createSetting()
  const { pool, fund, pay, told } = setting
  fund('alice', 100)
  const payment = pay('alice', 0, { amount: 30, fee: 2, memo: 'tea' })
  const alone = createSetting()
  alone.fund('alice', 100)
  const expected = alone.pool.add(payment, 'gossip')
  const checked = pool.check(payment, 'gossip', { encoded: encodeTransaction(payment) })
  expect([pool.size, told()]).toEqual([0, []])
  setting.now += 500
  expect(pool.add(payment, 'gossip', { checked })).toBe(checked)
  expect(checked).toEqual(expected)
  expect(pool.get(expected.id)).toBe(checked)
  expect(told()).toEqual([`+${expected.id} gossip`])
})

test('its encoding is taken for it: the same id and size', () => {
  const { pool, fund, pay } = createSetting()
  fund('alice', 100)
  const [first, second] = [pay('alice', 0, { memo: 'tea' }), pay('alice', 1)]
  const encoded = encodeTransaction(first)
  expect(pool.add(first, 'gossip', { encoded }).bytes).toBe(encoded.length)
  expect(verdict(() => pool.add(first, 'local'))).toBe('transaction-known')
  expect(verdict(() => pool.add(second, 'gossip'))).toBe('added')
})

test('what was checked is judged again when it is added: its signature, and what has changed since', () => {
  const { pool, fund, pay } = createSetting()
  for (const name of ['alice', 'carol', 'dave', 'erin']) fund(name, 100)
  const known = pay('alice', 0)
  const checkedTwice = [pool.check(known, 'gossip'), pool.check(known, 'gossip')]
  expect(verdict(() => pool.add(known, 'gossip', { checked: checkedTwice[0] }))).toBe('added')
  expect(verdict(() => pool.add(known, 'gossip', { checked: checkedTwice[1] }))).toBe('transaction-known')

  const forged = { ...pay('carol', 0), signature: known.signature }
  expect(verdict(() => pool.add(forged, 'gossip', { checked: pool.check(forged, 'gossip') }))).toBe('transaction-bad-signature')

  const mined = pay('dave', 0)
  const checkedBefore = pool.check(mined, 'gossip')
  fund('dave', 98, 1)
  pool.blockConnected(blockOf([mined]))
  expect(verdict(() => pool.add(mined, 'gossip', { isVerified: true, checked: checkedBefore }))).toBe('transaction-nonce-used')

  const dear = pay('erin', 0, { amount: 90 })
  const checkedRich = pool.check(dear, 'gossip')
  fund('erin', 10)
  expect(verdict(() => pool.add(dear, 'gossip', { isVerified: true, checked: checkedRich }))).toBe('transaction-insufficient-balance')
  expect(pool.size).toBe(1)
})

test('what was found for a block leaves by itself: its id is not looked at', () => {
  const { pool, fund, pay, add, told } = createSetting()
  fund('alice', 100)
  const payments = [0, 1, 2, 3].map((nonce) => pay('alice', nonce))
  const ids = add(...payments)
  told()
  fund('alice', 97, 3)
  const checked = payments.slice(0, 3).map((payment) => pool.findChecked(encodeTransaction(payment)))
  pool.blockConnected(blockOf(payments.slice(0, 3)), [], checked)
  pool.settle()
  expect(told()).toEqual(ids.slice(0, 3).map((id) => removed(id, 'mined')))
  expect(pool.list().map(({ id, ready }) => [id, ready])).toEqual([[ids[3], true]])
  expect(pool.pendingOf(payments[0]!.sender)).toBe(-1)
})

test('what was found and has left meanwhile is looked for by its id: it may have come again', () => {
  const { pool, fund, pay, add, told } = createSetting()
  fund('alice', 100)
  const [payment, dearer] = [pay('alice', 0), pay('alice', 0, { fee: 5 })]
  const [id] = add(payment)
  const checked = [pool.findChecked(encodeTransaction(payment))]
  const [other] = add(dearer)
  told()
  fund('alice', 99, 1)
  pool.blockConnected(blockOf([payment]), undefined, checked)
  expect(told()).toEqual([removed(other!, 'conflict')])

  fund('alice', 100)
  const again = add(payment)
  told()
  fund('alice', 99, 1)
  pool.blockConnected(blockOf([payment]), undefined, checked)
  expect([again, told(), pool.size]).toEqual([[id], [removed(id!, 'mined')], 0])
})

test('what was found for a block that holds what another gave back is no longer given back', () => {
  const { pool, fund, pay, add, told } = createSetting()
  fund('alice', 100)
  const payment = pay('alice', 0)
  const [id] = add(payment)
  told()
  const checked = [pool.findChecked(encodeTransaction(payment))]
  pool.blockDisconnected(blockOf([payment]))
  fund('alice', 99, 1)
  pool.blockConnected(blockOf([payment]), undefined, checked)
  pool.settle()
  expect(told()).toEqual([removed(id!, 'mined')])
})

test('an entry shows nobody the queue that it is in', () => {
  const { pool, fund, pay } = createSetting()
  fund('alice', 100)
  const pending = pool.add(pay('alice', 0), 'gossip')
  expect(Object.keys(pending).sort()).toEqual(['bytes', 'from', 'hash', 'id', 'local', 'ready', 'receivedAt', 'to', 'transaction'])
})
