/**
 * JSON schemas of what the routes take and give. A field's description is written so that "must be …" before it makes
 * the error message, and its name is checked against the types in api.ts by the compiler.
 *
 * Bodies are strict: no coercion, no unknown fields, so that a mistyped name or an amount of "1e3" is told and never
 * guessed at.
 */
import type {
  Account,
  ApiError,
  ApiTransaction,
  BannedPeer,
  BlockDetail,
  BlockHeader,
  BlockSummary,
  HeaderFields,
  HeaderPage,
  HistoryTransaction,
  MempoolPace,
  MinedBlock,
  MiningStatus,
  NetworkInfo,
  Peer,
  PendingTransaction,
  TransactionDetail,
  WalletAccount,
  WalletInfo,
} from './api.ts'
import { MAX_U64 } from '../consensus/types.ts'

declare module 'fastify' {
  interface FastifySchema {
    /** What the route does, in a line. */
    summary?: string
    /** Not part of the interface: a file of the page. */
    hide?: boolean
    /** What the answer is where `Accept` asks for bytes (media-type.ts). */
    bytes?: string
    /** Media type of an answer that is not JSON. */
    produces?: string
  }
}

export interface JsonSchema {
  title?: string
  type?: string | readonly string[]
  description?: string
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  minProperties?: number
  pattern?: string
  default?: unknown
  examples?: readonly unknown[]
  /** A secret: a message may say what it must be, and not what it was. */
  writeOnly?: boolean
  properties?: Readonly<Record<string, JsonSchema>>
  required?: readonly string[]
  additionalProperties?: boolean
  items?: JsonSchema
  minItems?: number
  maxItems?: number
  uniqueItems?: boolean
  allOf?: readonly JsonSchema[]
  not?: JsonSchema
  if?: JsonSchema
  else?: JsonSchema
}

type Fields<T> = { readonly [Name in keyof T]-?: JsonSchema }

/** An object with every field of `T`, all present; for answers. */
export const answer = <T>(description: string, properties: Fields<T>): JsonSchema => ({
  type: 'object',
  description,
  properties,
  required: Object.keys(properties),
})

/** An object that a request's body must be, with no field besides. */
export const body = <T>(properties: Fields<T>, required: readonly (keyof T & string)[] = []): JsonSchema => ({
  type: 'object',
  description: 'a JSON object',
  properties,
  required,
  additionalProperties: false,
})

export const listOf = (items: JsonSchema, description = 'a list'): JsonSchema => ({ type: 'array', description, items })

export const nullable = (schema: JsonSchema): JsonSchema => ({
  ...schema,
  type: [schema.type as string, 'null'], // only ever used on a schema with one type
  description: `${schema.description}, or null`,
})

/** @param example what documentation shows */
export const text = (description: string, example?: string): JsonSchema => ({
  type: 'string',
  description,
  ...(example !== undefined && { examples: [example] }),
})
/** With what documentation shows. */
export const shown = (schema: JsonSchema, example: unknown): JsonSchema => ({ ...schema, examples: [example] })
export const flag = (description: string): JsonSchema => ({ type: 'boolean', description })
export const number = (description: string): JsonSchema => ({ type: 'number', description })
export const whole = (least: number, most: number, of = ''): JsonSchema => ({
  type: 'integer',
  minimum: least,
  maximum: most,
  description: `a whole number${of && ` of ${of}`} from ${least} to ${most}`,
})

/** In examples. */
const ACCOUNT = 'cairn1qurswpc8qurswpc8qurswpc8qurswpc8qurswpc8qurswpc8qurs3npph4'
export const PEER_ID = '12D3KooWGC6TvWhfapngX6wvJHMYvKpDMXPb3ZnCZ6dMoaMtimQ5'
export const MULTIADDR = `/ip4/192.168.1.20/tcp/5051/p2p/${PEER_ID}`

