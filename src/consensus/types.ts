/**
 * The shapes of everything that is hashed, signed, sent or stored, and their one encoding: SSZ
 * (https://github.com/ethereum/consensus-specs/blob/master/ssz/simple-serialize.md).
 *
 * Decoding is strict: bytes whose re-encoding differs from them are refused, and so is any u64 above 2^53 − 1, so
 * that each object has exactly one encoding and every number is an exact JavaScript number. Whatever comes is read by hand:
 * there every border is looked at, so that nothing is encoded again. What was never bytes (out of JSON, or of a template) is
 * held to the same by `misfitOf…`, which the sanity rules ask: SSZ would write −1, or a key of 33 bytes, as something else.
 *
 * Fails with `RuleError` `block-bad-encoding` or `transaction-bad-encoding`.
 */
import { RuleError, type RuleCode } from './errors.ts'
import { byteList, byteVector, Container, listOf, u32, u64 } from './ssz.ts'

/** The block's promise: 92 bytes, all that proof of work is done on. */
export interface Header {
  /** Always 1. u32. */
  version: number
  /** Number of blocks before this one; genesis is 0. u32. */
  height: number
  /** Hash of the block before, 32 bytes. */
  parent: Uint8Array
  /** Commits to the body, 32 bytes; see `bodyRoot` in block.ts. */
  bodyRoot: Uint8Array
  /** When the miner says it made it: milliseconds since the Unix epoch. u64 ≤ 2^53 − 1. */
  timestamp: number
  /** The target as Bitcoin's compact `nBits`. u32. */
  bits: number
  /** What the miner varies. u64 ≤ 2^53 − 1. */
  nonce: number
}

/** A signed payment. */
export interface Transaction {
  /** Ed25519 public key that pays and signs, 32 bytes. */
  sender: Uint8Array
  /** Ed25519 public key that is paid, 32 bytes. */
  recipient: Uint8Array
  /** Units paid to the recipient. u64 ≤ 2^53 − 1. */
  amount: number
  /** Units paid to the miner. u64 ≤ 2^53 − 1. */
  fee: number
  /** How many transactions of this sender came before. u64 ≤ 2^53 − 1. */
  nonce: number
  /** Anything, by custom UTF-8 text; 0 to 256 bytes. */
  memo: Uint8Array
  /** Ed25519 signature, 64 bytes; see transaction.ts for what is signed. */
  signature: Uint8Array
}

/** What a block carries. */
export interface Body {
  /** Account that is paid the subsidy and the fees, 32 bytes. */
  miner: Uint8Array
  /** In the order in which they apply. */
  transactions: Transaction[]
}

export interface Block {
  header: Header
  body: Body
}

/** One account of the ledger. An account that nobody ever paid is `{ balance: 0, nonce: 0 }`. */
export interface AccountState {
  /** Units owned. */
  balance: number
  /** Transactions sent so far: the nonce that its next transaction must have. */
  nonce: number
}

/** Largest u64 that Cairn accepts: 2^53 − 1, so that every number is exact in JSON and in JavaScript. */
export const MAX_U64 = Number.MAX_SAFE_INTEGER
const MAX_U32 = 0xffff_ffff

/** Bytes that a memo may have. */
export const MAX_MEMO_BYTES = 256
/** Transactions that a body may list; `maxBlockBytes` is always reached first. */
export const MAX_BODY_TRANSACTIONS = 65_536
/** Accounts that genesis may credit. */
export const MAX_ALLOCATIONS = 65_536

/** Bytes of an encoded header, always. */
export const HEADER_BYTES = 92
/** Bytes of the shortest and the longest encoded transaction (memo of 0 and of 256 bytes). */
export const MIN_TRANSACTION_BYTES = 156
export const MAX_TRANSACTION_BYTES = 412
/** Bytes of an encoded block with no transactions: the header, an offset, the miner, an offset. */
export const EMPTY_BLOCK_BYTES = HEADER_BYTES + 4 + 32 + 4
/** Where the body begins in an encoded block: after the header and an offset. */
export const BODY_AT = HEADER_BYTES + 4
/** Where the list of transactions begins in an encoded body: after the miner and an offset. */
const BODY_LIST_AT = 32 + 4
/** Where an encoded transaction has its fee: after sender, recipient and amount. */
const FEE_AT = 32 + 32 + 8
/** Where it has the offset of its memo: after fee and nonce, before the signature. */
const MEMO_OFFSET_AT = FEE_AT + 8 + 8

const Bytes32 = byteVector(32)

export const HeaderType = new Container({
  version: u32,
  height: u32,
  parent: Bytes32,
  bodyRoot: Bytes32,
  timestamp: u64,
  bits: u32,
  nonce: u64,
})

const unsigned = {
  sender: Bytes32,
  recipient: Bytes32,
  amount: u64,
  fee: u64,
  nonce: u64,
  memo: byteList(MAX_MEMO_BYTES),
}
/** A transaction without its signature: what is signed, after the genesis hash. */
export const UnsignedTransactionType = new Container(unsigned)
export const TransactionType = new Container({ ...unsigned, signature: byteVector(64) })

