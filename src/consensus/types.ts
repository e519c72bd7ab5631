/**
 * The shapes of everything that is hashed, signed, sent or stored, and their one encoding: SSZ
 * (https://github.com/ethereum/consensus-specs/blob/master/ssz/simple-serialize.md).
 *
 * Decoding is strict: bytes whose re-encoding differs from them are refused, and so is any u64 above 2^53 − 1, so
 * that each object has exactly one encoding and every number is an exact JavaScript number.
 *
 * Fails with `RuleError` `block-bad-encoding` or `transaction-bad-encoding`.
 */
import { ByteListType, ByteVectorType, ContainerType, ListCompositeType, type Type, UintNumberType } from '@chainsafe/ssz'
import { equalBytes } from './hex.ts'
import { RuleError, type RuleCode } from './errors.ts'
import './hash.ts'

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

/** Bytes of an encoded header, always. */
export const HEADER_BYTES = 92
/** Bytes of the shortest and the longest encoded transaction (memo of 0 and of 256 bytes). */
export const MIN_TRANSACTION_BYTES = 156
export const MAX_TRANSACTION_BYTES = 412
/** Bytes of an encoded block with no transactions: two offsets, the header, the miner. */
export const EMPTY_BLOCK_BYTES = 4 + HEADER_BYTES + 4 + 32

const u32 = new UintNumberType(4)
const u64 = new UintNumberType(8)
const Bytes32 = new ByteVectorType(32)

export const HeaderType = new ContainerType({
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
  memo: new ByteListType(256),
}
/** A transaction without its signature: what is signed, after the genesis hash. */
export const UnsignedTransactionType = new ContainerType(unsigned)
export const TransactionType = new ContainerType({ ...unsigned, signature: new ByteVectorType(64) })

export const BodyType = new ContainerType({
  miner: Bytes32,
  transactions: new ListCompositeType(TransactionType, 65_536),
})
export const BlockType = new ContainerType({ header: HeaderType, body: BodyType })

/** What `bodyRoot` is the root of: ids instead of whole transactions, so an inclusion proof is one short branch. */
export const BodyCommitmentType = new ContainerType({
  miner: Bytes32,
  transactionIds: new ListCompositeType(Bytes32, 65_536),
})

/** The parameters of a network; their root is the body root of its genesis block. Fields: see params.ts. */
export const NetworkParamsType = new ContainerType({
  name: new ByteListType(32),
  targetBlockTimeMs: u64,
  initialBits: u32,
  limitBits: u32,
  halfLifeBlocks: u64,
  maxFutureMs: u64,
  maxBlockBytes: u64,
  subsidy: u64,
  halvingInterval: u64,
  genesisTimestamp: u64,
  allocations: new ListCompositeType(new ContainerType({ account: Bytes32, amount: u64 }), 65_536),
})

export const encodeHeader = (header: Header): Uint8Array => HeaderType.serialize(header)
export const encodeTransaction = (transaction: Transaction): Uint8Array => TransactionType.serialize(transaction)
export const encodeBody = (body: Body): Uint8Array => BodyType.serialize(body)
export const encodeBlock = (block: Block): Uint8Array => BlockType.serialize(block)

/** 92 bytes to a header. */
export const decodeHeader = (bytes: Uint8Array): Header => decode(HeaderType, bytes, 'block-bad-encoding', headerNumbers)
/** 156 to 412 bytes to a transaction. */
export const decodeTransaction = (bytes: Uint8Array): Transaction =>
  decode(TransactionType, bytes, 'transaction-bad-encoding', transactionNumbers)
export const decodeBody = (bytes: Uint8Array): Body => decode(BodyType, bytes, 'block-bad-encoding', bodyNumbers)
/** The caller bounds the length first: `maxBlockBytes`. */
export const decodeBlock = (bytes: Uint8Array): Block =>
  decode(BlockType, bytes, 'block-bad-encoding', (block) => [...headerNumbers(block.header), ...bodyNumbers(block.body)])

const headerNumbers = (header: Header): number[] => [header.timestamp, header.nonce]
const transactionNumbers = (transaction: Transaction): number[] => [transaction.amount, transaction.fee, transaction.nonce]
const bodyNumbers = (body: Body): number[] => body.transactions.flatMap(transactionNumbers)

function decode<T>(type: Type<T>, bytes: Uint8Array, code: RuleCode, u64sOf: (value: T) => number[]): T {
  let value: T
  try {
    value = type.deserialize(bytes)
  } catch (error) {
    throw new RuleError(code, `not an SSZ ${code.startsWith('block') ? 'block' : 'transaction'} (${(error as Error).message})`)
  }
  for (const number of u64sOf(value)) {
    if (number > MAX_U64) throw new RuleError(code, `a number of ${number} is above 2^53 − 1`)
  }
  if (!equalBytes(type.serialize(value), bytes)) throw new RuleError(code, 'encoding the decoded value gives other bytes')
  return value
}
