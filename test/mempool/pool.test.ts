import { expect, test } from 'vitest'
import { fromHex } from '../../src/consensus/hex.ts'
import { encodeTransaction, MAX_U64 } from '../../src/consensus/types.ts'
import { replacementFee } from '../../src/mempool/policy.ts'
import { blockOf, builder, createSetting, removed, verdict } from './setting.ts'

test('an admitted transaction is there in every respect', () => {
  const { pool, fund, pay, told } = createSetting()
  fund('alice', 100)
  const transaction = pay('alice', 0, { amount: 30, fee: 2, memo: 'tea' })
  const pending = pool.add(transaction, 'local')
  expect(pending).toMatchObject({ id: pending.id, hash: fromHex(pending.id), transaction, bytes: 159, receivedAt: 1_000_000, ready: true })
  expect(pool.get(pending.id)).toBe(pending)
  expect(pool.findChecked(encodeTransaction(transaction))).toBe(pending)
  expect(pool.list()).toEqual([pending])
  expect([pool.size, pool.bytes]).toEqual([1, 159])
  expect(pool.nextNonce(builder.account('alice'))).toBe(1)
  expect(pool.pendingOf(builder.account('alice'))).toBe(-32)
  expect(pool.pendingOf(builder.account('bob'))).toBe(30)
  expect(told()).toEqual([`+${pending.id} local`])
})

test('transaction-known', () => {
  const { fund, pay, add } = createSetting()
  fund('alice', 100)
  add(pay('alice', 0))
  expect(verdict(() => add(pay('alice', 0)))).toBe('transaction-known')
})

test('transaction-nonce-used', () => {
  const { fund, pay, add } = createSetting()
  fund('alice', 100, 5)
  expect(verdict(() => add(pay('alice', 4)))).toBe('transaction-nonce-used')
  expect(verdict(() => add(pay('alice', 5)))).toBe('added')
})

test('transaction-nonce-gap: beyond the sender’s room of 16 + 64', () => {
  const { fund, pay, add } = createSetting()
  fund('alice', 100, 5)
  expect(verdict(() => add(pay('alice', 5 + 80)))).toBe('transaction-nonce-gap')
  expect(verdict(() => add(pay('alice', 5 + 79)))).toBe('added')
})

test('transaction-insufficient-balance: together with the pending ones before it, and no money that is pending itself', () => {
  const { pool, fund, pay, add } = createSetting()
  fund('alice', 100)
  expect(verdict(() => add(pay('alice', 0, { amount: 99, fee: 2 })))).toBe('transaction-insufficient-balance')
  expect(verdict(() => add(pay('alice', 0, { amount: 60, fee: 10 })))).toBe('added')
  expect(verdict(() => add(pay('alice', 1, { amount: 30, fee: 1 })))).toBe('transaction-insufficient-balance')
  expect(verdict(() => add(pay('alice', 1, { amount: 30 })))).toBe('added')
  expect(verdict(() => add(pay('bob', 0, { to: 'alice' })))).toBe('transaction-insufficient-balance')
  expect(pool.pendingOf(builder.account('bob'))).toBe(90)
})

test('transaction-replacement-underpriced: a tenth more, and at least 1', () => {
  const { pool, fund, pay, add, told } = createSetting()
  fund('alice', 1_000)
  const [first] = add(pay('alice', 0, { fee: 100 }))
  expect(verdict(() => add(pay('alice', 0, { fee: 109 })))).toBe('transaction-replacement-underpriced')
  told()
  const [second] = add(pay('alice', 0, { fee: 110 }))
  expect(told()).toEqual([removed(first!, 'replaced'), `+${second} gossip`])
  expect(pool.list().map(({ id }) => id)).toEqual([second])
  expect(pool.pendingOf(builder.account('alice'))).toBe(-111)

  add(pay('alice', 1, { fee: 0 }))
  expect(verdict(() => add(pay('alice', 1, { fee: 0, amount: 2 })))).toBe('transaction-replacement-underpriced')
  expect(verdict(() => add(pay('alice', 1, { fee: 1 })))).toBe('added')
  expect([0, 1, 9, 10, 11, 100, 105].map((fee) => replacementFee(fee, 10))).toEqual([1, 2, 10, 11, 13, 110, 116])
})

