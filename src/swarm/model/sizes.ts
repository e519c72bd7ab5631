/** How many bytes a model's messages have: PROTOCOL.md's encodings, and what gossip and its connections put around them. */
import { EMPTY_BLOCK_BYTES, type ResolvedModelOptions } from './options.ts'

export interface Sizes {
  /** A block as gossip carries it. */
  copy: number
  /** Of a compact block: the payments that a node asks for which lacks some. */
  lacking: number
  /** A packet with one id: IHAVE, IWANT, IDONTWANT, a request. */
  control: number
  /** A status, with what is around it. */
  status: number
  /** In a block. */
  payments: number
  /** A payment as gossip carries it. */
  payment: number
}

// As virtual/gossip.ts has them.
const [MESSAGE_BYTES, ID_BYTES, CONTROL_BYTES] = [60, 22, 50]
const STATUS_BYTES = 250
/** A payment without a memo. */
const PAYMENT_BYTES = 160
const HEADER_BYTES = 92
/** BIP 152: six bytes of a keyed hash, and a nonce of eight for its key. */
const [SHORT_ID_BYTES, KEY_BYTES] = [6, 8]
/** Of a compact block's payments, where a node lacks any. */
const LACKED_SHARE = 0.02

export function sizesOf({ blockBytes, compact }: Pick<ResolvedModelOptions, 'blockBytes' | 'compact'>): Sizes {
  const payments = Math.floor((blockBytes - EMPTY_BLOCK_BYTES) / PAYMENT_BYTES)
  const shortBytes = HEADER_BYTES + 32 + KEY_BYTES + SHORT_ID_BYTES * payments
  return {
    copy: MESSAGE_BYTES + (compact ? Math.min(shortBytes, blockBytes) : blockBytes),
    lacking: compact && payments > 0 ? MESSAGE_BYTES + Math.ceil(payments * LACKED_SHARE) * PAYMENT_BYTES : 0,
    control: CONTROL_BYTES + ID_BYTES, status: STATUS_BYTES, payments, payment: MESSAGE_BYTES + PAYMENT_BYTES,
  }
}
