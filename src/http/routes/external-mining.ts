/**
 * Miners of any language, on this machine or across the LAN, each for its own account: a template, and the block made
 * of it. No token: a mined block carries its own proof, here as on gossip; what a caller may ask is limited instead.
 *
 * A block that is handed in comes to one of these ends:
 *
 *   200                          it is on the best chain, and pays
 *   409 `template-stale`         another block came first: it breaks no rule and is kept as a side branch
 *   409 `block-known`, `block-too-early`, `block-unknown-parent`
 *   404 `template-unknown`       the id is not known, or no longer
 *   400, 422                     it breaks a rule: the rule's code (`block-bad-pow`)
 *
 * examples/external-miner.py is a miner of this kind in some twenty lines.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { AddResult } from '../../chain/chain.ts'
import { toAddress } from '../../consensus/account.ts'
import { sha256 } from '../../consensus/hash.ts'
import { checkHeader } from '../../consensus/header.ts'
import { fromHex, toHex } from '../../consensus/hex.ts'
import { subsidyAt } from '../../consensus/params.ts'
import {
  type Block, decodeBlock, decodeHeader, EMPTY_BLOCK_BYTES, encodeBody, encodeHeader, HEADER_BYTES, MAX_U64,
} from '../../consensus/types.ts'
import { TemplateBook } from '../../mining/template-book.ts'
import type { Access } from '../access.ts'
import type { MinedBlock, MiningTemplate, SubmitBlockRequest } from '../api.ts'
import { HttpError } from '../http-error.ts'
import { parseAccount } from '../input.ts'
import { RateLimit } from '../rate-limit.ts'
import * as schema from '../schemas.ts'
import type { RouteContext } from './context.ts'

/** What one caller without the token may ask: a miner needs a template a second, and a large block takes some 20 ms. */
const TEMPLATES = { perSecond: 10, burst: 40 }
const SUBMISSIONS = { perSecond: 10, burst: 40 }

/** Of a whole block's JSON, beside its hex digits. */
const SLACK_BYTES = 1_024

type ById = Exclude<SubmitBlockRequest, { block: string }>

const byId = schema.body<ById>(
  {
    id: schema.text('the id of a template, 16 hex digits', '8c1f5a0e92d7b364'),
    nonce: schema.whole(0, MAX_U64),
    timestamp: schema.time,
  },
  ['id', 'nonce'],
)
const isWhole: schema.JsonSchema = { type: 'object', properties: { block: {} }, required: ['block'] }

const template = schema.answer<MiningTemplate>('the next block, all but its nonce', {
  id: schema.text('what to call it when a nonce is found', '8c1f5a0e92d7b364'),
  header: schema.text('the 92 bytes that are hashed, nonce 0, as 184 hex digits', '01000000'.padEnd(184, '0')),
  target: schema.text('64 hex digits: as a big-endian number, the hash must not exceed it', '00000fff'.padEnd(64, 'f')),
  height: schema.height,
  parent: schema.hash,
  bodyRoot: schema.hash,
  timestamp: schema.time,
  bits: schema.bits,
  miner: schema.account,
  pays: schema.units,
  transactionCount: schema.whole(0, 65_536),
  body: schema.nullable(schema.text('the body as SSZ in hex, where it was asked for', '07'.repeat(32) + '24000000')),
})

