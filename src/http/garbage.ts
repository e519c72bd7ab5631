/** Bytes that are no HTTP request, or came too slowly: no route and no hook ever sees them. */
import type { Socket } from 'node:net'
import type { Clock } from '../chain/clock.ts'
import type { ApiError } from './api.ts'
import { makeRequestId, REQUEST_ID } from './request-id.ts'

const GARBAGE: Readonly<Record<string, readonly [status: string, code: string, message: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'request-timeout', 'the request did not arrive in time'],
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'headers-too-large', 'the headers are too large'],
}

/** Whoever sends garbage without end waits this long for each answer, ms, and leaves the node its time for others. */
const ANSWER_AFTER_MS = 100

/** For Fastify's `clientErrorHandler`: one answer in our form, after a while, and the connection ends. */
export const garbageAnswers = (clock: Pick<Clock, 'after'>) => (error: Error & { code?: string }, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const cancel = clock.after(ANSWER_AFTER_MS, () => answer(error, socket))
  socket.once('close', cancel)
}

function answer(error: Error & { code?: string }, socket: Socket): void {
  if (!socket.writable) return // more of it came meanwhile, and was answered
  const [status, code, message] =
    GARBAGE[error.code ?? ''] ?? (['400 Bad Request', 'bad-request', 'this is not an HTTP/1.1 request'] as const)
  const requestId = makeRequestId()
  const failure: ApiError = { error: { code, message, requestId } }
  const json = JSON.stringify(failure)
  const headers = [
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(json)}`,
    `${REQUEST_ID}: ${requestId}`,
    'Connection: close',
  ]
  socket.end([`HTTP/1.1 ${status}`, ...headers, '', json].join('\r\n'))
}
