/**
 * A name for each request, so that an answer, what its sender saw of it, and the lines of the log can be laid beside
 * each other: in the header `x-request-id` of every answer, in every error, and in the log.
 *
 * A program that has a name of its own for what it does sends it along, and it is kept. One that is no plain word is
 * not: what strangers send stands in no log as it is.
 */
import { randomBytes } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

export const REQUEST_ID = 'x-request-id'

/** What a caller may call its request: words, digits, and what stands between them in ids of all kinds. */
const SANE = /^[\w.:-]{1,64}$/
/** Tells the requests of this run from those of others. */
const RUN = randomBytes(4).toString('hex')

let count = 0

export function requestIdOf({ headers }: { headers: IncomingHttpHeaders }): string {
  const given = headers[REQUEST_ID]
  return typeof given === 'string' && SANE.test(given) ? given : makeRequestId()
}

/** For bytes that are no request. */
export const makeRequestId = (): string => `${RUN}-${++count}`
