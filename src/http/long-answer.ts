/**
 * Answers that take as long as they take: mining a block may be a moment or ten minutes.
 *
 * Most HTTP clients give up on a connection that is silent for a few minutes (`fetch` of Node after five). So the status
 * is decided in the first seconds, where mistakes show; after that the answer begins, and a space is sent every while:
 * JSON may begin with any number of them. If the work fails by then, the connection is cut instead.
 */
import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import type { Clock } from '../chain/clock.ts'
import { HttpError } from './http-error.ts'

/** How long nothing is sent, ms; well below the 60 s after which proxies give up. */
const SILENCE_MS = 20_000

const WAITING = Symbol('still waiting')

/** The result as an answer, or a stream that becomes it. Rejects as the work does, while nothing is sent. */
export async function answerWhenDone<T>(reply: FastifyReply, work: Promise<T>, clock: Clock): Promise<T | Readable> {
  const result = await within(work, clock)
  if (result !== WAITING) return result
  reply.type('application/json; charset=utf-8')
  return Readable.from(spacesUntil(work, clock))
}

/** Aborts when the connection closes: whoever asked no longer wants the answer. */
export function closedSignal({ raw }: FastifyReply): AbortSignal {
  const closed = new AbortController()
  // 499 is nginx's word for it; nobody is left to read it.
  raw.once('close', () => closed.abort(new HttpError(499, 'client-gone', 'the client closed the connection')))
  return closed.signal
}

async function* spacesUntil<T>(work: Promise<T>, clock: Clock): AsyncGenerator<string, void, undefined> {
  for (;;) {
    yield ' '
    const result = await within(work, clock)
    if (result === WAITING) continue
    yield JSON.stringify(result)
    return
  }
}

/** What the work gives, or `WAITING` once it has taken `SILENCE_MS` from now. */
function within<T>(work: Promise<T>, clock: Clock): Promise<T | typeof WAITING> {
  const { promise, resolve } = Promise.withResolvers<typeof WAITING>()
  const cancel = clock.after(SILENCE_MS, () => resolve(WAITING))
  return Promise.race([work, promise]).finally(cancel)
}
