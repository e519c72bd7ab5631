/**
 * What must hold for every input, not only for the examples: targets, difficulty and the ledger. Encodings have their
 * own file beside this one.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nextBits } from '../../src/consensus/difficulty.ts'
import { toHex } from '../../src/consensus/hex.ts'
import { type AccountChange, connect, NEW_ACCOUNT } from '../../src/consensus/ledger.ts'
import { networkParams, subsidyAt } from '../../src/consensus/params.ts'
import { fromCompact, targetOf, toCompact, workOf } from '../../src/consensus/target.ts'
import type { AccountState, Body } from '../../src/consensus/types.ts'
import { holds } from '../support/holds.ts'

const u32 = fc.oneof(fc.integer({ min: 0, max: 0xffff_ffff }), fc.constantFrom(0, 1, 0xffff_ffff))

describe('targets', () => {
  const below256 = fc
    .tuple(fc.bigInt({ min: 1n, max: 1n << 24n }), fc.integer({ min: 0, max: 232 }))
    .map(([top, shift]) => top << BigInt(shift))
    .filter((number) => number < 1n << 256n)

  test('compact bits stand for the target rounded down to its top 15 to 23 bits, and are canonical', () => {
    holds(below256, (number) => {
      const back = targetOf(toCompact(number))
      expect(back).toBeDefined()
      expect(back! <= number).toBe(true)
      expect(number - back! < (number >> 14n) + 1n).toBe(true)
      expect(toCompact(back!)).toBe(toCompact(number))
    })
  })

  test('any 32 bits are either the canonical form of a positive target below 2^256, or none', () => {
    holds(u32, (bits) => {
      const { negative, overflow, target } = fromCompact(bits)
      const good = !negative && !overflow && target > 0n && toCompact(target) === bits
      expect(targetOf(bits)).toBe(good ? target : undefined)
      expect(target < 1n << 256n).toBe(true)
    }, 2_000)
  })

  test('an easier target is never more work', () => {
    holds(fc.tuple(below256, below256), ([a, b]) => {
      expect(a <= b ? workOf(a) >= workOf(b) : workOf(a) <= workOf(b)).toBe(true)
      expect(workOf(a) >= 1n).toBe(true)
    })
  })
})

describe('difficulty', () => {
  const params = fc.record({
    targetBlockTimeMs: fc.integer({ min: 1, max: 86_400_000 }),
    initialBits: fc.constant(0x1e10_0000),
    limitBits: fc.constantFrom(0x1e10_0000, 0x1f01_0000, 0x207f_ffff, 0x2100_ffff),
    halfLifeBlocks: fc.integer({ min: 1, max: 1_000_000 }),
  })
  const parentBits = fc.constantFrom(0x0101_0000, 0x0102_0000, 0x0300_8000, 0x1b10_0000, 0x1d00_ffff, 0x1e0f_ffff, 0x1e10_0000)
  const gap = fc.oneof(fc.integer({ min: -1_000, max: 10 ** 12 }), fc.integer({ min: 0, max: 60_000 }))
  const parent = (bits: number, gapMs: number) => ({ height: 9, bits, timestamp: gapMs, parentTimestamp: 0 })

  test('the next bits are canonical, positive and not easier than the limit', () => {
    holds(fc.tuple(params, parentBits, gap), ([params, bits, gapMs]) => {
      const target = targetOf(nextBits(parent(bits, gapMs), params))
      expect(target).toBeDefined()
      expect(target! <= targetOf(params.limitBits)!).toBe(true)
    }, 2_000)
  })

  test('a longer gap never makes the next block harder', () => {
    holds(fc.tuple(params, parentBits, gap, gap), ([params, bits, a, b]) => {
      const [short, long] = [Math.min(a, b), Math.max(a, b)].map((gapMs) => targetOf(nextBits(parent(bits, gapMs), params))!)
      expect(short! <= long!).toBe(true)
    }, 2_000)
  })

  test('one block changes it at most by what 60 T and nothing stand for', () => {
    holds(fc.tuple(params, gap), ([params, gapMs]) => {
      const of = (bits: number) => Number(fromCompact(bits).target)
      const change = Math.log2(of(nextBits(parent(0x1b10_0000, gapMs), params)) / of(0x1b10_0000)) * params.halfLifeBlocks
      const slack = 0.001 * params.halfLifeBlocks
      expect(change).toBeLessThanOrEqual(59 + slack)
      expect(change).toBeGreaterThanOrEqual(-1 - slack)
    })
  })
})

describe('ledger', () => {
  // Few accounts, so that they pay themselves, one another and the miner all the time. Nonces are filled in rightly.
  const keys = [1, 2, 3, 4].map((byte) => new Uint8Array(32).fill(byte))
  const who = fc.integer({ min: 0, max: 3 })
  const amount = fc.oneof(fc.integer({ min: 0, max: 120 }), fc.constant(0))
  const payment = fc.record({ from: who, to: who, amount, fee: fc.integer({ min: 0, max: 9 }) })
  interface DrawnBlock {
    miner: number
    payments: { from: number; to: number; amount: number; fee: number }[]
  }
  const drawnBlock: fc.Arbitrary<DrawnBlock> = fc.record({ miner: who, payments: fc.array(payment, { maxLength: 6 }) })
  const chain = fc.array(drawnBlock, { minLength: 1, maxLength: 8 })
  const params = { ...networkParams('local'), halvingInterval: 3 }
  const GENESIS = 100

  /** A ledger that holds states by key; blocks are applied and undone as storage does it. */
  function createLedger() {
    const states = new Map<string, AccountState>([[toHex(keys[0]!), { balance: GENESIS, nonce: 0 }]])
    const read = (account: Uint8Array): AccountState => states.get(toHex(account)) ?? NEW_ACCOUNT
    const write = (changes: AccountChange[], which: 'before' | 'after') => {
      for (const change of changes) states.set(toHex(change.account), change[which])
    }
    const readAll = (accounts: readonly Uint8Array[]): AccountState[] => accounts.map(read)
    return { read, readAll, write, all: () => keys.map((key) => ({ ...read(key) })) }
  }

  /** The body of drawn payments, without those that cannot be paid. */
  function bodyOf({ miner, payments }: DrawnBlock, state: AccountState[]): Body {
    const accounts = state.map((account) => ({ ...account }))
    const transactions = payments.flatMap(({ from, to, amount, fee }) => {
      const sender = accounts[from]!
      if (sender.balance < amount + fee) return []
      sender.balance -= amount + fee
      accounts[to]!.balance += amount
      const nonce = sender.nonce++
      const [memo, signature] = [new Uint8Array(), new Uint8Array(64)]
      return [{ sender: keys[from]!, recipient: keys[to]!.slice(), amount, fee, nonce, memo, signature }]
    })
    return { miner: keys[miner]!, transactions }
  }

  const sum = (state: AccountState[]): number => state.reduce((total, { balance }) => total + balance, 0)

  test('after every block the balances are all that was allocated and issued', () => {
    holds(chain, (blocks) => {
      const ledger = createLedger()
      let issued = GENESIS
      for (const [at, drawn] of blocks.entries()) {
        const { transactions, ...rest } = bodyOf(drawn, ledger.all())
        ledger.write(connect({ transactions, ...rest }, at + 1, params, ledger.readAll), 'after')
        issued += subsidyAt(at + 1, params)
        expect(sum(ledger.all())).toBe(issued)
        for (const { balance } of ledger.all()) expect(balance).toBeGreaterThanOrEqual(0)
      }
    })
  })

  test('undoing block after block is exactly the way back', () => {
    holds(chain, (blocks) => {
      const ledger = createLedger()
      const done: { state: AccountState[]; changes: AccountChange[] }[] = []
      for (const [at, drawn] of blocks.entries()) {
        const state = ledger.all()
        const changes = connect(bodyOf(drawn, state), at + 1, params, ledger.readAll)
        ledger.write(changes, 'after')
        done.push({ state, changes })
      }
      for (const { state, changes } of done.reverse()) {
        ledger.write(changes, 'before')
        expect(ledger.all()).toEqual(state)
      }
    })
  })

  test('each account is listed once, and a block that is refused has changed nothing', () => {
    holds(fc.tuple(chain, payment), ([blocks, extra]) => {
      const ledger = createLedger()
      for (const [at, drawn] of blocks.entries()) {
        const state = ledger.all()
        const good = bodyOf(drawn, state)
        const rich = state.map(({ nonce }) => ({ balance: 1_000, nonce }))
        const overspend = bodyOf({ ...drawn, payments: [...drawn.payments, extra] }, rich)
        let changes = connect(good, at + 1, params, ledger.readAll)
        try {
          changes = connect(overspend, at + 1, params, ledger.readAll)
        } catch (error) {
          expect(error).toMatchObject({ code: 'transaction-overspend' })
        }
        expect(ledger.all()).toEqual(state)
        expect(new Set(changes.map(({ account }) => toHex(account))).size).toBe(changes.length)
        ledger.write(changes, 'after')
      }
    })
  })
})
