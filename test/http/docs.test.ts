/** The documentation: complete, true, valid as OpenAPI 3.1, and a page that the content security policy allows. */
import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ApiDocument, Operation } from '../../src/http/docs/openapi.ts'
import { exampleOf } from '../../src/http/docs/example.ts'
import { faults } from './conforms.ts'
import { serve, type Served, TOKEN } from './serve.ts'
import { undescribed } from './undescribed.ts'

let served: Served
let document: ApiDocument
/** By `GET /api/v1/status`. */
let operations: Map<string, Operation>
beforeAll(async () => {
  served = await serve()
  document = (await served.ask('GET', '/docs/openapi.json')).json() as ApiDocument
  operations = new Map(
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]): [string, Operation] => [`${method.toUpperCase()} ${path}`, operation]),
    ),
  )
})
afterAll(() => served[Symbol.asyncDispose]())

/** PRODUCT's table, and what came to it since. */
const OPEN = [
  'GET /chain', 'GET /api/v1/status', 'GET /api/v1/blocks', 'GET /api/v1/blocks/{heightOrHash}', 'GET /api/v1/headers',
  'GET /api/v1/transactions/{id}', 'GET /api/v1/accounts/{account}', 'GET /api/v1/accounts/{account}/transactions',
  'GET /api/v1/mempool', 'GET /api/v1/peers', 'GET /api/v1/forks', 'GET /api/v1/network', 'GET /api/v1/events', 'GET /api/v1/diagnosis', 'GET /api/v1/series',
  'POST /api/v1/transactions', 'GET /api/v1/mining/template', 'POST /api/v1/mining/submit',
]
const TOKEN_ONLY = [
  'GET /mine', 'POST /transactions/new', 'GET /api/v1/wallet', 'POST /api/v1/wallet/send', 'POST /api/v1/wallet/accounts',
  'POST /api/v1/wallet/encrypt', 'POST /api/v1/wallet/unlock', 'POST /api/v1/wallet/lock', 'POST /api/v1/mining',
  'POST /api/v1/mining/blocks', 'POST /api/v1/peers',
]

describe('the document', () => {
  test('is valid OpenAPI 3.1, by the official schema', async () => {
    const { valid, errors } = await new Validator().validate({ ...document })
    expect(errors ?? []).toEqual([])
    expect(valid).toBe(true)
    expect(document).toMatchObject({ openapi: '3.1.0', servers: [{ url: served.server.url }] })
  })

  test('has every route, and says which need the token', () => {
    for (const route of OPEN) expect(operations.get(route)?.security, route).toEqual([])
    for (const route of TOKEN_ONLY) expect(operations.get(route)?.security, route).toEqual([{ token: [] }])
  })

  test('what it says of the token is so', async () => {
    for (const [route, { security, parameters }] of operations) {
      const [method = '', path = ''] = route.split(' ')
      const at = parameters.filter(({ in: place }) => place === 'path').reduce((url, { name, example }) => url.replace(`{${name}}`, String(example)), path)
      if (path === '/api/v1/events' || path === '/api/v1/diagnosis') continue // the one has no end, the other listens for seconds
      const { status } = await served.ask(method, at)
      expect(status === 401, `${route}: ${status}`).toBe(security.length > 0)
      expect((await served.ask(method, at, { headers: { host: 'evil.example' } })).status, route).toBe(403)
    }
  })

  test('names every route once, groups it and says what it does', () => {
    const names = [...operations.values()].map(({ operationId }) => operationId)
    expect(new Set(names).size).toBe(names.length)
    expect(names).toContain('getAccountsByAccountTransactions')
    for (const [route, { tags, summary, operationId }] of operations) {
      expect(document.tags.map(({ name }) => name), route).toContain(tags[0])
      expect(summary, route).toMatch(/^[A-Z].+[^.]$/)
      expect(operationId).toMatch(/^[a-z][A-Za-z]+$/)
    }
  })

  test('describes every field', () => {
    for (const [route, { parameters, requestBody, responses }] of operations) {
      for (const { name, description } of parameters) expect(description, `${route} ${name}`).not.toBe('')
      const bodies = [requestBody, ...Object.values(responses)].flatMap((body) => Object.values(body?.content ?? {}))
      for (const { schema } of bodies) expect(undescribed(schema, route)).toEqual([])
    }
    for (const [name, schema] of Object.entries(document.components.schemas)) expect(undescribed(schema, name)).toEqual([])
  })

  test('has an example of every body and every answer, which is what its schema says', () => {
    const ajv = new Ajv2020({ strictTypes: false, strictRequired: false, allowUnionTypes: true })
    for (const [route, { parameters, requestBody, responses }] of operations) {
      for (const { name, schema, example } of parameters) expect(ajv.validate(schema, example), `${route} ${name}: ${String(example)}`).toBe(true)
      for (const [type, { schema, example }] of Object.entries(requestBody?.content ?? {})) {
        expect(ajv.validate(schema, example), `${route} ${type} ${JSON.stringify(example)}: ${ajv.errorsText()}`).toBe(true)
      }
      for (const [status, { content = {} }] of Object.entries(responses)) {
        const json = content['application/json']
        if (json === undefined) continue
        expect(faults(json.schema, json.example), `${route} ${status}`).toEqual([])
      }
    }
  })

  test('says which codes each route may answer', async () => {
    const codes = (route: string, status: number): string => operations.get(route)?.responses[status]?.description ?? ''
    expect(codes('GET /api/v1/blocks/{heightOrHash}', 404)).toBe('no such thing: block-not-found')
    expect(codes('POST /api/v1/transactions', 422)).toContain('transaction-bad-signature')
    expect(codes('POST /api/v1/mining/submit', 422)).toContain('block-bad-pow')
    expect(codes('POST /api/v1/wallet/send', 401)).toContain('token-missing')
    for (const [route, { responses }] of operations) expect(Object.keys(responses), route).toEqual(expect.arrayContaining(['403', '500', '503']))
    const { status, json } = await served.ask('GET', '/api/v1/blocks/99')
    expect(codes('GET /api/v1/blocks/{heightOrHash}', status)).toContain(json().error.code)
  })

  test('is asked about again, and is of the address that it was asked at', async () => {
    const { headers } = await served.ask('GET', '/docs/openapi.json')
    expect((await served.ask('GET', '/docs/openapi.json', { headers: { 'if-none-match': headers.etag } })).status).toBe(304)
    const { port } = new URL(served.server.url)
    const other = await served.ask('GET', '/docs/openapi.json', { headers: { host: `localhost:${port}` } })
    expect(other.json().servers[0].url).toBe(`http://localhost:${port}`)
    for (const path of ['/docs', '/docs/openapi.json', '/docs/style.css']) {
      expect((await served.ask('GET', path, { headers: { host: 'evil.example' } })).status).toBe(403)
    }
  })
})

