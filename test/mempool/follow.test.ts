/** The pool follows the chain a moment later, and nobody who asks it can tell. */
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { toHex } from '../../src/consensus/hex.ts'
import { transactionId } from '../../src/consensus/transaction.ts'
import { encodeTransaction, type Transaction } from '../../src/consensus/types.ts'
import { Mempool } from '../../src/mempool/pool.ts'
import { blockOf, builder, createSetting, removed, type Setting, verdict } from './setting.ts'

const idOf = (transaction: Transaction): string => toHex(transactionId(transaction))
const ALICE = builder.account('alice')

/** Alice has three payments pending, of which a block took the first; what happens is heard without asking. */
function mined(): Setting & { first: Transaction; ids: string[]; heard: string[] } {
  const setting = createSetting()
  const { pool, fund, pay, add, told } = setting
  fund('alice', 100)
  const [first, ...others] = [0, 1, 2].map((nonce) => pay('alice', nonce, { fee: 3 - nonce })) as [Transaction]
  const ids = add(first, ...others)
  told()
  const heard: string[] = []
  pool.events.on('transaction:added', ({ pending: { id }, origin }) => heard.push(`+${id} ${origin}`))
  pool.events.on('transaction:removed', ({ id, reason }) => heard.push(removed(id, reason)))
  fund('alice', 95, 1)
  pool.blockConnected(blockOf([first]))
  pool.settle()
  return { ...setting, first, ids, heard }
}

test('a block is noted, and nothing is done until the pool follows', () => {
  const { pool, heard, ids, ledger } = mined()
  const { get } = ledger
  let asked = 0
  ledger.get = (key) => {
    asked += 1
    return get.call(ledger, key)
  }
  expect([heard, asked]).toEqual([[], 0])
  pool.follow()
  expect([heard, asked]).toEqual([[removed(ids[0]!, 'mined')], 1])
  pool.follow()
  expect([heard.length, asked], 'nothing is done twice').toEqual([1, 1])
})

/** Every way in, as somebody asks who knows nothing of blocks. */
const WAYS_IN: Record<string, (pool: Mempool, first: Transaction) => unknown> = {
  size: (pool) => pool.size,
  bytes: (pool) => pool.bytes,
  minimumFee: (pool) => pool.minimumFee,
  add: (pool, first) => verdict(() => pool.add(first, 'gossip')),
  check: (pool, first) => verdict(() => pool.check(first, 'gossip')),
  get: (pool, first) => pool.get(idOf(first)),
  list: (pool) => pool.list().map(({ id }) => id),
  page: (pool) => pool.page(10).map(({ id }) => id),
  backlog: (pool) => pool.backlog().bytesBefore({ fee: 0, receivedAt: 0, position: 0 }),
  turnOf: (pool, first) => pool.turnOf(idOf(first)),
  select: (pool) => pool.select(10_000).map(({ id }) => id),
  nextNonce: (pool) => pool.nextNonce(ALICE),
  pendingOf: (pool) => pool.pendingOf(ALICE),
  promisedBy: (pool) => pool.promisedBy(ALICE),
  expire: (pool) => pool.expire(),
  follow: (pool) => pool.follow(),
}

test('no way in is forgotten', () => {
  const told = ['constructor', 'blockConnected', 'blockDisconnected', 'settle']
  expect(Object.getOwnPropertyNames(Mempool.prototype).sort()).toEqual([...told, ...Object.keys(WAYS_IN)].sort())
  expect(Object.keys(createSetting().pool).sort(), 'beside these').toEqual(['events', 'findChecked'])
})

test.each(Object.entries(WAYS_IN))('whoever asks finds what a block changed: %s', (_, ask) => {
  const late = mined()
  const prompt = mined()
  prompt.pool.follow()
  expect(ask(late.pool, late.first)).toEqual(ask(prompt.pool, prompt.first))
  expect(late.heard).toEqual([removed(late.ids[0]!, 'mined')])
  expect(late.heard).toEqual(prompt.heard)
})

test('what was checked is found as it was before', () => {
  const { pool, first, heard } = mined()
  expect(pool.findChecked(encodeTransaction(first))?.transaction).toEqual(first)
  expect(heard).toEqual([])
})

test('what a block took is told before what comes later, also by a listener that adds in between', () => {
  const { pool, pay, heard, ids } = mined()
  const [reaction, later] = [pay('alice', 4), pay('alice', 3)]
  pool.events.once('transaction:removed', () => pool.add(reaction, 'local'))
  pool.add(later, 'gossip')
  expect(heard).toEqual([removed(ids[0]!, 'mined'), `+${idOf(reaction)} local`, `+${idOf(later)} gossip`])
})

test('blocks that are followed together leave what each of them would: what is mined is no conflict', () => {
  const { pool, fund, pay, heard, ids } = mined()
  fund('alice', 92, 2)
  pool.blockConnected(blockOf([pay('alice', 1, { fee: 2 })]))
  pool.settle()
  expect(heard).toEqual([])
  expect(pool.list().map(({ id, ready }) => [id, ready])).toEqual([[ids[2], true]])
  expect(heard).toEqual(ids.slice(0, 2).map((id) => removed(id, 'mined')))
})

