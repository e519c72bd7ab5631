/**
 * Length-prefixed frames on a libp2p stream.
 *
 *   frame = length ‖ payload        length: unsigned varint (LEB128, shortest form, at most 4 bytes), bytes of the payload
 *
 * The reader holds no more than the limits it was given: a length above the frame limit is refused as soon as it is
 * read, before anything is allocated for it, and so is a stream that sends more in all than its protocol ever does.
 * (The library's own `lpStream` buffers whatever arrives and cannot tell an end between frames from one inside.)
 *
 * Fails with `PeerFault`: `peer-bad-frame`, `peer-cut-short`, `peer-refused` (the other side reset the stream),
 * `peer-gone`; and with the signal's reason.
 */
import type { CairnStream, CairnStreamEvents } from './cairn-libp2p.ts'
import { PeerFault, reason } from './network-error.ts'

/** Longest length prefix: 28 bits, well above any limit here. */
const MAX_PREFIX_BYTES = 4
/** Smaller chunks are put together as they come: a chunk costs a hundred bytes besides those it holds. */
const PAGE_BYTES = 4_096
/** Most streams hold one small frame, and there are many. */
const FIRST_PAGE_BYTES = 512

export interface FrameLimits {
  /** Bytes of one payload. */
  maxFrameBytes: number
  /** Bytes of all frames of the stream, prefixes included. */
  maxTotalBytes: number
}

/** A payload with its length before it. */
export function encodeFrame(payload: Uint8Array): Uint8Array {
  const prefix: number[] = []
  let rest = payload.length
  while (rest > 0x7f) {
    prefix.push((rest & 0x7f) | 0x80)
    rest >>>= 7
  }
  prefix.push(rest)
  const frame = new Uint8Array(prefix.length + payload.length)
  frame.set(prefix)
  frame.set(payload, prefix.length)
  return frame
}

/** Writes a frame, and waits while the other side is not taking it. */
export async function sendFrame(stream: CairnStream, payload: Uint8Array, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  try {
    if (!stream.send(encodeFrame(payload))) await stream.onDrain({ signal })
  } catch (error) {
    signal.throwIfAborted()
    throw new PeerFault('peer-gone', `the stream closed while it was written to (${reason(error)})`)
  }
}

/** Says that nothing more will be sent. */
export async function endSending(stream: CairnStream, signal: AbortSignal): Promise<void> {
  try {
    await stream.close({ signal })
  } catch (error) {
    signal.throwIfAborted()
    throw new PeerFault('peer-gone', `the stream closed before it was ended (${reason(error)})`)
  }
}

/** Reads frames one by one. Attach it as soon as there is a stream: it takes what arrives from then on. */
export class FrameReader {
  readonly #stream: CairnStream
  readonly #limits: FrameLimits
  /** Received and not yet taken, in order. */
  #chunks: Uint8Array[] = []
  /** Where small chunks are put, and how far it is filled. */
  #page = new Uint8Array(0)
  #filled = 0
  #buffered = 0
  #total = 0
  #fault: PeerFault | undefined
  /** The other side said that it sends no more. */
  #ended: boolean
  #wake = (): void => {}

