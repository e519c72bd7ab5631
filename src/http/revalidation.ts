/**
 * Answers that a client may keep, if it asks each time whether they still hold: they carry an `ETag`, which names
 * exactly these bytes, and `cache-control: no-cache`. A request that names it in `If-None-Match` is answered by 304
 * without a body (RFC 9110, 8.8.3 and 13.1.2).
 *
 * Nothing that is told of a chain is said to hold for ever. Even a block by its hash may leave the best chain, and the
 * name of its miner may become known. So a tag is of the answer, and never of the thing that it tells of.
 */
import { hash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether an answer of this route may be kept and asked about. @default false: it is never stored */
    revalidate?: boolean
  }
}

/** The tag of these bytes. */
export const tagOf = (content: string | Uint8Array): string => `"${hash('sha256', content, 'base64url').slice(0, 22)}"`

/** Adds the tag, where a route did not, to answers of routes that have `revalidate`. */
export function addRevalidation(app: FastifyInstance): void {
  app.addHook('onSend', ({ method, headers, routeOptions }, reply, payload, done) => {
    if (routeOptions.config.revalidate !== true || reply.statusCode !== 200 || !isContent(payload)) return done(null, payload)
    const given = reply.getHeader('etag')
    const tag = typeof given === 'string' ? given : tagOf(payload)
    reply.header('etag', tag).header('cache-control', 'no-cache')
    if (!isNamed(tag, headers['if-none-match'])) return done(null, payload)
    reply.code(304).removeHeader('content-type')
    // HEAD is told the length of what GET would answer, which Fastify takes from the payload.
    done(null, method === 'HEAD' ? payload : null)
  })
}

const isContent = (payload: unknown): payload is string | Uint8Array =>
  typeof payload === 'string' || payload instanceof Uint8Array

/** Whether a tag is in the list that a client sent. Weak ones count: they are our own, marked so by a proxy. */
const isNamed = (tag: string, list: string | undefined): boolean =>
  list !== undefined && list.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === tag)
