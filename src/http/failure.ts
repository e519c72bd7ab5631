/**
 * Every way a request can fail, as one answer: `{ "error": { "code", "message" } }` and a status.
 *
 * Errors of the other rooms keep their own code, the same word as in logs and peer scores; this module only says which
 * status goes with it. What is not known here is a bug: it is answered by 500 without details and logged with them.
 *
 * | Status | Means                                              | Status | Means                            |
 * |--------|----------------------------------------------------|--------|----------------------------------|
 * | 400    | the request itself is malformed                    | 413    | body too large                   |
 * | 401    | no token, or a wrong one                           | 415    | body is not JSON                 |
 * | 403    | sent by, or to the name of, another site           | 422    | understood, refused by the rules |
 * | 404    | no such thing, or no such route                    | 429    | too many requests                |
 * | 405    | the route has other methods                        | 500    | a fault of this node             |
 * | 409    | conflicts with what is there already               | 503    | stopping, or catching up         |
 */
import { ChainError } from '../chain/chain-error.ts'
import { RuleError } from '../consensus/errors.ts'
import { PolicyError } from '../mempool/policy.ts'
import { MiningError } from '../mining/mining-error.ts'
import { NetworkError } from '../network/network-error.ts'
import { NodeError } from '../node/node-error.ts'
import { StorageError } from '../storage/storage-error.ts'
import { WalletError } from '../wallet/wallet-error.ts'
import { HttpError } from './http-error.ts'

/** The answer to a request that failed. */
export interface Failure {
  status: number
  code: string
  message: string
  headers: Readonly<Record<string, string>>
}

/** Refusals of the other rooms that are not 422. */
const STATUS: Readonly<Record<string, number>> = {
  'transaction-bad-encoding': 400,
  'block-bad-encoding': 400,
  'transaction-known': 409,
  'transaction-nonce-used': 409,
  'transaction-replacement-underpriced': 409,
  'wallet-unavailable': 500,
  'wallet-bad-name': 400,
  'wallet-bad-passphrase': 400,
  'wallet-locked': 409,
  'wallet-encrypted': 409,
  'wallet-not-encrypted': 409,
  'wallet-name-taken': 409,
  'peer-bad-address': 400,
  'node-not-running': 503,
  'chain-not-running': 503,
  'mining-stopped': 503,
  'mining-catching-up': 503,
  'network-stopped': 503,
  'mining-worker-failed': 500,
  'chain-damaged-store': 500,
  'storage-damaged': 500,
  'storage-unavailable': 500,
}

/** Fastify's own findings, in our words. */
const FASTIFY: Readonly<Record<string, readonly [status: number, code: string, message: string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [413, 'body-too-large', 'the body is larger than anything that this route takes'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [
    415,
    'unsupported-media-type',
    'the body must be JSON: send it with "Content-Type: application/json"',
  ],
  FST_ERR_CTP_INVALID_JSON_BODY: [400, 'bad-json', 'the body is not JSON: check its quotes, commas and brackets'],
  FST_ERR_CTP_EMPTY_JSON_BODY: [400, 'bad-json', 'the body is empty: send a JSON object'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [400, 'bad-request', 'the body is not as long as Content-Length says'],
  FST_ERR_BAD_URL: [400, 'bad-request', 'the address is not well formed: check its % escapes'],
  FST_ERR_MAX_PARAM_LENGTH: [400, 'bad-request', 'a part of the address is too long'],
}

/** The status of a refusal of another room. */
export const statusOf = (code: string): number => STATUS[code] ?? 422

/** What to answer to an error; a status of 500 is worth a log line. */
export function failureOf(error: unknown): Failure {
  if (error instanceof HttpError) {
    const { status, code, message, headers } = error
    return { status, code, message: oneLine(message), headers }
  }
  if (isRefusal(error)) {
    return {
      status: statusOf(error.code),
      code: error.code,
      message: oneLine(withoutCode(error.message, error.code)),
      headers: {},
    }
  }
  const [status, code, message] = FASTIFY[codeOf(error)] ?? [
    500,
    'internal-error',
    'this node failed to answer; its log says why',
  ]
  return { status, code, message, headers: {} }
}

/** The rooms whose errors are meant for whoever asked: each has a `code`, and a message of one line. */
const REFUSALS = [ChainError, MiningError, NetworkError, NodeError, PolicyError, RuleError, StorageError, WalletError]

const isRefusal = (error: unknown): error is InstanceType<(typeof REFUSALS)[number]> =>
  REFUSALS.some((kind) => error instanceof kind)

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '')

/** Messages quote what was sent, which may hold anything. */
const oneLine = (text: string): string => text.replaceAll(/\p{Cc}+/gu, ' ')

/** The code stands beside the message in an answer, so it need not begin it as well. */
const withoutCode = (message: string, code: string): string =>
  message.startsWith(`${code}: `) ? message.slice(code.length + 2) : message
