/**
 * A generator of blocks with names, after btcd's `fullblocktests`: a test draws its forks by naming blocks and their
 * parents, and says of each what is unusual about it. Everything else is filled in so that the block is valid, and the
 * same seed gives the same blocks, keys and hashes every time.
 *
 * Needs nothing but the rules themselves; where a test wants a chain it feeds it `path(name)`.
 *
 * @example
 *   //   genesis ── a1 ── a2
 *   //                └── b2 ── b3
 *   const blocks = createBlockBuilder({ seed: 1 })
 *   blocks.block('a1', 'genesis', { miner: 'alice' })
 *   blocks.block('a2', 'a1', { transactions: [{ from: 'alice', to: 'bob', amount: 30, fee: 1 }] })
 *   blocks.block('b2', 'a1', { timestamp: blocks.get('a1').block.header.timestamp + 1 })
 *   blocks.block('b3', 'b2', { mutate: ({ header }) => { header.version = 2 } })
 *   blocks.balances('a2')                            // { alice: 19, bob: 30, miner: 51 }
 */
import { bodyRoot } from '../../src/consensus/block.ts'
import { type Ancestors, nextBits } from '../../src/consensus/difficulty.ts'
import { type Genesis, genesisOf } from '../../src/consensus/genesis.ts'
import { sha256 } from '../../src/consensus/hash.ts'
import { blockHash } from '../../src/consensus/header.ts'
import { type Hex, toHex } from '../../src/consensus/hex.ts'
import { type NetworkParams, networkParams } from '../../src/consensus/params.ts'
import { type KeyPair, keyPair } from '../../src/consensus/signature.ts'
import { fromCompact, hashToNumber } from '../../src/consensus/target.ts'
import { signTransaction } from '../../src/consensus/transaction.ts'
import type { AccountState, Block, Header, Transaction } from '../../src/consensus/types.ts'

/** Tries to find a nonce before a test gives up: far beyond what network `local` (two hashes a block) ever takes. */
const MAX_TRIES = 1_000_000

export interface NamedBlock {
  name: string
  /** Name of the block before; genesis has none. */
  parent: string | undefined
  block: Block
  hash: Uint8Array
  hex: Hex
  height: number
}

/** A payment between names; the nonce is filled in from the ledger where the test does not give one. */
export interface Payment {
  from: string
  to: string
  amount: number
  /** @default 0 */
  fee?: number
  nonce?: number
  /** @default '' */
  memo?: string
}

export interface BlockOptions {
  /** Who is paid. @default 'miner' */
  miner?: string
  /** Payments between names, or transactions as they are. @default [] */
  transactions?: (Payment | Transaction)[]
  /** Timestamp, ms. @default the parent's + the target block time */
  timestamp?: number
  /** Changes the finished block just before it is mined. Whoever changes the body and wants its root calls `bodyRoot`. */
  mutate?: (block: Block) => void
  /** False leaves a nonce that misses the target. @default true */
  mined?: boolean
}

export interface BlockBuilder {
  readonly params: NetworkParams
  readonly genesis: Genesis
  /** Makes and remembers a block; its parent is `genesis` or a block made before. */
  block(name: string, parent: string, options?: BlockOptions): NamedBlock
  /** So many plain blocks on a parent, named `prefix1`, `prefix2`, …; returns the last. */
  blocks(prefix: string, parent: string, count: number, options?: BlockOptions): NamedBlock
  get(name: string): NamedBlock
  /** The name of a block, by its hash. */
  nameOf(hash: Hex): string | undefined
  /** The blocks from height 1 to the named one, in order. */
  path(name: string): NamedBlock[]
  /** What the difficulty rule needs of the named block as a parent. */
  ancestors(name: string): Ancestors
  /** The key pair of a name: always the same for one seed. */
  keys(name: string): KeyPair
  /** The account of a name. */
  account(name: string): Uint8Array
  /** A signed transaction; `at` names the block whose ledger gives the nonce where the payment gives none. */
  pay(payment: Payment, at?: string): Transaction
  /** Every account after the named block, by a replay that shares no code with the rules. */
  ledger(name: string): Map<Hex, AccountState>
  /** The replay's balances under the names that have been used, without the empty ones. */
  balances(name: string): Record<string, number>
}

/** The lowest nonce, from the one it has, that meets (or, with `mined` false, misses) the header's target. */
export function mine(header: Header, mined = true): void {
  const { target } = fromCompact(header.bits)
  for (let tries = 0; tries < MAX_TRIES; tries++, header.nonce++) {
    if (hashToNumber(blockHash(header)) <= target === mined) return
  }
  const bits = header.bits.toString(16)
  throw new Error(`no nonce in ${MAX_TRIES} tries ${mined ? 'meets' : 'misses'} bits ${bits}: use easier bits`)
}

export interface BuilderOptions {
  /** The network. @default network `local` */
  params?: NetworkParams
  /** What the key pairs are made of. @default 0 */
  seed?: number
  /** Amounts that genesis credits to names, besides the allocations of `params`. @default {} */
  funds?: Record<string, number>
}

