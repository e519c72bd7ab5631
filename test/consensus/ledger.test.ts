import { describe, expect, test } from 'vitest'
import { toHex } from '../../src/consensus/hex.ts'
import { type AccountChange, connect, NEW_ACCOUNT } from '../../src/consensus/ledger.ts'
import { networkParams, subsidyAt } from '../../src/consensus/params.ts'
import { MAX_U64 } from '../../src/consensus/types.ts'
import { type BlockOptions, createBlockBuilder } from '../support/blocks.ts'
import { judge } from '../support/judge.ts'

/** What one block does to accounts by name, from a genesis that gave alice 100 and bob 10: [before, after] each. */
function changes(options: BlockOptions) {
  const blocks = createBlockBuilder({ seed: 5, funds: { alice: 100, bob: 10 } })
  const made = blocks.block('a1', 'genesis', options)
  expect(judge(blocks, made)).toBe('valid')
  const ledger = blocks.ledger('genesis')
  const result = connect(made.block.body, 1, blocks.params, (accounts) => accounts.map((account) => ledger.get(toHex(account)) ?? NEW_ACCOUNT))
  const names = new Map(['alice', 'bob', 'carol', 'miner'].map((name) => [toHex(blocks.account(name)), name]))
  // The replay in the builder, which shares no code with `connect`, must agree.
  for (const { account, after } of result) expect(blocks.ledger('a1').get(toHex(account))).toEqual(after)
  return result.map(({ account, before, after }) => ({ who: names.get(toHex(account)), before, after }))
}

const state = (balance: number, nonce = 0) => ({ balance, nonce })

describe('a block’s changes', () => {
  test('are the sender’s, the recipient’s and the miner’s, in the order in which they were first touched', () => {
    expect(changes({ transactions: [{ from: 'alice', to: 'bob', amount: 30, fee: 1 }] })).toEqual([
      { who: 'alice', before: state(100), after: state(69, 1) },
      { who: 'bob', before: state(10), after: state(40) },
      { who: 'miner', before: state(0), after: state(51) },
    ])
    expect(changes({ miner: 'bob', transactions: [{ from: 'alice', to: 'carol', amount: 1 }] }).map(({ who }) => who)).toEqual([
      'alice',
      'carol',
      'bob',
    ])
  })

  test('list an account once however often it is touched, with its state before the block and after it', () => {
    const twice = { from: 'alice', to: 'bob', amount: 30, fee: 1 }
    expect(changes({ transactions: [twice, twice, { from: 'bob', to: 'alice', amount: 70 }] })).toEqual([
      { who: 'alice', before: state(100), after: state(108, 2) },
      { who: 'bob', before: state(10), after: state(0, 1) },
      { who: 'miner', before: state(0), after: state(52) },
    ])
  })

  test('are asked for together, each account once, before anything is applied', () => {
    const blocks = createBlockBuilder({ funds: { alice: 100 } })
    const { body } = blocks.block('a1', 'genesis', {
      transactions: [{ from: 'alice', to: 'bob', amount: 1 }, { from: 'alice', to: 'carol', amount: 1 }],
    }).block
    const asked: Uint8Array[][] = []
    connect(body, 1, blocks.params, (accounts) => {
      asked.push([...accounts])
      return accounts.map(() => state(100, 0))
    })
    expect(asked).toEqual([['alice', 'bob', 'carol', 'miner'].map((name) => blocks.account(name))])
  })

  test('a payment to oneself costs the fee and nothing else', () => {
    expect(changes({ transactions: [{ from: 'alice', to: 'alice', amount: 60, fee: 2 }] })).toEqual([
      { who: 'alice', before: state(100), after: state(98, 1) },
      { who: 'miner', before: state(0), after: state(52) },
    ])
  })

  test('a payment to oneself of the whole balance works, since the amount is gone before it comes', () => {
    expect(changes({ transactions: [{ from: 'alice', to: 'alice', amount: 100 }] })[0]!.after).toEqual(state(100, 1))
  })

  test('a miner who sends gets the fee back with the reward', () => {
    expect(changes({ miner: 'alice', transactions: [{ from: 'alice', to: 'bob', amount: 30, fee: 5 }] })).toEqual([
      { who: 'alice', before: state(100), after: state(120, 1) },
      { who: 'bob', before: state(10), after: state(40) },
    ])
  })

  test('a miner who is paid gets both', () => {
    expect(changes({ miner: 'bob', transactions: [{ from: 'alice', to: 'bob', amount: 30, fee: 5 }] })).toEqual([
      { who: 'alice', before: state(100), after: state(65, 1) },
      { who: 'bob', before: state(10), after: state(95) },
    ])
  })

  test('a miner who pays itself ends with the subsidy', () => {
    const own = { from: 'alice', to: 'alice', amount: 10, fee: 3 }
    expect(changes({ miner: 'alice', transactions: [own] })).toEqual([{ who: 'alice', before: state(100), after: state(150, 1) }])
  })

  test('what one transaction pays, the next one of the same block may spend', () => {
    const chain = ['alice', 'bob', 'carol'].map((from, at, all) => ({ from, to: all[at + 1] ?? 'alice', amount: 100 }))
    expect(changes({ transactions: chain })).toEqual([
      { who: 'alice', before: state(100), after: state(100, 1) },
      { who: 'bob', before: state(10), after: state(10, 1) },
      { who: 'carol', before: state(0), after: state(0, 1) },
      { who: 'miner', before: state(0), after: state(50) },
    ])
  })

  test('not so in the other order', () => {
    const blocks = createBlockBuilder({ funds: { alice: 100 } })
    const spends = [{ from: 'alice', to: 'carol', amount: 100 }, { from: 'carol', to: 'bob', amount: 100 }]
    expect(judge(blocks, blocks.block('a1', 'genesis', { transactions: spends }))).toBe('valid')
    expect(judge(blocks, blocks.block('b1', 'genesis', { transactions: spends.toReversed() }))).toBe('transaction-overspend')
  })

  test('a balance may be spent to exactly 0', () => {
    expect(changes({ transactions: [{ from: 'alice', to: 'bob', amount: 99, fee: 1 }] })[0]!.after).toEqual(state(0, 1))
  })

  test('nothing but a nonce changes by a payment of nothing', () => {
    expect(changes({ transactions: [{ from: 'carol', to: 'carol', amount: 0 }] })[0]).toEqual({
      who: 'carol',
      before: state(0),
      after: state(0, 1),
    })
  })

  test('the states are copies: neither the reader’s objects nor one another change', () => {
    const shared = { balance: 100, nonce: 0 }
    const blocks = createBlockBuilder()
    const { body } = blocks.block('a1', 'genesis', { transactions: [{ from: 'alice', to: 'bob', amount: 1 }] }).block
    const result: AccountChange[] = connect(body, 1, blocks.params, (accounts) => accounts.map(() => shared))
    expect(shared).toEqual({ balance: 100, nonce: 0 })
    expect(result[0]!.before).not.toBe(result[0]!.after)
    expect(result.map(({ after }) => after.balance)).toEqual([99, 101, 150])
    expect(NEW_ACCOUNT).toEqual({ balance: 0, nonce: 0 })
  })
})

