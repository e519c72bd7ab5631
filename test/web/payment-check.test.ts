import { describe, expect, test } from 'vitest'
import { toAddress } from '../../src/consensus/account.ts'
import { checkName } from '../../src/wallet/account-name.ts'
import { MAX_NAME_LENGTH, nameProblem } from '../../src/web/account-name.ts'
import { checkPayment, type PaymentLimits, type TypedPayment } from '../../src/web/payment-check.ts'
import { suggestedFee } from '../../src/web/use-estimate.ts'

const OWL = toAddress(new Uint8Array(32).fill(7))
const SAVINGS = toAddress(new Uint8Array(32).fill(9))

describe('a payment as it is typed', () => {
  const check = (typed: Partial<TypedPayment>, limits: Partial<PaymentLimits> = {}) =>
    checkPayment(
      { to: OWL, amount: '30', fee: '1', memo: '', ...typed },
      { spendable: 50, minimumFee: 0, names: new Map([['savings', SAVINGS]]), ...limits },
    )

  test('one that is right: whom it pays, and what it leaves', () => {
    expect(check({})).toEqual({ problems: {}, recipient: OWL, amount: 30, fee: 1, memoBytes: 0, left: 19, ready: true })
    expect(check({ to: ` ${OWL.toUpperCase()} `, amount: '49' })).toMatchObject({ recipient: OWL, left: 0, ready: true })
    expect(check({ amount: '1 000', fee: '0' }, { spendable: 1000 })).toMatchObject({ amount: 1000, left: 0, ready: true })
  })

  test('an account of the wallet goes by its name too', () => {
    expect(check({ to: 'savings' })).toMatchObject({ recipient: SAVINGS, ready: true })
    expect(check({ to: 'savin' })).toMatchObject({ problems: {}, ready: false })
    expect(check({ to: 'savings2' }).problems).toEqual({ to: 'wrong-start' })
  })

  test('what is empty is missing, and nothing is wrong with it', () => {
    expect(check({ to: '' })).toMatchObject({ problems: {}, recipient: undefined, ready: false })
    expect(check({ amount: '' })).toMatchObject({ problems: {}, amount: undefined, left: undefined, ready: false })
  })

  test.each<[string, Partial<TypedPayment>, object]>([
    ['an account cut short', { to: OWL.slice(0, -1) }, { to: 'too-short' }],
    ['an account with another character', { to: OWL.replace(/.$/, OWL.endsWith('q') ? 'p' : 'q') }, { to: 'bad-checksum' }],
    ['something else', { to: '0x1234' }, { to: 'wrong-start' }],
    ['nothing to pay', { amount: '0' }, { amount: 'not-whole' }],
    ['a part of a unit', { amount: '0.5' }, { amount: 'not-whole' }],
    ['more than there is', { amount: '51' }, { amount: 'too-much' }],
    ['more than there is with the fee', { amount: '50' }, { amount: 'too-much' }],
    ['an amount that is no exact number', { amount: '9007199254740993' }, { amount: 'not-whole' }],
    ['no fee at all', { fee: '' }, { fee: 'not-whole' }],
    ['a fee below 0', { fee: '-1' }, { fee: 'not-whole' }],
    ['a memo of 257 bytes', { memo: 'ä'.repeat(128) + '.' }, { memo: 'too-long' }],
  ])('%s is told', (_, typed, problems) => {
    expect(check(typed)).toMatchObject({ problems, ready: false })
    expect(Object.keys(check(typed).problems)).toEqual(Object.keys(problems))
  })

  test('a fee below what the node takes now is told, and the bytes of a memo are those of UTF-8', () => {
    expect(check({ fee: '2' }, { minimumFee: 3 }).problems).toEqual({ fee: 'too-low' })
    expect(check({ fee: '3' }, { minimumFee: 3 }).ready).toBe(true)
    expect(check({ memo: 'ä'.repeat(128) })).toMatchObject({ memoBytes: 256, ready: true })
  })
})

test('the fee that is proposed is in the next block, is taken, and is never 0', () => {
  expect(suggestedFee(undefined)).toBe(1)
  expect(suggestedFee({ minimumFee: 0, nextBlockFee: 0 })).toBe(1)
  expect(suggestedFee({ minimumFee: 2, nextBlockFee: 7 })).toBe(7)
  expect(suggestedFee({ minimumFee: 9, nextBlockFee: 7 })).toBe(9)
})

test('a name of a new account is judged as the wallet judges it', () => {
  const names = ['savings', 'class trip', 'für Öl', 'x'.repeat(MAX_NAME_LENGTH), 'x'.repeat(MAX_NAME_LENGTH + 1), 'cairn1abc', 'CAIRN1', 'a\u200bb', 'a\u2028b', 'a\tb']
  for (const name of names) {
    const refused = (() => { try { checkName(name) } catch { return true } return false })()
    expect(nameProblem(name, []) !== undefined, JSON.stringify(name)).toBe(refused)
  }
  expect(nameProblem('', [])).toBeUndefined() // nothing typed yet
  expect(nameProblem('savings ', ['main', 'savings'])).toBe('taken')
})