test('a replacement that costs more makes what the balance no longer covers behind it wait', () => {
  const { pool, fund, pay, add, told } = createSetting()
  fund('alice', 100)
  const [, second, third] = add(pay('alice', 0, { amount: 10 }), pay('alice', 1, { amount: 50 }), pay('alice', 2, { amount: 5 }))
  told()
  const [replacement] = add(pay('alice', 0, { amount: 60, fee: 1 }))
  expect(told().slice(1)).toEqual([`+${replacement} gossip`])
  expect([second, third].map((id) => pool.get(id!)?.ready)).toEqual([false, false])
  expect(pool.nextNonce(builder.account('alice'))).toBe(3)
})

test('transaction-amount-overflow and transaction-bad-signature come from the rules', () => {
  const { pool, fund, pay, add } = createSetting()
  fund('alice', MAX_U64)
  expect(verdict(() => add(pay('alice', 0, { amount: MAX_U64, fee: 1 })))).toBe('transaction-amount-overflow')
  const forged = { ...pay('alice', 0), signature: pay('alice', 0, { fee: 1 }).signature }
  expect(verdict(() => add(forged))).toBe('transaction-bad-signature')
  expect(pool.size).toBe(0)
})

test('gapped ones wait, and are ready once the gap is filled', () => {
  const { pool, fund, pay, add } = createSetting()
  fund('alice', 100, 3)
  const [fifth, sixth] = add(pay('alice', 5), pay('alice', 6))
  expect(pool.nextNonce(builder.account('alice'))).toBe(3)
  expect(pool.select(10_000)).toEqual([])
  add(pay('alice', 3))
  expect(pool.nextNonce(builder.account('alice'))).toBe(4)
  add(pay('alice', 4))
  expect([fifth, sixth].map((id) => pool.get(id!)?.ready)).toEqual([true, true])
  expect(pool.nextNonce(builder.account('alice'))).toBe(7)
  expect(pool.select(10_000).map(({ transaction }) => transaction.nonce)).toEqual([3, 4, 5, 6])
})

test('a sender has 16 ready and 64 more, in whatever order they come', () => {
  for (const backwards of [false, true]) {
    const { pool, fund, pay, add, ledger } = createSetting()
    fund('alice', 1_000)
    const nonces = Array.from({ length: 80 }, (_, nonce) => nonce)
    // Backwards, the 64 that wait for a gap fill that room before the gap closes.
    const order = backwards ? [...nonces.slice(16).reverse(), ...nonces.slice(0, 16)] : nonces
    for (const nonce of order) expect(verdict(() => add(pay('alice', nonce))), `nonce ${nonce}`).toBe('added')
    expect(pool.list().filter(({ ready }) => ready).map(({ transaction }) => transaction.nonce)).toEqual(nonces.slice(0, 16))
    expect(verdict(() => add(pay('alice', 80)))).toBe('transaction-nonce-gap')
    expect(pool.nextNonce(builder.account('alice'))).toBe(80)
    expect(ledger.size).toBe(1)
  }
})

test('transaction-sender-limit: a sender’s room for gapped ones', () => {
  const { pool, fund, pay, add } = createSetting()
  fund('alice', 1_000)
  for (let nonce = 1; nonce <= 64; nonce++) add(pay('alice', nonce))
  expect(verdict(() => add(pay('alice', 65)))).toBe('transaction-sender-limit')
  expect(verdict(() => add(pay('alice', 64, { fee: 1 })))).toBe('added') // replaces
  expect(verdict(() => add(pay('alice', 0)))).toBe('added') // closes the gap: 16 ready, 49 wait
  expect(verdict(() => add(pay('alice', 65)))).toBe('added')
  expect(pool.size).toBe(66)
})

