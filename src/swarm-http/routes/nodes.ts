/** What single nodes do: mine, end, start again, and one more joins. */
import type { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { HttpError } from '../../http/http-error.ts'
import { answerWhenDone, closedSignal } from '../../http/long-answer.ts'
import * as schema from '../../http/schemas.ts'
import { miningCpu } from '../../swarm/mining-share.ts'
import { MAX_NODES } from '../../swarm/options.ts'
import type { Swarm } from '../../swarm/swarm.ts'
import type { MineRequest, SwarmMined, SwarmMiningRequest } from '../api.ts'
import { atNode, nodeNumber, nodeNumbers, swarmStatus } from '../schemas.ts'
import { nodeAt, runningNodeAt, statusAfter, type SwarmContext } from './context.ts'

const response = { 200: swarmStatus, '4xx': schema.error }

export function nodeRoutes(app: FastifyInstance, context: SwarmContext): void {
  const { swarm, stopping } = context

  app.post<{ Body: MineRequest }>(
    '/api/v1/swarm/mine',
    {
      config: { access: 'token' },
      schema: {
        summary: 'A node mines blocks now; answers when they are on its chain, and closing the connection cancels',
        body: schema.body<MineRequest>({ node: nodeNumber, count: { ...schema.whole(1, 1000, 'blocks'), default: 1 } }, ['node']),
        response: {
          200: schema.answer<SwarmMined>('the blocks, oldest first', { blocks: schema.listOf(schema.minedBlock) }),
          '4xx': schema.error,
        },
      },
    },
    ({ body: { node, count } }, reply): Promise<SwarmMined | Readable> => {
      const signal = AbortSignal.any([closedSignal(reply), stopping])
      const mined = runningNodeAt(swarm, node).mine(count, signal)
      return answerWhenDone(reply, mined.then((blocks) => ({ blocks })), swarm.clock)
    },
  )

  app.post<{ Body: SwarmMiningRequest }>(
    '/api/v1/swarm/mining',
    {
      config: { access: 'token' },
      schema: {
        summary: 'Nodes mine without end, or no longer',
        body: schema.body<SwarmMiningRequest>({ nodes: nodeNumbers, running: schema.flag('true or false') }, ['nodes', 'running']),
        response,
      },
    },
    ({ body: { nodes, running } }, reply) => {
      const miners = nodes.map((at) => runningNodeAt(swarm, at)) // all of them, or none
      const set = miners.map(({ miner, wallet }) => (running ? miner.run(wallet.default.account) : miner.pause()))
      shareProcessors(swarm)
      return statusAfter(context, reply, Promise.all(set))
    },
  )

  app.post<{ Body: { node: number } }>(
    '/api/v1/swarm/kill',
    { config: { access: 'token' }, schema: { summary: 'A node ends as if its process had been killed', body: atNode, response } },
    ({ body: { node } }, reply) => {
      nodeAt(swarm, node)
      return statusAfter(context, reply, swarm.kill(node))
    },
  )

  app.post<{ Body: { node: number } }>(
    '/api/v1/swarm/restart',
    { config: { access: 'token' }, schema: { summary: 'A node starts; one that runs is stopped before', body: atNode, response } },
    ({ body: { node } }, reply) => {
      nodeAt(swarm, node)
      return statusAfter(context, reply, swarm.restart(node))
    },
  )

  app.post<{ Body: { neighbours?: number[] } }>(
    '/api/v1/swarm/join',
    {
      config: { access: 'token' },
      schema: {
        summary: 'One more node starts and is connected: to those that are named, else as the others are',
        body: schema.body<{ neighbours?: number[] }>({ neighbours: nodeNumbers }),
        response,
      },
    },
    ({ body: { neighbours } }, reply) => {
      for (const at of neighbours ?? []) nodeAt(swarm, at)
      if (swarm.nodes.length >= MAX_NODES) {
        throw new HttpError(409, 'swarm-full', `there are ${MAX_NODES} nodes, and no more fit: restart one that does not run`)
      }
      return statusAfter(context, reply, swarm.join({ neighbours }))
    },
  )
}

/** Gives those that mine on and on the same part each, so that the nodes keep enough to answer with. */
function shareProcessors({ nodes, running }: Swarm): void {
  const miners = running.flatMap((at) => nodes[at]?.miner ?? []).filter((miner) => miner.progress().running)
  for (const miner of miners) miner.configure({ cpu: miningCpu(miners.length) })
}
