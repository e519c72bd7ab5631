/**
 * The student lab that Cairn grew out of: its three routes with its field names, over the real chain.
 *
 *   GET /mine               mines one block now                                            token
 *   POST /transactions/new  signs and sends { recipient, amount }                           token
 *   GET /chain              every block, streamed: memory does not grow with the chain
 *
 * | Lab field       | In the lab                        | Here                                                        |
 * |-----------------|-----------------------------------|-------------------------------------------------------------|
 * | `index`         | 1 for its first block             | height + 1                                                  |
 * | `timestamp`     | seconds, with a fraction          | the header's timestamp, in seconds                          |
 * | `proof`         | a number found by trying          | the header's nonce                                          |
 * | `previous_hash` | hash of the block before          | the header's parent; 64 zeros in the first block, not "1"   |
 * | `miner_id`      | a random number                   | the account that the block pays                             |
 * | `added_by_node` | a random one of five names        | the name of this node, which did it                         |
 * | `sender`        | a random node, whatever was asked | the account that signed: the wallet's own                   |
 * | `recipient`     | a random node, whatever was asked | the account that is paid                                    |
 * | `amount`        | whatever was sent, text too       | whole units; digits as text are taken as the number they are|
 * | `node`          | a random one of five names        | the name of the sender's node where known, else null; in    |
 * |                 |                                   | requests it is ignored                                      |
 */
import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { type Address, toAddress } from '../consensus/account.ts'
import { type Hex, toHex } from '../consensus/hex.ts'
import { type Block, MAX_U64 } from '../consensus/types.ts'
import type { LabBlock, LabMined, LabSendRequest, LabSent, LabTransaction } from './api.ts'
import { HttpError } from './http-error.ts'
import { answerWhenDone, closedSignal } from './long-answer.ts'
import { JSON_TYPE } from './media-type.ts'
import type { Renderer } from './render.ts'
import { ancestorAt } from './routes/chain.ts'
import type { RouteContext } from './routes/context.ts'
import { pay } from './routes/wallet.ts'
import * as schema from './schemas.ts'

/** Characters of `/chain` gathered before they are sent. */
const CHUNK = 65_536
/** Accounts whose text is remembered meanwhile: a quarter of a megabyte. */
const MAX_ADDRESSES = 1_024

const labTransaction = schema.answer<LabTransaction>('a transaction', {
  sender: schema.account,
  recipient: schema.account,
  amount: schema.amount,
  node: schema.nullable(schema.text('the name of the sender’s node, where this node knows it', 'flint-otter')),
})
const forged = {
  index: schema.whole(1, 0xffff_ffff),
  transactions: schema.listOf(labTransaction),
  proof: schema.whole(0, MAX_U64),
  previous_hash: schema.hash,
  miner_id: schema.account,
}
const labBlock = schema.answer<LabBlock>('a block', { ...forged, timestamp: schema.shown(schema.number('seconds since the Unix epoch'), 1_767_225_600) })

export function labRoutes(app: FastifyInstance, context: RouteContext): void {
  const { node, stopping } = context

  app.get(
    '/mine',
    {
      config: { access: 'token' },
      exposeHeadRoute: false, // HEAD would mine as well
      schema: {
        summary: 'Lab: mine a block',
        response: {
          200: schema.answer<LabMined>('the new block', {
            message: schema.text('New Block Forged', 'New Block Forged'),
            ...forged,
            added_by_node: schema.text('the name of this node', 'flint-otter'),
          }),
          '4xx': schema.error,
        },
      },
    },
    (_request, reply): Promise<LabMined | Readable> => {
      const signal = AbortSignal.any([closedSignal(reply), stopping])
      return answerWhenDone(reply, mineOne(context, signal), node.clock)
    },
  )

  app.post<{ Body: LabSendRequest }>(
    '/transactions/new',
    {
      config: { access: 'token' },
      schema: {
        summary: 'Lab: create a transaction',
        body: schema.body<LabSendRequest>(
          {
            recipient: schema.text('an account, cairn1…, or the name of one of the wallet’s', 'savings'),
            amount: { description: schema.amount.description, examples: [30] },
            sender: schema.text('one of the wallet’s accounts, or its name', 'main'),
            node: { description: 'ignored', examples: ['node 3'] },
          },
          ['recipient', 'amount'],
        ),
        response: {
          201: schema.answer<LabSent>('what was sent', {
            message: schema.text('Transaction will be added to the next block', 'Transaction will be added to the next block'),
            sender: schema.account,
            recipient: schema.account,
            amount: schema.amount,
            added_by_node: schema.text('the name of this node', 'flint-otter'),
          }),
          '4xx': schema.error,
        },
      },
    },
    ({ body }, reply): LabSent => {
      const { sender, recipient, amount } = pay(context, {
        recipient: body.recipient,
        amount: labAmount(body.amount),
        sender: body.sender,
      })
      reply.code(201)
      return { message: 'Transaction will be added to the next block', sender, recipient, amount, added_by_node: node.name }
    },
  )

  app.get(
    '/chain',
    {
      config: { access: 'open' },
      exposeHeadRoute: false, // HEAD would read the whole chain to send nothing
      schema: {
        summary: 'Lab: the whole chain',
        response: {
          200: schema.answer<{ chain: LabBlock[]; length: number }>('the best chain', {
            chain: schema.listOf(labBlock),
            length: schema.whole(1, 0xffff_ffff, 'blocks'),
          }),
          '4xx': schema.error,
        },
      },
    },
    (_request, reply) => {
      reply.type(JSON_TYPE)
      return Readable.from(chainJson(context, closedSignal(reply)), { highWaterMark: 1 })
    },
  )
  app.head('/chain', { config: { access: 'open' }, schema: { hide: true } }, (_request, reply) => reply.type(JSON_TYPE).send())
}

