/**
 * Reads a chain file (chain-file.ts) from its beginning to its end, and finds where it is cut or altered.
 *
 * Every length is bounded before anything is allocated for it, and no block is given out before its check was made.
 * What a block says is for the chain to judge.
 *
 * Fails with `ChainFileError`.
 *
 * @example
 *   const file = await ChainFileReader.open('club.cairn')
 *   for await (const { height, encoded } of file.read()) …
 *   await file.close()
 */
import { genesisOf } from '../consensus/genesis.ts'
import { equalBytes, type Hex, toHex } from '../consensus/hex.ts'
import { type NetworkParams, parseParams } from '../consensus/params.ts'
import { EMPTY_BLOCK_BYTES } from '../consensus/types.ts'
import { ByteSource } from './byte-source.ts'
import { CHECK_BYTES, type ChainFileHead, DIGEST_BYTES, FIXED_HEAD_BYTES, hasCheck, MAGIC, VERSION } from './chain-file.ts'
import { ChainFileError } from './chain-file-error.ts'

/** More than 65 536 allocations take. */
const MAX_PARAMETER_BYTES = 16 * 1_048_576

/** One block of the file. */
export interface ChainFileBlock {
  height: number
  /** SSZ Block. */
  encoded: Uint8Array
}

export class ChainFileReader implements ChainFileHead {
  readonly path: string
  readonly params: NetworkParams
  readonly genesis: Hex
  readonly blocks: number
  /** Of the whole file. */
  readonly bytes: number
  readonly #source: ByteSource

  private constructor(path: string, source: ByteSource, { params, blocks }: ChainFileHead) {
    this.path = path
    this.params = params
    this.genesis = toHex(genesisOf(params).hash)
    this.blocks = blocks
    this.bytes = source.bytes
    this.#source = source
  }

  /** Opens a file and reads its head. */
  static async open(path: string): Promise<ChainFileReader> {
    const source = await ByteSource.open(path)
    try {
      return new ChainFileReader(path, source, await readHead(path, source))
    } catch (error) {
      await source.close()
      throw error
    }
  }

  /** Number of bytes read so far. */
  get position(): number {
    return this.#source.position
  }

  /**
   * The blocks, each with its check made, and at last the end of the file.
   * @throws ChainFileError `chain-file-damaged` that says at which block the file is cut or altered
   */
  async *read(): AsyncGenerator<ChainFileBlock> {
    const least = EMPTY_BLOCK_BYTES
    const most = this.params.maxBlockBytes
    for (let height = 1; height <= this.blocks; height++) {
      const where = `block ${height} of ${this.blocks}`
      const length = u32(await this.#take(4, where))
      if (length === 0) throw this.#damaged(where, 'the file ends before it')
      if (length < least || length > most) {
        throw this.#damaged(where, `it claims ${length} bytes, a block has ${least} to ${most}`)
      }
      const frame = await this.#take(length + CHECK_BYTES, where, 4)
      if (!hasCheck(frame)) throw this.#damaged(where, 'its checksum does not match')
      yield { height, encoded: frame.slice(4, -CHECK_BYTES) }
    }
    await this.#readEnd()
  }

  async close(): Promise<void> {
    await this.#source.close()
  }

  async #readEnd(): Promise<void> {
    const where = 'its end'
    const zero = u32(await this.#take(4, where)) === 0
    if (!zero) throw this.#damaged(where, `more follows than the ${this.blocks} blocks of its head`)
    const digest = this.#source.digest()
    const isWhole = equalBytes(await this.#take(DIGEST_BYTES, where), digest)
    if (!isWhole) throw this.#damaged(where, 'the digest of the file does not match')
    if ((await this.#source.take(1)) !== undefined) throw this.#damaged(where, 'something follows it')
  }

  /** @param keep how many of the bytes taken last come again at the front */
  async #take(length: number, where: string, keep = 0): Promise<Uint8Array> {
    const bytes = await this.#source.take(length, keep)
    if (bytes === undefined) throw this.#damaged(where, 'the file is cut there')
    return bytes
  }

  #damaged(where: string, what: string): ChainFileError {
    return new ChainFileError('chain-file-damaged', `${this.path} is damaged at ${where}: ${what}`)
  }
}

async function readHead(path: string, source: ByteSource): Promise<ChainFileHead> {
  const damaged = (what: string): ChainFileError =>
    new ChainFileError('chain-file-damaged', `${path} is damaged at its head: ${what}; nothing was imported, get a whole copy`)
  const fixed = await source.take(FIXED_HEAD_BYTES)
  if (fixed === undefined || !equalBytes(fixed.subarray(0, MAGIC.length), MAGIC)) {
    throw new ChainFileError('chain-file-unknown', `${path} is not a chain file: name one that cairn export wrote`)
  }
  const [version, blocks, length] = [u32(fixed, 8), u32(fixed, 12), u32(fixed, 48)]
  const genesis = fixed.slice(16, 48)
  if (version !== VERSION) {
    const what = `${path} is a chain file of version ${version}, this Cairn reads ${VERSION}; update Cairn`
    throw new ChainFileError('chain-file-newer-version', what)
  }
  if (length > MAX_PARAMETER_BYTES) throw damaged(`it claims parameters of ${length} bytes`)
  const head = await source.take(length + CHECK_BYTES, FIXED_HEAD_BYTES)
  if (head === undefined) throw damaged('the file is cut there')
  if (!hasCheck(head)) throw damaged('its checksum does not match')
  let params: NetworkParams
  try {
    params = parseParams(JSON.parse(new TextDecoder().decode(head.subarray(FIXED_HEAD_BYTES, -CHECK_BYTES))))
  } catch (error) {
    throw damaged((error as Error).message) // a SyntaxError or a ParamsError
  }
  if (!equalBytes(genesisOf(params).hash, genesis)) throw damaged(`its parameters give another genesis than ${toHex(genesis)}`)
  return { params, blocks }
}

const u32 = (bytes: Uint8Array, at = 0): number => new DataView(bytes.buffer, bytes.byteOffset).getUint32(at, true)
