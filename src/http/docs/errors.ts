/** Which codes a route answers, by status; what they mean is in failure.ts. */
import { statusOf } from '../failure.ts'

/** Codes whose status is no refusal's: this room's own. */
const OWN: Readonly<Record<string, number>> = {
  'account-malformed': 400, 'block-malformed': 400, 'hash-malformed': 400, 'memo-too-long': 400,
  'block-not-found': 404, 'transaction-not-found': 404, 'template-unknown': 404,
  'template-stale': 409, 'block-known': 409, 'block-too-early': 409, 'block-unknown-parent': 409,
  'too-many-requests': 429, 'too-many-listeners': 503,
}

/** What a request may meet whatever it asks. */
export interface Asks {
  /** `GET /api/v1/status` */
  route: string
  token: boolean
  /** Whether it has a body. */
  body: boolean
  /** Whether anything in it is checked by a schema. */
  checked: boolean
}

/** What an interface refuses. */
export interface Refusals {
  what: 'node' | 'swarm'
  /** Codes that each route answers besides those that every route may, by `GET /api/v1/status`. */
  codes: Readonly<Record<string, readonly string[]>>
  /** Status of those codes that only this interface has. */
  statuses?: Readonly<Record<string, number>>
}

/** The codes of a route by status, in ascending order. */
export function errorsOf({ route, token, body, checked }: Asks, { what, codes, statuses }: Refusals): Map<number, string[]> {
  const found = new Map<number, string[]>()
  const add = (status: number, ...more: string[]): void => {
    found.set(status, [...new Set([...(found.get(status) ?? []), ...more])])
  }
  if (checked || body) add(400, 'bad-request', ...(body ? ['bad-json'] : []))
  if (token) add(401, 'token-missing', 'token-wrong')
  add(403, 'foreign-host', 'foreign-origin', 'foreign-site')
  if (body) {
    add(413, 'body-too-large')
    add(415, 'unsupported-media-type')
  }
  add(429, 'too-many-requests')
  add(500, 'internal-error')
  add(503, `${what}-stopping`)
  for (const code of codes[route] ?? []) add(statuses?.[code] ?? OWN[code] ?? statusOf(code), code)
  return new Map([...found].sort(([a], [b]) => a - b))
}
