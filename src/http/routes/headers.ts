/**
 * Headers for light clients, which keep these alone and check the work themselves: parents, bits, targets, hashes.
 * As JSON, or as the bytes that are hashed (`Accept: application/octet-stream`): the SSZ encodings of PROTOCOL.md part 1,
 * 92 bytes each, one after the other. Fewer than were asked for: the chain ends there, for now.
 *
 * Every answer is one chain: where the best chain changes while it is made, it ends before the change.
 */
import { setImmediate } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import type { Chain } from '../../chain/chain.ts'
import { blockHash } from '../../consensus/header.ts'
import { equalBytes } from '../../consensus/hex.ts'
import { encodeHeader, HEADER_BYTES, type Header } from '../../consensus/types.ts'
import type { HeaderPage } from '../api.ts'
import { prefersSsz, SSZ_TYPE, VARY } from '../media-type.ts'
import { renderHeader } from '../render.ts'
import * as schema from '../schemas.ts'
import type { RouteContext } from './context.ts'

/** Most headers of one answer: as many as of one on the network. */
const MAX_HEADERS = 2000
/** Headers read at once: about 2 ms, then others get their turn. */
const PART = 250

export function headerRoutes(app: FastifyInstance, { node }: RouteContext): void {
  app.get<{ Querystring: { from?: number; limit: number } }>(
    '/api/v1/headers',
    {
      config: { access: 'open', revalidate: true },
      schema: {
        summary: 'Headers of the best chain, oldest first, for light clients',
        bytes: 'the headers’ SSZ encodings, 92 bytes each, one after the other',
        querystring: schema.body<{ from?: number; limit?: number }>({
          from: schema.height,
          limit: schema.limit(MAX_HEADERS, 100),
        }),
        response: { 200: schema.headerPage, '4xx': schema.error },
      },
    },
    async ({ query: { from = 0, limit }, headers: { accept } }, reply): Promise<HeaderPage | Buffer> => {
      const headers = await readHeaders(node.chain, from, limit)
      reply.headers(VARY)
      if (prefersSsz(accept)) {
        reply.type(SSZ_TYPE)
        return Buffer.concat(headers.map((header) => encodeHeader(header)), headers.length * HEADER_BYTES)
      }
      const next = from + headers.length
      return { headers: headers.map((header) => renderHeader(header)), next: headers.length > 0 && next <= node.chain.tip.height ? next : null }
    },
  )
}

/** Headers from a height on, each the child of the one before. */
async function readHeaders(chain: Chain, from: number, limit: number): Promise<Header[]> {
  const headers = part(chain, from, Math.min(limit, PART))
  while (headers.length < limit) {
    await setImmediate()
    const more = part(chain, from + headers.length, Math.min(limit - headers.length, PART))
    const last = headers.at(-1)
    const first = more[0]
    if (last === undefined || first === undefined || !equalBytes(first.parent, blockHash(last))) break
    headers.push(...more)
  }
  return headers
}

function part(chain: Chain, from: number, limit: number): Header[] {
  if (from === 0) return [chain.genesis.block.header, ...part(chain, 1, limit - 1)]
  const before = chain.hashAt(from - 1)
  return before === undefined || limit === 0 ? [] : chain.headersAfter([before], limit)
}
