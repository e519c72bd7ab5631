/** Reading blocks, transactions and side branches. */
import { setImmediate } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import type { Chain } from '../../chain/chain.ts'
import type { HeaderRecord } from '../../chain/chain-events.ts'
import { toHex, type Hex } from '../../consensus/hex.ts'
import { encodeBlock } from '../../consensus/types.ts'
import type { BlockPage, BlockSummary, Fork, ForkPage, TransactionDetail } from '../api.ts'
import { BlockAnswers } from '../block-answers.ts'
import { HttpError } from '../http-error.ts'
import { parseHash, parseHeightOrHash } from '../input.ts'
import { JSON_TYPE, prefersSsz, SSZ_TYPE, VARY } from '../media-type.ts'
import * as schema from '../schemas.ts'
import type { RouteContext } from './context.ts'

/** Side branches that are listed at all, those with the most work. */
const MAX_FORKS = 1000

/** In documentation. */
const FORK_CURSOR = `16a00000-${'0'.repeat(5)}${'a3f'.repeat(19)}9b`

export function chainRoutes(app: FastifyInstance, { node, render }: RouteContext): void {
  const answers = new BlockAnswers({ chain: node.chain, render })

  app.get<{ Querystring: { before?: number; limit: number } }>(
    '/api/v1/blocks',
    {
      config: { access: 'open', revalidate: true },
      schema: {
        summary: 'Blocks of the best chain, newest first',
        querystring: schema.body<{ before?: number; limit?: number }>({ before: schema.height, limit: schema.limit(100, 20) }),
        response: {
          200: schema.answer<BlockPage>('a page', {
            blocks: schema.listOf(schema.blockSummary),
            next: schema.nullable(schema.height),
          }),
          '4xx': schema.error,
        },
      },
    },
    async ({ query: { before = Infinity, limit } }): Promise<BlockPage> => {
      const { chain } = node
      const newest = Math.min(before - 1, chain.tip.height)
      const blocks: BlockSummary[] = []
      for (let height = newest; height >= 0 && blocks.length < limit; height--) {
        const hash = chain.hashAt(height)
        const record = hash === undefined ? undefined : chain.record(hash)
        if (record === undefined) break // the chain became shorter while this page was made
        blocks.push(render.summary(record))
        await setImmediate() // a block seen for the first time is decoded whole: others get their turn in between
      }
      const last = blocks.at(-1)?.height ?? 0
      return { blocks, next: last > 0 ? last : null }
    },
  )

  app.get<{ Params: { heightOrHash: string } }>(
    '/api/v1/blocks/:heightOrHash',
    {
      config: { access: 'open', revalidate: true },
      schema: {
        summary: 'A block of the best chain by height, or any stored block by hash',
        params: schema.body<{ heightOrHash: string }>({ heightOrHash: schema.text('a height, or 64 hex digits', '0') }),
        bytes: 'the block’s SSZ encoding',
        response: { 200: schema.blockDetail, '4xx': schema.error },
      },
    },
    ({ params, headers: { accept } }, reply): Uint8Array => {
      const asked = parseHeightOrHash(params.heightOrHash)
      const hash = typeof asked === 'number' ? node.chain.hashAt(asked) : asked
      reply.headers(VARY)
      if (prefersSsz(accept)) {
        const block = hash === undefined ? undefined : node.chain.block(hash)
        if (block === undefined) throw notFound(asked)
        reply.type(SSZ_TYPE)
        return encodeBlock(block)
      }
      const answer = hash === undefined ? undefined : answers.get(hash)
      if (answer === undefined) throw notFound(asked)
      reply.type(JSON_TYPE).header('etag', answer.tag)
      return answer.json
    },
  )

  const notFound = (asked: number | Hex): HttpError =>
    new HttpError(
      404,
      'block-not-found',
      typeof asked === 'number'
        ? `there is no block of height ${asked}: the best chain ends at ${node.chain.tip.height}`
        : `there is no block ${asked} here`,
    )

  app.get<{ Params: { id: string } }>(
    '/api/v1/transactions/:id',
    {
      config: { access: 'open', revalidate: true },
      schema: {
        summary: 'A transaction of the best chain, or a pending one',
        params: schema.body<{ id: string }>({ id: schema.hash }),
        response: { 200: schema.transactionDetail, '4xx': schema.error },
      },
    },
    ({ params }): TransactionDetail => {
      const id = parseHash(params.id)
      const transaction = render.transaction(id)
      if (transaction === undefined) {
        throw new HttpError(404, 'transaction-not-found', `there is no transaction ${id}: neither in the best chain nor pending`)
      }
      return transaction
    },
  )

  app.get<{ Querystring: { before?: string; limit: number } }>(
    '/api/v1/forks',
    {
      config: { access: 'open' },
      schema: {
        summary: 'Side branches, most work first',
        querystring: schema.body<{ before?: string; limit?: number }>({
          before: { ...schema.text('the "next" of the page before', FORK_CURSOR), pattern: '^[0-9a-f]{1,64}-[0-9a-f]{64}$' },
          limit: schema.limit(100, 100),
        }),
        response: {
          200: schema.answer<ForkPage>('side branches', {
            forks: schema.listOf(
              schema.answer<Fork>('a side branch', {
                tip: schema.blockSummary,
                ancestor: schema.height,
                length: schema.whole(1, 0xffff_ffff, 'blocks'),
              }),
            ),
            next: schema.nullable(schema.text('the "before" of the next page', FORK_CURSOR)),
          }),
          '4xx': schema.error,
        },
      },
    },
    ({ query: { before, limit } }): ForkPage => {
      const tips = after(before, node.chain.branches(MAX_FORKS))
      const page = tips.slice(0, limit)
      const last = page.at(-1)
      return {
        forks: page.map((tip) => {
          const ancestor = lastShared(node.chain, tip).height
          return { tip: render.summary(tip), ancestor, length: tip.height - ancestor }
        }),
        next: last === undefined || tips.length <= limit ? null : `${last.work.toString(16)}-${last.hash}`,
      }
    },
  )
}

/** Tips that come after a cursor: after the same tip, or where it is a tip no more, those that had not more work. */
function after(cursor: string | undefined, tips: HeaderRecord[]): HeaderRecord[] {
  if (cursor === undefined) return tips
  const [work = '', hash = ''] = cursor.split('-')
  const at = tips.findIndex((tip) => tip.hash === hash)
  return at < 0 ? tips.filter((tip) => tip.work <= BigInt(`0x${work}`)) : tips.slice(at + 1)
}

/** The last block of the best chain below (or at) a stored block. */
function lastShared(chain: Chain, from: HeaderRecord): HeaderRecord {
  let record = from
  while (!chain.isBest(record.hash)) record = parentOf(chain, record)
  return record
}

/**
 * The ancestor of a stored block at a height, itself included. Stays the same when the best chain moves to another
 * branch meanwhile, so a reader that walks up to a tip sees one chain, whole.
 */
export function ancestorAt(chain: Chain, from: HeaderRecord, height: number): Hex {
  let record = from
  while (record.height > height && !chain.isBest(record.hash)) record = parentOf(chain, record)
  const hash = record.height === height ? record.hash : chain.hashAt(height)
  if (hash === undefined) throw new Error(`the best chain has no block of height ${height} below ${record.hash}`)
  return hash
}

function parentOf(chain: Chain, { header, hash }: HeaderRecord): HeaderRecord {
  const parent = chain.record(toHex(header.parent))
  if (parent === undefined) throw new Error(`the parent of ${hash} is not in the chain's index`)
  return parent
}
