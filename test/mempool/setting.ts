/**
 * A mempool on a ledger that tests set by hand, with named senders and a clock that stands still.
 */
import pino from 'pino'
import { networkParams } from '../../src/consensus/params.ts'
import { toHex, type Hex } from '../../src/consensus/hex.ts'
import { NEW_ACCOUNT } from '../../src/consensus/ledger.ts'
import type { AccountState, Block, Transaction } from '../../src/consensus/types.ts'
import { type MempoolLimits, PolicyError } from '../../src/mempool/policy.ts'
import type { RemovalReason } from '../../src/mempool/mempool-events.ts'
import { Mempool } from '../../src/mempool/pool.ts'
import { RuleError } from '../../src/consensus/errors.ts'
import { type BlockBuilder, createBlockBuilder, type Payment } from '../support/blocks.ts'

/** Of all files of a process, so it makes no blocks. */
export const builder: Omit<BlockBuilder, 'block' | 'blocks'> = createBlockBuilder({ params: networkParams('local'), seed: 7 })

export interface Setting {
  pool: Mempool
  ledger: Map<Hex, AccountState>
  now: number
  /** Sets an account of the ledger. */
  fund(name: string, balance: number, nonce?: number): void
  /** A signed payment of `from` with a nonce: 1 unit to bob unless told otherwise. */
  pay(from: string, nonce: number, payment?: Partial<Payment>): Transaction
  /** Adds payments and gives their ids. */
  add(...transactions: Transaction[]): Hex[]
  /** What happened since the last call, once the pool has followed its blocks: `+id` added, `-id reason` removed. */
  told(): string[]
}

export function createSetting(limits: Partial<MempoolLimits> = {}): Setting {
  const ledger = new Map<Hex, AccountState>()
  const events: string[] = []
  const pool = new Mempool(
    {
      genesisHash: builder.genesis.hash,
      account: (key) => ledger.get(toHex(key)) ?? NEW_ACCOUNT,
      now: () => setting.now,
      log: pino({ level: 'silent' }),
    },
    limits,
  )
  pool.events.on('transaction:added', ({ pending, origin }) => events.push(`+${pending.id} ${origin}`))
  pool.events.on('transaction:removed', ({ id, reason }) => events.push(`-${id} ${reason}`))
  const setting: Setting = {
    pool,
    ledger,
    now: 1_000_000,
    fund: (name, balance, nonce = 0) => void ledger.set(toHex(builder.account(name)), { balance, nonce }),
    pay: (from, nonce, payment = {}) => builder.pay({ from, to: 'bob', amount: 1, nonce, ...payment }),
    add: (...transactions) => transactions.map((transaction) => pool.add(transaction, 'gossip').id),
    told: () => {
      pool.follow()
      return events.splice(0)
    },
  }
  return setting
}

/** A block as the pool sees it: its header does not matter. */
export const blockOf = (transactions: Transaction[], miner = 'miner'): Block => ({
  header: builder.genesis.block.header,
  body: { miner: builder.account(miner), transactions },
})

/** The code that a call is refused with, or `added`. */
export function verdict(call: () => unknown): string {
  try {
    call()
    return 'added'
  } catch (error) {
    if (error instanceof PolicyError || error instanceof RuleError) return error.code
    throw error
  }
}

export const removed = (id: Hex, reason: RemovalReason): string => `-${id} ${reason}`
