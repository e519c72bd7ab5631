/**
 * `/docs`: what this interface has, for people, and `/docs/openapi.json`, the same for programs. Both are made when
 * somebody first asks: a node starts without them.
 */
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify'
import type { ApiDocument } from '../docs/openapi.ts'

/** Before all other routes, so that it sees them. */
export function docsRoutes(app: FastifyInstance): void {
  const routes: RouteOptions[] = []
  app.addHook('onRoute', (route) => void routes.push(route))
  const document = async ({ headers }: FastifyRequest): Promise<ApiDocument> => {
    const { describeApi } = await import('../docs/openapi.ts')
    return describeApi(routes, { url: `http://${headers.host}` }) // one of our own names: access was checked
  }
  const options = { config: { access: 'open', revalidate: true }, schema: { hide: true } } as const

  app.get('/docs/openapi.json', options, document)
  app.get('/docs', options, async (request, reply) => {
    const { renderDocs } = await import('../docs/page.ts')
    reply.type('text/html; charset=utf-8')
    return renderDocs(await document(request))
  })
  app.get('/docs/style.css', options, async (_request, reply) => {
    const { STYLE } = await import('../docs/style.ts')
    reply.type('text/css; charset=utf-8')
    return STYLE
  })
}