export const BodyType = new Container({
  miner: Bytes32,
  transactions: listOf(TransactionType, MAX_BODY_TRANSACTIONS),
})
export const BlockType = new Container({ header: HeaderType, body: BodyType })

/** What `bodyRoot` is the root of: ids instead of whole transactions, so an inclusion proof is one short branch. */
export const BodyCommitmentType = new Container({
  miner: Bytes32,
  transactionIds: listOf(Bytes32, MAX_BODY_TRANSACTIONS),
})

/** The parameters of a network; their root is the body root of its genesis block. Fields: see params.ts. */
export const NetworkParamsType = new Container({
  name: byteList(32),
  targetBlockTimeMs: u64,
  initialBits: u32,
  limitBits: u32,
  halfLifeBlocks: u64,
  maxFutureMs: u64,
  maxBlockBytes: u64,
  subsidy: u64,
  halvingInterval: u64,
  genesisTimestamp: u64,
  allocations: listOf(new Container({ account: Bytes32, amount: u64 }), MAX_ALLOCATIONS),
})

export const encodeHeader = (header: Header): Uint8Array => HeaderType.serialize(header)
export const encodeTransaction = (transaction: Transaction): Uint8Array => TransactionType.serialize(transaction)
export const encodeBody = (body: Body): Uint8Array => BodyType.serialize(body)
export const encodeBlock = (block: Block): Uint8Array => BlockType.serialize(block)

/**
 * The encoded body in an encoded block, as a view: whoever decodes a block has its body's encoding, and need not make it.
 * @param encodedBlock that `decodeBlock` has taken
 */
export const encodedBodyIn = (encodedBlock: Uint8Array): Uint8Array => encodedBlock.subarray(BODY_AT)

/**
 * The transactions in an encoded body, in order, each as the view of its own encoding: what ids are hashed of, with
 * nothing encoded twice.
 * @param encodedBody from `encodeBody`, or decoded before: its offsets are not checked again
 */
export function encodedTransactions(encodedBody: Uint8Array): Uint8Array[] {
  const { buffer, byteOffset, length } = encodedBody.subarray(BODY_LIST_AT)
  if (length === 0) return []
  const offsets = new DataView(buffer, byteOffset, length)
  const count = offsets.getUint32(0, true) / 4 // the first transaction follows the last offset
  const startOf = (at: number): number => (at < count ? offsets.getUint32(4 * at, true) : length)
  return Array.from({ length: count }, (_, at) => new Uint8Array(buffer, byteOffset + startOf(at), startOf(at + 1) - startOf(at)))
}

/** The account that an encoded body pays, as a view. */
export const minerIn = (encodedBody: Uint8Array): Uint8Array => encodedBody.subarray(0, 32)

/** What an encoded transaction pays to the miner, units. */
export const feeIn = (encoded: Uint8Array): number =>
  Number(new DataView(encoded.buffer, encoded.byteOffset, encoded.length).getBigUint64(FEE_AT, true)) // checked when it was decoded: ≤ 2^53 − 1

/** 92 bytes to a header of copies. Every one of them is read: nothing else encodes to these bytes. */
export function decodeHeader(bytes: Uint8Array): Header {
  if (bytes.length !== HEADER_BYTES) throw unreadable(`a header of ${bytes.length} bytes`)
  const view = viewOf(bytes)
  const own = plain(bytes)
  return {
    version: view.getUint32(0, true),
    height: view.getUint32(4, true),
    parent: own.slice(8, 40),
    bodyRoot: own.slice(40, 72),
    timestamp: readU64(view, 72),
    bits: view.getUint32(80, true),
    nonce: readU64(view, 84),
  }
}
/** 156 to 412 bytes to a transaction of copies, read as those in a body are. */
export const decodeTransaction = (bytes: Uint8Array): Transaction =>
  readTransaction(plain(bytes), viewOf(bytes), 0, bytes.length, 'transaction-bad-encoding')
/** The transaction between two places, wherever these are, if it is known. */
type KnownAt = (bytes: Uint8Array, start: number, end: number) => Transaction | undefined
/** The caller bounds the length first: `maxBlockBytes`. @param known as `decodeBody` has it */
export function decodeBlock(bytes: Uint8Array, known?: KnownAt): Block {
  const header = decodeHeader(bytes.subarray(0, HEADER_BYTES))
  if (bytes.length < BODY_AT) throw unreadable(`a block of ${bytes.length} bytes`)
  checkOffset(viewOf(bytes), HEADER_BYTES, BODY_AT)
  return { header, body: decodeBody(encodedBodyIn(bytes), known) }
}

