/**
 * The interface as an OpenAPI 3.1 document, made of the routes' own schemas.
 *
 * These are JSON Schema, and so are OpenAPI 3.1's: nothing has to be converted, so no package does it. What a schema does
 * not say follows from the route: its group and name from its path, its examples from those of its fields, its errors from
 * what it asks for (errors.ts). Nothing of this is loaded before somebody reads /docs.
 *
 * @example
 *   describeApi(routes, aboutNode, { url: 'http://127.0.0.1:5050' }).paths['/api/v1/status'].get.summary
 */
import type { RouteOptions } from 'fastify'
import { VERSION } from '../../node/version.ts'
import { SSZ_TYPE } from '../media-type.ts'
import { error, type JsonSchema } from '../schemas.ts'
import { errorsOf, type Refusals } from './errors.ts'
import { exampleOf } from './example.ts'

const STATUS_WORDS: Readonly<Record<number, string>> = {
  400: 'the request itself is malformed',
  401: 'no token, or a wrong one',
  403: 'sent by, or to the name of, another site',
  404: 'no such thing',
  409: 'conflicts with what is there already',
  413: 'the body is too large',
  415: 'the body is not JSON',
  422: 'understood, refused by the rules',
  429: 'too many requests',
  500: 'a fault of its own',
  503: 'stopping, or catching up',
}

/** What an interface says of itself that its routes do not. */
export interface ApiAbout extends Refusals {
  /** Of the document. */
  title: string
  /** Paragraphs, with code in backquotes. */
  introduction: string
  /** The groups, in the order in which they are read, and the paths of each; the last takes what is left. */
  groups: readonly (readonly [name: string, description: string, paths: RegExp])[]
  /** What `events.path` sends, by the name of the event. */
  events: { path: string; schemas: Readonly<Record<string, JsonSchema>> }
  token: {
    /** Where people find it. */
    is: string
    /** As one types it in a shell. */
    shell: string
  }
}

export interface Parameter {
  name: string
  in: 'path' | 'query' | 'header'
  required: boolean
  description: string
  schema: JsonSchema
  example: unknown
}

/** A form of a body. */
export interface Media {
  schema: JsonSchema
  example?: unknown
}

export interface Operation {
  operationId: string
  tags: string[]
  summary: string
  description?: string
  security: Record<string, string[]>[]
  parameters: Parameter[]
  requestBody?: { required: boolean; content: Record<string, Media> }
  responses: Record<string, { description: string; content?: Record<string, Media> }>
}

export interface ApiDocument {
  openapi: '3.1.0'
  info: { title: string; version: string; description: string; license: { name: string; identifier: string } }
  servers: { url: string; description: string }[]
  tags: { name: string; description: string }[]
  paths: Record<string, Record<string, Operation>>
  components: { securitySchemes: object; schemas: Record<string, JsonSchema> }
}

/** @param routes as they were added; those that are hidden, and HEAD, are left out */
export function describeApi(routes: readonly RouteOptions[], about: ApiAbout, { url }: { url: string }): ApiDocument {
  const { title, what, introduction, groups, token } = about
  const paths: ApiDocument['paths'] = {}
  for (const route of routes.filter(({ schema, method }) => schema?.hide !== true && method !== 'HEAD')) {
    const path = route.url.replaceAll(/:(\w+)/g, '{$1}')
    for (const method of [route.method].flat()) (paths[path] ??= {})[method.toLowerCase()] = describe(route, method, about)
  }
  const used = new Set(Object.values(paths).flatMap((path) => Object.values(path).flatMap(({ tags }) => tags)))
  const events = Object.entries(about.events.schemas).map(([name, event]) => [`event.${name.replace(':', '-')}`, { title: name, ...event }])
  return {
    openapi: '3.1.0',
    info: { title, version: VERSION, description: introduction, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url, description: `this ${what}` }],
    tags: groups.filter(([name]) => used.has(name)).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer', description: token.is } },
      schemas: { error, ...(Object.fromEntries(events) as Record<string, JsonSchema>) },
    },
  }
}

function describe({ url, schema = {}, config }: RouteOptions, method: string, about: ApiAbout): Operation {
  const { summary = '', bytes, body, params, querystring, headers } = schema
  const token = config?.access !== 'open'
  const parameters = [...parametersOf(params, 'path'), ...parametersOf(querystring, 'query'), ...parametersOf(headers, 'header')]
  const asks = { route: `${method} ${url}`, token, body: body !== undefined, checked: parameters.length > 0 }
  const errors = [...errorsOf(asks, about)].map(([status, told]): [string, Operation['responses'][string]] => {
    const description = `${STATUS_WORDS[status] ?? 'refused'}: ${told.join(', ')}`
    const example = { error: { code: told[0], message: 'what, why, what to do', requestId: '5d2c11f0-42' } }
    return [String(status), { description, content: { 'application/json': { schema: error, example } } }]
  })
  return {
    operationId: nameOf(method, url),
    tags: about.groups.filter(([, , group]) => group.test(url)).slice(0, 1).map(([name]) => name),
    summary,
    ...(bytes !== undefined && { description: `With \`Accept: ${SSZ_TYPE}\`: ${bytes}.` }),
    security: token ? [{ token: [] }] : [],
    parameters,
    ...(body !== undefined && { requestBody: { required: true, content: { 'application/json': media(body as JsonSchema) } } }),
    responses: Object.fromEntries([...answersOf(schema), ...errors]),
  }
}

function answersOf({ response, bytes, produces }: NonNullable<RouteOptions['schema']>): [string, Operation['responses'][string]][] {
  const answers = Object.entries((response ?? {}) as Record<string, JsonSchema>).filter(([status]) => /^2\d\d$/.test(status))
  if (answers.length === 0) return [['200', { description: 'done' }]]
  return answers.map(([status, answer]) => {
    const text: Media = { schema: { type: 'string', description: answer.description } }
    const content: Record<string, Media> = produces === undefined ? { 'application/json': media(answer) } : { [produces]: text }
    if (bytes !== undefined) content[SSZ_TYPE] = { schema: { description: bytes } }
    return [status, { description: answer.description ?? 'done', content }]
  })
}

const media = (schema: JsonSchema): Media => ({ schema, example: exampleOf(schema) })

/** Fields of an object schema as parameters. */
function parametersOf(given: unknown, place: Parameter['in']): Parameter[] {
  const { properties = {}, required = [] } = (given ?? {}) as JsonSchema // the routes' schemas are all of this kind
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    description: schema.description ?? '',
    schema,
    example: exampleOf(schema),
  }))
}

/** `GET /api/v1/blocks/:heightOrHash` → `getBlocksByHeightOrHash`. */
function nameOf(method: string, url: string): string {
  const words = url.replace('/api/v1', '').split('/').filter((part) => part !== '')
  const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)
  return method.toLowerCase() + words.map((word) => (word.startsWith(':') ? `By${capital(word.slice(1))}` : capital(word))).join('')
}
