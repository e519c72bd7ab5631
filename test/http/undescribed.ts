import type { JsonSchema } from '../../src/http/schemas.ts'

/** Paths of fields without a description. */
export function undescribed({ properties = {}, items, allOf = [], ...rest }: JsonSchema, path: string): string[] {
  return [
    ...(rest.else === undefined ? [] : undescribed(rest.else, path)),
    ...allOf.flatMap((form) => undescribed(form, path)),
    ...(items === undefined ? [] : undescribed(items, `${path}[]`)),
    ...Object.entries(properties).flatMap(([name, field]) => [
      ...((field.description ?? '') === '' ? [`${path}.${name}`] : []),
      ...undescribed(field, `${path}.${name}`),
    ]),
  ]
}
