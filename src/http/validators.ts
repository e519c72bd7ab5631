/**
 * Checks of requests by their JSON schemas, each compiled when the first request needs it.
 *
 * Fastify would compile the schemas of all routes before it listens, and load a compiler for answers that this server
 * never uses (server.ts): together an eighth of the processor time from `cairn start` to serving. The first request of a
 * route waits for its own check instead, a few milliseconds, and the very first for the compiler itself.
 */
import { createRequire } from 'node:module'
import type { Ajv } from 'ajv'
import type { FastifySchemaCompiler, FastifySchemaValidationError, FastifyServerOptions } from 'fastify'
import type { JsonSchema } from './schemas.ts'

type Compilers = NonNullable<NonNullable<FastifyServerOptions['schemaController']>['compilersFactory']>

const require = createRequire(import.meta.url)
let compiler: Ajv | undefined

/** A schema that does not compile is a bug: this throws, and the request is answered by 500. */
function compile(schema: JsonSchema): ReturnType<Ajv['compile']> {
  if (compiler === undefined) {
    const { Ajv: Compiler } = require('ajv') as typeof import('ajv') // what the package exports
    // Bodies are strict: nothing is coerced, nothing unknown is dropped. One error is enough; all of them would let a
    // request cost more than it should.
    compiler = new Compiler({ coerceTypes: false, removeAdditional: false, useDefaults: true, allErrors: false, verbose: true })
  }
  return compiler.compile(schema)
}

const compileOnce: FastifySchemaCompiler<JsonSchema> = ({ schema }) => {
  let check: ReturnType<Ajv['compile']> | undefined
  return (data: unknown) => {
    check ??= compile(schema)
    if (check(data)) return { value: data }
    return { error: check.errors as FastifySchemaValidationError[] } // Ajv's own form is what Fastify expects; not null here
  }
}

/** For Fastify's `schemaController`. */
export const COMPILERS: Compilers = {
  // Fastify's type is that of its own compiler, whose schemas may be `true`; it calls any with the route's schema.
  buildValidator: (() => compileOnce) as unknown as Compilers['buildValidator'],
  // Schemas of answers are documentation: what a route returns is sent as it is, and tests compare the two.
  buildSerializer: () => () => JSON.stringify,
}
