/** What is handed in with a transaction so that it is not computed twice: its encoding, and what `check` found. */
import { expect, test } from 'vitest'
import { encodeTransaction } from '../../src/consensus/types.ts'
import { blockOf, createSetting, verdict } from './setting.ts'

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