/** A body of copies, and of what `known` has by its encoding; every border is looked at: nothing else encodes to these bytes. */
export function decodeBody(encoded: Uint8Array, known?: KnownAt): Body {
  const view = viewOf(encoded)
  const bytes = plain(encoded)
  if (bytes.length < BODY_LIST_AT) throw unreadable(`a body of ${bytes.length} bytes`)
  checkOffset(view, 32, BODY_LIST_AT)
  const body: Body = { miner: bytes.slice(0, 32), transactions: [] }
  if (bytes.length === BODY_LIST_AT) return body
  // The first transaction follows the last offset.
  const count = bytes.length < BODY_LIST_AT + 4 ? 0 : view.getUint32(BODY_LIST_AT, true) / 4
  let start = BODY_LIST_AT + 4 * count
  const isList = Number.isInteger(count) && count > 0 && count <= MAX_BODY_TRANSACTIONS && start <= bytes.length
  if (!isList) throw unreadable(`a list of ${count} transactions in ${bytes.length} bytes`)
  for (let at = 1; at <= count; at++) {
    const end = at < count ? BODY_LIST_AT + view.getUint32(BODY_LIST_AT + 4 * at, true) : bytes.length
    body.transactions.push(known?.(bytes, start, end) ?? readTransaction(bytes, view, start, end, 'block-bad-encoding'))
    start = end
  }
  return body
}

/** @param bytes `plain` */
function readTransaction(bytes: Uint8Array, view: DataView, start: number, end: number, code: RuleCode): Transaction {
  const memoAt = start + MIN_TRANSACTION_BYTES
  if (end < memoAt || end > memoAt + MAX_MEMO_BYTES || end > bytes.length) throw unreadable(`a transaction of ${end - start} bytes`, code)
  checkOffset(view, start + MEMO_OFFSET_AT, MIN_TRANSACTION_BYTES, code)
  return {
    sender: bytes.slice(start, start + 32),
    recipient: bytes.slice(start + 32, start + 64),
    amount: readU64(view, start + 64, code),
    fee: readU64(view, start + FEE_AT, code),
    nonce: readU64(view, start + FEE_AT + 8, code),
    memo: bytes.slice(memoAt, end),
    signature: bytes.slice(start + MEMO_OFFSET_AT + 4, memoAt),
  }
}

function readU64(view: DataView, at: number, code: RuleCode = 'block-bad-encoding'): number {
  const value = view.getUint32(at + 4, true) * 2 ** 32 + view.getUint32(at, true) // exact up to 2^53 − 1, else at least 2^53
  if (value > MAX_U64) throw unreadable(`a number at byte ${at} above ${MAX_U64}`, code)
  return value
}

function checkOffset(view: DataView, at: number, offset: number, code: RuleCode = 'block-bad-encoding'): void {
  if (view.getUint32(at, true) !== offset) throw unreadable(`the offset at byte ${at} is not ${offset}`, code)
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
/** The same bytes, and no Buffer: its slices would be no copies. */
const plain = (bytes: Uint8Array): Uint8Array => new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
const unreadable = (found: string, code: RuleCode = 'block-bad-encoding'): RuleError => new RuleError(code, `not SSZ of its type: ${found}`)

/** Why a header has no encoding, or undefined where it has one. */
export const misfitOfHeader = (header: Header): string | undefined =>
  misfitOfNumber('version', header.version, MAX_U32) ??
  misfitOfNumber('height', header.height, MAX_U32) ??
  misfitOfBytes('parent', header.parent, 32) ??
  misfitOfBytes('bodyRoot', header.bodyRoot, 32) ??
  misfitOfNumber('timestamp', header.timestamp, MAX_U64) ??
  misfitOfNumber('bits', header.bits, MAX_U32) ??
  misfitOfNumber('nonce', header.nonce, MAX_U64)

/** Why a transaction has no encoding, or undefined where it has one. */
export const misfitOfTransaction = (transaction: Transaction): string | undefined =>
  misfitOfBytes('sender', transaction.sender, 32) ??
  misfitOfBytes('recipient', transaction.recipient, 32) ??
  misfitOfNumber('amount', transaction.amount, MAX_U64) ??
  misfitOfNumber('fee', transaction.fee, MAX_U64) ??
  misfitOfNumber('nonce', transaction.nonce, MAX_U64) ??
  misfitOfList('memo', transaction.memo, MAX_MEMO_BYTES) ??
  misfitOfBytes('signature', transaction.signature, 64)

/** Why a body has no encoding, or undefined where it has one. */
export function misfitOfBody({ miner, transactions }: Body): string | undefined {
  const misfit = misfitOfBytes('miner', miner, 32) ?? misfitOfList('transactions', transactions, MAX_BODY_TRANSACTIONS)
  if (misfit !== undefined) return misfit
  for (const transaction of transactions) {
    const misfit = misfitOfTransaction(transaction)
    if (misfit !== undefined) return misfit
  }
  return undefined
}

const misfitOfNumber = (field: string, value: number, most: number): string | undefined =>
  Number.isInteger(value) && value >= 0 && value <= most ? undefined : `${field} ${value} is not a whole number from 0 to ${most}`

const misfitOfBytes = (field: string, bytes: Uint8Array, length: number): string | undefined =>
  bytes.length === length ? undefined : `${field} of ${bytes.length} bytes instead of ${length}`

const misfitOfList = (field: string, list: ArrayLike<unknown>, most: number): string | undefined =>
  list.length <= most ? undefined : `${field} of length ${list.length}, at most ${most}`
