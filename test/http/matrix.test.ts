/**
 * A web page against the local interface: every combination of who a request claims to be for, where it comes from and
 * what it asks. Nothing may change without the token, and nothing may be read by a foreign name.
 */
import { hostname } from 'node:os'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { mine } from '../support/blocks.ts'
import { serve, type Served, TOKEN } from './serve.ts'

// The wallet's encryption costs half a second on purpose, and many times that on a machine that is busy.
vi.setConfig({ testTimeout: 120_000 })

let served: Served
beforeAll(async () => {
  served = await serve()
  // Something to spend, so that a payment would go through. Not by the miner: a thread of its own may find one more late.
  const { block } = served.node.miner.template(served.node.wallet.default.account)
  mine(block.header)
  await served.node.chain.add(block, 'local')
})
afterAll(() => served[Symbol.asyncDispose]())

const port = (): string => new URL(served.server.url).port
const own = (): string => `127.0.0.1:${port()}`

/** What a request may be for. */
const HOSTS: [name: string, host: () => string, ours: boolean][] = [
  ['the address', own, true],
  ['localhost', () => `localhost:${port()}`, true],
  ['this machine', () => `${hostname()}:${port()}`, true],
  ['a rebound name', () => `evil.example:${port()}`, false],
  ['another port', () => '127.0.0.1:1', false],
  ['no port', () => '127.0.0.1', false],
  ['all addresses', () => `0.0.0.0:${port()}`, false],
]
/** Where it may come from, beside the Host that it is for. */
const ORIGINS: [name: string, origin: (host: string) => string | undefined, ours: boolean][] = [
  ['no origin', () => undefined, true],
  ['its own origin', (host) => `http://${host}`, true],
  ['a foreign origin', () => 'http://evil.example', false],
  ['a sandboxed page', () => 'null', false],
]
const SITES: [site: string | undefined, ours: boolean][] = [
  [undefined, true],
  ['same-origin', true],
  ['none', true],
  ['same-site', false],
  ['cross-site', false],
]
const TOKENS: [name: string, authorization: string | undefined, right: boolean][] = [
  ['no token', undefined, false],
  ['a wrong token', `Bearer ${'0'.repeat(64)}`, false],
  ['the token', `Bearer ${TOKEN}`, true],
]

/** What changes something: method, path and a body that would be obeyed. */
const changes = (): [method: string, path: string, body?: object][] => {
  const recipient = served.node.wallet.default.address
  return [
    ['GET', '/mine'],
    ['POST', '/transactions/new', { recipient, amount: 1 }],
    ['POST', '/api/v1/wallet/send', { recipient, amount: 1 }],
    ['POST', '/api/v1/wallet/accounts', { name: 'savings' }],
    ['POST', '/api/v1/wallet/encrypt', { passphrase: 'correct horse' }],
    ['POST', '/api/v1/wallet/passphrase', { passphrase: 'correct horse', newPassphrase: 'correct horse' }],
    ['POST', '/api/v1/wallet/unlock', { passphrase: 'correct horse' }],
    ['POST', '/api/v1/wallet/lock', {}],
    ['POST', '/api/v1/mining', { running: true }],
    ['POST', '/api/v1/mining/blocks', { count: 1 }],
    ['POST', '/api/v1/peers', { address: '/ip4/127.0.0.1/tcp/1' }],
    ['GET', '/api/v1/wallet'],
  ]
}
const READS = [
  '/',
  '/chain',
  '/api/v1/status',
  '/api/v1/network',
  '/api/v1/blocks',
  '/api/v1/blocks/0',
  '/api/v1/headers',
  '/api/v1/series',
  '/docs',
  '/docs/openapi.json',
  '/api/v1/mempool',
  '/api/v1/mempool/estimate?fee=1',
  '/api/v1/peers',
  '/api/v1/diagnosis',
  '/api/v1/forks',
]
/** What changes something and needs no token, for its proof is in it: nobody but foreign pages is kept from it. */
const OPEN_CHANGES: [path: string, body: object][] = [
  ['/api/v1/transactions', { ssz: '00'.repeat(156) }],
  ['/api/v1/mining/submit', { id: '0'.repeat(16), nonce: 0 }],
]

const state = (): unknown => {
  const { chain, mempool, miner, network, wallet } = served.node
  return {
    tip: chain.tip.hash,
    pending: mempool.list().map(({ id }) => id),
    mining: miner.progress().running,
    threads: miner.progress().threads,
    peers: network.peers().length,
    accounts: wallet.accounts().map(({ name }) => name),
    wallet: [wallet.encrypted, wallet.locked],
  }
}

test('nothing changes without the token, whatever else a request says', async () => {
  const before = state()
  let cases = 0
  for (const [hostName, host, ourHost] of HOSTS)
    for (const [originName, origin, ourOrigin] of ORIGINS)
      for (const [site, ourSite] of SITES)
        for (const [tokenName, authorization, right] of TOKENS) {
          const ours = ourHost && ourOrigin && ourSite
          // Of our own only those without the token may not; of the others not even those with it.
          if (ours === right) continue
          for (const [method, path, body] of changes()) {
            const headers = clean({
              host: host(),
              origin: origin(host()),
              'sec-fetch-site': site,
              authorization,
              'content-type': body && 'application/json',
            })
            const { status } = await served.ask(method, path, { headers, body: body && JSON.stringify(body) })
            expect(status, `${method} ${path} for ${hostName}, from ${originName}, ${site}, with ${tokenName}`).toBe(
              ours ? 401 : 403,
            )
            cases++
          }
        }
  expect(state()).toEqual(before)
  expect(cases).toBeGreaterThanOrEqual(50)
})

