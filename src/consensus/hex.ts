/** Bytes as text: hashes are keys of maps and JSON strings, so the two forms meet in many places. */
import { hexToBytes } from '@noble/hashes/utils.js'

/** Lower-case hexadecimal, two digits a byte, no prefix. Of a 32-byte hash: 64 digits. */
export type Hex = string

const DIGITS = new TextEncoder().encode('0123456789abcdef')
const decoder = new TextDecoder()
/** Nearly everything shown as hex is a hash: its text is put together here. */
const hashText = new Uint8Array(64)

/**
 * Bytes to lower-case hex. The text is decoded in one go: a string put together from its digits stays a tree of pieces,
 * ten times as large, until somebody compares it, and hashes are kept by the hundred thousand.
 */
export function toHex(bytes: Uint8Array): Hex {
  const text = bytes.length === 32 ? hashText : new Uint8Array(2 * bytes.length)
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number // at < length
    text[2 * at] = DIGITS[byte >> 4] as number // of 16
    text[2 * at + 1] = DIGITS[byte & 15] as number
  }
  return decoder.decode(text)
}

/** Hex (either case) to bytes. Throws on an odd length or a character that is no hex digit. */
export const fromHex: (hex: Hex) => Uint8Array = hexToBytes

/** Whether two byte strings are the same, length included. Not constant-time: nothing here is secret. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
