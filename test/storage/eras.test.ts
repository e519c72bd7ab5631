/** Chains of several eras: what lies in older ones is found, and a reorganisation across their border leaves no trace. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { toHex } from '../../src/consensus/hex.ts'
import { transactionId } from '../../src/consensus/transaction.ts'
import { BUCKETS, eraOf } from '../../src/storage/schema.ts'
import { createBlockBuilder } from '../support/blocks.ts'
import { openChain, type TestChain, type TestChainOptions } from '../support/chain.ts'
import { checkedOf } from '../support/checked.ts'
import { dumpOf } from '../support/dump.ts'

//   genesis ─ a1 ─ a2 ─ a3 ─ a4 ─ a5 ─ a6        1 500 payments each: a3 ends the first era, a6 the second
//                   ├─ b3 ─ … ─ b9               ten payments each: all of the first era
//                   └─ c3 ─ c4                   c3 ends the first era, too; c4 spends what nobody has
const EACH = 1_500
const blocks = createBlockBuilder({ seed: 1, funds: { alice: 1_000_000, bob: 10 } })
const payments = Array.from({ length: EACH }, () => ({ from: 'alice', to: 'carol', amount: 1 }))
blocks.block('a1', 'genesis', { transactions: [{ from: 'bob', to: 'dave', amount: 1 }, ...payments.slice(1)] })
for (let i = 2; i <= 6; i++) blocks.block(`a${i}`, `a${i - 1}`, { transactions: payments })
const few = { miner: 'bob', transactions: payments.slice(0, 10) }
for (let i = 3; i <= 9; i++) blocks.block(`b${i}`, i === 3 ? 'a2' : `b${i - 1}`, few)
blocks.block('c3', 'a2', { miner: 'bob', transactions: payments })
blocks.block('c4', 'c3', { miner: 'bob', transactions: [{ from: 'nobody', to: 'bob', amount: 1 }] })

const openNode = (options?: TestChainOptions): TestChain => openChain(blocks, { findChecked: checkedOf, ...options })
let node: TestChain
beforeAll(async () => {
  node = openNode()
  await node.addAll('a1', 'a2', 'a3', 'a4', 'a5', 'a6')
})

/** Eras that are over, by the tables. */
function erasOf({ path }: TestChain): number[] {
  const { transactions, history } = dumpOf(path) as { transactions: [number][]; history: [number][] } // a bucket comes first
  const eras = [transactions, history].map((rows) => [...new Set(rows.map(([bucket]) => Math.floor(bucket / BUCKETS)))])
  expect(eras[0]).toEqual(eras[1])
  return eras[0]!
}

test('eras follow the number of transactions, and a block is of one', () => {
  expect([0, 1, 4_095, 4_096, 1_000_000].map(eraOf)).toEqual([0, 0, 0, 1, 244])
  expect(erasOf(node)).toEqual([0, 1])
  const rows = dumpOf(node.path).bestChain as [number, string, number][] // what its SQL selects
  expect(rows.map(([, , total]) => total)).toEqual([0, 1, 2, 3, 4, 5, 6].map((blocks) => blocks * EACH))
})

test('a transaction is found in whichever era it is, and one that is in none is not', () => {
  for (const [name, position] of [['a1', 0], ['a3', EACH - 1], ['a4', 0], ['a6', 7]] as const) {
    const { block, height, hex } = blocks.get(name)
    const transaction = block.body.transactions[position]!
    const found = node.chain.transaction(toHex(transactionId(transaction)))
    expect(found).toEqual({ transaction, blockHash: hex, height, position })
  }
  expect(node.chain.transaction('00'.repeat(32))).toBeUndefined()
})

test('history goes on from era to era, whole or page by page', () => {
  const carol = blocks.account('carol')
  const all = node.chain.history(carol, { limit: 10_000 })
  expect(all).toHaveLength(6 * EACH - 1)
  expect(all.map(({ height, position }) => height * EACH + position)).toEqual(all.map((_, at) => 7 * EACH - 1 - at))
  const paged: typeof all = []
  for (let page = node.chain.history(carol, { limit: 700 }); page.length > 0; ) {
    paged.push(...page)
    page = node.chain.history(carol, { limit: 700, before: page.at(-1)! })
  }
  expect(paged).toEqual(all)
  const beforeA4 = all.slice(3 * EACH - 1, 3 * EACH + 1)
  expect(node.chain.history(carol, { limit: 2, before: { height: 4, position: 1 } })).toEqual(beforeA4)
  expect(node.chain.history(carol, { limit: 1, before: { height: 1_000, position: 0 } })).toEqual(all.slice(0, 1))
})

