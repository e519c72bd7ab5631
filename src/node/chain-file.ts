/**
 * A chain in one file, to keep or to carry: what `cairn export` writes and `cairn import` reads.
 *
 *   head   magic        8   63 61 69 72 6e 0d 0a 1a: "cairn", CR, LF, ^Z, so that a transfer as text breaks it here
 *          version      4   1
 *          blocks       4   how many follow: the heights from 1 to this number
 *          genesis     32   hash of block 0, which is not in the file: the parameters give it
 *          length       4   bytes of the parameters
 *          parameters       JSON in UTF-8, as `--network FILE` takes it
 *          check        4
 *   block  length       4   bytes of the block: never 0
 *          block            SSZ Block, as on gossip
 *          check        4
 *   …                       one for each height, in ascending order
 *   end    zero         4   0
 *          digest      32   SHA-256 of everything before it
 *
 * Numbers are u32, little-endian. A check is the first four bytes of the SHA-256 of all that its head or frame has
 * before it: a changed byte is found in the very block that it is in. The count in the head, and the end, find a file
 * that was cut between two blocks. Nothing follows the digest.
 *
 * Writing streams, as reading does (chain-file-reader.ts): memory holds a block and a chunk, whatever the file's size.
 */
import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { toAddress } from '../consensus/account.ts'
import { genesisOf } from '../consensus/genesis.ts'
import { equalBytes } from '../consensus/hex.ts'
import type { NetworkParams, NetworkParamsJson } from '../consensus/params.ts'

export const MAGIC = Uint8Array.of(0x63, 0x61, 0x69, 0x72, 0x6e, 0x0d, 0x0a, 0x1a)
export const VERSION = 1

/** Bytes of the head before the parameters. */
export const FIXED_HEAD_BYTES = MAGIC.length + 4 + 4 + 32 + 4
export const CHECK_BYTES = 4
export const DIGEST_BYTES = 32

/** Written at once. */
const CHUNK_BYTES = 1_048_576

/** What a file says at its head. */
export interface ChainFileHead {
  params: NetworkParams
  /** Number of blocks: heights 1 to this. */
  blocks: number
}

/** Parameters as a file for `--network` has them. */
export const paramsJson = ({ name, allocations, ...numbers }: NetworkParams): NetworkParamsJson & { name: string } => ({
  name,
  ...numbers,
  allocations: allocations.map(({ account, amount }) => ({ account: toAddress(account), amount })),
})

/** The head's bytes. */
export function encodeHead({ params, blocks }: ChainFileHead): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(paramsJson(params)))
  const bytes = new Uint8Array(FIXED_HEAD_BYTES + json.length + CHECK_BYTES)
  const view = new DataView(bytes.buffer)
  bytes.set(MAGIC)
  view.setUint32(8, VERSION, true)
  view.setUint32(12, blocks, true)
  bytes.set(genesisOf(params).hash, 16)
  view.setUint32(48, json.length, true)
  bytes.set(json, FIXED_HEAD_BYTES)
  return withCheck(bytes)
}

/** A block's frame. */
export function encodeFrame(encoded: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + encoded.length + CHECK_BYTES)
  new DataView(bytes.buffer).setUint32(0, encoded.length, true)
  bytes.set(encoded, 4)
  return withCheck(bytes)
}

/**
 * Writes a whole chain file into an open, empty one. What it holds is on its way to the disk when this resolves.
 * @param blocks each as SSZ, in ascending height
 * @returns number of bytes
 */
export async function writeChainFile(handle: FileHandle, head: ChainFileHead, blocks: Iterable<Uint8Array>): Promise<number> {
  const digest = createHash('sha256')
  let chunk: Uint8Array[] = []
  let held = 0
  let bytes = 0
  const flush = async (): Promise<void> => {
    await handle.writeFile(Buffer.concat(chunk)) // goes on where the last one ended
    chunk = []
    held = 0
  }
  const write = async (part: Uint8Array): Promise<void> => {
    chunk.push(part)
    held += part.length
    bytes += part.length
    if (held >= CHUNK_BYTES) await flush()
  }
  const sum = async (part: Uint8Array): Promise<void> => {
    digest.update(part)
    await write(part)
  }
  await sum(encodeHead(head))
  for (const encoded of blocks) await sum(encodeFrame(encoded))
  await sum(new Uint8Array(4))
  await write(digest.digest())
  await flush()
  return bytes
}

/** The check of a head or frame: the first bytes of the SHA-256 of all before it. */
const checkOf = (bytes: Uint8Array): Uint8Array =>
  createHash('sha256').update(bytes.subarray(0, -CHECK_BYTES)).digest().subarray(0, CHECK_BYTES)

/** Whether a head or frame ends with its check. */
export const hasCheck = (bytes: Uint8Array): boolean => equalBytes(checkOf(bytes), bytes.subarray(-CHECK_BYTES))

function withCheck(bytes: Uint8Array): Uint8Array {
  bytes.set(checkOf(bytes), bytes.length - CHECK_BYTES)
  return bytes
}
