/**
 * A real connection whose bytes arrive later: what `Links` says of a message is done to each piece that is written.
 *
 * It stands between libp2p and the transport's own connection on the side that dialled, and holds up both directions
 * there: what is sent before it goes out, and what has come in before it is handed on. Pieces stay in order. While a
 * direction has more under way than a socket's buffer takes, the sender is told to wait, as TCP does.
 *
 *   this side → [line out] → connection ⇄ connection of the other side
 *   this side ← [line in ] ← connection
 *
 * A piece is what the encryption hands down at once: a frame of up to 64 KiB. With nothing to hold up it goes straight
 * through. Closing waits for what is under way; aborting drops it.
 */
import type { AbortOptions, MultiaddrConnection } from '@libp2p/interface'
import { AbstractMultiaddrConnection, type SendResult } from '@libp2p/utils'
import { withSignal } from './with-signal.ts'

/** How long a piece is on the way in one direction, ms; Infinity: it is lost. To be asked once for each, in order. */
export type Delay = (bytes: number) => number

export interface CableOptions {
  connection: MultiaddrConnection
  /** From this side to the other. */
  out: Delay
  /** From the other side to this one. */
  back: Delay
}

/** What may be under way before the sender waits: Linux's socket buffers grow to a few times this. */
const BUFFER_BYTES = 262_144

export class Cable extends AbstractMultiaddrConnection {
  readonly #connection: MultiaddrConnection
  readonly #out: Line
  readonly #in: Line
  /** Pieces from this side that are under way. */
  #outBytes = 0
  /** Whether the sender was told to wait. */
  #isFull = false

  constructor({ connection, out, back }: CableOptions) {
    const { remoteAddr, direction, log, inactivityTimeout } = connection
    super({ remoteAddr, direction, log, inactivityTimeout })
    this.#connection = connection
    this.#out = new Line(out)
    this.#in = new Line(back)
    connection.addEventListener('message', ({ data }) => this.#in.push(data.byteLength, () => this.onData(data)))
    connection.addEventListener('drain', () => this.#drained())
    connection.addEventListener('close', ({ error }) => this.#in.push(0, () => this.#ended(error)))
  }

  sendData(data: Parameters<AbstractMultiaddrConnection['sendData']>[0]): SendResult {
    const bytes = data.byteLength
    this.#outBytes += bytes
    this.#out.push(bytes, () => {
      this.#outBytes -= bytes
      if (this.#connection.status === 'open') this.#connection.send(data)
      this.#drained()
    })
    this.#isFull ||= this.#mustWait
    return { sentBytes: bytes, canSendMore: !this.#isFull }
  }

  async sendClose(options?: AbortOptions): Promise<void> {
    await this.#out.empty(options?.signal)
    await this.#connection.close(options)
    this.#drop()
  }

  sendReset(error: Error): void {
    this.#drop()
    this.#connection.abort(error)
  }

  sendPause(): void {
    if (this.#connection.status === 'open') this.#connection.pause()
  }

  sendResume(): void {
    if (this.#connection.status === 'open') this.#connection.resume()
  }

  get #mustWait(): boolean {
    return this.#outBytes > BUFFER_BYTES || this.#connection.writableNeedsDrain
  }

  #drained(): void {
    if (!this.#isFull || this.#mustWait) return
    this.#isFull = false
    this.safeDispatchEvent('drain')
  }

  /** The other side ended the connection, and everything that it sent before has been handed on. */
  #ended(error: Error | undefined): void {
    this.#drop()
    if (this.status !== 'open' && this.status !== 'closing') return
    if (error === undefined) this.onTransportClosed()
    else this.onRemoteReset()
  }

  #drop(): void {
    this.#out.drop()
    this.#in.drop()
  }
}

interface Piece {
  /** By `performance.now`. */
  dueMs: number
  deliver: () => void
}

/** One direction: pieces that become due in their order. Its timer keeps the process alive while there are any. */
class Line {
  readonly #delay: Delay
  readonly #pieces: Piece[] = []
  #timer: NodeJS.Timeout | undefined
  #emptied: (() => void) | undefined

  constructor(delay: Delay) {
    this.#delay = delay
  }

  push(bytes: number, deliver: () => void): void {
    const delayMs = this.#delay(bytes)
    if (delayMs === Infinity) return
    if (delayMs <= 0 && this.#pieces.length === 0) return deliver()
    this.#pieces.push({ dueMs: performance.now() + delayMs, deliver })
    this.#wait()
  }

  /** Resolves when nothing is under way. @throws the signal's reason */
  async empty(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    if (this.#pieces.length === 0) return
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#emptied = resolve
    await withSignal(promise, signal)
  }

  drop(): void {
    this.#pieces.length = 0
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#emptied?.()
  }

  #wait(): void {
    const [first] = this.#pieces
    if (first === undefined || this.#timer !== undefined) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      const now = performance.now()
      // A timer comes up to a millisecond early.
      while (this.#pieces[0] !== undefined && this.#pieces[0].dueMs < now + 1) this.#pieces.shift()?.deliver()
      if (this.#pieces.length === 0) this.#emptied?.()
      this.#wait()
    }, Math.max(1, first.dueMs - performance.now()))
  }
}
