/**
 * `/docs`: what this interface has, for people, and `/docs/openapi.json`, the same for programs. Both are made when
 * somebody first asks: a server starts without them.
 */
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify'
import type { ApiAbout, ApiDocument } from '../docs/openapi.ts'

/**
 * Before all other routes, so that it sees them.
 * @param about what it says besides; loaded when it is first asked for
 */
export function docsRoutes(app: FastifyInstance, about: () => Promise<ApiAbout>): void {
  const routes: RouteOptions[] = []
  app.addHook('onRoute', (route) => void routes.push(route))
  const document = async ({ headers }: FastifyRequest): Promise<ApiDocument> => {
    const { describeApi } = await import('../docs/openapi.ts')
    return describeApi(routes, await about(), { url: `http://${headers.host}` }) // one of our own names: access was checked
  }
  const options = { config: { access: 'open', revalidate: true }, schema: { hide: true } } as const

  app.get('/docs/openapi.json', options, document)
  app.get('/docs', options, async (request, reply) => {
    const { renderDocs } = await import('../docs/page.ts')
    reply.type('text/html; charset=utf-8')
    return renderDocs(await document(request), await about())
  })
  app.get('/docs/style.css', options, async (_request, reply) => {
    const { STYLE } = await import('../docs/style.ts')
    reply.type('text/css; charset=utf-8')
    return STYLE
  })
}
