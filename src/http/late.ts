/**
 * Requests that did not arrive in time. Node's server finds them by its clock, and after a standstill (a laptop that slept, a
 * machine with too much to do) it does so before it reads what came meanwhile: it would refuse a request for its own delay.
 * So what is late has a last second, in which whatever waits is read. Only what is missing after that is refused.
 *
 * @example
 *   const late = new Late({ clock, refuse: garbage.answer })
 *   const server = createServer(answer).on('clientError', late.answer).prependListener('request', late.heard)
 */
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Clock } from '../chain/clock.ts'

const LAST_CALL_MS = 1_000

export class Late {
  readonly #clock: Pick<Clock, 'after'>
  readonly #refuse: (error: Error, socket: Socket) => void
  /** The request that came last on each connection, whole or not. */
  readonly #last = new WeakMap<Socket, IncomingMessage>()
  /** Connections that have their last second, and the request that is awaited, once its headers are there. */
  readonly #awaited = new WeakMap<Socket, { request: IncomingMessage | undefined }>()

  constructor({ clock, refuse }: { clock: Pick<Clock, 'after'>; refuse: (error: Error, socket: Socket) => void }) {
    this.#clock = clock
    this.#refuse = refuse
  }

  /** For the server's `request`, before anybody else hears of it. */
  readonly heard = (request: IncomingMessage): void => {
    this.#last.set(request.socket, request)
    const awaited = this.#awaited.get(request.socket)
    if (awaited !== undefined) awaited.request ??= request
  }

  /** For the server's `clientError`: any other error than lateness is refused at once. */
  readonly answer = (error: NodeJS.ErrnoException, socket: Socket): void => {
    if (error.code !== 'ERR_HTTP_REQUEST_TIMEOUT') {
      this.#refuse(error, socket)
      return
    }
    const last = this.#last.get(socket)
    const awaited = { request: last?.complete ? undefined : last }
    this.#awaited.set(socket, awaited)
    const leave = this.#clock.after(LAST_CALL_MS, () => {
      socket.off('close', leave)
      this.#awaited.delete(socket)
      if (!awaited.request?.complete) this.#refuse(error, socket)
    })
    socket.once('close', leave)
  }
}
