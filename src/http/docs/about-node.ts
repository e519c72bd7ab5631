/** What a node's interface says of itself: its introduction, groups, events, and what each route refuses. */
import { RULES } from '../../consensus/errors.ts'
import { POLICIES } from '../../mempool/policy.ts'
import { eventSchemas } from './event-schemas.ts'
import type { ApiAbout } from './openapi.ts'

const GROUPS: ApiAbout['groups'] = [
  ['Lab', 'The three routes of the lab that Cairn grew out of, with its field names.', /^\/(mine|chain|transactions)/],
  ['Node', 'Where this node stands, what its network is, and what happens.', /^\/api\/v1\/(status|network|events)$/],
  ['Chain', 'Blocks, headers, transactions, side branches, and the chain over time.', /^\/api\/v1\/(blocks|headers|series|transactions\/|forks)/],
  ['Pending transactions', 'What waits to be mined, and handing in what is signed.', /^\/api\/v1\/(mempool|transactions$)/],
  ['Accounts', 'What anybody owns, and what touched it.', /^\/api\/v1\/accounts/],
  ['Wallet', 'This node’s own keys.', /^\/api\/v1\/wallet/],
  ['Mining', 'Mining here, and for miners of any language.', /^\/api\/v1\/mining/],
  ['Peers', 'The nodes that this one is connected to.', /^\/api\/v1\/(peers|diagnosis)/],
  ['Watching', 'For programs that watch many nodes.', /./],
]

const INTRODUCTION = `
Amounts are whole units of the network’s coin. Times are milliseconds since the Unix epoch, but for the lab’s, which are seconds. Hashes and ids are 64 hex digits, accounts are cairn1…

Reading is open. What uses this node’s keys, processor or settings needs \`Authorization: Bearer TOKEN\`; the token is in the data folder, and in the address that the node prints. Bodies are JSON, with no field besides those that are named.

An error is \`{ "error": { "code", "message", "requestId" } }\`. The code is a stable word, the same in logs and peer scores; the message says what, why, and what to do. Every answer has the header \`x-request-id\`; send your own to find it again in the log.

Lists come in pages: pass the answer’s \`next\` to go on, until it is null. Answers that carry an \`ETag\` can be kept and asked about with \`If-None-Match\`. Every route that answers GET answers HEAD.`.trim()

const rules = Object.keys(RULES)
const TRANSACTION = [...rules.filter((code) => code.startsWith('transaction-')), ...Object.keys(POLICIES)]
const PAYMENT = [...Object.keys(POLICIES), 'transaction-amount-overflow', 'account-malformed', 'memo-too-long', 'wallet-no-key', 'wallet-locked']

const CODES: ApiAbout['codes'] = {
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

export const aboutNode: ApiAbout = {
  title: 'Cairn',
  what: 'node',
  introduction: INTRODUCTION,
  groups: GROUPS,
  events: { path: '/api/v1/events', schemas: eventSchemas },
  codes: CODES,
  token: { is: 'The file `token` in the data folder.', shell: '$(cat ~/.cairn/lan/token)' },
}
