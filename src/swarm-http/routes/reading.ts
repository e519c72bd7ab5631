/** How the swarm stands, and the blocks of all its nodes as one tree. */
import type { FastifyInstance } from 'fastify'
import * as schema from '../../http/schemas.ts'
import type { SwarmBlocks, SwarmStatus } from '../api.ts'
import { swarmBlock, swarmStatus } from '../schemas.ts'
import type { SwarmContext } from './context.ts'

const MOST_BLOCKS = 4_000
const USUAL_BLOCKS = 500

export function readingRoutes(app: FastifyInstance, { book }: SwarmContext): void {
  app.get(
    '/api/v1/swarm',
    {
      config: { access: 'open' },
      schema: {
        summary: 'Every node and where its chain stands, who is to be connected to whom, and the conditions of the links',
        response: { 200: swarmStatus, '4xx': schema.error },
      },
    },
    (): SwarmStatus => book.status(),
  )

  app.get<{ Querystring: { limit: number } }>(
    '/api/v1/swarm/blocks',
    {
      config: { access: 'open' },
      schema: {
        summary: 'The newest blocks of all branches, in order of height',
        querystring: { type: 'object', properties: { limit: schema.limit(MOST_BLOCKS, USUAL_BLOCKS) }, additionalProperties: false },
        response: { 200: schema.answer<SwarmBlocks>('the blocks', { blocks: schema.listOf(swarmBlock) }), '4xx': schema.error },
      },
    },
    ({ query: { limit } }): SwarmBlocks => ({ blocks: book.blocks(limit) }),
  )
}