test('nothing is read by a foreign name, from a foreign page or through a foreign link', async () => {
  let cases = 0
  for (const [hostName, host, ourHost] of HOSTS)
    for (const [originName, origin, ourOrigin] of ORIGINS)
      for (const [site, ourSite] of SITES) {
        if (ourHost && ourOrigin && ourSite) continue
        for (const path of ['/', '/chain', '/docs', '/api/v1/headers', '/api/v1/events', '/nowhere']) {
          const headers = clean({
            host: host(),
            origin: origin(host()),
            'sec-fetch-site': site,
            authorization: `Bearer ${TOKEN}`,
          })
          const answer = await served.ask('GET', path, { headers })
          expect(answer.status, `${path} for ${hostName}, from ${originName}, ${site}`).toBe(403)
          expect(Object.keys(answer.json())).toEqual(['error'])
          cases++
        }
      }
  expect(cases).toBeGreaterThanOrEqual(50)
})

test('nothing is handed in by a foreign name or from a foreign page, token or not; by people’s own programs, without one', async () => {
  const before = state()
  for (const [hostName, host, ourHost] of HOSTS)
    for (const [originName, origin, ourOrigin] of ORIGINS)
      for (const [site, ourSite] of SITES)
        for (const [tokenName, authorization] of TOKENS)
          for (const [path, body] of OPEN_CHANGES) {
            const headers = clean({
              host: host(),
              origin: origin(host()),
              'sec-fetch-site': site,
              authorization,
              'content-type': 'application/json',
            })
            const { status } = await served.ask('POST', path, { headers, body: JSON.stringify(body) })
            const ours = ourHost && ourOrigin && ourSite
            // Of our own, what is handed in here is understood and worthless, or one too many in a second.
            expect(ours ? [400, 404, 422, 429] : [403], `${path} for ${hostName}, from ${originName}, ${site}, with ${tokenName}`).toContain(status)
          }
  expect(state()).toEqual(before)
})

test('our own page and people’s own programs may read', async () => {
  for (const [, host, ourHost] of HOSTS)
    for (const [, origin, ourOrigin] of ORIGINS)
      for (const [site, ourSite] of SITES) {
        if (!(ourHost && ourOrigin && ourSite)) continue
        for (const path of READS) {
          const { status } = await served.ask('GET', path, {
            headers: clean({ host: host(), origin: origin(host()), 'sec-fetch-site': site }),
          })
          expect(status, path).toBe(200)
        }
      }
})

test('no answer, allowed or not, lets another site read it or show it in a frame', async () => {
  const answers = [
    await served.ask('GET', '/'),
    await served.ask('GET', '/api/v1/status'),
    await served.ask('GET', '/mine'),
    await served.ask('GET', '/nowhere'),
    await served.ask('GET', '/api/v1/status', { headers: { host: own(), origin: 'http://evil.example' } }),
    await served.ask('OPTIONS', '/api/v1/wallet/send', {
      headers: {
        host: own(),
        origin: 'http://evil.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization',
      },
    }),
    await served.ask('GET', '/%zz'),
  ]
  for (const { headers, status } of answers) {
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([])
    expect(headers['x-content-type-options'], String(status)).toBe('nosniff')
    expect(headers['referrer-policy']).toBe('no-referrer')
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
    expect(headers['content-security-policy']).not.toContain('unsafe')
  }
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 401, 404, 403, 403, 400])
})

test('no method but GET, HEAD and POST does anything, token or not', async () => {
  const before = state()
  for (const method of ['OPTIONS', 'PUT', 'PATCH', 'DELETE', 'TRACE'])
    for (const path of ['/mine', '/docs', '/api/v1/wallet/send', '/api/v1/mining', '/api/v1/events']) {
      const { status, headers } = await served.ask(method, path, { headers: { host: own(), authorization: `Bearer ${TOKEN}` } })
      expect([404, 405], `${method} ${path}`).toContain(status)
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([])
    }
  expect(state()).toEqual(before)
})

test('HEAD asks for no more than GET may, and never acts', async () => {
  const before = state()
  expect((await served.ask('HEAD', '/mine')).status).toBe(405)
  expect((await served.ask('HEAD', '/api/v1/wallet')).status).toBe(401)
  const head = await served.ask('HEAD', '/api/v1/status')
  expect([head.status, head.text]).toEqual([200, ''])
  for (const path of ['/', '/docs', '/chain', '/api/v1/events', '/api/v1/headers']) {
    expect((await served.ask('HEAD', path, { headers: { host: `evil.example:${port()}` } })).status, path).toBe(403)
    expect((await served.ask('HEAD', path, { headers: { host: own(), 'sec-fetch-site': 'cross-site' } })).status, path).toBe(403)
  }
  expect(state()).toEqual(before)
})

// The last, for mining may tell of a block more after it ended.
test('with the token, each of the changes is made', async () => {
  for (const [method, path, body] of changes()) {
    const headers = clean({ host: own(), authorization: `Bearer ${TOKEN}`, 'content-type': body && 'application/json' })
    const { status } = await served.ask(method, path, { headers, body: body && JSON.stringify(body) })
    // Nothing listens on the port that it shall dial, so that one is understood and refused.
    expect(status, `${method} ${path}`).toBe(
      /\/(new|send|accounts)$/.test(path) ? 201 : path.endsWith('/peers') ? 400 : 200,
    )
  }
  await served.client.mining({ running: false })
})

/** Without the entries that are undefined. */
const clean = (headers: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
