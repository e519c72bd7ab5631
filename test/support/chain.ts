/**
 * A chain with its store, as tests want it: blocks go in by name, what is heard comes out as short lines, and after
 * every block the accounts on disk are compared with the block builder's own replay, and their sum with what was issued.
 *
 * @example
 *   const node = openChain(blocks)
 *   expect(await node.add('b3')).toBe('reorganised')
 *   expect(node.heard()).toEqual(['- a2', '+ b2', '+ b3', 'reorg from 1: a2 → b2 b3', 'tip b3'])
 */
import { pino } from 'pino'
import { expect } from 'vitest'
import { Chain, type ChainComponents, type ChainOptions, type Origin } from '../../src/chain/chain.ts'
import { toHex } from '../../src/consensus/hex.ts'
import { RuleError } from '../../src/consensus/errors.ts'
import type { Block } from '../../src/consensus/types.ts'
import { SqliteStore } from '../../src/storage/sqlite-store.ts'
import type { BlockBuilder } from './blocks.ts'
import { dumpOf } from './dump.ts'
import { createManualClock, type ManualClock } from './manual-clock.ts'

export interface TestChain {
  readonly chain: Chain
  readonly store: SqliteStore
  readonly clock: ManualClock
  /** Of the store, for `dumpOf` and `openChain`. */
  readonly path: string
  /** Adds a named block: what came of it, or the code of the rule that it broke. Then audits the accounts. */
  add(name: string, origin?: Origin): Promise<string>
  addAll(...names: string[]): Promise<string[]>
  /** The same for a block without a name. */
  offer(block: Block, origin?: Origin): Promise<string>
  /** Name of the tip. */
  tip(): string
  /** The events since the last call. */
  heard(): string[]
  /** Compares accounts, and their sum, with the builder's replay of the tip. */
  audit(): void
  stop(): Promise<void>
}

export interface TestChainOptions {
  /** @default a fresh one in memory, which `dumpOf` can read too */
  path?: string
  store?: ChainComponents['store']
  /** As `StoreOptions` has it. */
  maxRecentStates?: number
  clock?: ManualClock
  log?: ChainComponents['log']
  findChecked?: ChainComponents['findChecked']
  verifier?: ChainComponents['verifier']
  rest?: ChainComponents['rest']
  chain?: ChainOptions
}

let stores = 0

/** A path in memory that several connections of this process share, for as long as one of them is open. */
export const memoryPath = (): string => `file:test-${(stores += 1)}?mode=memory&cache=shared`

/** Opens a chain on the builder's network and starts it. Its clock stands a day after genesis. */
export function openChain(blocks: BlockBuilder, options: TestChainOptions = {}): TestChain {
  const { params } = blocks
  const path = options.path ?? memoryPath()
  const store = SqliteStore.open(path, params, { maxRecentStates: options.maxRecentStates })
  const clock = options.clock ?? createManualClock(params.genesisTimestamp + 86_400_000)
  const log = options.log ?? pino({ level: 'silent' })
  const { findChecked, verifier, rest } = options
  const chain = new Chain({ params, store: options.store ?? store, clock, log, findChecked, verifier, rest }, options.chain)

  const names = new Map([[toHex(blocks.genesis.hash), 'genesis']])
  const nameOf = (hash: string): string => names.get(hash) ?? blocks.nameOf(hash) ?? hash
  const list = (hashes: string[]): string => hashes.map(nameOf).join(' ')
  const lines: string[] = []
  chain.events.on('block:connected', ({ hash }) => lines.push(`+ ${nameOf(hash)}`))
  chain.events.on('block:disconnected', ({ hash }) => lines.push(`- ${nameOf(hash)}`))
  chain.events.on('chain:reorg', ({ ancestorHeight, disconnected, connected }) =>
    lines.push(`reorg from ${ancestorHeight}: ${list(disconnected)} → ${list(connected)}`),
  )
  chain.events.on('tip:changed', ({ tip }) => lines.push(`tip ${nameOf(tip.hash)}`))

  const issuedBy = (height: number): bigint => {
    let issued = 0n
    for (let at = 1; at <= height; at++) issued += BigInt(params.subsidy) >> BigInt(Math.floor(at / params.halvingInterval))
    return issued
  }
  const audit = (): void => {
    const rows = dumpOf(path).accounts as [string, number, number][] // what its SQL selects
    const accounts = Object.fromEntries(rows.map(([key, balance, nonce]) => [key.toLowerCase(), { balance, nonce }]))
    const replay = [...blocks.ledger(nameOf(chain.tip.hash))].filter(([, { balance, nonce }]) => balance > 0 || nonce > 0)
    expect(accounts).toEqual(Object.fromEntries(replay))
    const sum = Object.values(accounts).reduce((total, { balance }) => total + BigInt(balance), 0n)
    const allocated = params.allocations.reduce((total, { amount }) => total + BigInt(amount), 0n)
    expect(sum, 'sum of all balances = allocated + issued').toBe(allocated + issuedBy(chain.tip.height))
  }
  const offer = async (block: Block, origin: Origin = 'gossip'): Promise<string> => {
    const verdict = await chain.add(block, origin).then(
      (result) => (result.outcome === 'waiting' ? result.code : result.outcome),
      (error: unknown) => {
        if (error instanceof RuleError) return error.code
        throw error
      },
    )
    audit()
    return verdict
  }
  const add = (name: string, origin?: Origin): Promise<string> => {
    const { block, hex } = blocks.get(name)
    names.set(hex, name)
    return offer(block, origin)
  }

  chain.start()
  return {
    chain,
    store,
    clock,
    path,
    add,
    offer,
    async addAll(...wanted) {
      const verdicts: string[] = []
      for (const name of wanted) verdicts.push(await add(name))
      return verdicts
    },
    tip: () => nameOf(chain.tip.hash),
    heard: () => lines.splice(0),
    audit,
    async stop() {
      await chain.stop()
      store.close()
    },
  }
}
