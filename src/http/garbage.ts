/**
 * Bytes that are no HTTP request, or came too slowly: no route and no hook ever sees them. Each gets one answer in our
 * form, and its connection ends. So does a request that expects what nobody here knows: Node's server would answer without a word.
 *
 *   the first 50       at once
 *   beyond that        250 a second, in the order in which they came
 *
 * Whoever floods a server waits for answers too, and so sends no faster than they come, over however many connections:
 * what the node and its machine have is left to those who ask for something. Meanwhile a connection that waits asked for
 * nothing, so that it is the first to go when there are too many (connections.ts).
 *
 * @example
 *   fastify({ clientErrorHandler: new Garbage(clock).answer })
 */
import type { Socket } from 'node:net'
import type { Clock } from '../chain/clock.ts'
import type { ApiError } from './api.ts'
import { makeRequestId, REQUEST_ID } from './request-id.ts'

const GARBAGE: Readonly<Record<string, readonly [status: string, code: string, message: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'request-timeout', 'the request did not arrive in time'],
  CAIRN_UNEXPECTED: ['417 Expectation Failed', 'expectation-failed', 'only "Expect: 100-continue" is understood: leave the header out'],
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'headers-too-large', 'the headers are too large'],
}

/**
 * An answer costs a third of a millisecond, and its connection as much again: this many take a sixth of a processor. With 2 ms
 * an honest answer beside a flood took up to two and a half times as long as alone (p99).
 */
const INTERVAL_MS = 4
const BURST = 50
/** No answer waits longer, whatever the clock does: as long as one for each of the server's connections. */
const MAX_WAIT_MS = 4_096

/** What is thrown at a server that is no request. */
interface Malformed extends Error {
  code?: string
}

/** A request that expects something else than `100-continue` (RFC 9110, 10.1.1). */
export class Unexpected extends Error implements Malformed {
  readonly code = 'CAIRN_UNEXPECTED'
}

export class Garbage {
  readonly #clock: Pick<Clock, 'now' | 'after'>
  /** When the next answer would be due if all came evenly, ms since the Unix epoch. */
  #dueMs = 0
  /** Connections whose answer waits, or was given: what else comes on them is not looked at. */
  readonly #judged = new WeakSet<Socket>()

  constructor(clock: Pick<Clock, 'now' | 'after'>) {
    this.#clock = clock
  }

  /** For Fastify's `clientErrorHandler`. */
  readonly answer = (error: Malformed, socket: Socket): void => {
    if (this.#judged.has(socket)) return
    this.#judged.add(socket)
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy()
      return
    }
    // Node's server would end a connection, without an answer, as soon as the other side has said its last word.
    socket.removeAllListeners('end')
    const waitMs = this.#takeTurn()
    if (waitMs === 0) send(error, socket)
    else socket.once('close', this.#clock.after(waitMs, () => send(error, socket)))
  }

  /** @returns how long the next answer has to wait, ms */
  #takeTurn(): number {
    const now = this.#clock.now()
    const burstMs = BURST * INTERVAL_MS
    const dueMs = Math.min(Math.max(now, this.#dueMs), now + burstMs + MAX_WAIT_MS)
    this.#dueMs = dueMs + INTERVAL_MS
    return Math.max(0, this.#dueMs - now - burstMs)
  }
}

function send(error: Malformed, socket: Socket): void {
  const [status, code, message] =
    GARBAGE[error.code ?? ''] ?? (['400 Bad Request', 'bad-request', 'this is not an HTTP/1.1 request'] as const)
  const requestId = makeRequestId()
  const answer: ApiError = { error: { code, message, requestId } }
  const json = JSON.stringify(answer)
  const headers = [
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(json)}`,
    `${REQUEST_ID}: ${requestId}`,
    'Connection: close',
  ]
  socket.end([`HTTP/1.1 ${status}`, ...headers, '', json].join('\r\n'))
}
