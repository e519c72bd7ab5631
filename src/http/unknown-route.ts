/** Requests that no route takes: a path that is not there is 404, a method that its path does not have 405. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { HttpError } from './http-error.ts'

/** What each path may be asked by. */
export type MethodsByPath = ReadonlyMap<string, { pattern: RegExp; methods: Set<string> }>

/** The methods of each path, filled as routes are added: Fastify itself answers a wrong method by 404. */
export function methodsByPath(app: FastifyInstance): MethodsByPath {
  const paths = new Map<string, { pattern: RegExp; methods: Set<string> }>()
  app.addHook('onRoute', ({ url, method }) => {
    const pattern = new RegExp(`^${url.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(/:\w+/g, '[^/]+')}$`)
    const path = paths.get(url) ?? { pattern, methods: new Set() }
    for (const name of [method].flat()) path.methods.add(name)
    paths.set(url, path)
  })
  return paths
}

/** @param hint what to do instead */
export function unknownRoute({ url, method }: FastifyRequest, paths: MethodsByPath, hint: string): HttpError {
  const [path = ''] = url.split('?')
  const methods = [...paths.values()].filter(({ pattern }) => pattern.test(path)).flatMap((route) => [...route.methods])
  if (methods.length === 0) {
    return new HttpError(404, 'route-not-found', `there is no ${path.slice(0, 200)} here: ${hint}`)
  }
  const allow = methods.sort().join(', ')
  return new HttpError(405, 'method-not-allowed', `${path} cannot be asked by ${method}, only by ${allow}`, { allow })
}
