/**
 * A file read in order, a chunk at a time, with the SHA-256 of what was taken: in constant memory.
 *
 * Fails with `ChainFileError` `chain-file-unavailable` where the system cannot read it.
 */
import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { unavailable } from './chain-file-error.ts'

/** Read at once; more where more is asked for. */
const CHUNK_BYTES = 1_048_576

export class ByteSource {
  /** Of the whole file, when it was opened. */
  readonly bytes: number
  readonly #path: string
  readonly #handle: FileHandle
  readonly #digest = createHash('sha256')
  #buffer = new Uint8Array(CHUNK_BYTES)
  /** What was taken ends here, what was read ends there. */
  #taken = 0
  #read = 0
  /** Of the file, at the buffer's beginning. */
  #offset = 0

  private constructor(path: string, handle: FileHandle, bytes: number) {
    this.#path = path
    this.#handle = handle
    this.bytes = bytes
  }

  static async open(path: string): Promise<ByteSource> {
    try {
      const handle = await open(path, 'r')
      return new ByteSource(path, handle, (await handle.stat()).size)
    } catch (error) {
      throw unavailable(path, 'cannot be read', error)
    }
  }

  /** Number of bytes taken so far. */
  get position(): number {
    return this.#offset + this.#taken
  }

  /**
   * The next bytes, valid until the next call; undefined where the file has fewer.
   * @param keep how many of the bytes taken last stand before them
   */
  async take(length: number, keep = 0): Promise<Uint8Array | undefined> {
    const from = this.#taken - keep
    if (!(await this.#fill(from, keep + length))) return undefined
    const start = this.#taken - keep // filling may have moved them
    this.#digest.update(this.#buffer.subarray(this.#taken, this.#taken + length))
    this.#taken += length
    return this.#buffer.subarray(start, this.#taken)
  }

  /** SHA-256 of everything taken so far. */
  digest(): Uint8Array {
    return this.#digest.copy().digest()
  }

  async close(): Promise<void> {
    await this.#handle.close()
  }

  /** Makes so many bytes from a place in the buffer available, moving them to its front where they do not fit. */
  async #fill(from: number, length: number): Promise<boolean> {
    if (this.#read - from >= length) return true
    const room = Math.max(CHUNK_BYTES, length)
    const moved = this.#buffer.length >= room ? this.#buffer : new Uint8Array(room)
    moved.set(this.#buffer.subarray(from, this.#read))
    this.#buffer = moved
    this.#offset += from
    this.#taken -= from
    this.#read -= from
    while (this.#read < length) {
      const { bytesRead } = await this.#tried(() => this.#handle.read(this.#buffer, this.#read, this.#buffer.length - this.#read))
      if (bytesRead === 0) return false
      this.#read += bytesRead
    }
    return true
  }

  async #tried<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      throw unavailable(this.#path, 'cannot be read', error)
    }
  }
}