async function mineOne({ node, render }: RouteContext, signal: AbortSignal): Promise<LabMined> {
  const [mined] = await node.mine(1, signal)
  const block = mined && node.chain.block(mined.hash)
  if (block === undefined) throw new Error('a block was mined and is not in the store')
  const { timestamp: _, ...shown } = renderLabBlock(block, render)
  return { message: 'New Block Forged', ...shown, added_by_node: node.name }
}

/**
 * `{ "chain": [...], "length": n }`, piece by piece: the reader's pace decides when the next blocks are read.
 * @param closed aborts when nobody reads any more: a node that stops lets answers under way end, and then closes its store
 */
async function* chainJson(
  { node: { chain }, render }: RouteContext,
  closed: AbortSignal,
): AsyncGenerator<string, void, undefined> {
  const addressOf = rememberingAddresses()
  const { tip } = chain // the answer is the chain of this one tip, whatever happens meanwhile
  let chunk = '{"chain":['
  for (let height = 0; height <= tip.height; height++) {
    const block = chain.block(ancestorAt(chain, tip, height))
    if (block === undefined) throw new Error(`the block of height ${height} is in the chain's index and not in its store`)
    chunk += (height === 0 ? '' : ',') + JSON.stringify(renderLabBlock(block, render, addressOf))
    if (chunk.length < CHUNK) continue
    yield chunk
    chunk = ''
    await setImmediate() // the node's other work gets its turn, however fast the reader
    closed.throwIfAborted()
  }
  yield `${chunk}],"length":${tip.height + 1}}`
}

type AddressOf = (account: Uint8Array) => Address

/** `toAddress` for many blocks: most accounts come again, and each text that is made anew is two kilobytes of garbage. */
function rememberingAddresses(): AddressOf {
  const known = new Map<Hex, Address>()
  return (account) => {
    const key = toHex(account)
    const address = known.get(key) ?? toAddress(account)
    if (known.size >= MAX_ADDRESSES) known.clear()
    known.set(key, address)
    return address
  }
}

const renderLabBlock = ({ header, body }: Block, render: Renderer, addressOf: AddressOf = toAddress): LabBlock => ({
  index: header.height + 1,
  timestamp: header.timestamp / 1000,
  transactions: body.transactions.map((transaction) => {
    const sender = addressOf(transaction.sender)
    return { sender, recipient: addressOf(transaction.recipient), amount: transaction.amount, node: render.nodeName(sender) }
  }),
  proof: header.nonce,
  previous_hash: toHex(header.parent),
  miner_id: addressOf(body.miner),
})

/** The lab's page sends its amounts as text: '30000'. @throws HttpError `bad-request` */
function labAmount(given: number | string): number {
  const value = typeof given === 'string' && /^\d{1,16}$/.test(given) ? Number(given) : given
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1) return value
  throw new HttpError(
    400,
    'bad-request',
    `amount must be ${schema.amount.description}, not ${JSON.stringify(given).slice(0, 80)}`,
  )
}