describe('the page', () => {
  test('shows every route and every event, with nothing that the content security policy forbids', async () => {
    const { status, headers, text } = await served.ask('GET', '/docs')
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
    for (const { operationId } of operations.values()) {
      expect(text).toContain(`<article id="${operationId}">`)
      expect(text).toContain(`href="#${operationId}"`)
    }
    for (const event of ['block:connected', 'mining:progress', 'reset']) expect(text).toContain(`<article id="${event}">`)
    expect(text).not.toMatch(/<script|style=|\son\w+=|https?:\/\/(?!127\.0\.0\.1)/)
    expect(text).not.toMatch(/undefined|\[object/)
    expect(headers['content-security-policy']).not.toContain('unsafe')
  })

  test('what it shows to type works', async () => {
    const { text } = await served.ask('GET', '/docs')
    const [, path = ''] = /curl '[^']*(\/api\/v1\/accounts\/cairn1[^'/]+)'/.exec(text) ?? []
    expect((await served.ask('GET', path)).status).toBe(200)
    expect(text).toContain('-H &quot;Authorization: Bearer $(cat ~/.cairn/lan/token)&quot;')
  })

  test('a request by the documented example of a payment is understood', async () => {
    const example = operations.get('POST /api/v1/wallet/send')?.requestBody?.content['application/json']?.example
    const { status, json } = await served.ask('POST', '/api/v1/wallet/send', {
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' }, body: JSON.stringify(example),
    })
    expect([status, json().error.code], 'this wallet has no such account').toEqual([400, 'account-malformed'])
  })
})

test('an example is made of the examples, defaults and ranges of the fields', () => {
  const number = { type: 'integer', minimum: 20, maximum: 30, description: 'x' }
  expect(exampleOf({ type: 'object', properties: { a: number, b: { ...number, examples: [25] }, c: { ...number, default: 21 } } })).toEqual({ a: 20, b: 25, c: 21 })
  expect(exampleOf({ type: 'array', items: { type: 'boolean' } })).toEqual([true])
  expect(exampleOf({ type: ['string', 'null'] })).toBe('text')
  expect(exampleOf({ allOf: [{ if: {}, else: number }, { if: {}, else: {} }] })).toBe(20)
  expect(exampleOf({})).toBeNull()
})