  constructor(stream: CairnStream, limits: FrameLimits) {
    this.#stream = stream
    this.#limits = limits
    this.#ended = stream.remoteWriteStatus === 'closed'
    stream.addEventListener('message', this.#onMessage)
    stream.addEventListener('remoteCloseWrite', this.#onEnd)
    stream.addEventListener('close', this.#onClose)
  }

  /**
   * The next payload, or undefined where the other side has ended the stream after a whole frame.
   * @throws PeerFault, the signal's reason
   */
  async next(signal: AbortSignal): Promise<Uint8Array | undefined> {
    for (;;) {
      signal.throwIfAborted()
      const length = this.#length()
      if (length !== undefined && this.#buffered >= length.prefix + length.payload) {
        return this.#take(length)
      }
      if (this.#fault !== undefined) throw this.#fault
      if (this.#ended && this.#stream.readBufferLength === 0) {
        if (this.#buffered === 0) return undefined
        throw new PeerFault('peer-cut-short', `the stream ended ${this.#buffered} bytes into a frame`)
      }
      await this.#change(signal)
    }
  }

  /** The frame at hand: bytes of its prefix and of its payload; undefined until the prefix is here. */
  #length(): { prefix: number; payload: number } | undefined {
    if (this.#buffered === 0) return undefined
    const head = this.#head(MAX_PREFIX_BYTES)
    let payload = 0
    for (let at = 0; at < MAX_PREFIX_BYTES; at++) {
      const byte = head[at]
      if (byte === undefined) return undefined
      payload |= (byte & 0x7f) << (7 * at)
      if (byte > 0x7f) continue
      if (byte === 0 && at > 0) throw new PeerFault('peer-bad-frame', 'a length that is not in its shortest form')
      if (payload > this.#limits.maxFrameBytes) {
        throw new PeerFault('peer-bad-frame', `a frame of ${payload} bytes, at most ${this.#limits.maxFrameBytes}`)
      }
      return { prefix: at + 1, payload }
    }
    throw new PeerFault('peer-bad-frame', `a length of more than ${MAX_PREFIX_BYTES} bytes`)
  }

  /** What begins with so many bytes, or with all that there are. */
  #head(count: number): Uint8Array {
    const [first] = this.#chunks
    return first !== undefined && first.length >= count ? first : this.#join()
  }

  /** Takes a frame out, and gives its payload. */
  #take({ prefix, payload }: { prefix: number; payload: number }): Uint8Array {
    const all = this.#join()
    const end = prefix + payload
    this.#chunks = all.length > end ? [all.subarray(end)] : []
    this.#buffered = all.length - end
    return all.subarray(prefix, end)
  }

  /** Puts the chunks together; called once a frame is complete or its prefix is split, never once a chunk. */
  #join(): Uint8Array {
    const [first] = this.#chunks
    if (first !== undefined && this.#chunks.length === 1) return first
    const all = new Uint8Array(this.#buffered)
    let at = 0
    for (const chunk of this.#chunks) {
      all.set(chunk, at)
      at += chunk.length
    }
    this.#chunks = [all]
    return all
  }

  #change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        signal.removeEventListener('abort', done)
        this.#wake = () => {}
        resolve()
      }
      signal.addEventListener('abort', done)
      this.#wake = done
    })
  }

  #keep(chunk: Uint8Array): void {
    if (chunk.length >= PAGE_BYTES) {
      this.#chunks.push(chunk)
      return
    }
    if (this.#filled + chunk.length > this.#page.length) {
      this.#page = new Uint8Array(Math.max(chunk.length, this.#page.length === 0 ? FIRST_PAGE_BYTES : PAGE_BYTES))
      this.#filled = 0
    }
    this.#page.set(chunk, this.#filled)
    const last = this.#chunks.at(-1)
    const follows = last?.buffer === this.#page.buffer && last.byteOffset + last.length === this.#filled
    const start = follows ? last.byteOffset : this.#filled
    this.#filled += chunk.length
    this.#chunks.splice(follows ? -1 : this.#chunks.length, follows ? 1 : 0, this.#page.subarray(start, this.#filled))
  }

  readonly #onMessage = ({ data }: CairnStreamEvents['message']): void => {
    const chunk = data.subarray()
    this.#total += chunk.length
    if (this.#total > this.#limits.maxTotalBytes) {
      this.#fault ??= new PeerFault('peer-bad-frame', `more than ${this.#limits.maxTotalBytes} bytes in one stream`)
      this.#chunks = []
      this.#buffered = 0
    } else {
      this.#keep(chunk)
      this.#buffered += chunk.length
    }
    this.#wake()
  }

  // A last chunk may come in the same packet as the end, after it; whoever waits looks once both are here.
  readonly #onEnd = (): void => {
    this.#ended = true
    queueMicrotask(() => this.#wake())
  }

  readonly #onClose = ({ error }: CairnStreamEvents['close']): void => {
    if (error?.name === 'StreamResetError') this.#fault ??= new PeerFault('peer-refused', 'the other side reset the stream')
    else if (!this.#ended) this.#fault ??= new PeerFault('peer-gone', `the connection closed (${reason(error ?? 'unknown')})`)
    queueMicrotask(() => this.#wake())
  }
}
