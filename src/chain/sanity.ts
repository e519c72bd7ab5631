/**
 * Sanity of a block (PROTOCOL.md part 4, layer 1), begun ahead of the block's turn: it needs nothing but the block.
 *
 * In order: the header with its proof of work, the body, and only then its signatures, by far the dearest. All but the
 * signatures is done in the call itself. The signatures that the mempool has not verified go to the verifier, many at
 * once, or are verified in the call where there are few of them or no verifier.
 *
 * A verifier says which signature is bad; that it is bad the rule itself decides, in the same words as ever. So a fault
 * of the verifier may let a good block cost more, and never a good block be refused.
 *
 * Fails with `RuleError`, all at once: the promise rejects.
 */
import { type BodyIdentity, checkBlock, checkSignatures } from '../consensus/block.ts'
import { type Hex, toHex } from '../consensus/hex.ts'
import type { NetworkParams } from '../consensus/params.ts'
import { type Block, encodedTransactions } from '../consensus/types.ts'
import type { SignatureVerifier } from './signature-verifier.ts'

export interface SanityComponents {
  params: NetworkParams
  genesisHash: Uint8Array
  verifier?: SignatureVerifier
  isVerified?: (transactionId: Hex) => boolean
}

/** So few signatures are verified in place, in about a millisecond: handing them to a thread costs a good part of that. */
const FEW = 16

/**
 * Checks a block and every signature that is not known to be good.
 * @param hash the block's hash, 32 bytes
 * @param encodedBody the bytes that its body was decoded from, where it was
 */
export async function checkSanity(
  block: Block,
  hash: Uint8Array,
  components: SanityComponents,
  encodedBody?: Uint8Array,
): Promise<BodyIdentity> {
  const { params, genesisHash, verifier, isVerified } = components
  const checked = checkBlock(block, hash, params, encodedBody)
  const { transactionIds } = checked
  const isKnown = transactionIds.map((id) => isVerified?.(toHex(id)) ?? false)
  const unknown = isKnown.flatMap((known, index) => (known ? [] : [index]))
  if (verifier === undefined || unknown.length <= FEW) {
    checkSignatures(block.body, genesisHash, (index) => isKnown[index] === true)
    return checked
  }
  const encoded = encodedTransactions(checked.encodedBody)
  const bad = await verifier.firstBad(unknown.map((index) => encoded[index] as Uint8Array), genesisHash) // as many as ids
  if (bad === undefined) return checked
  const suspect = unknown[bad] ?? 0
  checkSignatures(block.body, genesisHash, (index) => index < suspect || isKnown[index] === true)
  return checked
}
