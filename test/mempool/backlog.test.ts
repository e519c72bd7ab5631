import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Backlog, blocksUntilMined, CurrentBacklog, meanBlockTimeMs, type Turn, turnsOf } from '../../src/mempool/backlog.ts'
import { blockOf, createSetting } from './setting.ts'

const turn = (fee: number, receivedAt: number, bytes = 160): Turn => ({ fee, receivedAt, position: 0, bytes })

test('before a transaction is what pays more, and what pays the same and came earlier', () => {
  const backlog = new Backlog([turn(5, 20), turn(9, 30), turn(5, 10, 400), turn(1, 1)])
  expect(backlog.bytesBefore(turn(9, 30))).toBe(0)
  expect(backlog.bytesBefore(turn(5, 10))).toBe(160)
  expect(backlog.bytesBefore(turn(5, 20))).toBe(560)
  expect(backlog.bytesBefore(turn(5, 99))).toBe(720)
  expect(backlog.bytesBefore(turn(0, 0))).toBe(880)
  expect(new Backlog([]).bytesBefore(turn(0, 0))).toBe(0)
})

test('the least fee that the next block takes', () => {
  const backlog = new Backlog([turn(9, 1), turn(5, 1), turn(5, 2), turn(2, 1)])
  expect([4, 5].map((places) => backlog.leastFeeWithin(places * 160, 160))).toEqual([3, 0])
  expect([1, 2, 3].map((places) => backlog.leastFeeWithin(places * 160, 160))).toEqual([10, 6, 6])
  expect(new Backlog([]).leastFeeWithin(160, 160)).toBe(0)
})

test('a high fee behind a low one of its sender counts as the low one', () => {
  const { pool, fund, pay, add } = createSetting()
  fund('alice', 100)
  add(pay('alice', 0, { fee: 7 }), pay('alice', 1, { fee: 2 }), pay('alice', 2, { fee: 9 }))
  expect(turnsOf(pool.select(1e6)).map(({ fee }) => fee)).toEqual([7, 2, 2])
})

test('blocks: one at least, and as many as hold what is before it and itself', () => {
  expect([[0, 160], [840, 160], [841, 160], [9_000, 160]].map(([before, own]) => blocksUntilMined(before!, own!, 1_000))).toEqual([1, 1, 2, 10])
})

test('mean time between blocks: of the last intervals, the open one included', () => {
  expect(meanBlockTimeMs([10_000, 20_000, 40_000], 40_000, 10_000)).toBe(15_000)
  expect(meanBlockTimeMs([10_000, 20_000, 40_000], 70_000, 10_000), 'nobody mines any more').toBe(30_000)
  expect(meanBlockTimeMs([10_000], 70_000, 10_000), 'too young to tell').toBe(10_000)
  expect(meanBlockTimeMs([], 70_000, 10_000)).toBe(10_000)
  expect(meanBlockTimeMs([0, 1e9, 1e9 + 10_000], 1e9 + 10_000, 10_000), 'a week without a class').toBe(305_000)
  expect(meanBlockTimeMs([5_000, 5_001], 1_000, 10_000), 'a clock behind the chain').toBe(1)
})

test('property: the estimate in blocks is the block that takes it, where all are of a size', () => {
  const payment = fc.record({ sender: fc.nat({ max: 5 }), fee: fc.nat({ max: 4 }) })
  fc.assert(
    fc.property(fc.array(payment, { maxLength: 40 }), fc.integer({ min: 1, max: 7 }), (payments, places) => {
      const setting = createSetting()
      const { pool, fund, pay } = setting
      const names = Array.from({ length: 6 }, (_, sender) => `sender ${sender}`)
      for (const name of names) fund(name, 10_000)
      const nonces = names.map(() => 0)
      for (const { sender, fee } of payments) {
        setting.now += 1
        if (nonces[sender]! < 16) pool.add(pay(names[sender]!, nonces[sender]!++, { fee }), 'gossip')
      }
      const room = places * 160
      const backlog = pool.backlog()
      const estimates = new Map(
        pool.list().map(({ id }) => {
          const own = pool.turnOf(id)!
          return [id, blocksUntilMined(backlog.bytesBefore(own), own.bytes, room)]
        }),
      )
      const mined = names.map(() => 0)
      for (let block = 1; pool.size > 0; block++) {
        const taken = pool.select(room)
        expect(taken.map(({ id }) => estimates.get(id))).toEqual(taken.map(() => block))
        for (const { transaction } of taken) {
          const at = names.findIndex((name) => pay(name, 0).sender.every((byte, i) => byte === transaction.sender[i]))
          fund(names[at]!, 10_000, ++mined[at]!)
        }
        pool.blockConnected(blockOf(taken.map(({ transaction }) => transaction)))
        pool.settle()
      }
    }),
    { seed: 3, numRuns: 30 },
  )
})

test('a long backlog is not made anew for every question, a short one is', () => {
  for (const [length, expected] of [[2_000, [1, 2, 2, 3]], [2_001, [1, 1, 1, 2]]] as const) {
    let made = 0
    const current = new CurrentBacklog(() => {
      made += 1
      return Array.from({ length }, (_, at) => turn(at, 0))
    })
    const seen = [0, 100, 100, 300].map((now, at) => {
      if (at !== 2) current.outdate()
      current.at(now)
      return made
    })
    expect(seen).toEqual(expected)
  }
})
