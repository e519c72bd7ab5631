/**
 * Transactions that passed sanity, their signatures too, before a block brings them: most of what a block holds was
 * pending. What was computed of them then need not be computed again, by whoever finds them here by all of their bytes.
 *
 *   encoded   sender 32 ‖ recipient 32 ‖ amount 8 ‖ fee 8 ‖ nonce 8 ‖ offset of the memo 4 ‖ signature 64 ‖ memo
 *
 * An encoding is canonical, so each field compared is each byte compared, and nobody has to keep the bytes.
 */
import { sha256 } from './hash.ts'
import type { Hex } from './hex.ts'
import { type Block, decodeBlock, encodedBodyIn, HEADER_BYTES, MIN_TRANSACTION_BYTES, type Transaction } from './types.ts'

/** A transaction of this network that passed sanity. */
export interface CheckedTransaction {
  readonly transaction: Transaction
  /** Its id, 32 bytes… */
  readonly hash: Uint8Array
  /** …and as a key of maps. */
  readonly id: Hex
  /** Sender and recipient as keys of maps. */
  readonly from: Hex
  readonly to: Hex
}

/** What is known of the transactions of a body, in order; undefined where nothing is. */
export type Checked = readonly (CheckedTransaction | undefined)[]

/**
 * Finds one by its encoding, whole: what differs from it in a single byte is another.
 * @param bytes that the encoding is in, from `start` to before `end`; these may lie anywhere @default all of them
 */
export type FindChecked = (bytes: Uint8Array, start?: number, end?: number) => CheckedTransaction | undefined

/**
 * What is known of a block from the bytes that it was decoded from: none of it is made again. It is taken unseen: nobody
 * looks whether it is of another block.
 */
export interface Reading {
  /** The block's hash, 32 bytes. */
  hash?: Uint8Array
  /** Its body as SSZ. */
  encodedBody?: Uint8Array
  /** What its transactions were known by then: they are not looked for again. */
  checked?: Checked
}

/** A block as it came; what was known of its transactions is not decoded. */
export interface ReadBlock extends Required<Reading> {
  block: Block
}

/** Decodes a block. The caller bounds the length first. @throws RuleError as `decodeBlock` does */
export function readBlock(encoded: Uint8Array, find: FindChecked): ReadBlock {
  const checked: (CheckedTransaction | undefined)[] = []
  const block = decodeBlock(encoded, (bytes, start, end) => {
    const found = find(bytes, start, end)
    checked.push(found)
    return found?.transaction
  })
  return { block, hash: sha256(encoded.subarray(0, HEADER_BYTES)), encodedBody: encodedBodyIn(encoded), checked }
}

const AMOUNT_AT = 64
const SIGNATURE_AT = 92

/**
 * Whether bytes are what `encodeTransaction` gives of a transaction that has an encoding. Nothing is made to see it, for a
 * block has thousands.
 */
export function isEncodingOf(transaction: Transaction, bytes: Uint8Array, start = 0, end = bytes.length): boolean {
  const { sender, recipient, amount, fee, nonce, memo, signature } = transaction
  return (
    end - start === MIN_TRANSACTION_BYTES + memo.length &&
    hasAt(bytes, start + SIGNATURE_AT, signature) &&
    hasAt(bytes, start, sender) &&
    hasAt(bytes, start + 32, recipient) &&
    hasNumberAt(bytes, start + AMOUNT_AT, amount) &&
    hasNumberAt(bytes, start + AMOUNT_AT + 8, fee) &&
    hasNumberAt(bytes, start + AMOUNT_AT + 16, nonce) &&
    lowAt(bytes, start + AMOUNT_AT + 24) === MIN_TRANSACTION_BYTES &&
    hasAt(bytes, start + MIN_TRANSACTION_BYTES, memo)
  )
}

/**
 * A number of 32 bits that a transaction's encoding, or the transaction, is looked up by: the first of the second half of
 * its signature, which nobody can choose without signing again and again.
 */
export const signatureKey = (signature: Uint8Array): number => lowAt(signature, 32) | 0
export const signatureKeyIn = (bytes: Uint8Array, start = 0): number => lowAt(bytes, start + SIGNATURE_AT + 32) | 0

function hasAt(bytes: Uint8Array, start: number, part: Uint8Array): boolean {
  for (let at = 0; at < part.length; at++) if (bytes[start + at] !== part[at]) return false
  return true
}

const hasNumberAt = (bytes: Uint8Array, at: number, value: number): boolean =>
  lowAt(bytes, at + 4) * 2 ** 32 + lowAt(bytes, at) === value // as types.ts reads it: exact up to 2^53 − 1, else above

/** u32, little-endian; behind the end there are zeros. */
const lowAt = (bytes: Uint8Array, at: number): number =>
  (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0 // of undefined these make 0
