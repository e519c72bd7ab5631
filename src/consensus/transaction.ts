/**
 * Transactions: identity, what is signed, and the rules that need the transaction alone.
 *
 *   id     = SHA-256(SSZ(Transaction))
 *   signed = genesis hash ‖ SSZ(transaction without signature)      so that nothing replays on another network
 *
 * @example
 *   const payment = signTransaction({ sender: keys.publicKey, recipient, amount: 30, fee: 1, nonce: 0, memo }, keys, genesisHash)
 *   checkTransaction(payment); checkSignature(payment, genesisHash)
 */
import { RuleError } from './errors.ts'
import { sha256 } from './hash.ts'
import { type KeyPair, sign, verifySignature } from './signature.ts'
import { encodeTransaction, MAX_U64, misfitOfTransaction, type Transaction, UnsignedTransactionType } from './types.ts'

/** SHA-256 of the encoded transaction, signature included: 32 bytes. */
export const transactionId = (transaction: Transaction): Uint8Array => sha256(encodeTransaction(transaction))

/** The bytes that a transaction's signature is over. */
export function signedBytes(transaction: Omit<Transaction, 'signature'>, genesisHash: Uint8Array): Uint8Array {
  const size = UnsignedTransactionType.value_serializedSize(transaction)
  const bytes = new Uint8Array(32 + size)
  bytes.set(genesisHash)
  bytes.set(UnsignedTransactionType.serialize(transaction), 32)
  return bytes
}

/** The transaction with its sender's signature; `keys` must be the sender's. */
export const signTransaction = (
  transaction: Omit<Transaction, 'signature'>,
  keys: KeyPair,
  genesisHash: Uint8Array,
): Transaction => ({ ...transaction, signature: sign(signedBytes(transaction, genesisHash), keys) })

/** Sanity, all but the signature. Fails with `transaction-bad-encoding`, `transaction-amount-overflow`. */
export function checkTransaction(transaction: Transaction): void {
  const misfit = misfitOfTransaction(transaction)
  if (misfit !== undefined) throw new RuleError('transaction-bad-encoding', misfit)
  // Both are ≤ 2^53 − 1, so their sum is below 2^54, where doubles still tell it from 2^53 − 1.
  if (transaction.amount + transaction.fee > MAX_U64) {
    throw new RuleError('transaction-amount-overflow', `amount ${transaction.amount} + fee ${transaction.fee} exceeds 2^53 − 1`)
  }
}

/** Whether a transaction's signature is its sender's, for this network. */
export const isSigned = (transaction: Transaction, genesisHash: Uint8Array): boolean =>
  verifySignature(transaction.signature, signedBytes(transaction, genesisHash), transaction.sender)

/** Sanity: the signature, by far the dearest check. Fails with `transaction-bad-signature`. */
export function checkSignature(transaction: Transaction, genesisHash: Uint8Array): void {
  if (!isSigned(transaction, genesisHash)) {
    throw new RuleError('transaction-bad-signature', 'the signature is not the sender’s, or is for another network')
  }
}
