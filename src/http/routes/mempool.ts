/** Pending transactions: reading them, and handing in one that is signed already. */
import type { FastifyInstance } from 'fastify'
import { fromHex } from '../../consensus/hex.ts'
import { transactionFields } from '../../consensus/proof.ts'
import { decodeTransaction, type Transaction } from '../../consensus/types.ts'
import { type Cursor, cursorOf } from '../../mempool/listing.ts'
import type { Access } from '../access.ts'
import type { ApiTransaction, MempoolPace, MempoolPage, MinedEstimate, SubmitRequest } from '../api.ts'
import { parseAccount, parseMemo } from '../input.ts'
import { RateLimit } from '../rate-limit.ts'
import * as schema from '../schemas.ts'
import type { RouteContext } from './context.ts'

/** What one caller without the token may hand in: a signature check is about 60 µs, so this is below 1 % of a processor. */
const SUBMISSIONS = { perSecond: 50, burst: 200 }

/** Fee, nonce, time of arrival and id of a page's last transaction. */
const CURSOR = /^\d{1,16}-\d{1,16}-\d{1,16}-[0-9a-f]{64}$/
const EXAMPLE_CURSOR = `3-0-1767225600000-${'3f9c51d2'.repeat(8)}`

type SignedFields = Exclude<SubmitRequest, { ssz: string }>

const signedFields = schema.body<SignedFields>(
  {
    sender: schema.account,
    recipient: schema.account,
    amount: schema.amount,
    fee: schema.units,
    nonce: schema.whole(0, Number.MAX_SAFE_INTEGER),
    memo: schema.text('text of at most 256 bytes', 'tea'),
    signature: { type: 'string', pattern: '^[0-9a-fA-F]{128}$', description: '128 hex digits', examples: ['5e'.repeat(64)] },
  },
  ['sender', 'recipient', 'amount', 'fee', 'nonce', 'signature'],
)
const encoded = schema.body<{ ssz: string }>(
  {
    ssz: {
      type: 'string',
      pattern: '^(?:[0-9a-fA-F]{2}){156,412}$',
      description: 'the SSZ encoding, 156 to 412 bytes as hex digits',
    },
  },
  ['ssz'],
)
const isEncoded: schema.JsonSchema = { type: 'object', properties: { ssz: {} }, required: ['ssz'] }

export function mempoolRoutes(app: FastifyInstance, { node, render }: RouteContext, access: Access): void {
  const submissions = new RateLimit(SUBMISSIONS, node.clock.now)

  const pace = (): MempoolPace => ({
    minimumFee: node.mempool.minimumFee,
    nextBlockFee: node.waits.nextBlockFee(),
    blockTimeMs: node.waits.blockTimeMs(),
  })

  app.get<{ Querystring: { after?: string; limit: number } }>(
    '/api/v1/mempool',
    {
      config: { access: 'open' },
      schema: {
        summary: 'Pending transactions, highest fee first',
        querystring: schema.body<{ after?: string; limit?: number }>({
          after: { ...schema.text('the next of the page before', EXAMPLE_CURSOR), pattern: CURSOR.source },
          limit: schema.limit(1000, 1000),
        }),
        response: {
          200: schema.answer<MempoolPage>('what is pending', {
            count: schema.whole(0, 65_536, 'transactions, those of other pages included'),
            bytes: schema.whole(0, Number.MAX_SAFE_INTEGER, 'bytes of all'),
            ...schema.mempoolPace,
            transactions: schema.listOf(schema.pendingTransaction),
            next: schema.nullable(schema.text('the after of the next page')),
          }),
          '4xx': schema.error,
        },
      },
    },
    ({ query: { after, limit } }): MempoolPage => {
      const { mempool } = node
      const more = mempool.page(limit + 1, after === undefined ? undefined : readCursor(after))
      const page = more.slice(0, limit)
      const last = page.at(-1)
      return {
        count: mempool.size,
        bytes: mempool.bytes,
        ...pace(),
        transactions: page.map((pending) => render.pending(pending)),
        next: more.length > limit && last !== undefined ? writeCursor(cursorOf(last)) : null,
      }
    },
  )

  app.get<{ Querystring: { fee: number } }>(
    '/api/v1/mempool/estimate',
    {
      config: { access: 'open' },
      schema: {
        summary: 'When a payment with such a fee would be mined, were it sent now',
        querystring: schema.body<{ fee?: number }>({ fee: { ...schema.units, default: 0 } }),
        response: {
          200: schema.answer<MinedEstimate>('an estimate', {
            fee: schema.units,
            ...schema.mempoolPace,
            blocks: schema.whole(1, Number.MAX_SAFE_INTEGER, 'blocks'),
            minedInMs: schema.whole(0, Number.MAX_SAFE_INTEGER, 'milliseconds'),
          }),
          '4xx': schema.error,
        },
      },
    },
    ({ query: { fee } }): MinedEstimate => {
      const { blocks, ms } = node.waits.ofFee(fee)
      return { fee, ...pace(), blocks, minedInMs: ms }
    },
  )

  app.post<{ Body: SubmitRequest }>(
    '/api/v1/transactions',
    {
      // The signature says who it is from, and it would be taken from gossip just the same.
      config: { access: 'open' },
      schema: {
        summary: 'Hand in a signed transaction, by its fields or SSZ encoded',
        body: {
          type: 'object',
          description: 'a JSON object',
          allOf: [
            { if: isEncoded, else: signedFields },
            { if: { not: isEncoded }, else: encoded },
          ],
        },
        response: { 201: schema.transaction, '4xx': schema.error },
      },
    },
    async ({ body, headers, ip }, reply): Promise<ApiTransaction> => {
      if (!access.hasToken(headers)) submissions.take(ip)
      const { transaction, id } = await node.submit(readTransaction(body))
      reply.code(201)
      return transactionFields(transaction, id)
    },
  )
}

/** A place in the list as text: it stands for itself, so that a page goes on also where its last one is mined. */
const writeCursor = ({ fee, nonce, receivedAt, id }: Cursor): string => `${fee}-${nonce}-${receivedAt}-${id}`

/** @param text that CURSOR matches */
function readCursor(text: string): Cursor {
  const [fee, nonce, receivedAt, id = ''] = text.split('-')
  return { fee: Number(fee), nonce: Number(nonce), receivedAt: Number(receivedAt), id }
}

/** @throws HttpError, RuleError `transaction-bad-encoding` */
function readTransaction(body: SubmitRequest): Transaction {
  if ('ssz' in body) return decodeTransaction(fromHex(body.ssz))
  const { sender, recipient, amount, fee, nonce, memo = '', signature } = body
  return {
    sender: parseAccount(sender),
    recipient: parseAccount(recipient),
    amount,
    fee,
    nonce,
    memo: parseMemo(memo),
    signature: fromHex(signature),
  }
}