test('mempool-full: the lowest fee leaves first, and who pays no more than it is refused', () => {
  const { pool, fund, pay, add, told } = createSetting({ maxTransactions: 3 })
  for (const name of ['a', 'b', 'c', 'd', 'e']) fund(name, 100)
  const [, five] = add(pay('a', 0, { fee: 7 }), pay('b', 0, { fee: 5 }), pay('c', 0, { fee: 9 }))
  expect(verdict(() => add(pay('d', 0, { fee: 5 })))).toBe('mempool-full')
  told()
  const [six] = add(pay('e', 0, { fee: 6 }))
  expect(told()).toEqual([removed(five!, 'evicted'), `+${six} gossip`])
  expect(pool.list().map(({ transaction }) => transaction.fee)).toEqual([9, 7, 6])
})

test('transaction-fee-too-low: a node may ask for a least fee', () => {
  const { pool, fund, pay, add } = createSetting({ minFee: 3 })
  fund('alice', 100)
  expect(pool.minimumFee).toBe(3)
  expect(verdict(() => add(pay('alice', 0, { fee: 2 })))).toBe('transaction-fee-too-low')
  expect(() => add(pay('alice', 0, { fee: 2 }))).toThrow('fee 2 is below 3, the least that this node takes now; pay more or wait')
  expect(verdict(() => add(pay('alice', 0, { fee: 3 })))).toBe('added')
})

test('transaction-fee-too-low: what was pushed out is not taken again at once, also where there is room', () => {
  const setting = createSetting({ maxTransactions: 4, floorHalfLifeMs: 1_000 })
  const { pool, fund, pay, add } = setting
  for (const name of ['a', 'b', 'c', 'd', 'e']) fund(name, 100)
  const [a, b, c] = [pay('a', 0, { fee: 20 }), pay('b', 0, { fee: 21 }), pay('c', 0, { fee: 22 })]
  add(pay('e', 0, { fee: 15 }), a, b, c)
  expect(pool.minimumFee).toBe(16)
  add(pay('d', 0, { fee: 30 })) // pushes out 15
  expect(pool.minimumFee).toBe(21)
  for (const [name, transaction] of [['a', a], ['b', b], ['c', c]] as const) {
    fund(name, 100, 1)
    pool.blockConnected(blockOf([transaction]))
  }
  pool.settle()
  expect([pool.size, pool.minimumFee]).toEqual([1, 16])
  expect(verdict(() => add(pay('e', 0, { fee: 15 })))).toBe('transaction-fee-too-low')
  setting.now += 500 // a quarter full: twice as fast as half full, which is twice as fast as full
  expect(pool.minimumFee).toBe(8)
  expect(verdict(() => add(pay('e', 0, { fee: 8 })))).toBe('added')
})

test('what no block may take yet does not raise the least fee when it is pushed out', () => {
  const { pool, fund, pay, add } = createSetting({ maxTransactions: 2 })
  for (const name of ['a', 'b', 'c']) fund(name, 1_000)
  add(pay('a', 1, { fee: 500 }), pay('b', 0, { fee: 1 }), pay('c', 0, { fee: 1 }))
  expect(pool.size).toBe(2)
  expect(pool.minimumFee).toBe(2) // more than the lowest, because it is full
  fund('b', 900, 1)
  pool.blockConnected(blockOf([pay('b', 0, { fee: 1 })]))
  pool.settle()
  expect(pool.minimumFee).toBe(0)
})

test('a full pool drops the last of a sender’s queue, so that no gap opens', () => {
  const { pool, fund, pay, add, told } = createSetting({ maxTransactions: 3 })
  fund('alice', 100)
  fund('carol', 100)
  const [, , last] = add(pay('alice', 0, { fee: 1 }), pay('alice', 1, { fee: 9 }), pay('alice', 2, { fee: 8 }))
  // What lies behind a low fee is worth no more than it: it cannot be mined before.
  expect(verdict(() => add(pay('alice', 3, { fee: 50 })))).toBe('mempool-full')
  told()
  const [paying] = add(pay('carol', 0, { fee: 2 }))
  expect(told()).toEqual([removed(last!, 'evicted'), `+${paying} gossip`])
  expect(pool.nextNonce(builder.account('alice'))).toBe(2)
})

