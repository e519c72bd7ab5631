/**
 * Whatever happens to a pool (payments of any nonce and fee, our blocks and others', reorganisations, time), it stays
 * within its limits, its numbers add up, what it calls ready the ledger takes, and nothing that comes back from an
 * abandoned block is lost without a word.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { equalBytes, toHex } from '../../src/consensus/hex.ts'
import { type AccountChange, connect, connectGenesis, NEW_ACCOUNT } from '../../src/consensus/ledger.ts'
import { transactionId } from '../../src/consensus/transaction.ts'
import { encodeTransaction, type Block, type Transaction } from '../../src/consensus/types.ts'
import { cursorOf } from '../../src/mempool/listing.ts'
import type { MempoolLimits } from '../../src/mempool/policy.ts'
import type { PendingTransaction } from '../../src/mempool/queue.ts'
import { createBlockBuilder } from '../support/blocks.ts'
import { blockOf, createSetting, type Setting, verdict } from './setting.ts'

const LIMITS: MempoolLimits = {
  readyPerSender: 3, gappedPerSender: 3, maxTransactions: 10, maxBytes: 2_000, replacementPercent: 10, maxAgeMs: 50,
  minFee: 0, floorHalfLifeMs: 40,
}
const NAMES = ['alice', 'carol', 'dave', 'erin']
const idOf = (transaction: Transaction): string => toHex(transactionId(transaction))

/** A payment as it is drawn: `ahead` counts from the sender's account nonce. */
interface Draft { from: number; to: number; ahead: number; amount: number; fee: number; memo: number }
const draft: fc.Arbitrary<Draft> = fc.record({
  from: fc.nat({ max: 3 }),
  to: fc.nat({ max: 3 }),
  ahead: fc.integer({ min: -1, max: 7 }),
  amount: fc.nat({ max: 30 }),
  fee: fc.nat({ max: 12 }),
  memo: fc.constantFrom(0, 0, 256),
})

type Step =
  | { do: 'add'; draft: Draft }
  | { do: 'mine'; maxBytes: number; miner: number; quiet: boolean }
  | { do: 'foreign'; drafts: Draft[]; miner: number; quiet: boolean }
  | { do: 'reorg'; depth: number; keep: boolean[]; drafts: Draft[]; miner: number }
  | { do: 'wait'; ms: number }
const miner = fc.nat({ max: 3 })
/** Whether nobody asks the pool of anything after it, so that it may follow later. */
const quiet = fc.boolean()
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ do: fc.constant('add' as const), draft }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('mine' as const), maxBytes: fc.nat({ max: 1_000 }), miner, quiet }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('foreign' as const), drafts: fc.array(draft, { maxLength: 5 }), miner, quiet }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('reorg' as const),
      depth: fc.integer({ min: 1, max: 4 }),
      keep: fc.array(fc.boolean(), { minLength: 20, maxLength: 20 }),
      drafts: fc.array(draft, { maxLength: 3 }),
      miner,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat({ max: 40 }) }) },
)

/** A chain without headers: blocks under the ledger's own rules, with undo. */
class Model {
  readonly setting: Setting = createSetting(LIMITS)
  readonly builder = createBlockBuilder({ seed: 7, funds: { alice: 100, carol: 60 } })
  readonly chain: { block: Block; changes: AccountChange[] }[] = []
  /** What the events make of it. */
  readonly heard = new Set<string>()

  constructor() {
    this.#write(connectGenesis(this.builder.params), 'after')
  }

  sign({ from, to, ahead, amount, fee, memo }: Draft): Transaction {
    const name = NAMES[from]!
    const { nonce } = this.account(this.builder.account(name))
    return this.setting.pay(name, Math.max(0, nonce + ahead), { to: NAMES[to]!, amount, fee, memo: 'm'.repeat(memo) })
  }

  account = (key: Uint8Array) => this.setting.ledger.get(toHex(key)) ?? NEW_ACCOUNT
  accounts = (keys: readonly Uint8Array[]) => keys.map(this.account)

