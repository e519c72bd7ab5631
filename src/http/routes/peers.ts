/** The nodes that this one is connected to, and connecting to another. */
import type { FastifyInstance } from 'fastify'
import type { Peer, PeerList } from '../api.ts'
import { closedSignal } from '../long-answer.ts'
import { renderBan, renderPeer } from '../render.ts'
import * as schema from '../schemas.ts'
import type { RouteContext } from './context.ts'

export function peerRoutes(app: FastifyInstance, { node, stopping }: RouteContext): void {
  app.get(
    '/api/v1/peers',
    {
      config: { access: 'open' },
      schema: {
        summary: 'Connected peers of this network, and those that are refused because they broke the rules',
        response: {
          200: schema.answer<PeerList>('connected peers', {
            peers: schema.listOf(schema.peer),
            banned: schema.listOf(schema.bannedPeer),
          }),
          '4xx': schema.error,
        },
      },
    },
    (): PeerList => ({ peers: node.network.peers().map(renderPeer), banned: node.network.bans().map(renderBan) }),
  )

  app.post<{ Body: { address: string } }>(
    '/api/v1/peers',
    {
      config: { access: 'token' },
      schema: {
        summary: 'Connect to a peer; answers when it is known to be of this network',
        body: schema.body<{ address: string }>({ address: schema.text('a multiaddr, /ip4/192.168.1.20/tcp/5051', '/ip4/192.168.1.20/tcp/5051') }, ['address']),
        response: { 200: schema.peer, '4xx': schema.error },
      },
    },
    async ({ body: { address } }, reply): Promise<Peer> =>
      renderPeer(await node.network.dial(address, AbortSignal.any([closedSignal(reply), stopping]))),
  )
}
