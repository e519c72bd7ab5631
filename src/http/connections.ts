/**
 * The connections of the server: how many there are, and how long one may be of no use.
 *
 * - At most `max` at once. When one more comes, one that has nothing under way goes: first those that never asked
 *   anything, then the one that was quiet longest. So nobody is shut out by connections that others only hold open.
 *   Where all of them are busy the new one is refused.
 * - An answer must be taken: a client that for `stallMs` takes less than `minBytes` of what waits for it is dropped, and
 *   with it whatever was held for it. Answers are sent at the reader's pace, and a pace of a byte a second would
 *   hold one open for ever. Event streams too, so that one that is not read goes before its limit is full.
 *
 * Requests that are sent slowly are the server's own business (`requestTimeout`), and those that are too late late.ts's.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Clock } from '../chain/clock.ts'

export interface ConnectionOptions {
  /**
   * @default 1024: a browser opens six, an event stream keeps one. One that says nothing costs 3 kB; to close it costs more
   * than to keep it, where its owner opens it again
   */
  max?: number
  /** @default 20000 */
  stallMs?: number
  /** What must be taken in that time where more waits, bytes. @default 16384: the slowest radio link takes more */
  minBytes?: number
}

/** What is known of a connection. */
interface Known {
  /** Requests that were not answered yet. */
  underway: number
  /** Whether it ever asked anything. */
  asked: boolean
  /** What had been taken at some time, while something waits to be taken. */
  mark: { taken: number; at: number } | undefined
}

export class Connections {
  readonly #clock: Clock
  readonly #options: Required<ConnectionOptions>
  /** In the order in which they were last busy, or came. */
  readonly #known = new Map<Socket, Known>()
  #cancel = (): void => {}

  constructor({ server, clock }: { server: Server; clock: Clock }, options: ConnectionOptions = {}) {
    this.#clock = clock
    this.#options = { max: 1_024, stallMs: 20_000, minBytes: 16_384, ...options }
    server.on('connection', (socket: Socket) => this.#came(socket))
    server.prependListener('request', (request, response) => this.#asked(request, response))
  }

  /** Begins to look for answers that are not taken. */
  start(): void {
    this.#cancel = this.#clock.after(this.#options.stallMs / 4, () => {
      this.#dropStalled()
      this.start()
    })
  }

  stop(): void {
    this.#cancel()
  }

  get size(): number {
    return this.#known.size
  }

  #came(socket: Socket): void {
    if (this.#known.size >= this.#options.max) {
      const idle = this.#leastUseful()
      if (idle === undefined) {
        socket.destroy()
        return
      }
      this.#known.delete(idle)
      idle.destroy()
    }
    this.#known.set(socket, { underway: 0, asked: false, mark: undefined })
    socket.once('close', () => this.#known.delete(socket))
  }

  #asked({ socket }: IncomingMessage, response: ServerResponse): void {
    const known = this.#known.get(socket)
    if (known === undefined) return
    known.asked = true
    known.underway += 1
    response.once('close', () => {
      known.underway -= 1
      if (this.#known.delete(socket) && !socket.destroyed) this.#known.set(socket, known) // as the one that was busy last
    })
  }

  #leastUseful(): Socket | undefined {
    let quietest: Socket | undefined
    for (const [socket, { underway, asked }] of this.#known) {
      if (underway > 0) continue
      if (!asked) return socket
      quietest ??= socket
    }
    return quietest
  }

  #dropStalled(): void {
    const { stallMs, minBytes } = this.#options
    const now = this.#clock.now()
    for (const [socket, known] of this.#known) {
      if (socket.writableLength === 0) {
        known.mark = undefined
        continue
      }
      const taken = socket.bytesWritten - socket.writableLength // what was handed to the system
      if (known.mark === undefined || taken - known.mark.taken >= minBytes) known.mark = { taken, at: now }
      else if (now - known.mark.at >= stallMs) socket.destroy()
    }
  }
}