test('whoever paid once, long ago, has that one entry', () => {
  const [payment] = blocks.get('a1').block.body.transactions
  const entry = { id: toHex(transactionId(payment!)), height: 1, position: 0 }
  for (const who of ['bob', 'dave']) expect(node.chain.history(blocks.account(who), { limit: 5 })).toEqual([entry])
  expect(node.chain.history(blocks.account('nobody'), { limit: 5 })).toEqual([])
})

/** Of everybody, what is newest before each block and in the middle of it; and where the last payment of each block is. */
function lookUps({ chain }: Pick<TestChain, 'chain'>, name: string): unknown[] {
  const path = blocks.path(name)
  const histories = ['alice', 'bob', 'carol', 'dave', 'miner', 'nobody'].map((who) =>
    [0, ...path.map(({ height }) => height)].flatMap((height) => [0, 7].map((position) =>
      chain.history(blocks.account(who), { limit: 3, before: { height: height + 1, position } }))))
  return [histories, path.map(({ block: { body } }) => chain.transaction(toHex(transactionId(body.transactions.at(-1)!))))]
}

test('a reorganisation back into an older era, and the tables are those of the straight way', async () => {
  const [there, straight] = [openNode(), openNode()]
  await there.addAll('a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'b3', 'b4', 'b5', 'b6', 'b7', 'b8', 'b9')
  expect(there.tip()).toBe('b9')
  await straight.addAll(...blocks.path('b9').map(({ name }) => name))
  expect(dumpOf(there.path)).toEqual(dumpOf(straight.path))
  expect(erasOf(there)).toEqual([])
  expect(lookUps(there, 'b9')).toEqual(lookUps(straight, 'b9'))
})

test('wherever a store is closed and opened again, look-ups and tables are those of one that was not', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cairn-eras-'))
  const path = join(folder, 'chain.sqlite')
  const straight = openNode()
  const names = ['a1', 'a2', 'a3', 'a4', 'b3', 'b4', 'b5']
  for (const [at, name] of names.entries()) {
    const opened = openNode({ path })
    // Only some are asked before they go on: an era that ends is whole in its tables whoever asked.
    if (at % 2 === 1) opened.chain.history(blocks.account('carol'), { limit: 1 })
    await opened.add(name)
    await straight.add(name)
    expect(dumpOf(path)).toEqual(dumpOf(straight.path))
    expect(lookUps(opened, straight.tip())).toEqual(lookUps(straight, straight.tip()))
    await opened.stop()
  }
  expect(straight.tip()).toBe('b5')
  await straight.stop()
  rmSync(folder, { recursive: true })
})

test('a transaction that fails after an era ended in it leaves tables and look-ups as they were', async () => {
  for (const isAsked of [false, true]) {
    const failing = openNode()
    await failing.addAll('a1', 'a2', 'a3')
    const [dump, found] = [dumpOf(failing.path), lookUps(failing, 'a3')]
    expect(await failing.add('c3')).toBe('side-branch')
    expect(await failing.add('c4')).toBe('transaction-overspend')
    expect(failing.tip()).toBe('a3')
    expect(dumpOf(failing.path)).toEqual(dump)
    if (isAsked) expect(lookUps(failing, 'a3')).toEqual(found)
    await failing.addAll('a4', 'a5', 'a6')
    expect([dumpOf(failing.path), lookUps(failing, 'a6')]).toEqual([dumpOf(node.path), lookUps(node, 'a6')])
    await failing.stop()
  }
})

test('payments between long rows of empty blocks are found after a new start', async () => {
  const sparse = createBlockBuilder({ seed: 2, funds: { alice: 1_000 } })
  const paid = [1, 2, 5, 6, 22, 39, 40, 56]
  for (let height = 1; height <= 80; height++) {
    const transactions = paid.includes(height) ? [{ from: 'alice', to: 'carol', amount: 1 }, { from: 'alice', to: 'dave', amount: 1 }] : []
    sparse.block(`s${height}`, height === 1 ? 'genesis' : `s${height - 1}`, { transactions })
  }
  const folder = mkdtempSync(join(tmpdir(), 'cairn-eras-'))
  const path = join(folder, 'chain.sqlite')
  const ends = [1, 2, 3, 4, 6, 7, 21, 22, 23, 38, 39, 40, 41, 55, 57, 80] // of the blocks until each start
  for (const [at, end] of ends.entries()) {
    const opened = openChain(sparse, { path })
    const heights = (): number[] => opened.chain.history(sparse.account('carol'), { limit: 100 }).map((entry) => entry.height)
    const until = (height: number): number[] => paid.filter((at) => at <= height).toReversed()
    expect(heights()).toEqual(until(ends[at - 1] ?? 0))
    for (let height = opened.chain.tip.height + 1; height <= end; height++) await opened.add(`s${height}`)
    expect(heights()).toEqual(until(end))
    await opened.stop()
  }
  rmSync(folder, { recursive: true })
})
