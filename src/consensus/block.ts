/**
 * Blocks: the commitment of header to body, and the rules that need the block alone.
 *
 *   bodyRoot = hash tree root of { miner, transactionIds }      SSZ mixes in the length, so duplicated leaves cannot
 *                                                                forge a root (CVE-2012-2459)
 *
 * The root commits to ids and an id covers the signature, so once the root matches, whatever else is wrong with the
 * body is wrong with the block for ever.
 */
import { listRoot, rootFor } from './body-root.ts'
import type { Checked, FindChecked, Reading } from './checked-transaction.ts'
import { RuleError } from './errors.ts'
import { sha256 } from './hash.ts'
import { equalBytes, type Hex, toHex } from './hex.ts'
import { checkHeader } from './header.ts'
import type { NetworkParams } from './params.ts'
import { checkTransaction, isSigned, transactionId } from './transaction.ts'
import { type Block, BlockType, type Body, BODY_AT, encodeBody, encodedTransactions, misfitOfBody, type Transaction } from './types.ts'

/**
 * The root that a header commits to, 32 bytes.
 * @param transactionIds ids of the body's transactions in order, where they are known already
 */
export const bodyRoot = (body: Body, transactionIds = body.transactions.map(transactionId)): Uint8Array =>
  rootFor(body.miner, listRoot(transactionIds))

/** Bytes of the encoded block. */
export const blockBytes = (block: Block): number => BlockType.value_serializedSize(block)

/** What a body is known by, for whoever goes on with it: nothing is encoded or hashed twice. */
export interface BodyIdentity {
  /** The body as SSZ. */
  encodedBody: Uint8Array
  /** 32 bytes each, in order. */
  transactionIds: Uint8Array[]
  /** What was known of them before; none, or one for each. */
  checked: Checked
}

/**
 * Hashes a body's transactions, all that are not known.
 * @param find knows transactions that passed sanity before: asked where the reading does not say
 */
export function identify(body: Body, { encodedBody = encodeBody(body), checked }: Reading = {}, find?: FindChecked): BodyIdentity {
  let encoded: Uint8Array[] | undefined // of no use where all are known
  const encodings = (): Uint8Array[] => (encoded ??= encodedTransactions(encodedBody))
  const known = checked ?? (find === undefined ? [] : encodings().map((bytes) => find(bytes)))
  const transactionIds = body.transactions.map((_, at) => known[at]?.hash ?? sha256(encodings()[at] as Uint8Array)) // one for each
  return { encodedBody, transactionIds, checked: known }
}

/**
 * Sanity, all but the signatures. In order, cheapest first: the header's own rules, `block-too-large`,
 * `block-bad-encoding`, `block-bad-body-root`, then for each transaction `transaction-amount-overflow` and
 * `block-duplicate-nonce`. Nothing of the body is hashed before the header's work is known to be done.
 * @param hash the block's hash
 * @param reading what is known of the block from its bytes, where it was decoded
 * @param find as `identify` has it: of those that are known only their nonces are looked at
 * @returns what was computed on the way
 */
export function checkBlock(
  block: Block,
  hash: Uint8Array,
  params: Pick<NetworkParams, 'limitBits' | 'maxBlockBytes'>,
  reading: Reading = {},
  find?: FindChecked,
): BodyIdentity {
  const { encodedBody } = reading
  checkHeader(block.header, hash, params)
  const size = encodedBody === undefined ? blockBytes(block) : BODY_AT + encodedBody.length
  if (size > params.maxBlockBytes) throw new RuleError('block-too-large', `${size} bytes, at most ${params.maxBlockBytes}`)
  const misfit = encodedBody === undefined ? misfitOfBody(block.body) : undefined // what was decoded has none
  if (misfit !== undefined) throw new RuleError('block-bad-encoding', misfit)
  const identity = identify(block.body, reading, find)
  const root = bodyRoot(block.body, identity.transactionIds)
  if (!equalBytes(root, block.header.bodyRoot)) {
    throw new RuleError('block-bad-body-root', `the header promises ${toHex(block.header.bodyRoot)}, the body has ${toHex(root)}`)
  }
  checkTransactions(block.body, identity.checked)
  return identity
}

/** Fails with `transaction-amount-overflow` and `block-duplicate-nonce`, at the first transaction that has a fault. */
function checkTransactions({ transactions }: Body, checked: Checked): void {
  const senderOf = (at: number): Hex => checked[at]?.from ?? toHex((transactions[at] as Transaction).sender) // asked for within
  // A block that will hold has each sender's nonces in ascending order, and then the last one says that none is there twice.
  const last = new Map<Hex, number>()
  /** Every sender with every nonce so far, once somebody's do not ascend. */
  let all: Set<string> | undefined
  for (const [at, transaction] of transactions.entries()) {
    if (checked[at] === undefined) checkTransaction(transaction)
    const { nonce } = transaction
    const sender = senderOf(at)
    if (all === undefined && nonce > (last.get(sender) ?? -1)) {
      last.set(sender, nonce)
      continue
    }
    all ??= new Set(transactions.slice(0, at).map((earlier, index) => `${senderOf(index)} ${earlier.nonce}`))
    if (all.has(`${sender} ${nonce}`)) throw new RuleError('block-duplicate-nonce', `two transactions of ${sender} have nonce ${nonce}`)
    all.add(`${sender} ${nonce}`)
  }
}

/**
 * Sanity: the signatures of a body. Fails with `transaction-bad-signature`, naming the first that is bad.
 * @param indices of the transactions that are not known to be good, ascending @default all
 */
export function checkSignatures(body: Body, genesisHash: Uint8Array, indices: Iterable<number> = body.transactions.keys()): void {
  for (const index of indices) {
    const transaction = body.transactions[index] as Transaction // an index of one
    if (isSigned(transaction, genesisHash)) continue
    const found = `the signature of transaction ${index} is not its sender’s, or is for another network`
    throw new RuleError('transaction-bad-signature', found)
  }
}
