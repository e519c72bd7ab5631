/** Why the chain cannot work at all: nothing that judges a block. */
import type { Hex } from '../consensus/hex.ts'

/**
 * - `chain-not-running`: before `start`, or (for `add`) once `stop` was called.
 * - `chain-wrong-genesis`: the store holds another network's chain.
 * - `chain-damaged-store`: the store lost a block that it should have.
 */
export type ChainErrorCode = 'chain-not-running' | 'chain-wrong-genesis' | 'chain-damaged-store'

export class ChainError extends Error {
  override readonly name = 'ChainError'
  readonly code: ChainErrorCode

  constructor(code: ChainErrorCode, message: string) {
    super(`${code}: ${message}`)
    this.code = code
  }
}

/** The error for a block that the index knows and the store does not. */
export const notStored = (hash: Hex): ChainError =>
  new ChainError(
    'chain-damaged-store',
    `block ${hash} is missing from the store; move the chain’s file away and start again, peers have the chain`,
  )