export const hash = text('64 hex digits', '00000a3f6c1e9b7d2f4085c1d6e3a9b2470f8c5d1e6a3b9c7d2e4f8a1b5c9d3e')
export const bits = text('8 hex digits', '1d2fffff')
export const units = whole(0, MAX_U64, 'units')
export const amount = shown(whole(1, MAX_U64, 'units'), 30)
export const time = shown(whole(0, MAX_U64, 'milliseconds since the Unix epoch'), 1_767_225_600_000)
export const height = shown(whole(0, 0xffff_ffff, 'blocks'), 21)
export const account = text('an account, cairn1…', ACCOUNT)

/** A page's size; `most` is also what a page has unless it is asked for less, but at most `usual`. */
export const limit = (most: number, usual: number): JsonSchema => ({ ...whole(1, most, 'entries'), default: usual })

export const error = answer<ApiError>('what went wrong', {
  error: answer<ApiError['error']>('the same words as in logs', {
    code: text('a stable word for programs', 'block-not-found'),
    message: text('one line for people: what, why, what to do', 'there is no block of height 99: the best chain ends at 21'),
    requestId: text('what the log calls the request; the same as the header x-request-id', '5d2c11f0-42'),
  }),
})

export const transactionFields: Fields<ApiTransaction> = {
  id: hash,
  sender: account,
  recipient: account,
  amount,
  fee: units,
  nonce: whole(0, MAX_U64),
  memo: nullable(text('text, where the memo is UTF-8', 'tea')),
  signature: text('128 hex digits', '5e'.repeat(64)),
}
export const transaction = answer<ApiTransaction>('a transaction', transactionFields)
const minedInMs = nullable({ ...whole(0, MAX_U64, 'milliseconds'), description: 'a whole number of milliseconds: when it will be mined, an estimate' })
export const pendingTransaction = answer<PendingTransaction>('a pending transaction', {
  ...transactionFields,
  receivedAt: time,
  bytes: whole(1, MAX_U64, 'bytes'),
  ready: flag('whether the next block may hold it: no nonce before it is missing'),
  minedInMs,
})
export const mempoolPace: Fields<MempoolPace> = {
  minimumFee: { ...units, description: 'a whole number of units: the least fee that this node takes now' },
  nextBlockFee: { ...units, description: 'a whole number of units: the least fee with which a payment is in the next block' },
  blockTimeMs: whole(0, MAX_U64, 'milliseconds'),
}

export const headerFields: Fields<HeaderFields> = {
  version: whole(1, 1),
  height,
  parent: hash,
  bodyRoot: hash,
  timestamp: time,
  bits,
  nonce: whole(0, MAX_U64),
}
export const headerPage = answer<HeaderPage>('a page', {
  headers: listOf(answer<BlockHeader>('a header', { hash, ...headerFields }), 'oldest first'),
  next: nullable(height),
})

const blockFields: Fields<BlockSummary> = {
  hash,
  ...headerFields,
  difficulty: shown(number('expected hashes that this block took'), 1_048_576),
  work: text('chain work up to and with this block, hex', '16a00000'),
  miner: account,
  minerName: nullable(text('the name of the node that mined it, where this node knows', 'flint-otter')),
  transactionCount: whole(0, 65_536),
  bytes: whole(0, MAX_U64, 'bytes'),
  fees: units,
  best: flag('whether it is on the best chain'),
}
export const blockSummary = answer<BlockSummary>('a block without its transactions', blockFields)
export const blockDetail = answer<BlockDetail>('a block', {
  ...blockFields,
  transactions: listOf(transaction, 'in the order in which they apply'),
})

const transactionDetailFields: Fields<TransactionDetail> = {
  ...transactionFields,
  block: nullable(
    answer<NonNullable<TransactionDetail['block']>>('the block of the best chain that holds it', {
      hash,
      height,
      position: whole(0, 65_535),
      timestamp: time,
    }),
  ),
  confirmations: height,
  minedInMs,
}
export const transactionDetail = answer<TransactionDetail>('a transaction and where it is', transactionDetailFields)

