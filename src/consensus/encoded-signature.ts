/**
 * Whether a transaction is signed, told from its encoding: for threads that are handed nothing but bytes. The same
 * answer as `isSigned` of the decoded transaction, without taking it apart and putting it together again.
 *
 *   encoded   sender 32 ‖ recipient 32 ‖ amount 8 ‖ fee 8 ‖ nonce 8 ‖ offset of the memo 4 ‖ signature 64 ‖ memo
 *   signed    genesis hash 32 ‖ sender … nonce as above ‖ offset of the memo 4 ‖ memo
 */
import { verifySignature } from './signature.ts'

/** Bytes before the memo's offset: they are the same in both. */
const FIELDS = 32 + 32 + 8 + 8 + 8
const SIGNATURE_AT = FIELDS + 4
const MEMO_AT = SIGNATURE_AT + 64
/** What is signed has no signature between the offset and the memo. */
const SIGNED_MEMO_AT = FIELDS + 4

/** What is signed is put together here, one after the other; it grows with the longest memo. */
let room = new Uint8Array(0)

/**
 * @param encoded a transaction as `encodeTransaction` gives it; what is no such encoding gives any answer
 * @param genesisHash 32 bytes
 */
export function isEncodedSigned(encoded: Uint8Array, genesisHash: Uint8Array): boolean {
  const memo = encoded.subarray(MEMO_AT)
  const length = 32 + SIGNED_MEMO_AT + memo.length
  if (room.length < length) room = new Uint8Array(length)
  const signed = room.subarray(0, length)
  signed.set(genesisHash)
  signed.set(encoded.subarray(0, FIELDS), 32)
  signed[32 + FIELDS] = SIGNED_MEMO_AT // u32 little-endian: its other bytes are zero, as nobody ever wrote them
  signed.set(memo, 32 + SIGNED_MEMO_AT)
  return verifySignature(encoded.subarray(SIGNATURE_AT, MEMO_AT), signed, encoded.subarray(0, 32))
}
