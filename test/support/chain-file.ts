/** A chain file read and forged byte by byte, with no code in common with the program: what chain-file.ts documents. */
import { createHash } from 'node:crypto'

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest()
const checkOf = (bytes: Uint8Array): Uint8Array => sha256(bytes).subarray(0, 4)

export interface ParsedChainFile {
  magic: string
  version: number
  blocks: number
  genesis: string
  params: unknown
  /** SSZ of each block. */
  frames: Uint8Array[]
  /** Where each frame begins, and at last where the end does. */
  borders: number[]
}

export function parseChainFile(file: Uint8Array): ParsedChainFile {
  const bytes = Buffer.from(file)
  const same = (what: string, a: Uint8Array, b: Uint8Array): void => {
    if (!Buffer.from(a).equals(b)) throw new Error(`${what} does not match`)
  }
  let at = 52 + bytes.readUInt32LE(48)
  same('the check of the head', checkOf(bytes.subarray(0, at)), bytes.subarray(at, at + 4))
  const params: unknown = JSON.parse(bytes.toString('utf8', 52, at))
  at += 4
  const frames: Uint8Array[] = []
  const borders = [at]
  for (let length = bytes.readUInt32LE(at); length > 0; length = bytes.readUInt32LE(at)) {
    frames.push(Uint8Array.from(bytes.subarray(at + 4, at + 4 + length)))
    const end = at + 4 + length
    same(`the check of block ${frames.length}`, checkOf(bytes.subarray(at, end)), bytes.subarray(end, end + 4))
    at = end + 4
    borders.push(at)
  }
  same('the digest', sha256(bytes.subarray(0, at + 4)), bytes.subarray(at + 4))
  return {
    magic: bytes.toString('hex', 0, 8),
    version: bytes.readUInt32LE(8),
    blocks: bytes.readUInt32LE(12),
    genesis: bytes.toString('hex', 16, 48),
    params,
    frames,
    borders,
  }
}

/** The head of a file with other frames behind it, every check and the digest right. */
export function forgeChainFile(file: Uint8Array, frames: Uint8Array[]): Uint8Array {
  const head = Buffer.from(file.subarray(0, parseChainFile(file).borders[0]))
  head.writeUInt32LE(frames.length, 12)
  checkOf(head.subarray(0, -4)).forEach((byte, at) => (head[head.length - 4 + at] = byte))
  const parts: Uint8Array[] = [head]
  for (const frame of frames) {
    const length = Buffer.alloc(4)
    length.writeUInt32LE(frame.length)
    parts.push(length, frame, checkOf(Buffer.concat([length, frame])))
  }
  const summed = Buffer.concat([...parts, Buffer.alloc(4)])
  return Uint8Array.from(Buffer.concat([summed, sha256(summed)]))
}
