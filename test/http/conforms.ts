/** Whether an answer is what its route's schema promises: the part of JSON Schema that schemas.ts uses, and no field more. */
import fastify, { type FastifyInstance } from 'fastify'
import type { JsonSchema } from '../../src/http/schemas.ts'

/** The schema of each route's 2xx answer, by `METHOD path`, of routes that are added in `add`. */
export function answerSchemas(add: (app: FastifyInstance) => void): Map<string, JsonSchema> {
  const schemas = new Map<string, JsonSchema>()
  const app = fastify({ exposeHeadRoutes: false })
  app.addHook('onRoute', ({ method, url, schema }) => {
    const response = schema?.response as Record<string, JsonSchema> | undefined
    const answer = response?.[200] ?? response?.[201]
    if (answer !== undefined) schemas.set(`${[method].flat()[0]} ${url}`, answer)
  })
  add(app)
  return schemas
}

/** What is wrong with a value, each with its path; nothing where it conforms. */
export function faults(schema: JsonSchema, value: unknown, path = '$'): string[] {
  const found: string[] = []
  const types = schema.type === undefined ? [] : [schema.type].flat()
  if (schema.description === undefined) found.push(`${path}: no description`)
  if (types.length > 0 && !types.some((type) => isOf(type, value)))
    return [...found, `${path}: ${JSON.stringify(value)} is not ${types.join(' or ')}`]
  if (typeof value === 'number') {
    if (value < (schema.minimum ?? -Infinity) || value > (schema.maximum ?? Infinity))
      found.push(`${path}: ${value} is out of range`)
  }
  if (Array.isArray(value)) {
    for (const [at, item] of value.entries()) found.push(...faults(schema.items ?? {}, item, `${path}[${at}]`))
  } else if (typeof value === 'object' && value !== null) {
    const { properties = {}, required = [] } = schema
    for (const name of required) if (!(name in value)) found.push(`${path}.${name}: missing`)
    for (const [name, field] of Object.entries(value)) {
      const known = properties[name]
      found.push(...(known === undefined ? [`${path}.${name}: not in the schema`] : faults(known, field, `${path}.${name}`)))
    }
  }
  return found
}

function isOf(type: string, value: unknown): boolean {
  if (type === 'null') return value === null
  if (type === 'array') return Array.isArray(value)
  if (type === 'integer') return Number.isInteger(value)
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value)
  return typeof value === type
}