  #write(changes: AccountChange[], side: 'before' | 'after'): void {
    for (const change of changes) this.setting.ledger.set(toHex(change.account), change[side])
  }

  /** Extends the chain; throws where the ledger refuses the block. */
  connect(block: Block): void {
    const changes = connect(block.body, this.chain.length + 1, this.builder.params, this.accounts)
    this.#write(changes, 'after')
    this.chain.push({ block, changes })
  }

  disconnect(): Block {
    const { block, changes } = this.chain.pop()!
    this.#write(changes, 'before')
    return block
  }

  /** Of the transactions given, in order, those that the ledger takes. */
  valid(transactions: Transaction[]): Transaction[] {
    const taken: Transaction[] = []
    for (const transaction of transactions) {
      const body = { miner: this.builder.account('nobody'), transactions: [...taken, transaction] }
      if (verdict(() => connect(body, 1, this.builder.params, this.accounts)) === 'added') taken.push(transaction)
    }
    return taken
  }

  run(step: Step): void {
    const { setting: { pool, add }, chain } = this
    if (step.do === 'add') {
      const transaction = this.sign(step.draft)
      const { size: before, minimumFee } = pool
      const told = verdict(() => add(transaction))
      if (told === 'added') expect(pool.get(idOf(transaction))).toBeDefined()
      else expect(pool.size).toBeLessThanOrEqual(before)
      // What the pool asks for is enough, and less is too little, whatever else is wrong.
      if (told === 'transaction-fee-too-low') expect(transaction.fee).toBeLessThan(minimumFee)
      if (told === 'added' && step.draft.memo === 0 && before < LIMITS.maxTransactions) expect(transaction.fee).toBeGreaterThanOrEqual(minimumFee)
    } else if (step.do === 'wait') {
      this.setting.now += step.ms
      pool.expire()
      for (const { receivedAt } of pool.list()) expect(receivedAt).toBeGreaterThanOrEqual(this.setting.now - LIMITS.maxAgeMs)
    } else if (step.do === 'reorg') {
      const left: Block[] = []
      while (left.length < step.depth && chain.length > 0) left.push(this.disconnect())
      const old = left.toReversed().flatMap(({ body }) => body.transactions)
      const next = [...old.filter((_, i) => step.keep[i % step.keep.length]), ...step.drafts.map((draft) => this.sign(draft))]
      const joined: Block[] = []
      const share = Math.ceil(next.length / (left.length + 1))
      for (let i = 0; i <= left.length; i++) {
        const block = blockOf(this.valid(next.slice(i * share, (i + 1) * share)), NAMES[step.miner])
        this.connect(block)
        joined.push(block)
      }
      for (const block of left) pool.blockDisconnected(block)
      for (const block of joined) pool.blockConnected(block)
      pool.settle()
      this.listen(old.map(idOf))
    } else {
      const chosen =
        step.do === 'mine'
          ? pool.select(step.maxBytes).map(({ transaction }) => transaction)
          : this.valid(step.drafts.map((draft) => this.sign(draft)))
      const block = blockOf(chosen, NAMES[step.miner])
      this.connect(block)
      pool.blockConnected(block)
      pool.settle()
      if (step.quiet) return
    }
    this.listen([])
  }

  /** @param returned ids of abandoned blocks: each is mined again, pending again, or dropped by name */
  listen(returned: string[]): void {
    const dropped = new Set<string>()
    const mined = new Set(this.chain.flatMap(({ block }) => block.body.transactions.map(idOf)))
    for (const event of this.setting.told()) {
      const id = event.slice(1, 65)
      if (event.startsWith('+')) {
        expect(this.heard.has(id), `${id} added twice`).toBe(false)
        this.heard.add(id)
        dropped.delete(id)
      } else {
        this.heard.delete(id)
        if (!event.endsWith(' mined')) dropped.add(id)
        // However many blocks the pool followed at once.
        if (returned.length === 0 && event.endsWith(' conflict')) expect(mined.has(id), `${id} is mined`).toBe(false)
      }
    }
    const { pool } = this.setting
    for (const id of returned) {
      expect([mined.has(id), pool.get(id) !== undefined, dropped.has(id)].filter(Boolean), `${id} came back`).toHaveLength(1)
    }
    expect(pool.list().filter(({ id }) => mined.has(id))).toEqual([])
    expect(this.heard).toEqual(new Set(pool.list().map(({ id }) => id)))
  }

  check(): void {
    const { pool } = this.setting
    const all = pool.list()
    expect(pool.size).toBe(all.length)
    expect(pool.bytes).toBe(all.reduce((sum, { transaction }) => sum + encodeTransaction(transaction).length, 0))
    expect(pool.size).toBeLessThanOrEqual(LIMITS.maxTransactions)
    expect(pool.bytes).toBeLessThanOrEqual(LIMITS.maxBytes)
    for (const name of NAMES) this.#checkSender(this.builder.account(name), all)
    this.#checkPages(all)
    this.#checkTurns()
    const selected = pool.select(1e6)
    for (const { hash, id } of selected) expect(toHex(hash)).toBe(id)
    const transactions = selected.map(({ transaction }) => transaction)
    expect(transactions).toHaveLength(all.filter(({ ready }) => ready).length)
    const body = { miner: this.builder.account('nobody'), transactions }
    expect(verdict(() => connect(body, 1, this.builder.params, this.accounts))).toBe('added')
  }

  /** Pages of any size are the list, cut. */
  #checkPages(all: PendingTransaction[]): void {
    const { pool } = this.setting
    for (const limit of [1, 3, 100]) {
      const pages: PendingTransaction[] = []
      for (let page = pool.page(limit); page.length > 0; page = pool.page(limit, cursorOf(page.at(-1)!))) {
        expect(page.length).toBeLessThanOrEqual(limit)
        pages.push(...page)
      }
      expect(pages).toEqual(all)
    }
  }

  /** Blocks take nothing before its turn: what a block without limit holds before a transaction has the better turns. */
  #checkTurns(): void {
    const { pool } = this.setting
    const backlog = pool.backlog()
    let bytes = 0
    for (const { id, bytes: own } of pool.select(1e6)) {
      const turn = pool.turnOf(id)!
      // Of equal turns any may be first, wherever each stands among its sender's.
      expect(backlog.bytesBefore({ ...turn, position: 0 })).toBeLessThanOrEqual(bytes)
      bytes += own + 4
    }
    for (const { id, ready } of pool.list()) expect(pool.turnOf(id) !== undefined).toBe(ready)
  }

  #checkSender(key: Uint8Array, all: PendingTransaction[]): void {
    const { pool } = this.setting
    const { balance, nonce } = this.account(key)
    const own = all.filter(({ transaction }) => equalBytes(transaction.sender, key)).sort(byNonce)
    const nonces = own.map(({ transaction }) => transaction.nonce)
    expect(new Set(nonces).size).toBe(nonces.length)
    expect(nonces[0] ?? nonce).toBeGreaterThanOrEqual(nonce)
    const gap = nonces.findIndex((each, i) => each !== nonce + i)
    const run = gap < 0 ? nonces.length : gap
    const costs = own.map(({ transaction: { amount, fee } }) => amount + fee)
    const short = costs.findIndex((_, i) => costs.slice(0, i + 1).reduce((a, b) => a + b) > balance)
    const ready = Math.min(run, short < 0 ? run : short, LIMITS.readyPerSender)
    expect(own.map((entry) => entry.ready)).toEqual(own.map((_, i) => i < ready))
    expect(own.filter(({ ready }) => !ready).length).toBeLessThanOrEqual(LIMITS.gappedPerSender)
    expect(pool.nextNonce(key)).toBe(nonce + run)
    const spent = costs.reduce((a, b) => a + b, 0)
    const toIt = all.filter(({ transaction }) => equalBytes(transaction.recipient, key))
    expect(pool.pendingOf(key)).toBe(toIt.reduce((sum, { transaction }) => sum + transaction.amount, 0) - spent)
  }
}

const byNonce = (a: PendingTransaction, b: PendingTransaction): number => a.transaction.nonce - b.transaction.nonce

test('random payments, blocks, reorganisations and waits', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 10, maxLength: 60 }), (steps) => {
      const model = new Model()
      for (const each of steps) {
        model.run(each)
        if (!('quiet' in each && each.quiet)) model.check()
      }
      model.listen([])
      model.check()
    }),
    { seed: 5, numRuns: 60 },
  )
})
