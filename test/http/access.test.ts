/** Who may ask: Host, Origin, Sec-Fetch-Site and the token, each on its own. The whole matrix: matrix.test.ts. */
import type { IncomingHttpHeaders } from 'node:http'
import { describe, expect, test } from 'vitest'
import { Access } from '../../src/http/access.ts'
import { HttpError } from '../../src/http/http-error.ts'

const PORT = 5050
const TOKEN = 'a'.repeat(64)
let addresses = ['127.0.0.1', '192.168.1.20', '::1', 'fe80::1c2d']
const machine = { hostname: 'Lab-PC', addresses: () => addresses }
const access = new Access({ token: TOKEN, host: '127.0.0.1' }, machine)

function codeOf(check: () => void): string | undefined {
  try {
    check()
    return undefined
  } catch (error) {
    return error instanceof HttpError ? error.code : String(error)
  }
}
const caller = (headers: IncomingHttpHeaders, port = PORT): string | undefined => codeOf(() => access.checkCaller(headers, port))

describe('Host', () => {
  test.each([
    'localhost:5050',
    'LOCALHOST:5050',
    '127.0.0.1:5050',
    '192.168.1.20:5050',
    '[::1]:5050',
    '[FE80::1c2d]:5050',
    'lab-pc:5050',
    'LAB-PC:5050',
  ])('%s is ours', (host) => {
    expect(caller({ host })).toBeUndefined()
  })

  test.each([
    undefined,
    '',
    'localhost',
    'localhost:5051',
    'localhost:05050',
    'localhost:5050:5050',
    'localhost.:5050',
    'localhost.evil.example:5050',
    'evil.example:5050',
    '127.0.0.1.evil.example:5050',
    '10.0.0.1:5050',
    '0.0.0.0:5050',
    '[::]:5050',
    '[::2]:5050',
    '::1:5050',
    '2130706433:5050',
    '127.1:5050',
    'user@localhost:5050',
    'localhost:5050/',
    ' localhost:5050',
    'localhost:505０',
  ])('%s is foreign', (host) => {
    expect(caller({ host })).toBe('foreign-host')
  })

  test('the port may be left out where it is 80, as browsers do', () => {
    expect(caller({ host: 'localhost' }, 80)).toBeUndefined()
    expect(caller({ host: 'localhost:80' }, 80)).toBeUndefined()
    expect(caller({ host: 'localhost:5050' }, 80)).toBe('foreign-host')
  })

  test('an address that an interface gets later is ours from then on', () => {
    expect(caller({ host: '10.42.0.1:5050' })).toBe('foreign-host')
    addresses = [...addresses, '10.42.0.1']
    expect(caller({ host: '10.42.0.1:5050' })).toBeUndefined()
  })

  test('an address that was asked for with --http is ours, all of them at once is not an address', () => {
    expect(
      codeOf(() => new Access({ token: TOKEN, host: '127.0.0.5' }, machine).checkCaller({ host: '127.0.0.5:5050' }, PORT)),
    ).toBeUndefined()
    expect(codeOf(() => new Access({ token: TOKEN, host: '0.0.0.0' }, machine).checkCaller({ host: '0.0.0.0:5050' }, PORT))).toBe(
      'foreign-host',
    )
    expect(codeOf(() => new Access({ token: TOKEN, host: '::' }, machine).checkCaller({ host: '[::]:5050' }, PORT))).toBe(
      'foreign-host',
    )
  })
})

test('NAME.local is ours where other machines may read, and only there: anybody on a LAN may answer for it', () => {
  for (const [host, code] of [['127.0.0.1', 'foreign-host'], ['::1', 'foreign-host'], ['localhost', 'foreign-host'], ['0.0.0.0', undefined], ['192.168.1.20', undefined]] as const) {
    const listening = new Access({ token: TOKEN, host }, { ...machine, hostname: 'Lab-PC.school.example' })
    expect(codeOf(() => listening.checkCaller({ host: 'lab-pc.local:5050' }, PORT)), host).toBe(code)
    expect(codeOf(() => listening.checkCaller({ host: 'other.local:5050' }, PORT)), host).toBe('foreign-host')
    expect(codeOf(() => listening.checkCaller({ host: 'lab-pc.school.example:5050' }, PORT)), host).toBeUndefined()
  }
})

describe('Origin', () => {
  const host = 'localhost:5050'
  test.each([undefined, 'http://localhost:5050', 'http://LOCALHOST:5050'])('%s may', (origin) => {
    expect(caller({ host, origin })).toBeUndefined()
  })
  test.each([
    'null',
    '',
    'http://evil.example',
    'https://localhost:5050',
    'http://localhost:5051',
    'http://localhost',
    'http://127.0.0.1:5050',
    'http://localhost:5050.evil.example',
  ])('"%s" may not', (origin) => {
    expect(caller({ host, origin })).toBe('foreign-origin')
  })
})

test.each([
  [undefined, undefined],
  ['same-origin', undefined],
  ['none', undefined],
  ['same-site', 'foreign-site'],
  ['cross-site', 'foreign-site'],
  ['', 'foreign-site'],
])('Sec-Fetch-Site %s: %s', (site, code) => {
  expect(caller({ host: 'localhost:5050', 'sec-fetch-site': site })).toBe(code)
})

describe('token', () => {
  const check = (authorization?: string): string | undefined => codeOf(() => access.checkToken({ authorization }))
  test.each([`Bearer ${TOKEN}`, `bearer ${TOKEN}`, `BEARER  ${TOKEN}`])('"%s" is right', (authorization) => {
    expect(check(authorization)).toBeUndefined()
  })
  test.each([
    ['', 'token-wrong'],
    [TOKEN, 'token-wrong'],
    [`Basic ${TOKEN}`, 'token-wrong'],
    ['Bearer', 'token-wrong'],
    ['Bearer ', 'token-wrong'],
    [`Bearer ${TOKEN}b`, 'token-wrong'],
    [`Bearer ${TOKEN.slice(1)}`, 'token-wrong'],
    [`Bearer ${TOKEN.toUpperCase()}`, 'token-wrong'],
    [`Bearer ${TOKEN} ${TOKEN}`, 'token-wrong'],
    [undefined, 'token-missing'],
  ])('"%s": %s', (authorization, code) => {
    expect(check(authorization)).toBe(code)
  })
})
