/**
 * What people write in requests, as values: accounts, heights, hashes; and the messages where they miswrite them.
 * Fails with `HttpError` 400.
 */
import type { FastifySchemaValidationError } from 'fastify'
import { fromAddress } from '../consensus/account.ts'
import type { Hex } from '../consensus/hex.ts'
import type { WalletAccount } from '../wallet/wallet.ts'
import { HttpError } from './http-error.ts'
import type { JsonSchema } from './schemas.ts'

/** An address to its 32-byte key. @throws HttpError `account-malformed` */
export function parseAccount(text: string): Uint8Array {
  try {
    return fromAddress(text)
  } catch (error) {
    throw new HttpError(400, 'account-malformed', (error as Error).message)
  }
}

/** An address, or the name of one of the wallet's accounts. @throws HttpError `account-malformed` */
export const parsePayee = (text: string, wallet: { find(nameOrAddress: string): WalletAccount | undefined }): Uint8Array =>
  wallet.find(text)?.account ?? parseAccount(text)

/** A memo's bytes. @throws HttpError `memo-too-long` */
export function parseMemo(text: string): Uint8Array {
  const memo = new TextEncoder().encode(text)
  if (memo.length > 256)
    throw new HttpError(400, 'memo-too-long', `the memo has ${memo.length} bytes, at most 256 fit: shorten it`)
  return memo
}

/** 64 hex digits, as the rest of the program writes them. @throws HttpError `hash-malformed` */
export function parseHash(text: string): Hex {
  if (!/^[0-9a-f]{64}$/i.test(text))
    throw new HttpError(400, 'hash-malformed', `${quote(text)} is not a hash or id: that is 64 hex digits`)
  return text.toLowerCase()
}

/** A height, or the hash of a block. @throws HttpError `block-malformed` */
export function parseHeightOrHash(text: string): number | Hex {
  if (/^\d{1,10}$/.test(text)) return Number(text)
  if (/^[0-9a-f]{64}$/i.test(text)) return text.toLowerCase()
  throw new HttpError(400, 'block-malformed', `${quote(text)} is not a block: give a height, or a hash of 64 hex digits`)
}

/** Digits in a query are numbers, so that schemas can say `integer` of them; a name given twice counts once, the last time. */
export const parseQuery = (query: string): Record<string, unknown> =>
  Object.fromEntries(
    [...new URLSearchParams(query)].map(([name, value]) => [name, /^\d{1,15}$/.test(value) ? Number(value) : value]),
  )

/** What Ajv says besides, when it is verbose. */
interface VerboseError extends FastifySchemaValidationError {
  data: unknown
  parentSchema: JsonSchema
}

/** The first thing wrong with a request, in one line. */
export function validationFailure(errors: FastifySchemaValidationError[], part: string): HttpError {
  // The server's Ajv is verbose, and Fastify never calls this without an error.
  const { keyword, instancePath, params, data, parentSchema } = errors[0] as VerboseError
  const field = instancePath.slice(1).replaceAll('/', '.') || `the ${part}`
  const fail = (message: string): HttpError => new HttpError(400, 'bad-request', message)
  if (keyword === 'required') {
    const missing = String(params.missingProperty)
    return fail(`${missing} is missing: it must be ${parentSchema.properties?.[missing]?.description}`)
  }
  if (keyword === 'additionalProperties') {
    const known = Object.keys(parentSchema.properties ?? {})
    const thereAre = known.length === 0 ? 'nothing is to be given' : `${known.length === 1 ? 'there is' : 'there are'} ${known.join(', ')}`
    return fail(`${quote(String(params.additionalProperty))} is not known here: ${thereAre}`)
  }
  if (parentSchema.writeOnly === true) return fail(`${field} must be ${parentSchema.description}`)
  return fail(`${field} must be ${parentSchema.description}, not ${data === undefined ? 'absent' : quote(data)}`)
}

function quote(value: unknown): string {
  const json = JSON.stringify(value) ?? String(value)
  return json.length > 80 ? `${json.slice(0, 77)}…` : json
}
