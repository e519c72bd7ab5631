/** What lies between the nodes: partitions, cuts, latency and loss; and the payments that pass there. */
import type { FastifyInstance } from 'fastify'
import * as schema from '../../http/schemas.ts'
import type { HealRequest, LinksRequest, SwarmPaymentsRequest } from '../api.ts'
import { between, nodeGroups, perMinute, swarmStatus } from '../schemas.ts'
import { checkLink, nodeAt, refusing, statusAfter, type SwarmContext } from './context.ts'

const response = { 200: swarmStatus, '4xx': schema.error }
const MAX_DELAY_MS = 60_000

export function conditionRoutes(app: FastifyInstance, context: SwarmContext): void {
  const { swarm, book } = context

  app.post<{ Body: { groups: number[][] } }>(
    '/api/v1/swarm/partition',
    {
      config: { access: 'token' },
      schema: {
        summary: 'Parts the network: only nodes of one group reach each other, and a node in none is alone; within a group nodes that have no way any more connect anew, unless the topology was given',
        body: schema.body<{ groups: number[][] }>({ groups: nodeGroups }, ['groups']),
        response,
      },
    },
    ({ body: { groups } }, reply) => {
      for (const at of groups.flat()) nodeAt(swarm, at)
      return statusAfter(context, reply, swarm.partition(groups))
    },
  )

  app.post<{ Body: { between: [number, number] } }>(
    '/api/v1/swarm/cut',
    {
      config: { access: 'token' },
      schema: {
        summary: 'Cuts the link of two nodes, until the network is healed',
        body: schema.body<{ between: [number, number] }>({ between }, ['between']),
        response,
      },
    },
    ({ body: { between: [a, b] } }, reply) => {
      checkLink(swarm, [a, b])
      return statusAfter(context, reply, swarm.cut(a, b))
    },
  )

  app.post<{ Body: HealRequest }>(
    '/api/v1/swarm/heal',
    {
      config: { access: 'token' },
      schema: {
        summary: 'Ends every partition and cut, or the cut of one link, also one that a partition makes; answers when those are connected again',
        body: schema.body<HealRequest>({ between }),
        response,
      },
    },
    ({ body: { between: ends } }, reply) => {
      if (ends === undefined) return statusAfter(context, reply, swarm.heal())
      checkLink(swarm, ends)
      return statusAfter(context, reply, swarm.mend(...ends))
    },
  )

  app.post<{ Body: LinksRequest }>(
    '/api/v1/swarm/links',
    {
      config: { access: 'token' },
      schema: {
        summary: 'Sets conditions of every link, or of both ways of one; what is left out stays',
        body: schema.body<LinksRequest>({
          between,
          latencyMs: schema.shown(delay('milliseconds that a message takes'), 20),
          jitterMs: schema.shown(delay('milliseconds that a message takes longer, at most'), 5),
          loss: schema.shown({ type: 'number', minimum: 0, maximum: 0.99, description: 'a share of packets from 0 to 0.99' }, 0.01),
          bytesPerSecond: schema.shown({ type: ['integer', 'null'], minimum: 1, description: 'a whole number of bytes from 1, or null for no limit' }, 1_250_000),
        }),
        response,
      },
    },
    ({ body: { between: ends, bytesPerSecond, ...conditions } }, reply) => {
      const given = { ...conditions, ...(bytesPerSecond !== undefined && { bytesPerSecond: bytesPerSecond ?? Infinity }) }
      if (ends !== undefined) checkLink(swarm, ends)
      if (Object.keys(given).length > 0) refusing(() => setConditions(ends, given))
      return statusAfter(context, reply, Promise.resolve())
    },
  )

  app.post<{ Body: SwarmPaymentsRequest }>(
    '/api/v1/swarm/payments',
    {
      config: { access: 'token' },
      schema: {
        summary: 'Sets how many small payments a minute nodes that own coins make to others',
        body: schema.body<SwarmPaymentsRequest>({ perMinute }, ['perMinute']),
        response,
      },
    },
    ({ body }, reply) => {
      swarm.payments.setRate(body.perMinute)
      book.paymentsChanged()
      return statusAfter(context, reply, Promise.resolve())
    },
  )

  function setConditions(ends: LinksRequest['between'], conditions: Parameters<typeof swarm.links.setAll>[0]): void {
    if (ends === undefined) return swarm.links.setAll(conditions)
    const [a, b] = ends
    swarm.links.set(a, b, conditions)
    swarm.links.set(b, a, conditions)
  }
}

const delay = (of: string): schema.JsonSchema => ({
  type: 'number', minimum: 0, maximum: MAX_DELAY_MS, description: `a number of ${of}, from 0 to ${MAX_DELAY_MS}`,
})