test('while a change is told, whoever asks sees the blocks so far, not settled', () => {
  const { pool, fund, pay, heard, ids } = mined()
  fund('alice', 90, 3) // the accounts are those after all of the change
  pool.blockConnected(blockOf([pay('alice', 1, { fee: 2 })]))
  expect(pool.list().map(({ id }) => id)).toEqual([ids[2]])
  pool.blockConnected(blockOf([pay('alice', 2, { fee: 1 })]))
  pool.settle()
  expect(pool.size).toBe(0)
  expect(heard).toEqual(ids.map((id) => removed(id, 'mined')))
})

test('a reorganisation is followed at once, and the blocks before it first', () => {
  const { pool, first, fund, pay, heard, ids } = mined()
  fund('alice', 97, 1)
  pool.blockDisconnected(blockOf([first]))
  expect(heard).toEqual([removed(ids[0]!, 'mined')])
  const other = pay('alice', 0, { amount: 2 })
  pool.blockConnected(blockOf([other]))
  expect(heard).toHaveLength(1)
  pool.settle()
  expect(heard.slice(1)).toEqual([removed(ids[0]!, 'conflict')])
  fund('alice', 95, 2)
  pool.blockConnected(blockOf([pay('alice', 1, { fee: 2 })]))
  pool.settle()
  expect(heard, 'and the next block is only noted again').toHaveLength(2)
})

test('four blocks are noted at most: the next one has them taken in, and is noted itself', () => {
  const { pool, heard, ids } = mined()
  for (let i = 0; i < 3; i++) {
    pool.blockConnected(blockOf([]))
    pool.settle()
  }
  expect(heard).toEqual([])
  pool.blockConnected(blockOf([]))
  expect(heard).toEqual([removed(ids[0]!, 'mined')])
})

test('4 096 transactions are noted at most, but for one block that has more', () => {
  const { pool, fund, pay, heard, ids } = mined()
  const stranger = pay('carol', 0)
  fund('alice', 92, 2)
  pool.blockConnected(blockOf([pay('alice', 1, { fee: 2 }), ...Array<Transaction>(4_094).fill(stranger)]))
  expect(heard, 'together as many as may be').toEqual([])
  pool.blockConnected(blockOf([stranger]))
  const taken = ids.slice(0, 2).map((id) => removed(id, 'mined'))
  expect(heard).toEqual(taken)
  fund('alice', 90, 3)
  pool.blockConnected(blockOf([pay('alice', 2, { fee: 1 }), ...Array<Transaction>(5_000).fill(stranger)]))
  pool.settle()
  expect(heard, 'more than that, and the newest').toEqual(taken)
  expect(pool.size).toBe(0)
})

test('what fails while following is logged and harms neither who asks nor what comes', () => {
  const lines: { level: number; err: { message: string } }[] = []
  let disk: 'good' | 'broken' = 'good'
  let nonce = 0
  const pool = new Mempool({
    genesisHash: builder.genesis.hash,
    account: () => {
      if (disk === 'broken') throw new Error('no disk')
      return { balance: 100, nonce }
    },
    now: () => 1_000_000,
    log: pino({ level: 'error' }, { write: (line: string) => void lines.push(JSON.parse(line) as (typeof lines)[0]) }), // pino writes such lines
  })
  const payments = [0, 1, 2].map((at) => builder.pay({ from: 'alice', to: 'bob', amount: 40, nonce: at }))
  const ids = payments.map((payment, at) => (at < 2 ? pool.add(payment, 'gossip').id : idOf(payment)))
  nonce = 1
  disk = 'broken'
  pool.blockConnected(blockOf([payments[0]!]))
  pool.settle()
  expect(pool.size).toBe(1)
  expect(lines.map(({ err }) => err.message)).toEqual(['no disk'])

  disk = 'good'
  pool.events.once('transaction:removed', () => {
    throw new Error('no listener')
  })
  nonce = 2
  pool.blockConnected(blockOf([payments[1]!]))
  pool.settle()
  expect(pool.get(ids[1]!)).toBeUndefined()
  expect(lines.map(({ err }) => err.message)).toEqual(['no disk', 'no listener'])
  expect(pool.add(payments[2]!, 'gossip').ready).toBe(true)
})

test('what could not be settled is settled with the next block', () => {
  const { pool, ledger, fund, ids } = mined()
  const { get } = ledger
  ledger.get = () => {
    throw new Error('no disk')
  }
  pool.follow()
  ledger.get = get
  fund('alice', 0, 1) // nothing is left to pay with, and no block says so
  pool.blockConnected(blockOf([]))
  pool.settle()
  expect(ids.slice(1).map((id) => pool.get(id)?.ready)).toEqual([false, false])
})