export const historyTransaction = answer<HistoryTransaction>('a transaction of an account’s history', {
  ...transactionDetailFields,
  balance: units,
})

export const accountFields: Fields<Account> = {
  account,
  balance: units,
  nonce: whole(0, MAX_U64),
  pending: { type: 'integer', description: 'a whole number of units: received − (sent + fees), pending only' },
  spendable: whole(0, MAX_U64, 'units that it can pay now: confirmed, less what its own pending transactions take,'),
}

export const walletAccount = answer<WalletAccount>('an account of the wallet', {
  ...accountFields,
  name: text('its name in the wallet', 'main'),
  path: text('where its key is under the wallet’s words, as SLIP-0010 has it', "m/44'/6513001'/0'"),
  default: flag('whether it is the one that mining pays and that sends'),
})
export const wallet = answer<WalletInfo>('the wallet', {
  accounts: listOf(walletAccount),
  encrypted: flag('whether its keys are encrypted on disk'),
  locked: flag('whether it cannot sign now: encrypted, and its keys not in memory'),
  unlockedUntil: nullable(time),
})
/** Never shown again, in no message and no log. */
export const passphrase: JsonSchema = { ...text('a text of 1 to 1024 characters', 'correct horse battery staple'), minLength: 1, maxLength: 1024, writeOnly: true }

export const miningStatus = answer<MiningStatus>('how this node mines', {
  running: flag('whether it mines without end'),
  waiting: flag('whether mining waits until this node has caught up, or has looked for peers in its first two seconds'),
  hashRate: shown(number('hashes a second, all threads'), 10_500_000),
  threads: whole(1, 256, 'threads'),
  cpu: whole(1, 100, 'percent of each thread’s time'),
})

export const minedBlock = answer<MinedBlock>('a block of the best chain', { height, hash })

export const peer = answer<Peer>('a connected peer', {
  peerId: text('its libp2p peer id', PEER_ID),
  name: nullable(text('what it calls itself', 'flint-otter')),
  account: nullable(text('whom its mining pays, as it says', ACCOUNT)),
  agent: nullable(text('its program and version', 'cairn/0.1.0 flint-otter')),
  address: text('multiaddr of the connection', MULTIADDR),
  direction: text('inbound or outbound', 'outbound'),
  latencyMs: nullable(number('round trip, milliseconds')),
  height: nullable(height),
  tip: nullable(hash),
  score: number('0 is neutral; below, it misbehaved'),
  since: time,
})

export const bannedPeer = answer<BannedPeer>('a peer that is refused', {
  peerId: text('its libp2p peer id', PEER_ID),
  code: text('what it did, the same word as in the log', 'block-bad-pow'),
  until: time,
})

export const networkInfo = answer<NetworkInfo>('the network', {
  genesis: hash,
  id: text('first 8 digits of the genesis hash', 'dee6fe77'),
  byName: flag('whether the name alone is enough to join'),
  parameters: answer<NetworkInfo['parameters']>('a parameter file for --network', {
    name: text('the network’s name', 'lan'),
    targetBlockTimeMs: shown(whole(1, 86_400_000, 'milliseconds'), 10_000),
    initialBits: shown(whole(1, 0xffff_ffff), 0x1e10_0000),
    limitBits: shown(whole(1, 0xffff_ffff), 0x1f01_0000),
    halfLifeBlocks: shown(whole(0, 1_000_000, 'blocks'), 20),
    maxFutureMs: shown(whole(0, 86_400_000, 'milliseconds'), 60_000),
    maxBlockBytes: shown(whole(1, 16 * 1_048_576, 'bytes'), 1_048_576),
    subsidy: shown(units, 50),
    halvingInterval: shown(whole(1, 0xffff_ffff, 'blocks'), 210_000),
    genesisTimestamp: time,
    allocations: listOf(answer<{ account: string; amount: number }>('what genesis credits', { account, amount })),
  }),
})
