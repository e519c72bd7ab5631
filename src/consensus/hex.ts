/** Bytes as text: hashes are keys of maps and JSON strings, so the two forms meet in many places. */
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'

/** Lower-case hexadecimal, two digits a byte, no prefix. Of a 32-byte hash: 64 digits. */
export type Hex = string

/** Bytes to lower-case hex. */
export const toHex: (bytes: Uint8Array) => Hex = bytesToHex

/** Hex (either case) to bytes. Throws on an odd length or a character that is no hex digit. */
export const fromHex: (hex: Hex) => Uint8Array = hexToBytes

/** Whether two byte strings are the same, length included. Not constant-time: nothing here is secret. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