export function externalMiningRoutes(app: FastifyInstance, { node }: RouteContext, access: Access): void {
  const { chain, clock, miner, params } = node
  const book = new TemplateBook({ template: (account) => miner.template(account), now: clock.now })
  // Before the body is read: that alone is work.
  const limited = (limit: RateLimit) => ({
    onRequest: ({ headers, ip }: FastifyRequest, _reply: unknown, done: () => void): void => {
      if (!access.hasToken(headers)) limit.take(ip)
      done()
    },
  })

  app.get<{ Querystring: { miner: string; body?: 'true' | 'false' } }>(
    '/api/v1/mining/template',
    {
      ...limited(new RateLimit(TEMPLATES, clock.now)),
      config: { access: 'open' },
      schema: {
        summary: 'The next block for a miner outside this node, all but its nonce',
        querystring: schema.body<{ miner: string; body?: string }>(
          { miner: schema.account, body: { type: 'string', pattern: '^(?:true|false)$', examples: ['true'], description: 'true or false' } },
          ['miner'],
        ),
        response: { 200: template, '4xx': schema.error },
      },
    },
    ({ query }): MiningTemplate => {
      const { id, template } = book.issue(parseAccount(query.miner))
      const { header, body } = template.block
      return {
        id,
        header: toHex(encodeHeader(header)),
        target: template.target.toString(16).padStart(64, '0'),
        height: header.height,
        parent: toHex(header.parent),
        bodyRoot: toHex(header.bodyRoot),
        timestamp: header.timestamp,
        bits: header.bits.toString(16).padStart(8, '0'),
        miner: toAddress(body.miner),
        pays: body.transactions.reduce((sum, { fee }) => sum + fee, subsidyAt(header.height, params)),
        transactionCount: body.transactions.length,
        body: query.body === 'true' ? toHex(encodeBody(body)) : null,
      }
    },
  )

  const whole = schema.body<{ block: string }>(
    {
      block: {
        type: 'string',
        minLength: 2 * EMPTY_BLOCK_BYTES,
        maxLength: 2 * params.maxBlockBytes,
        examples: ['01000000'.padEnd(2 * EMPTY_BLOCK_BYTES, '0')],
        description: `the SSZ encoding of a block, ${EMPTY_BLOCK_BYTES} to ${params.maxBlockBytes} bytes as hex digits`,
      },
    },
    ['block'],
  )

  app.post<{ Body: SubmitBlockRequest }>(
    '/api/v1/mining/submit',
    {
      ...limited(new RateLimit(SUBMISSIONS, clock.now)),
      bodyLimit: 2 * params.maxBlockBytes + SLACK_BYTES,
      config: { access: 'open' },
      schema: {
        summary: 'Hand in a mined block: a template’s id and the nonce, or the whole block SSZ encoded',
        body: {
          type: 'object',
          description: 'a JSON object',
          allOf: [
            { if: isWhole, else: byId },
            { if: { not: isWhole }, else: whole },
          ],
        },
        response: { 200: schema.minedBlock, '4xx': schema.error },
      },
    },
    async ({ body }): Promise<MinedBlock> => {
      const block = 'block' in body ? readBlock(body.block) : solved(body)
      const { height } = block.header
      return taken(await chain.add(block, 'local'), height)
    },
  )

  function solved({ id, nonce, timestamp }: ById): Block {
    const block = book.solved(id, nonce, timestamp)
    if (block !== undefined) return block
    const what = `there is no template "${id.slice(0, 80)}" any more: get a new one, or hand in whole blocks`
    throw new HttpError(404, 'template-unknown', what)
  }

  /** @throws HttpError, RuleError of the header alone: nothing else is decoded before the work is known to be done */
  function readBlock(hex: string): Block {
    let encoded: Uint8Array
    try {
      encoded = fromHex(hex)
    } catch {
      throw new HttpError(400, 'bad-request', 'block must be hex digits, two a byte: something else is in it')
    }
    const header = encoded.subarray(0, HEADER_BYTES)
    checkHeader(decodeHeader(header), sha256(header), params)
    return decodeBlock(encoded)
  }
}

/** @throws HttpError 409 where the block is not on the best chain */
function taken(result: AddResult, height: number): MinedBlock {
  const { hash } = result
  const conflict = (code: string, what: string): HttpError => new HttpError(409, code, `block ${hash} ${what}`)
  switch (result.outcome) {
    case 'connected':
    case 'reorganised':
      return { height, hash }
    case 'side-branch':
      throw conflict('template-stale', 'is kept as a side branch, because another one came first: get a new template')
    case 'known':
      throw conflict('block-known', 'was handed in before, or came from a peer')
    case 'waiting':
      throw result.code === 'block-too-early'
        ? conflict(result.code, 'is ahead of this node’s clock: it is tried again when its time comes, so set your clock')
        : conflict(result.code, 'waits for its parent, which this node does not have: get a template from this node')
  }
}
