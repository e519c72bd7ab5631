/** Pending transactions: reading them, and handing in one that is signed already. */
import type { FastifyInstance } from 'fastify'
import { fromHex } from '../../consensus/hex.ts'
import { decodeTransaction, type Transaction } from '../../consensus/types.ts'
import type { Access } from '../access.ts'
import type { ApiTransaction, MempoolPage, SubmitRequest } from '../api.ts'
import { parseAccount, parseMemo } from '../input.ts'
import { RateLimit } from '../rate-limit.ts'
import { renderPending, renderTransaction } from '../render.ts'
import * as schema from '../schemas.ts'
import type { RouteContext } from './context.ts'

/** What one caller without the token may hand in: a signature check is about 60 µs, so this is below 1 % of a processor. */
const SUBMISSIONS = { perSecond: 50, burst: 200 }

type SignedFields = Exclude<SubmitRequest, { ssz: string }>

const signedFields = schema.body<SignedFields>(
  {
    sender: schema.account,
    recipient: schema.account,
    amount: schema.amount,
    fee: schema.units,
    nonce: schema.whole(0, Number.MAX_SAFE_INTEGER),
    memo: schema.text('text of at most 256 bytes'),
    signature: { type: 'string', pattern: '^[0-9a-fA-F]{128}$', description: '128 hex digits' },
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

export function mempoolRoutes(app: FastifyInstance, { node }: RouteContext, access: Access): void {
  const submissions = new RateLimit(SUBMISSIONS, node.clock.now)

  app.get<{ Querystring: { limit: number } }>(
    '/api/v1/mempool',
    {
      config: { access: 'open' },
      schema: {
        summary: 'Pending transactions, highest fee first',
        querystring: schema.body<{ limit?: number }>({ limit: schema.limit(1000, 1000) }),
        response: {
          200: schema.answer<MempoolPage>('what is pending', {
            count: schema.whole(0, 65_536, 'transactions, those beyond the limit included'),
            bytes: schema.whole(0, Number.MAX_SAFE_INTEGER, 'bytes of all'),
            transactions: schema.listOf(schema.pendingTransaction),
          }),
          '4xx': schema.error,
        },
      },
    },
    ({ query: { limit } }): MempoolPage => ({
      count: node.mempool.size,
      bytes: node.mempool.bytes,
      transactions: node.mempool.list().slice(0, limit).map(renderPending),
    }),
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
    ({ body, headers, ip }, reply): ApiTransaction => {
      if (!access.hasToken(headers)) submissions.take(ip)
      const { transaction, id } = node.mempool.add(readTransaction(body), 'local')
      reply.code(201)
      return renderTransaction(transaction, id)
    },
  )
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
