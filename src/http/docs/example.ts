/** An example of whatever a schema describes, made of the examples of its fields: it cannot say what the schema does not. */
import type { JsonSchema } from '../schemas.ts'

/** Of a number that has no example of its own, where its range allows it. */
const SOME_NUMBER = 12

export function exampleOf(schema: JsonSchema): unknown {
  const [given] = schema.examples ?? []
  if (given !== undefined) return given
  if (schema.default !== undefined) return schema.default
  // Two forms of one body (`if` it has this field, `else` that): the first that is named.
  const [form] = schema.allOf ?? []
  if (form?.else !== undefined) return exampleOf(form.else)
  const [type] = [schema.type].flat()
  switch (type) {
    case 'object':
      return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, field]) => [name, exampleOf(field)]))
    case 'array':
      return schema.items === undefined ? [] : [exampleOf(schema.items)]
    case 'boolean':
      return true
    case 'integer':
    case 'number':
      return Math.min(Math.max(schema.minimum ?? 0, SOME_NUMBER), schema.maximum ?? SOME_NUMBER)
    case 'string':
      return 'text'
    default:
      return null
  }
}
