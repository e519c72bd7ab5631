/**
 * The proof that a transaction is in a block, as a JSON document that whoever has it can check by himself, with no node
 * and no chain. This module makes one; verify-proof.ts checks it. PROTOCOL.md part 8 is its text.
 *
 *   transaction ─ id ─┐
 *                     ├─ 18 hashes ─ bodyRoot ─ header ─ its hash shows its work
 *                     branch                      └─ the headers after it, each on the one before, each with its work
 *
 * Header and transaction are there twice: as SSZ, which is what is proven, and field by field, for people and programs
 * that only read. The check holds the fields to the bytes.
 *
 * @example
 *   const proof = makeProof({ network: 'lan', genesis, header, encodedBody, position: 3, confirmations: 7, following })
 *   JSON.stringify(proof)
 */
import { toAddress } from './account.ts'
import { branchTo } from './body-root.ts'
import { blockHash } from './header.ts'
import { type Hex, toHex } from './hex.ts'
import { sha256 } from './hash.ts'
import type { HeaderFields, Proof, ProofFormat, ProofHeader, ProofTransaction, TransactionFields } from './proof-document.ts'
import { transactionId } from './transaction.ts'
import { decodeTransaction, encodedTransactions, encodeHeader, encodeTransaction, type Header, minerIn, type Transaction } from './types.ts'

export type { Proof, ProofHeader, ProofTransaction } from './proof-document.ts'

/** Says what the document is, and by which rules it is checked. */
export const PROOF_FORMAT: ProofFormat = 'cairn-proof-1'

/** Headers that a proof may hold besides its block's: some hours of blocks. */
export const MAX_PROOF_HEADERS = 1_000

export interface ProofParts {
  /** Name. */
  network: string
  /** Hash of block 0, 32 bytes. */
  genesis: Uint8Array
  header: Header
  /** The header's body as SSZ. */
  encodedBody: Uint8Array
  /** Of the transaction, in the body. */
  position: number
  confirmations: number
  /** Headers of the best chain after the block's, in order; at most `MAX_PROOF_HEADERS`. */
  following: readonly Header[]
}

/** A proof of what a chain holds. The parts are taken as they are: one that does not fit gives a proof that is refused. */
export function makeProof({ network, genesis, header, encodedBody, position, confirmations, following }: ProofParts): Proof {
  const encoded = encodedTransactions(encodedBody)
  const transaction = encoded[position]
  if (transaction === undefined) throw new Error(`a body of ${encoded.length} transactions has none at ${position}`)
  return {
    format: PROOF_FORMAT,
    network,
    genesis: toHex(genesis),
    height: header.height,
    hash: toHex(blockHash(header)),
    header: showHeader(header),
    transaction: showTransaction(decodeTransaction(transaction)),
    position,
    branch: branchTo(position, encoded.map(sha256), minerIn(encodedBody)).map(toHex),
    confirmations,
    headers: following.map((each) => toHex(encodeHeader(each))),
  }
}

/** A header as people and programs read it. */
export const headerFields = (header: Header): HeaderFields => ({
  version: header.version,
  height: header.height,
  parent: toHex(header.parent),
  bodyRoot: toHex(header.bodyRoot),
  timestamp: header.timestamp,
  bits: header.bits.toString(16).padStart(8, '0'),
  nonce: header.nonce,
})

/** A transaction as people and programs read it. */
export const transactionFields = (transaction: Transaction, id: Hex = toHex(transactionId(transaction))): TransactionFields => ({
  id,
  sender: toAddress(transaction.sender),
  recipient: toAddress(transaction.recipient),
  amount: transaction.amount,
  fee: transaction.fee,
  nonce: transaction.nonce,
  memo: textOf(transaction.memo),
  signature: toHex(transaction.signature),
})

/** A header as a proof has it. */
export const showHeader = (header: Header): ProofHeader => ({ ...headerFields(header), ssz: toHex(encodeHeader(header)) })

/** A transaction as a proof has it. */
export const showTransaction = (transaction: Transaction): ProofTransaction =>
  ({ ...transactionFields(transaction), ssz: toHex(encodeTransaction(transaction)) })

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function textOf(memo: Uint8Array): string | null {
  try {
    return utf8.decode(memo)
  } catch {
    return null
  }
}
