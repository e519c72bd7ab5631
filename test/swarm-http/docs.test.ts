/** A swarm's documentation: every route, every field described, every example as its schema says, and so as the swarm answers. */
import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ApiDocument, Operation } from '../../src/http/docs/openapi.ts'
import { faults } from '../http/conforms.ts'
import { undescribed } from '../http/undescribed.ts'
import { ask } from '../http/serve.ts'
import { serveSwarm, type ServedSwarm } from './serve.ts'

let served: ServedSwarm
let document: ApiDocument
/** By `GET /api/v1/swarm`. */
let operations: Map<string, Operation>
beforeAll(async () => {
  served = await serveSwarm({ nodes: 4, topology: 'ring', paymentsPerMinute: 1.5 })
  document = (await ask(served.server.url, 'GET', '/docs/openapi.json')).json() as ApiDocument
  operations = new Map(
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]): [string, Operation] => [`${method.toUpperCase()} ${path}`, operation]),
    ),
  )
})
afterAll(() => served[Symbol.asyncDispose]())

const READ = ['GET /api/v1/swarm', 'GET /api/v1/swarm/blocks', 'GET /api/v1/swarm/events']
const CHANGE = ['mine', 'mining', 'kill', 'restart', 'join', 'partition', 'cut', 'heal', 'links', 'payments'].map((what) => `POST /api/v1/swarm/${what}`)

test('is valid OpenAPI 3.1 with every route, grouped and named once, and says which need the token', async () => {
  const { valid, errors } = await new Validator().validate({ ...document })
  expect([errors ?? [], valid]).toEqual([[], true])
  expect(document).toMatchObject({ openapi: '3.1.0', info: { title: 'Cairn swarm' }, servers: [{ url: served.server.url, description: 'this swarm' }] })
  expect([...operations.keys()].sort()).toEqual([...READ, ...CHANGE].sort())
  for (const route of READ) expect(operations.get(route)?.security, route).toEqual([])
  for (const route of CHANGE) expect(operations.get(route)?.security, route).toEqual([{ token: [] }])
  for (const [route, { tags, summary, operationId }] of operations) {
    expect(document.tags.map(({ name }) => name), route).toContain(tags[0])
    expect(summary, route).toMatch(/^[A-Z].+[^.]$/)
    expect(operationId).toMatch(/^[a-z][A-Za-z]+$/)
  }
})

test('describes every field, and every example is what its schema says', () => {
  const ajv = new Ajv2020({ strictTypes: false, strictRequired: false, allowUnionTypes: true })
  for (const [route, { parameters, requestBody, responses }] of operations) {
    for (const { name, description, schema, example } of parameters) {
      expect(description, `${route} ${name}`).not.toBe('')
      expect(ajv.validate(schema, example), `${route} ${name}: ${String(example)}`).toBe(true)
    }
    for (const { schema, example } of Object.values(requestBody?.content ?? {})) {
      expect(undescribed(schema, route)).toEqual([])
      expect(ajv.validate(schema, example), `${route} ${JSON.stringify(example)}: ${ajv.errorsText()}`).toBe(true)
    }
    for (const [status, { content = {} }] of Object.entries(responses)) {
      const json = content['application/json']
      if (json === undefined) continue
      expect(undescribed(json.schema, `${route} ${status}`)).toEqual([])
      expect(faults(json.schema, json.example), `${route} ${status}`).toEqual([])
    }
  }
  for (const [name, schema] of Object.entries(document.components.schemas)) expect(undescribed(schema, name)).toEqual([])
})

test('the swarm takes the documented bodies, answers as documented, and refuses by a documented code', async () => {
  for (const route of ['partition', 'heal', 'cut', 'heal', 'payments', 'mine', 'kill', 'restart', 'join', 'mining', 'links']) {
    const operation = operations.get(`POST /api/v1/swarm/${route}`)
    const { status, json } = await served.post(route, operation?.requestBody?.content['application/json']?.example)
    expect([route, status, json()]).toEqual([route, 200, expect.any(Object)])
    expect(faults(operation!.responses['200']!.content!['application/json']!.schema, json()), route).toEqual([])
  }
  await served.client.mining({ nodes: [0, 1], running: false })
  for (const [route, body] of [['cut', { between: [0, 2] }], ['kill', { node: 9 }], ['mine', {}]] as const) {
    const { status, json } = await served.post(route, body)
    expect(operations.get(`POST /api/v1/swarm/${route}`)?.responses[status]?.description, route).toContain(json().error.code)
  }
  for (const path of ['', '/blocks']) {
    const { json } = await ask(served.server.url, 'GET', `/api/v1/swarm${path}`)
    expect(faults(operations.get(`GET /api/v1/swarm${path}`)!.responses['200']!.content!['application/json']!.schema, json()), path).toEqual([])
  }
})

test('the page shows every route and event, where the events are and where the token is', async () => {
  const { status, headers, text } = await ask(served.server.url, 'GET', '/docs')
  expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
  expect(text).toContain('<h1>The HTTP interface of this swarm</h1>')
  for (const { operationId } of operations.values()) expect(text).toContain(`<article id="${operationId}">`)
  for (const event of ['swarm:changed', 'reset']) expect(text).toContain(`<article id="${event}">`)
  expect(text).toContain('<code>GET /api/v1/swarm/events</code>')
  expect(text).toContain('-H &quot;Authorization: Bearer $TOKEN&quot;')
  expect(text).not.toMatch(/<script|style=|\son\w+=|https?:\/\/(?!127\.0\.0\.1)|undefined|\[object|data folder|this node/)
  expect((await ask(served.server.url, 'GET', '/docs/style.css')).status).toBe(200)
})
