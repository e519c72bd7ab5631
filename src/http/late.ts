/**
 * Requests that did not arrive in time. Node's server finds them by its clock, and after a standstill (a laptop that slept, a
 * machine with too much to do) it does so before it reads what came meanwhile: it would refuse a request for its own delay.
 * So what is late has a last second, in which whatever waits is read. Only what is missing after that is refused.
 *
 * A connection on which nothing was ever said is late with nothing. Browsers and Node's `fetch` open some before they have a
 * use for them (`fetch` whenever a stream was given up), and would take a refusal for the answer to what they ask just then.
 * So it may be silent as long as one on which everything was answered, which is what clients are told, and ends without a word.
 *
 * @example
 *   const late = new Late({ clock, refuse: garbage.answer, silenceMs: 50_000 })
 *   const server = createServer(answer).on('clientError', late.answer).prependListener('request', late.heard)
 */
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Clock } from '../chain/clock.ts'

const LAST_CALL_MS = 1_000

export interface LateOptions {
  clock: Pick<Clock, 'after'>
  /** What becomes of a request that is too late, and of any other fault. */
  refuse: (error: Error, socket: Socket) => void
  /** How long a connection on which nothing was said is kept once it is found to be silent, ms. */
  silenceMs: number
}

export class Late {
  readonly #options: LateOptions
  /** The request that came last on each connection, whole or not. */
  readonly #last = new WeakMap<Socket, IncomingMessage>()
  /** Connections that have their last second, and the request that is awaited, once its headers are there. */
  readonly #awaited = new WeakMap<Socket, { request: IncomingMessage | undefined }>()

  constructor(options: LateOptions) {
    this.#options = options
  }

  /** For the server's `request`, before anybody else hears of it. */
  readonly heard = (request: IncomingMessage): void => {
    this.#last.set(request.socket, request)
    const awaited = this.#awaited.get(request.socket)
    if (awaited !== undefined) awaited.request ??= request
  }

  /** For the server's `clientError`: any other error than lateness is refused at once. */
  readonly answer = (error: NodeJS.ErrnoException, socket: Socket): void => {
    const { refuse, silenceMs } = this.#options
    if (error.code !== 'ERR_HTTP_REQUEST_TIMEOUT') refuse(error, socket)
    else if (socket.bytesRead > 0) this.#lastCall(error, socket)
    // Once it says something it is timed by the server again, from then on.
    else this.#after(silenceMs, socket, () => void (socket.bytesRead === 0 && socket.destroy()))
  }

  #lastCall(error: Error, socket: Socket): void {
    const last = this.#last.get(socket)
    const awaited = { request: last?.complete ? undefined : last }
    this.#awaited.set(socket, awaited)
    this.#after(LAST_CALL_MS, socket, () => {
      this.#awaited.delete(socket)
      if (!awaited.request?.complete) this.#options.refuse(error, socket)
    })
  }

  /** Calls back after a delay, unless the connection is closed by then. */
  #after(delayMs: number, socket: Socket, callback: () => void): void {
    const cancel = this.#options.clock.after(delayMs, () => {
      socket.off('close', cancel)
      callback()
    })
    socket.once('close', cancel)
  }
}