describe('subsidy', () => {
  const lan = networkParams('lan')

  test('genesis issues none; every block up to the first halving issues all of it', () => {
    expect(subsidyAt(0, lan)).toBe(0)
    expect(subsidyAt(1, lan)).toBe(50)
    expect(subsidyAt(209_999, lan)).toBe(50)
  })

  test('halves at every multiple of the interval, rounded down, until nothing is left', () => {
    const at = (era: number) => subsidyAt(era * 210_000, lan)
    expect([1, 2, 3, 4, 5, 6].map(at)).toEqual([25, 12, 6, 3, 1, 0])
    expect(subsidyAt(2 * 210_000 - 1, lan)).toBe(25)
    expect(subsidyAt(6 * 210_000 - 1, lan)).toBe(1)
  })

  test('the largest subsidy is exact at every halving, is 1 at the 52nd and 0 from the 53rd on', () => {
    const params = { subsidy: MAX_U64, halvingInterval: 1 }
    for (let halvings = 1; halvings <= 2_000; halvings++) {
      expect(subsidyAt(halvings, params)).toBe(Number(BigInt(MAX_U64) >> BigInt(halvings)))
    }
    expect([51, 52, 53, 54].map((height) => subsidyAt(height, params))).toEqual([3, 1, 0, 0])
    expect(subsidyAt(0xffff_ffff, params)).toBe(0)
  })

  test('a miner is paid the subsidy of its height', () => {
    const blocks = createBlockBuilder({ params: { ...networkParams('local'), halvingInterval: 2 } })
    blocks.blocks('a', 'genesis', 8)
    const balance = [1, 2, 3, 4, 5, 6, 7, 8].map((height) => {
      const { block, parent } = blocks.get(`a${height}`)
      const ledger = blocks.ledger(parent!)
      const [change] = connect(block.body, height, blocks.params, (accounts) => accounts.map((account) => ledger.get(toHex(account)) ?? NEW_ACCOUNT))
      return change!.after.balance
    })
    expect(balance).toEqual([50, 75, 100, 112, 124, 130, 136, 139])
  })
})