export function createBlockBuilder(options: BuilderOptions = {}): BlockBuilder {
  const { params: given = networkParams('local'), seed = 0, funds = {} } = options
  const named = new Map<string, NamedBlock>()
  const keyring = new Map<string, KeyPair>()
  const ledgers = new Map<string, Map<Hex, AccountState>>()

  const keys = (name: string): KeyPair => {
    let pair = keyring.get(name)
    if (pair === undefined) {
      pair = keyPair(sha256(new TextEncoder().encode(`${seed}/${name}`)))
      keyring.set(name, pair)
    }
    return pair
  }
  const account = (name: string): Uint8Array => keys(name).publicKey

  const allocations = Object.entries(funds).map(([name, amount]) => ({ account: account(name), amount }))
  const params = { ...given, allocations: [...given.allocations, ...allocations] }
  const genesis = genesisOf(params)

  const get = (name: string): NamedBlock => {
    const found = named.get(name)
    if (found === undefined) throw new Error(`no block is named ${name}; there are ${[...named.keys()].join(', ')}`)
    return found
  }
  const nameOf = (hash: Hex): string | undefined => [...named.values()].find(({ hex }) => hex === hash)?.name
  const path = (name: string): NamedBlock[] => {
    const blocks: NamedBlock[] = []
    for (let at = get(name); at.parent !== undefined; at = get(at.parent)) blocks.push(at)
    return blocks.reverse()
  }
  const ancestors = (name: string): Ancestors => {
    const { block, parent, height } = get(name)
    const { bits, timestamp } = block.header
    return { height, bits, timestamp, parentTimestamp: parent === undefined ? 0 : get(parent).block.header.timestamp }
  }

  // Replays on plain maps, balances as BigInt: slow, obvious, and nothing in common with ledger.ts.
  const replay = (name: string): Map<Hex, AccountState> => {
    const { block, parent, height } = get(name)
    const accounts = new Map<Hex, { balance: bigint; nonce: number }>()
    const of = (key: Uint8Array) => {
      const entry = accounts.get(toHex(key)) ?? { balance: 0n, nonce: 0 }
      accounts.set(toHex(key), entry)
      return entry
    }
    if (parent === undefined) {
      for (const allocation of params.allocations) of(allocation.account).balance += BigInt(allocation.amount)
    } else {
      for (const [key, { balance, nonce }] of ledger(parent)) accounts.set(key, { balance: BigInt(balance), nonce })
      let reward = BigInt(params.subsidy) >> BigInt(Math.floor(height / params.halvingInterval))
      for (const { sender, recipient, amount, fee } of block.body.transactions) {
        of(sender).nonce += 1
        of(sender).balance -= BigInt(amount) + BigInt(fee)
        of(recipient).balance += BigInt(amount)
        reward += BigInt(fee)
      }
      of(block.body.miner).balance += reward
    }
    return new Map([...accounts].map(([key, { balance, nonce }]) => [key, { balance: Number(balance), nonce }]))
  }
  const ledger = (name: string): Map<Hex, AccountState> => {
    const known = ledgers.get(name) ?? replay(name)
    ledgers.set(name, known)
    return known
  }
  const balances = (name: string): Record<string, number> => {
    const after = ledger(name)
    const list = [...keyring.keys()].map((who): [string, number] => [who, after.get(toHex(account(who)))?.balance ?? 0])
    return Object.fromEntries(list.filter(([, balance]) => balance !== 0))
  }

  const sign = ({ from, to, amount, fee = 0, memo = '' }: Payment, nonce: number): Transaction =>
    signTransaction(
      { sender: account(from), recipient: account(to), amount, fee, nonce, memo: new TextEncoder().encode(memo) },
      keys(from),
      genesis.hash,
    )
  const nonceAt = (name: string, who: string): number => ledger(name).get(toHex(account(who)))?.nonce ?? 0
  const pay = (payment: Payment, at = 'genesis'): Transaction =>
    sign(payment, payment.nonce ?? nonceAt(at, payment.from))

  const block = (name: string, parentName: string, options: BlockOptions = {}): NamedBlock => {
    if (named.has(name)) throw new Error(`a block is named ${name} already`)
    const parent = get(parentName)
    const sent = new Map<string, number>()
    const transactions = (options.transactions ?? []).map((given) => {
      if (!('from' in given)) return given
      const nonce = given.nonce ?? nonceAt(parentName, given.from) + (sent.get(given.from) ?? 0)
      sent.set(given.from, (sent.get(given.from) ?? 0) + 1)
      return sign(given, nonce)
    })
    const body = { miner: account(options.miner ?? 'miner'), transactions }
    const header = {
      version: 1,
      height: parent.height + 1,
      parent: parent.hash,
      bodyRoot: bodyRoot(body),
      timestamp: options.timestamp ?? parent.block.header.timestamp + params.targetBlockTimeMs,
      bits: nextBits(ancestors(parentName), params),
      nonce: 0,
    }
    const made = { header, body }
    options.mutate?.(made)
    mine(header, options.mined)
    const hash = blockHash(header)
    const entry = { name, parent: parentName, block: made, hash, hex: toHex(hash), height: parent.height + 1 }
    named.set(name, entry)
    return entry
  }
  const blocks = (prefix: string, parent: string, count: number, options: BlockOptions = {}): NamedBlock => {
    let last = get(parent)
    for (let i = 1; i <= count; i++) last = block(`${prefix}${i}`, last.name, options)
    return last
  }

  const { hash } = genesis
  named.set('genesis', { name: 'genesis', parent: undefined, block: genesis.block, hash, hex: toHex(hash), height: 0 })
  return { params, genesis, block, blocks, get, nameOf, path, ancestors, keys, account, pay, ledger, balances }
}
