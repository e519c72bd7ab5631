/**
 * The shape of a proof that a transaction is in a block: see proof.ts, which makes one. It stands alone, for it is part of
 * what the client gives, and a page's compiler should not meet the encodings behind it.
 */
import type { Hex } from './hex.ts'

export type ProofFormat = 'cairn-proof-1'

/** Hashes and ids are 64 lower-case hex digits, accounts `cairn1…`, times ms since the Unix epoch, `ssz` lower-case hex. */
export interface Proof {
  format: ProofFormat
  /** Name of the network; the genesis hash is what is signed. */
  network: string
  genesis: Hex
  /** Of the block that holds the transaction. */
  height: number
  hash: Hex
  header: ProofHeader
  transaction: ProofTransaction
  /** Index in the block's body. */
  position: number
  /** What leads from the transaction's id to the header's `bodyRoot`, from the leaf upwards. */
  branch: Hex[]
  /** Blocks of the chain from this one on, as the node counted them: its word, where `headers` has fewer. */
  confirmations: number
  /** The headers after the block's, as SSZ. */
  headers: Hex[]
}

/** A header field by field. */
export interface HeaderFields {
  version: number
  height: number
  parent: Hex
  bodyRoot: Hex
  timestamp: number
  /** Compact target, 8 hex digits. */
  bits: Hex
  nonce: number
}

export interface ProofHeader extends HeaderFields {
  ssz: Hex
}

/** A transaction field by field. */
export interface TransactionFields {
  id: Hex
  sender: string
  recipient: string
  amount: number
  fee: number
  nonce: number
  /** The memo as text where it is UTF-8, else null. */
  memo: string | null
  /** 128 hex digits. */
  signature: Hex
}

export interface ProofTransaction extends TransactionFields {
  ssz: Hex
}
