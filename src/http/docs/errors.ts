/** Which codes each route answers besides those that every route may, by status; what they mean is in failure.ts. */
import { RULES } from '../../consensus/errors.ts'
import { POLICIES } from '../../mempool/policy.ts'
import { statusOf } from '../failure.ts'

const rules = Object.keys(RULES)
const TRANSACTION = [...rules.filter((code) => code.startsWith('transaction-')), ...Object.keys(POLICIES)]
const PAYMENT = [...Object.keys(POLICIES), 'transaction-amount-overflow', 'account-malformed', 'memo-too-long', 'wallet-no-key', 'wallet-locked']

/** Codes whose status is no refusal's: this room's own. */
const OWN: Readonly<Record<string, number>> = {
  'account-malformed': 400, 'block-malformed': 400, 'hash-malformed': 400, 'memo-too-long': 400,
  'block-not-found': 404, 'transaction-not-found': 404, 'template-unknown': 404,
  'template-stale': 409, 'block-known': 409, 'block-too-early': 409, 'block-unknown-parent': 409,
  'too-many-requests': 429, 'too-many-listeners': 503,
}

const ROUTES: Readonly<Record<string, readonly string[]>> = {
  'GET /api/v1/blocks/:heightOrHash': ['block-malformed', 'block-not-found'],
  'GET /api/v1/transactions/:id': ['hash-malformed', 'transaction-not-found'],
  'GET /api/v1/transactions/:id/proof': ['hash-malformed', 'transaction-not-found'],
  'GET /api/v1/accounts/:account': ['account-malformed'],
  'GET /api/v1/accounts/:account/transactions': ['account-malformed'],
  'GET /api/v1/events': ['too-many-listeners'],
  'GET /api/v1/mining/template': ['account-malformed', 'too-many-requests'],
  'GET /mine': ['mining-stopped', 'mining-catching-up'],
  'POST /transactions/new': PAYMENT,
  'POST /api/v1/transactions': ['account-malformed', 'memo-too-long', ...TRANSACTION, 'too-many-requests'],
  'POST /api/v1/mining/submit': [
    'template-unknown', 'template-stale', 'block-known', ...rules.filter((code) => !code.startsWith('block-invalid')), 'too-many-requests',
  ],
  'POST /api/v1/mining': ['mining-stopped'],
  'POST /api/v1/mining/blocks': ['mining-stopped', 'mining-catching-up'],
  'POST /api/v1/peers': ['peer-bad-address', 'peer-is-self', 'peer-unreachable', 'peer-banned', 'peer-other-network'],
  'POST /api/v1/wallet/send': PAYMENT,
  'POST /api/v1/wallet/accounts': ['wallet-bad-name', 'wallet-name-taken', 'wallet-locked'],
  'POST /api/v1/wallet/encrypt': ['wallet-bad-passphrase', 'wallet-encrypted'],
  'POST /api/v1/wallet/unlock': ['wallet-wrong-passphrase', 'wallet-not-encrypted'],
  'POST /api/v1/wallet/lock': ['wallet-not-encrypted'],
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

/** The codes of a route by status, in ascending order. */
export function errorsOf({ route, token, body, checked }: Asks): Map<number, string[]> {
  const found = new Map<number, string[]>()
  const add = (status: number, ...codes: string[]): void => {
    found.set(status, [...new Set([...(found.get(status) ?? []), ...codes])])
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
  add(503, 'node-stopping')
  for (const code of ROUTES[route] ?? []) add(OWN[code] ?? statusOf(code), code)
  return new Map([...found].sort(([a], [b]) => a - b))
}
