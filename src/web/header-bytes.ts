/**
 * A header as the 92 bytes that are hashed (PROTOCOL.md, part 1): every number with its lowest byte first. The page
 * hashes by itself and in JavaScript, because its Content-Security-Policy allows no WebAssembly; tests hold encoding and
 * hash to those of the rules.
 *
 * @example
 *   hashHeader(encodeHeader({ version: 1, height: 43, … }))   // '0000a3…', 64 digits
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import type { HeaderFields } from '../http/api.ts'

export type HeaderField = keyof HeaderFields

export const HEADER_BYTES = 92

/** Where each field lies, in order. */
export const HEADER_LAYOUT: readonly { field: HeaderField; at: number; bytes: number }[] = [
  { field: 'version', at: 0, bytes: 4 },
  { field: 'height', at: 4, bytes: 4 },
  { field: 'parent', at: 8, bytes: 32 },
  { field: 'bodyRoot', at: 40, bytes: 32 },
  { field: 'timestamp', at: 72, bytes: 8 },
  { field: 'bits', at: 80, bytes: 4 },
  { field: 'nonce', at: 84, bytes: 8 },
]
export const NONCE_AT = 84

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** @param header each field within its range: version, height and bits below 2^32, the other numbers at most 2^53 − 1 */
export function encodeHeader(header: HeaderFields): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES)
  const view = viewOf(bytes)
  view.setUint32(0, header.version, true)
  view.setUint32(4, header.height, true)
  bytes.set(hexToBytes(header.parent), 8)
  bytes.set(hexToBytes(header.bodyRoot), 40)
  view.setBigUint64(72, BigInt(header.timestamp), true)
  view.setUint32(80, Number.parseInt(header.bits, 16), true)
  view.setBigUint64(NONCE_AT, BigInt(header.nonce), true)
  return bytes
}

/** @param bytes begins with a header that the node gave */
export function decodeHeader(bytes: Uint8Array): HeaderFields {
  const view = viewOf(bytes)
  return {
    version: view.getUint32(0, true),
    height: view.getUint32(4, true),
    parent: bytesToHex(bytes.subarray(8, 40)),
    bodyRoot: bytesToHex(bytes.subarray(40, 72)),
    timestamp: Number(view.getBigUint64(72, true)),
    bits: view.getUint32(80, true).toString(16).padStart(8, '0'),
    nonce: Number(view.getBigUint64(NONCE_AT, true)),
  }
}

/** The block's hash: 64 hex digits. */
export const hashHeader = (bytes: Uint8Array): string => bytesToHex(sha256(bytes))
