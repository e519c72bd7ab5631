/**
 * A block's body as its bytes (PROTOCOL.md, part 1), taken apart as far as one may change it by hand: who is paid for
 * mining it, and the amounts. What is changed is written into the bytes, so whatever else they hold stays as it is.
 *
 *   body          miner (32) ‖ offset (4) ‖ offsets of the transactions (4 each) ‖ transactions
 *   transaction   sender (32) ‖ recipient (32) ‖ amount ‖ fee ‖ nonce (8 each) ‖ offset (4) ‖ signature (64) ‖ memo
 *   body root     hash of miner ‖ hash of (root of the ids, 16 levels) ‖ (how many there are)
 *
 * Tests hold all of it to the rules' own encodings and roots.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, concatBytes } from '@noble/hashes/utils.js'
import { HEADER_BYTES } from './header-bytes.ts'

export interface BodyTransaction {
  /** Its bytes. */
  encoded: Uint8Array
  /** Accounts, 32 bytes each. */
  sender: Uint8Array
  recipient: Uint8Array
  amount: number
  fee: number
}

export interface BodyParts {
  /** 32 bytes. */
  miner: Uint8Array
  transactions: BodyTransaction[]
}

const OFFSET_BYTES = 4
/** In an encoded block, the body follows the header and an offset. */
const BODY_AT = HEADER_BYTES + OFFSET_BYTES
/** In an encoded body, the list follows the miner and an offset. */
const LIST_AT = 32 + OFFSET_BYTES
const AMOUNT_AT = 64
const FEE_AT = 72
/** Levels of the tree of ids: a block has at most 65 536. */
const TREE_LEVELS = 16

/** @param block encoded, as the node gave it */
export const bodyIn = (block: Uint8Array): Uint8Array => block.subarray(BODY_AT)

/** @param body encoded, as the node gave it */
export function readBody(body: Uint8Array): BodyParts {
  const list = body.subarray(LIST_AT)
  const view = new DataView(list.buffer, list.byteOffset, list.byteLength)
  const count = list.length === 0 ? 0 : view.getUint32(0, true) / OFFSET_BYTES // the first follows the last offset
  const transactions = Array.from({ length: count }, (_, at) => {
    const end = at + 1 < count ? view.getUint32(OFFSET_BYTES * (at + 1), true) : list.length
    return readTransaction(list.subarray(view.getUint32(OFFSET_BYTES * at, true), end))
  })
  return { miner: body.subarray(0, 32), transactions }
}

function readTransaction(encoded: Uint8Array): BodyTransaction {
  const view = new DataView(encoded.buffer, encoded.byteOffset, encoded.byteLength)
  return {
    encoded,
    sender: encoded.subarray(0, 32),
    recipient: encoded.subarray(32, 64),
    amount: Number(view.getBigUint64(AMOUNT_AT, true)),
    fee: Number(view.getBigUint64(FEE_AT, true)),
  }
}

/** The transaction with another amount, and the signature that it had. */
export function withAmount(transaction: BodyTransaction, amount: number): BodyTransaction {
  const encoded = transaction.encoded.slice()
  new DataView(encoded.buffer).setBigUint64(AMOUNT_AT, BigInt(amount), true)
  return { ...transaction, encoded, amount }
}

/** Bytes of a block, which the node takes as it is. */
export function encodeBlock(header: Uint8Array, { miner, transactions }: BodyParts): Uint8Array {
  const encoded = transactions.map((transaction) => transaction.encoded)
  const offsets = new Uint8Array(OFFSET_BYTES * encoded.length)
  const view = new DataView(offsets.buffer)
  let next = offsets.length
  for (const [at, { length }] of encoded.entries()) {
    view.setUint32(OFFSET_BYTES * at, next, true)
    next += length
  }
  return concatBytes(header, offset(BODY_AT), miner, offset(LIST_AT), offsets, ...encoded)
}

/** What the header must have as its body root: 64 hex digits. */
export function bodyRootOf({ miner, transactions }: BodyParts): string {
  let level = transactions.map(({ encoded }) => sha256(encoded))
  let zero = new Uint8Array(32)
  for (let height = 0; height < TREE_LEVELS; height += 1) {
    const [below, beyond] = [level, zero]
    level = Array.from({ length: Math.ceil(below.length / 2) }, (_, pair) =>
      hashPair(below[2 * pair] ?? beyond, below[2 * pair + 1] ?? beyond))
    zero = hashPair(zero, zero)
  }
  const length = new Uint8Array(32)
  new DataView(length.buffer).setUint32(0, transactions.length, true)
  return bytesToHex(hashPair(miner, hashPair(level[0] ?? zero, length)))
}

const hashPair = (left: Uint8Array, right: Uint8Array): Uint8Array<ArrayBuffer> => sha256(concatBytes(left, right))

function offset(value: number): Uint8Array {
  const bytes = new Uint8Array(OFFSET_BYTES)
  new DataView(bytes.buffer).setUint32(0, value, true)
  return bytes
}