test('a full pool drops what no block may take yet before what it may', () => {
  const { fund, pay, add, told } = createSetting({ maxTransactions: 3 })
  for (const name of ['alice', 'carol', 'dave']) fund(name, 1_000)
  const [, gapped] = add(pay('alice', 0, { fee: 5 }), pay('carol', 1, { fee: 500 }), pay('alice', 1, { fee: 5 }))
  expect(verdict(() => add(pay('dave', 3, { fee: 500 })))).toBe('mempool-full')
  told()
  const [paying] = add(pay('dave', 0, { fee: 1 }))
  expect(told()).toEqual([removed(gapped!, 'evicted'), `+${paying} gossip`])
  expect(verdict(() => add(pay('carol', 1, { fee: 500 })))).toBe('mempool-full')
})

test('a full pool takes a replacement', () => {
  const { pool, fund, pay, add } = createSetting({ maxTransactions: 2 })
  fund('alice', 100)
  add(pay('alice', 0, { fee: 1 }), pay('alice', 1, { fee: 1 }))
  expect(verdict(() => add(pay('alice', 0, { fee: 2 })))).toBe('added')
  expect(pool.size).toBe(2)
})

test('bytes are limited too; a big one that has to push out a better one is not taken', () => {
  const { pool, fund, pay, add, told } = createSetting({ maxBytes: 3 * 156 })
  for (const name of ['a', 'b', 'c', 'd']) fund(name, 100)
  const [low] = add(pay('a', 0, { fee: 1 }), pay('b', 0, { fee: 5 }), pay('c', 0, { fee: 9 }))
  told()
  const big = pay('d', 0, { fee: 3, memo: 'x'.repeat(256) })
  expect(verdict(() => add(big))).toBe('mempool-full')
  expect(told()).toEqual([removed(low!, 'evicted')])
  expect(pool.bytes).toBe(2 * 156)
  expect(verdict(() => add(pay('d', 0, { fee: 6, memo: 'x'.repeat(156) })))).toBe('added')
  expect(pool.list().map(({ transaction }) => transaction.fee)).toEqual([9, 6])
})

test('after three hours a transaction expires, and what was behind it waits', () => {
  const setting = createSetting()
  const { pool, fund, pay, add, told } = setting
  fund('alice', 100)
  const [first] = add(pay('alice', 0))
  setting.now += 1
  const [second] = add(pay('alice', 1))
  told()
  setting.now += 3 * 3_600_000 - 1
  pool.expire()
  expect(told()).toEqual([])
  setting.now += 1
  pool.expire()
  expect(told()).toEqual([removed(first!, 'expired')])
  expect(pool.get(second!)?.ready).toBe(false)
  expect(pool.select(10_000)).toEqual([])
})

test('list: highest fee first, of equal fees a sender’s own in nonce order', () => {
  const { pool, fund, pay, add } = createSetting()
  fund('alice', 100)
  fund('carol', 100)
  add(pay('alice', 1, { fee: 2 }), pay('alice', 0, { fee: 2 }), pay('carol', 0, { fee: 3 }), pay('carol', 1, { fee: 1 }))
  const shown = pool.list().map(({ transaction }) => [transaction.fee, transaction.nonce])
  expect(shown).toEqual([[3, 0], [2, 0], [2, 1], [1, 1]])
})

test('a listener may add: what it is told of is complete', () => {
  const { pool, fund, pay, add } = createSetting()
  fund('alice', 100)
  const sizes: number[] = []
  pool.events.on('transaction:added', ({ pending: { transaction } }) => {
    sizes.push(pool.size)
    if (transaction.nonce < 3) pool.add(pay('alice', transaction.nonce + 1), 'local')
  })
  add(pay('alice', 0))
  expect(sizes).toEqual([1, 2, 3, 4])
  expect(pool.select(10_000)).toHaveLength(4)
})

test('a mined transaction counts as checked until the pool follows its block', () => {
  const { pool, fund, pay, add } = createSetting()
  fund('alice', 100)
  const transaction = pay('alice', 0)
  add(transaction)
  fund('alice', 99, 1) // the ledger is ahead: the block is committed, its event not yet heard
  expect(pool.findChecked(encodeTransaction(transaction))).toBeDefined()
  pool.blockConnected(blockOf([transaction]))
  expect(pool.findChecked(encodeTransaction(transaction))).toBeDefined()
  pool.follow()
  expect(pool.findChecked(encodeTransaction(transaction))).toBeUndefined()
})
