/**
 * Blocks: the commitment of header to body, and the rules that need the block alone.
 *
 *   bodyRoot = hash tree root of { miner, transactionIds }      SSZ mixes in the length, so duplicated leaves cannot
 *                                                                forge a root (CVE-2012-2459)
 *
 * The root commits to ids and an id covers the signature, so once the root matches, whatever else is wrong with the
 * body is wrong with the block for ever.
 */
import { RuleError } from './errors.ts'
import { equalBytes, toHex } from './hex.ts'
import { checkHeader } from './header.ts'
import type { NetworkParams } from './params.ts'
import { checkSignature, checkTransaction, transactionId } from './transaction.ts'
import { type Block, BlockType, type Body, BodyCommitmentType, misfitOfBody } from './types.ts'

/**
 * The root that a header commits to, 32 bytes.
 * @param transactionIds ids of the body's transactions in order, where they are known already
 */
export const bodyRoot = (body: Body, transactionIds = body.transactions.map(transactionId)): Uint8Array =>
  BodyCommitmentType.hashTreeRoot({ miner: body.miner, transactionIds })

/** Bytes of the encoded block. */
export const blockBytes = (block: Block): number => BlockType.value_serializedSize(block)

/**
 * Sanity, all but the signatures. In order, cheapest first: the header's own rules, `block-too-large`,
 * `block-bad-encoding`, `block-bad-body-root`, then for each transaction `transaction-amount-overflow` and
 * `block-duplicate-nonce`.
 * @param hash the block's hash
 * @param transactionIds ids of its transactions, in order
 */
export function checkBlock(
  block: Block,
  hash: Uint8Array,
  transactionIds: Uint8Array[],
  params: Pick<NetworkParams, 'limitBits' | 'maxBlockBytes'>,
): void {
  checkHeader(block.header, hash, params)
  const size = blockBytes(block)
  if (size > params.maxBlockBytes) throw new RuleError('block-too-large', `${size} bytes, at most ${params.maxBlockBytes}`)
  const misfit = misfitOfBody(block.body)
  if (misfit !== undefined) throw new RuleError('block-bad-encoding', misfit)
  const root = bodyRoot(block.body, transactionIds)
  if (!equalBytes(root, block.header.bodyRoot)) {
    throw new RuleError('block-bad-body-root', `the header promises ${toHex(block.header.bodyRoot)}, the body has ${toHex(root)}`)
  }
  const seen = new Set<string>()
  for (const transaction of block.body.transactions) {
    checkTransaction(transaction)
    const { nonce } = transaction
    const sender = toHex(transaction.sender)
    const key = `${sender}:${nonce}`
    if (seen.has(key)) throw new RuleError('block-duplicate-nonce', `two transactions of ${sender} have nonce ${nonce}`)
    seen.add(key)
  }
}

/**
 * Sanity: every signature of a body. Fails with `transaction-bad-signature`.
 * @param isVerified whether the transaction at an index is known to be good (the mempool checked it): skips the work
 */
export function checkSignatures(body: Body, genesisHash: Uint8Array, isVerified: (index: number) => boolean = () => false): void {
  body.transactions.forEach((transaction, index) => {
    if (!isVerified(index)) checkSignature(transaction, genesisHash)
  })
}
