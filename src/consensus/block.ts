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
import type { Checked, FindChecked } from './checked-transaction.ts'
import { RuleError } from './errors.ts'
import { sha256 } from './hash.ts'
import { equalBytes, type Hex, toHex } from './hex.ts'
import { checkHeader } from './header.ts'
import type { NetworkParams } from './params.ts'
import { checkTransaction, isSigned, transactionId } from './transaction.ts'
import { type Block, BlockType, type Body, BODY_AT, encodeBody, encodedTransactions, misfitOfBody } from './types.ts'

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
  /** What was known of them before. */
  checked: Checked
}

/**
 * Hashes a body's transactions, all that `find` does not know.
 * @param encodedBody the body as SSZ, where it is at hand
 */
export function identify(body: Body, encodedBody = encodeBody(body), find: FindChecked = () => undefined): BodyIdentity {
  const encoded = encodedTransactions(encodedBody)
  const checked = encoded.map((bytes, at) => find(bytes, at))
  return { encodedBody, checked, transactionIds: encoded.map((bytes, at) => checked[at]?.hash ?? sha256(bytes)) }
}

/**
 * Sanity, all but the signatures. In order, cheapest first: the header's own rules, `block-too-large`,
 * `block-bad-encoding`, `block-bad-body-root`, then for each transaction `transaction-amount-overflow` and
 * `block-duplicate-nonce`. Nothing of the body is hashed before the header's work is known to be done.
 * @param hash the block's hash
 * @param encodedBody the bytes that the body was decoded from, where it was: they are taken for its encoding unseen
 * @param find knows transactions that passed sanity before: of those only their nonces are looked at
 * @returns what was computed on the way
 */
export function checkBlock(
  block: Block,
  hash: Uint8Array,
  params: Pick<NetworkParams, 'limitBits' | 'maxBlockBytes'>,
  encodedBody?: Uint8Array,
  find?: FindChecked,
): BodyIdentity {
  checkHeader(block.header, hash, params)
  const size = encodedBody === undefined ? blockBytes(block) : BODY_AT + encodedBody.length
  if (size > params.maxBlockBytes) throw new RuleError('block-too-large', `${size} bytes, at most ${params.maxBlockBytes}`)
  const misfit = encodedBody === undefined ? misfitOfBody(block.body) : undefined // what was decoded has none
  if (misfit !== undefined) throw new RuleError('block-bad-encoding', misfit)
  const identity = identify(block.body, encodedBody, find)
  const root = bodyRoot(block.body, identity.transactionIds)
  if (!equalBytes(root, block.header.bodyRoot)) {
    throw new RuleError('block-bad-body-root', `the header promises ${toHex(block.header.bodyRoot)}, the body has ${toHex(root)}`)
  }
  const seen = new Map<Hex, Set<number>>()
  for (const [at, transaction] of block.body.transactions.entries()) {
    const checked = identity.checked[at]
    if (checked === undefined) checkTransaction(transaction)
    const { nonce } = transaction
    const sender = checked?.from ?? toHex(transaction.sender)
    const nonces = seen.get(sender)
    if (nonces === undefined) seen.set(sender, new Set([nonce]))
    else if (nonces.has(nonce)) throw new RuleError('block-duplicate-nonce', `two transactions of ${sender} have nonce ${nonce}`)
    else nonces.add(nonce)
  }
  return identity
}

/**
 * Sanity: every signature of a body. Fails with `transaction-bad-signature`, naming the first that is bad.
 * @param isVerified whether the transaction at an index is known to be good (the mempool checked it): skips the work
 */
export function checkSignatures(body: Body, genesisHash: Uint8Array, isVerified: (index: number) => boolean = () => false): void {
  body.transactions.forEach((transaction, index) => {
    if (isVerified(index) || isSigned(transaction, genesisHash)) return
    const found = `the signature of transaction ${index} is not its sender’s, or is for another network`
    throw new RuleError('transaction-bad-signature', found)
  })
}
