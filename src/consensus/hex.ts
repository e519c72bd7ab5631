/** Bytes as text: hashes are keys of maps and JSON strings, so the two forms meet in many places. */
import { hexToBytes } from '@noble/hashes/utils.js'

/** Lower-case hexadecimal, two digits a byte, no prefix. Of a 32-byte hash: 64 digits. */
export type Hex = string

const DIGITS = new TextEncoder().encode('0123456789abcdef')
/** The two digits of each byte, as they lie one after the other in memory. */
const PAIRS = new Uint16Array(
  Uint8Array.from({ length: 512 }, (_, at) => DIGITS[at % 2 === 0 ? at >> 5 : (at >> 1) & 15] as number).buffer, // of 16
)

const decoder = new TextDecoder()
/** Nearly everything shown as hex is a hash: its text is put together here. */
const hashPairs = new Uint16Array(32)
/** Where there are Buffers, one reads text in half the time of a TextDecoder. */
const hashText = globalThis.Buffer?.from(hashPairs.buffer)
const readHashText = (): string => hashText?.toString('latin1') ?? decoder.decode(hashPairs)

/**
 * Bytes to lower-case hex. The text is decoded in one go: a string put together from its digits stays a tree of pieces,
 * ten times as large, until somebody compares it, and hashes are kept by the hundred thousand.
 */
export function toHex(bytes: Uint8Array): Hex {
  const pairs = bytes.length === 32 ? hashPairs : new Uint16Array(bytes.length)
  for (let at = 0; at < bytes.length; at++) pairs[at] = PAIRS[bytes[at] as number] as number // at < length
  return pairs === hashPairs ? readHashText() : decoder.decode(pairs)
}

/** Hex (either case) to bytes. Throws on an odd length or a character that is no hex digit. */
export const fromHex: (hex: Hex) => Uint8Array = hexToBytes

/** Whether two byte strings are the same, length included. Not constant-time: nothing here is secret. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
