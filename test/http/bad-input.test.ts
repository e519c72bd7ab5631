/** What people and programs send by mistake: each gets a status, a code and one line that says what is wrong. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toAddress } from '../../src/consensus/account.ts'
import { serve, type Served, TOKEN } from './serve.ts'

const CAROL = toAddress(new Uint8Array(32).fill(7))
const MISTYPED = CAROL.replace(/.$/, (last) => (last === 'q' ? 'p' : 'q'))
const UNITS = 'a whole number of units from 1 to 9007199254740991'
const HASH = 'ab'.repeat(32)

let served: Served
beforeAll(async () => {
  served = await serve()
  await served.client.mineBlocks(2) // 100 units
})
afterAll(() => served[Symbol.asyncDispose]())

type Case = [name: string, method: string, path: string, body: unknown, status: number, code: string, message: string | RegExp]

const send = (what: string, given: object, status: number, code: string, message: string | RegExp): Case => [
  what,
  'POST',
  '/api/v1/wallet/send',
  { recipient: CAROL, amount: 1, ...given },
  status,
  code,
  message,
]
const lab = (what: string, given: object, status: number, code: string, message: string | RegExp): Case => [
  `the lab: ${what}`,
  'POST',
  '/transactions/new',
  { recipient: CAROL, amount: 1, ...given },
  status,
  code,
  message,
]
const read = (what: string, path: string, status: number, code: string, message: string | RegExp): Case => [
  what,
  'GET',
  path,
  undefined,
  status,
  code,
  message,
]
const signed = (what: string, given: unknown, status: number, code: string, message: string | RegExp): Case => [
  what,
  'POST',
  '/api/v1/transactions',
  given,
  status,
  code,
  message,
]

const fields = { sender: CAROL, recipient: CAROL, amount: 1, fee: 0, nonce: 0, signature: '00'.repeat(64) }

const cases: Case[] = [
  send(
    'a mistyped address',
    { recipient: MISTYPED },
    400,
    'account-malformed',
    `"${MISTYPED}" is not an account: its checksum does not match, so a character is wrong or missing`,
  ),
  send('half a unit', { amount: 0.5 }, 400, 'bad-request', `amount must be ${UNITS}, not 0.5`),
  send('a negative amount', { amount: -1 }, 400, 'bad-request', `amount must be ${UNITS}, not -1`),
  send('nothing', { amount: 0 }, 400, 'bad-request', `amount must be ${UNITS}, not 0`),
  send('1e300', { amount: 1e300 }, 400, 'bad-request', `amount must be ${UNITS}, not 1e+300`),
  send('2^53', { amount: 2 ** 53 }, 400, 'bad-request', `amount must be ${UNITS}, not 9007199254740992`),
  send('letters', { amount: 'abc' }, 400, 'bad-request', `amount must be ${UNITS}, not "abc"`),
  send('digits as text', { amount: '5' }, 400, 'bad-request', `amount must be ${UNITS}, not "5"`),
  send('true', { amount: true }, 400, 'bad-request', `amount must be ${UNITS}, not true`),
  send('null', { amount: null }, 400, 'bad-request', `amount must be ${UNITS}, not null`),
  send('no amount', { amount: undefined }, 400, 'bad-request', `amount is missing: it must be ${UNITS}`),
  send(
    'a negative fee',
    { fee: -1 },
    400,
    'bad-request',
    'fee must be a whole number of units from 0 to 9007199254740991, not -1',
  ),
  send('more than the balance', { amount: 101 }, 422, 'transaction-insufficient-balance', /100/),
  send(
    'more than 2^53 − 1 with the fee',
    { amount: Number.MAX_SAFE_INTEGER, fee: 1 },
    422,
    'transaction-amount-overflow',
    /exceeds/,
  ),
  send(
    'a field that is not known',
    { ammount: 1 },
    400,
    'bad-request',
    '"ammount" is not known here: there are recipient, amount, fee, sender, memo',
  ),
  send('a long memo', { memo: 'ü'.repeat(129) }, 400, 'memo-too-long', 'the memo has 258 bytes, at most 256 fit: shorten it'),
  send(
    'somebody else’s account as sender',
    { sender: CAROL },
    422,
    'wallet-no-key',
    `this node's wallet has no account "${CAROL}": it has main`,
  ),
  send(
    'an address of another chain',
    { recipient: 'bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq' },
    400,
    'account-malformed',
    /an account starts with cairn1/,
  ),
  send('an address with a line break', { recipient: `${CAROL}\nx` }, 400, 'account-malformed', /checksum/),
  [' a list as body', 'POST', '/api/v1/wallet/send', [], 400, 'bad-request', 'the body must be a JSON object, not []'],
  [' null as body', 'POST', '/api/v1/wallet/send', null, 400, 'bad-request', 'the body must be a JSON object, not null'],

  lab('half a unit', { amount: 0.5 }, 400, 'bad-request', `amount must be ${UNITS}, not 0.5`),
  lab('half a unit as text', { amount: '0.5' }, 400, 'bad-request', `amount must be ${UNITS}, not "0.5"`),
  lab('letters', { amount: 'abc' }, 400, 'bad-request', `amount must be ${UNITS}, not "abc"`),
  lab('nothing', { amount: '0' }, 400, 'bad-request', `amount must be ${UNITS}, not "0"`),
  lab('2^53 as text', { amount: '9007199254740993' }, 400, 'bad-request', `amount must be ${UNITS}, not "9007199254740993"`),
  lab('1e300', { amount: 1e300 }, 400, 'bad-request', `amount must be ${UNITS}, not 1e+300`),
  lab('null', { amount: null }, 400, 'bad-request', `amount must be ${UNITS}, not null`),
  lab(
    'the names of its dummy nodes',
    { recipient: 'node 3' },
    400,
    'account-malformed',
    '"node 3" is not an account: an account starts with cairn1',
  ),
  lab('more than the balance', { amount: '30000' }, 422, 'transaction-insufficient-balance', /100/),

  read(
    'an unknown height',
    '/api/v1/blocks/99',
    404,
    'block-not-found',
    'there is no block of height 99: the best chain ends at 2',
  ),
  read('a height beyond all', '/api/v1/blocks/9999999999', 404, 'block-not-found', /ends at 2/),
  read('an unknown hash', `/api/v1/blocks/${HASH}`, 404, 'block-not-found', `there is no block ${HASH} here`),
  read(
    'no height and no hash',
    '/api/v1/blocks/-1',
    400,
    'block-malformed',
    '"-1" is not a block: give a height, or a hash of 64 hex digits',
  ),
  read('a height with a fraction', '/api/v1/blocks/1.5', 400, 'block-malformed', /not a block/),
  read(
    'an unknown transaction',
    `/api/v1/transactions/${HASH}`,
    404,
    'transaction-not-found',
    `there is no transaction ${HASH}: neither in the best chain nor pending`,
  ),
  read('no transaction id', '/api/v1/transactions/12', 400, 'hash-malformed', '"12" is not a hash or id: that is 64 hex digits'),
  read('a mistyped account', `/api/v1/accounts/${MISTYPED}`, 400, 'account-malformed', /checksum/),
  read(
    'too big a page',
    '/api/v1/blocks?limit=101',
    400,
    'bad-request',
    'limit must be a whole number of entries from 1 to 100, not 101',
  ),
  read('no page', '/api/v1/blocks?limit=0', 400, 'bad-request', /from 1 to 100, not 0/),
  read(
    'a page in words',
    '/api/v1/blocks?limit=ten',
    400,
    'bad-request',
    'limit must be a whole number of entries from 1 to 100, not "ten"',
  ),
  read(
    'a cursor of one’s own',
    `/api/v1/accounts/${CAROL}/transactions?before=7`,
    400,
    'bad-request',
    'before must be the "next" of the page before, not 7',
  ),
  read(
    'a query that is not known',
    '/api/v1/blocks?from=3',
    400,
    'bad-request',
    '"from" is not known here: there are before, limit',
  ),
  read('no such route', '/api/v2/status', 404, 'route-not-found', /there is no \/api\/v2\/status here/),
  read('a bad escape', '/api/v1/blocks/%zz', 400, 'bad-request', 'the address is not well formed: check its % escapes'),
  read('a very long address', `/api/v1/accounts/${'q'.repeat(2_000)}`, 400, 'bad-request', 'a part of the address is too long'),
  [
    'a wrong method',
    'DELETE',
    '/api/v1/blocks/1',
    undefined,
    405,
    'method-not-allowed',
    '/api/v1/blocks/1 cannot be asked by DELETE, only by GET, HEAD',
  ],

  [
    'no blocks',
    'POST',
    '/api/v1/mining/blocks',
    { count: 0 },
    400,
    'bad-request',
    'count must be a whole number of blocks from 1 to 1000, not 0',
  ],
  ['too many blocks', 'POST', '/api/v1/mining/blocks', { count: 1001 }, 400, 'bad-request', /from 1 to 1000/],
  [
    'no threads',
    'POST',
    '/api/v1/mining',
    { threads: 0 },
    400,
    'bad-request',
    /threads must be a whole number of threads from 1 to 256, not 0/,
  ],
  [
    'more than the whole processor',
    'POST',
    '/api/v1/mining',
    { cpu: 101 },
    400,
    'bad-request',
    /cpu must be a whole number of percent from 1 to 100, not 101/,
  ],
  ['a peer that is no address', 'POST', '/api/v1/peers', { address: 'somewhere' }, 400, 'peer-bad-address', /somewhere/],
  ['a peer that is this node', 'POST', '/api/v1/peers', { address: 'OWN' }, 422, 'peer-is-self', /./],
  ['a peer that is not there', 'POST', '/api/v1/peers', { address: '/memory/nobody' }, 422, 'peer-unreachable', /./],

  signed('nothing', {}, 400, 'bad-request', 'sender is missing: it must be an account, cairn1…'),
  signed(
    'both forms at once',
    { ...fields, ssz: '00'.repeat(156) },
    400,
    'bad-request',
    /"sender" is not known here: there is ssz/,
  ),
  signed(
    'SSZ that is no hex',
    { ssz: 'zz'.repeat(156) },
    400,
    'bad-request',
    /ssz must be the SSZ encoding, 156 to 412 bytes as hex digits/,
  ),
  signed('SSZ that is too short', { ssz: '00'.repeat(155) }, 400, 'bad-request', /156 to 412 bytes/),
  signed('SSZ that is no transaction', { ssz: 'ff'.repeat(156) }, 400, 'transaction-bad-encoding', /./),
  signed('a short signature', { ...fields, signature: '00' }, 400, 'bad-request', 'signature must be 128 hex digits, not "00"'),
  signed('nobody’s money', fields, 422, 'transaction-insufficient-balance', /./),
]

test.each(cases)('%s: %s %s', async (_name, method, path, given, status, code, message) => {
  const before = served.node.mempool.size
  const body =
    given === undefined ? undefined : JSON.stringify(given).replace('"OWN"', JSON.stringify(served.node.network.addresses[0]))
  const headers = { authorization: `Bearer ${TOKEN}`, ...(body && { 'content-type': 'application/json' }) }
  const answer = await served.ask(method, path, { headers, body })
  const { error, ...rest } = answer.json()
  expect({ status: answer.status, ...error }).toEqual({
    status,
    code,
    message: typeof message === 'string' ? message : expect.stringMatching(message),
    requestId: answer.headers['x-request-id'],
  })
  expect(rest).toEqual({})
  expect(error.message).not.toMatch(/\n/)
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
  if (status === 405) expect(answer.headers.allow).toBe('GET, HEAD')
  expect(served.node.mempool.size, 'nothing was kept').toBe(before)
})
