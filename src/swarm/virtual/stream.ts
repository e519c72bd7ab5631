/**
 * A stream over simulated wires: bytes arrive in order, whole as they were sent; its end and its reset arrive as they do
 * on a real one. There is no window: what is sent and not yet read is held, as much as the protocols' own limits allow.
 */
import type { CairnStream, CairnStreamEvents } from '../../network/cairn-libp2p.ts'
import { Emitter } from './emitter.ts'

/** The connection that a stream is on. */
export interface StreamCarrier {
  transmit(bytes: number, deliver: () => void): void
  /** A stream is closed. */
  forget(stream: VirtualStream): void
}

/** Of a frame's header in yamux. */
const FRAME_HEADER_BYTES = 12

export class VirtualStream extends Emitter<CairnStreamEvents> implements CairnStream {
  readonly protocol: string
  readonly direction: CairnStream['direction']
  readonly readBufferLength = 0
  status: CairnStream['status'] = 'open'
  remoteWriteStatus: CairnStream['remoteWriteStatus'] = 'writable'
  readonly #connection: StreamCarrier
  #other: VirtualStream | undefined
  #ended = false
  /** What came before anybody listened, as a real stream keeps it. */
  #early: CairnStreamEvents['message'][] | undefined = []

  constructor(connection: StreamCarrier, protocol: string, direction: CairnStream['direction']) {
    super()
    this.#connection = connection
    this.protocol = protocol
    this.direction = direction
  }

  /** The two ends of one stream. */
  static join(a: VirtualStream, b: VirtualStream): void {
    a.#other = b
    b.#other = a
  }

  override addEventListener<Name extends keyof CairnStreamEvents>(name: Name, listener: (event: CairnStreamEvents[Name]) => void): void {
    super.addEventListener(name, listener)
    if (name !== 'message' || this.#early === undefined) return
    const early = this.#early
    this.#early = undefined
    for (const event of early) this.tell('message', event)
  }

  send(data: Parameters<CairnStream['send']>[0]): boolean {
    if (this.#ended || this.status !== 'open') throw new Error(`the stream is ${this.status === 'open' ? 'ended' : this.status}`)
    const bytes = data.subarray().slice() // the sender may use its buffer again
    this.#transmit(bytes.length, (other) => other.#received(bytes))
    return true
  }

  async onDrain(): Promise<void> {}

  /** Sends no more; it is closed once the other side does not either. */
  async close(): Promise<void> {
    if (this.#ended || this.status !== 'open') return
    this.#ended = true
    this.#transmit(0, (other) => other.#remoteEnded())
    if (this.remoteWriteStatus === 'closed') this.#closed('closed')
  }

  /** Resets it: whatever has not arrived will not. */
  abort(error: Error): void {
    if (this.status !== 'open') return
    this.#transmit(0, (other) => other.#closed('reset', named('StreamResetError', 'the stream was reset')))
    this.#closed('aborted', error)
  }

  /** Its connection is gone. */
  lose(error: Error): void {
    this.#closed('aborted', error)
  }

  #transmit(bytes: number, deliver: (other: VirtualStream) => void): void {
    this.#connection.transmit(bytes + FRAME_HEADER_BYTES, () => {
      if (this.#other !== undefined) deliver(this.#other)
    })
  }

  #received(data: Uint8Array): void {
    if (this.status !== 'open') return
    if (this.#early !== undefined) this.#early.push({ data })
    else this.tell('message', { data })
  }

  #remoteEnded(): void {
    if (this.status !== 'open') return
    this.remoteWriteStatus = 'closed'
    this.tell('remoteCloseWrite', undefined)
    if (this.#ended) this.#closed('closed')
  }

  #closed(status: 'closed' | 'aborted' | 'reset', error?: Error): void {
    if (this.status !== 'open') return
    this.status = status
    this.#connection.forget(this)
    this.tell('close', { error })
  }
}

/** libp2p tells its errors apart by their names. */
export const named = (name: string, message: string): Error => Object.assign(new Error(message), { name })
