/** Bytes that are no HTTP request, or came too slowly: no route and no hook ever sees them. */
import type { Socket } from 'node:net'
import type { ApiError } from './api.ts'
import { makeRequestId, REQUEST_ID } from './request-id.ts'

const GARBAGE: Readonly<Record<string, readonly [status: string, code: string, message: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'request-timeout', 'the request did not arrive in time'],
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'headers-too-large', 'the headers are too large'],
}

/** For Fastify's `clientErrorHandler`: one answer in our form, and the connection ends. */
export function answerGarbage(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
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
