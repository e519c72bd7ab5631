/** When the mempool of a node hears of a block, by a clock that a test moves. */
import { EventEmitter } from 'node:events'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import type { ChainEvents } from '../../src/chain/chain-events.ts'
import { transactionId } from '../../src/consensus/transaction.ts'
import { Mempool } from '../../src/mempool/pool.ts'
import { createNode } from '../../src/node/node.ts'
import { wire } from '../../src/node/wire.ts'
import { createBlockBuilder } from '../support/blocks.ts'
import { createManualClock } from '../support/manual-clock.ts'

const START = 1_800_000_000_000
const blocks = createBlockBuilder({ seed: 31, funds: { alice: 100 } })
const payments = [0, 1].map((nonce) => blocks.pay({ from: 'alice', to: 'bob', amount: 1, nonce }))
const block = blocks.block('a1', 'genesis', { transactions: payments.slice(0, 1) })

/** A mempool on a chain that only tells. */
function wired() {
  const clock = createManualClock(START)
  const events = new EventEmitter<ChainEvents>()
  const account = { balance: 100, nonce: 0 }
  const mempool = new Mempool({ genesisHash: blocks.genesis.hash, account: () => account, now: clock.now, log: pino({ level: 'silent' }) })
  const started = new AsyncDisposableStack()
  const heard: string[] = []
  wire({ chain: { events }, mempool, miner: { tipChanged: () => void heard.push('tip'), transactionAdded: () => {} } }, clock, started)
  mempool.events.on('transaction:removed', ({ reason }) => heard.push(reason))
  for (const payment of payments) mempool.add(payment, 'gossip')
  return {
    clock, mempool, heard, started,
    mined() {
      account.nonce = 1
      const record = { hash: block.hex, height: 1, work: 1n }
      events.emit('block:connected', { ...record, block: block.block, transactionIds: payments.slice(0, 1).map(transactionId), origin: 'gossip' })
      events.emit('tip:changed', { tip: { ...record, header: block.block.header }, origin: 'gossip' })
    },
  }
}

test('the miner hears of a new tip at once, the mempool takes it in a quarter of a second later', () => {
  const { clock, heard, mined } = wired()
  mined()
  clock.advance(249)
  expect(heard).toEqual(['tip'])
  clock.advance(1)
  expect(heard).toEqual(['tip', 'mined'])
})

test('or as soon as anybody asks, once', () => {
  const { clock, mempool, heard, mined } = wired()
  mined()
  expect(mempool.size).toBe(1)
  expect(heard).toEqual(['tip', 'mined'])
  clock.advance(1_000)
  expect(heard).toEqual(['tip', 'mined'])
})

test.each(['while it waits', 'after it has followed'])('however many tips come in that time, one timer waits; after an end %s none does', async (when) => {
  const { clock, mempool, started, mined } = wired()
  const before = clock.pending
  for (let i = 0; i < 3; i++) mined()
  expect(clock.pending).toBe(before + 1)
  if (when === 'after it has followed') clock.advance(250)
  await started.disposeAsync()
  expect(clock.pending).toBe(0)
  mined()
  expect(clock.pending).toBe(0)
  expect(mempool.size, 'whoever asks finds what came since').toBe(1)
})

test('a node that stops has followed its last block', async () => {
  const clock = createManualClock(START)
  const node = createNode({ network: blocks.params, transport: 'memory', clock, log: pino({ level: 'silent' }) })
  await node.start()
  onTestFinished(() => node.stop())
  const { chain, mempool } = node
  const heard: string[] = []
  mempool.events.on('transaction:removed', ({ reason }) => heard.push(reason))
  mempool.add(payments[0]!, 'gossip')
  await chain.add(block.block, 'sync')
  expect(heard).toEqual([])
  await node.stop()
  expect(heard).toEqual(['mined'])
  expect(mempool.size, 'nothing is left to be asked of a closed store').toBe(0)
})
