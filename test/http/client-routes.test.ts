/** The client and the server side by side: every route has a call, and every call has a route. */
import { afterEach, expect, test, vi } from 'vitest'
import { type Client, createClient } from '../../src/http/client.ts'
import type { ApiDocument } from '../../src/http/docs/openapi.ts'
import { serve } from './serve.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

/** The call for each route. A route that is not here fails the first test: give it a call, or say below why it has none. */
const CALLS: Record<string, (client: Client) => unknown> = {
  'GET /api/v1/status': ({ status }) => status(),
  'GET /api/v1/network': ({ network }) => network(),
  'GET /api/v1/blocks': ({ blocks }) => blocks(),
  'GET /api/v1/blocks/:heightOrHash': ({ block, encodedBlock }) => Promise.all([block(7), encodedBlock(7)]),
  'GET /api/v1/headers': ({ headers }) => headers(),
  'GET /api/v1/series': ({ series }) => series(),
  'GET /api/v1/forks': ({ forks }) => forks(),
  'GET /api/v1/transactions/:id': ({ transaction }) => transaction('00ff'),
  'GET /api/v1/transactions/:id/proof': ({ proof }) => proof('00ff'),
  'POST /api/v1/transactions': ({ submit }) => submit({ ssz: '00' }),
  'GET /api/v1/accounts/:account': ({ account }) => account('cairn1a'),
  'GET /api/v1/accounts/:account/transactions': ({ history }) => history('cairn1a'),
  'GET /api/v1/mempool': ({ mempool }) => mempool(),
  'GET /api/v1/mempool/estimate': ({ estimate }) => estimate(1),
  'GET /api/v1/peers': ({ peers }) => peers(),
  'POST /api/v1/peers': ({ dial }) => dial('/ip4/127.0.0.1/tcp/5051'),
  'GET /api/v1/diagnosis': ({ diagnosis }) => diagnosis(),
  'GET /api/v1/wallet': ({ wallet }) => wallet(),
  'POST /api/v1/wallet/accounts': ({ addAccount }) => addAccount('savings'),
  'POST /api/v1/wallet/encrypt': ({ encryptWallet }) => encryptWallet('p'),
  'POST /api/v1/wallet/passphrase': ({ changePassphrase }) => changePassphrase({ passphrase: 'p', newPassphrase: 'q' }),
  'POST /api/v1/wallet/unlock': ({ unlockWallet }) => unlockWallet({ passphrase: 'p' }),
  'POST /api/v1/wallet/lock': ({ lockWallet }) => lockWallet(),
  'POST /api/v1/wallet/send': ({ send }) => send({ recipient: 'cairn1a', amount: 1 }),
  'POST /api/v1/mining': ({ mining }) => mining({}),
  'POST /api/v1/mining/blocks': ({ mineBlocks }) => mineBlocks(1),
  'GET /api/v1/mining/template': ({ template }) => template('cairn1a'),
  'POST /api/v1/mining/submit': ({ submitBlock }) => submitBlock({ block: '00' }),
  'GET /api/v1/events': ({ events, follow }) => Promise.all([events().next(), follow().next()]),
  'GET /mine': ({ lab }) => lab.mine(),
  'POST /transactions/new': ({ lab }) => lab.newTransaction({ recipient: 'cairn1a', amount: 1 }),
  'GET /chain': ({ lab }) => lab.chain(),
}

/** Asked by Prometheus alone. The page and the documents, for browsers, are not in the documents themselves. */
const WITHOUT_CALL = 'GET /metrics'

test('every route has a call', async () => {
  await using served = await serve()
  const { paths } = (await served.ask('GET', '/docs/openapi.json')).json() as ApiDocument
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`))
  expect(routes.filter((route) => route !== WITHOUT_CALL).sort()).toEqual(Object.keys(CALLS).sort())
})

test.each(Object.entries(CALLS))('%s is what the call asks', async (route, call) => {
  const asked = new Set<string>()
  vi.stubGlobal('fetch', (url: string, { method = 'GET' }: RequestInit) => {
    asked.add(`${method} ${new URL(url).pathname}`)
    return Promise.resolve(new Response('event: reset\n\n', { headers: { 'content-type': 'text/event-stream' } }))
  })
  await Promise.resolve(call(createClient({ url: 'http://127.0.0.1:5050' }))).catch(() => 'the answer is no JSON')
  expect([...asked]).toHaveLength(1)
  expect([...asked][0]).toMatch(new RegExp(`^${route.replaceAll(/:\w+/g, '[^/]+')}$`))
})

test('every call is for a route', () => {
  const used = new Set<string>()
  const noting = (target: object, prefix: string): object =>
    new Proxy(target, {
      get(object, name, receiver) {
        used.add(prefix + String(name))
        const value: unknown = Reflect.get(object, name, receiver)
        return typeof value === 'object' && value !== null ? noting(value, `${String(name)}.`) : value
      },
    })
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('not asked here')))
  const client = createClient({ url: 'http://127.0.0.1:5050' })
  const noted = noting(client, '') as Client // it answers as the one behind it
  // What they answer was looked at above: here only what they reach for.
  for (const call of Object.values(CALLS)) void Promise.resolve(call(noted)).catch(() => undefined)
  const calls = [...Object.keys(client), ...Object.keys(client.lab).map((name) => `lab.${name}`)]
  expect([...used].sort()).toEqual(calls.sort())
})
