/** What Prometheus scrapes. */
import type { FastifyInstance } from 'fastify'
import type { Metric } from '../metrics/tally.ts'
import * as schema from '../schemas.ts'

/** @param metrics made when the first one asks: the node runs then */
export function metricsRoutes(app: FastifyInstance, metrics: () => Metric[]): void {
  let exposition: Promise<import('../metrics/exposition.ts').Exposition> | undefined
  app.get(
    '/metrics',
    {
      config: { access: 'open' },
      schema: {
        summary: 'Metrics of chain, mempool, mining, network, storage, HTTP and process, for Prometheus',
        response: { 200: { description: 'text, version 0.0.4 of Prometheus’ exposition format' }, '4xx': schema.error },
      },
    },
    async (_request, reply): Promise<string> => {
      exposition ??= import('../metrics/exposition.ts').then(({ Exposition }) => new Exposition(metrics()))
      const { contentType, text } = await exposition.then(async (made) => ({ contentType: made.contentType, text: await made.text() }))
      reply.type(contentType)
      return text
    },
  )
}
