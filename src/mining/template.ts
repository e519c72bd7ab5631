/**
 * The block that a miner works on: everything but the nonce.
 *
 * Its body is what the mempool pays most for, as far as it fits; its timestamp is now, but later than the parent's; its
 * bits are what the difficulty rule asks.
 */
import { bodyRoot } from '../consensus/block.ts'
import { type Ancestors, nextBits } from '../consensus/difficulty.ts'
import { fromHex, type Hex } from '../consensus/hex.ts'
import type { NetworkParams } from '../consensus/params.ts'
import { fromCompact, type Target } from '../consensus/target.ts'
import { type Block, EMPTY_BLOCK_BYTES, type Transaction } from '../consensus/types.ts'

export interface TemplateComponents {
  params: NetworkParams
  /** The block to build on, and what the difficulty rule needs of it as a parent. */
  tip(): { hash: Hex; ancestors: Ancestors }
  /** @param maxBytes room for the body's list of transactions: their bytes, and an SSZ offset of 4 for each */
  select(maxBytes: number): Transaction[]
  /** Milliseconds since the Unix epoch. */
  now(): number
}

export interface Template {
  /** Its nonce is 0; any nonce that brings the hash under the target makes it valid. */
  block: Block
  target: Target
}

/**
 * Builds the next block.
 * @param account whom it pays, 32 bytes
 * @param notBefore least timestamp, ms: a miner asks for a later one each time, so that no header is searched twice
 */
export function template(components: TemplateComponents, account: Uint8Array, notBefore = 0): Template {
  const { params } = components
  const { hash, ancestors } = components.tip()
  const body = { miner: account, transactions: components.select(params.maxBlockBytes - EMPTY_BLOCK_BYTES) }
  const bits = nextBits(ancestors, params)
  const header = {
    version: 1,
    height: ancestors.height + 1,
    parent: fromHex(hash),
    bodyRoot: bodyRoot(body),
    timestamp: Math.max(components.now(), ancestors.timestamp + 1, notBefore),
    bits,
    nonce: 0,
  }
  return { block: { header, body }, target: fromCompact(bits).target }
}
