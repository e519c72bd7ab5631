/**
 * The least that a miner can build on: a chain of real headers under the real header rules, in memory, with one branch.
 */
import { checkBlock } from '../../src/consensus/block.ts'
import { genesisOf } from '../../src/consensus/genesis.ts'
import { blockHash, checkHeaderContext } from '../../src/consensus/header.ts'
import { type Hex, toHex } from '../../src/consensus/hex.ts'
import { type NetworkParams, networkParams } from '../../src/consensus/params.ts'
import { transactionId } from '../../src/consensus/transaction.ts'
import { type Block, encodeTransaction, type Transaction } from '../../src/consensus/types.ts'
import pino from 'pino'
import type { Miner, MiningComponents } from '../../src/mining/miner.ts'
import type { Selected } from '../../src/mining/template.ts'

/** Bits that no test will ever find a nonce for: about 2^80 hashes. */
export const HOPELESS_BITS = 0x1700_ffff

export interface TestChain {
  params: NetworkParams
  /** From genesis to the tip. */
  blocks: Block[]
  /** Pending transactions, which `select` gives as far as there is room. */
  pending: Transaction[]
  /** Makes a transaction pending, and tells a miner of it as a node does. */
  send(transaction: Transaction, miner: Pick<Miner, 'transactionAdded'>): void
  /** What the clock shows, ms. */
  now: number
  components: MiningComponents
}

/** @param overrides of network `local`: two hashes a block */
export function createChain(overrides: Partial<NetworkParams> = {}): TestChain {
  const params = { ...networkParams('local'), ...overrides }
  const tip = (): Block => chain.blocks.at(-1)!
  const ancestors = () => {
    const { height, bits, timestamp } = tip().header
    return { height, bits, timestamp, parentTimestamp: chain.blocks.at(-2)?.header.timestamp ?? 0 }
  }
  const add = async (block: Block): Promise<{ outcome: string; hash: Hex }> => {
    const hash = blockHash(block.header)
    checkBlock(block, hash, params)
    if (toHex(block.header.parent) !== toHex(blockHash(tip().header))) return { outcome: 'side-branch', hash: toHex(hash) }
    checkHeaderContext(block.header, ancestors(), params, chain.now)
    chain.blocks.push(block)
    return { outcome: 'connected', hash: toHex(hash) }
  }
  const chain: TestChain = {
    params,
    blocks: [genesisOf(params).block],
    pending: [],
    send(transaction, miner) {
      chain.pending.push(transaction)
      miner.transactionAdded(transaction.fee)
    },
    now: params.genesisTimestamp + 1_000_000,
    components: {
      params,
      tip: () => ({ hash: toHex(blockHash(tip().header)), ancestors: ancestors() }),
      select: (maxBytes) => {
        let room = maxBytes
        return chain.pending.map(selectedOf).filter(({ bytes }) => (room -= 4 + bytes) >= 0)
      },
      add,
      now: () => chain.now,
      log: pino({ level: 'silent' }),
    },
  }
  return chain
}

export const selectedOf = (transaction: Transaction): Selected => ({
  transaction,
  hash: transactionId(transaction),
  bytes: encodeTransaction(transaction).length,
})
