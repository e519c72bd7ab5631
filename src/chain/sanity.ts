/**
 * Sanity of a block (PROTOCOL.md part 4, layer 1), begun ahead of the block's turn: it needs nothing but the block.
 *
 * In order: the header with its proof of work, the body, and only then its signatures, by far the dearest. All but the
 * signatures is done in the call itself. The signatures that the mempool has not verified go to the verifier, many at
 * once, or are verified in the call where there are few of them or no verifier. What is pending is known by all of its
 * bytes, and nothing of it is checked or hashed again.
 *
 * A verifier says which signature is bad; that it is bad the rule itself decides, in the same words as ever. So a fault
 * of the verifier may let a good block cost more, and never a good block be refused.
 *
 * Fails with `RuleError`, all at once: the promise rejects.
 */
import { type BodyIdentity, checkBlock, checkSignatures } from '../consensus/block.ts'
import type { FindChecked, Reading } from '../consensus/checked-transaction.ts'
import type { NetworkParams } from '../consensus/params.ts'
import { type Block, encodedTransactions } from '../consensus/types.ts'
import type { SignatureVerifier } from './signature-verifier.ts'

export interface SanityComponents {
  params: NetworkParams
  genesisHash: Uint8Array
  verifier?: SignatureVerifier
  /** Knows transactions that passed sanity before (as pending ones, say). */
  findChecked?: FindChecked
}

/** So few signatures are verified in place, in about a millisecond: handing them to a thread costs a good part of that. */
const FEW = 16

/**
 * Checks a block and every signature that is not known to be good.
 * @param hash the block's hash, 32 bytes
 * @param reading what is known of it from its bytes, where it was decoded
 */
export async function checkSanity(
  block: Block,
  hash: Uint8Array,
  components: SanityComponents,
  reading?: Reading,
): Promise<BodyIdentity> {
  const { params, genesisHash, verifier, findChecked } = components
  const identity = checkBlock(block, hash, params, reading, findChecked)
  const { checked, transactionIds } = identity
  const unknown: number[] = []
  for (let at = 0; at < transactionIds.length; at++) if (checked[at] === undefined) unknown.push(at)
  if (verifier === undefined || unknown.length <= FEW) {
    checkSignatures(block.body, genesisHash, unknown)
    return identity
  }
  const encoded = encodedTransactions(identity.encodedBody)
  const bad = await verifier.firstBad(unknown.map((index) => encoded[index] as Uint8Array), genesisHash) // as many as ids
  if (bad === undefined) return identity
  checkSignatures(block.body, genesisHash, unknown[bad] === undefined ? unknown : unknown.slice(bad))
  return identity
}
