/** Mining without end, and mining a number of blocks now. Both use this machine's processor, so both need the token. */
import type { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import type { MinedBlocks, MiningRequest, MiningStatus } from '../api.ts'
import { answerWhenDone, closedSignal } from '../long-answer.ts'
import { renderMining } from '../render.ts'
import * as schema from '../schemas.ts'
import type { RouteContext } from './context.ts'

export function miningRoutes(app: FastifyInstance, { node, stopping }: RouteContext): void {
  app.post<{ Body: MiningRequest }>(
    '/api/v1/mining',
    {
      config: { access: 'token' },
      schema: {
        summary: 'Start, pause or tune mining; what is left out stays as it is',
        body: schema.body<MiningRequest>({
          running: schema.flag('true or false'),
          threads: schema.whole(1, 256, 'threads'),
          cpu: schema.whole(1, 100, 'percent'),
        }),
        response: { 200: schema.miningStatus, '4xx': schema.error },
      },
    },
    async ({ body: { running, threads, cpu } }): Promise<MiningStatus> => {
      const { miner, wallet } = node
      if (threads !== undefined || cpu !== undefined) miner.configure({ threads, cpu })
      if (running === true) miner.run(wallet.default.account)
      if (running === false) await miner.pause()
      return renderMining(miner.progress())
    },
  )

  app.post<{ Body: { count: number } }>(
    '/api/v1/mining/blocks',
    {
      config: { access: 'token' },
      schema: {
        summary: 'Mine blocks now; answers when they are on the chain, and closing the connection cancels',
        body: schema.body<{ count: number }>({ count: schema.whole(1, 1000, 'blocks') }, ['count']),
        response: {
          200: schema.answer<MinedBlocks>('the blocks, oldest first', {
            blocks: schema.listOf(schema.minedBlock),
          }),
          '4xx': schema.error,
        },
      },
    },
    ({ body: { count } }, reply): Promise<MinedBlocks | Readable> => {
      const signal = AbortSignal.any([closedSignal(reply), stopping])
      return answerWhenDone(
        reply,
        node.mine(count, signal).then((blocks) => ({ blocks })),
        node.clock,
      )
    },
  )
}
