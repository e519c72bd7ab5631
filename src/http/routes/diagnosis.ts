/** Why this node has the peers that it has. */
import type { FastifyInstance } from 'fastify'
import type { Advice, Diagnosis, InterfaceDiagnosis, NearbyNetwork, NearbyNode, PeerDiagnosis } from '../api.ts'
import { closedSignal } from '../long-answer.ts'
import * as schema from '../schemas.ts'
import type { RouteContext } from './context.ts'

const milliseconds = schema.nullable(schema.number('milliseconds'))

const peer = schema.answer<PeerDiagnosis>('a peer, or somebody who could be one', {
  peerId: schema.nullable(schema.text('its libp2p peer id')),
  name: schema.nullable(schema.text('what it calls itself')),
  addresses: schema.listOf(schema.text('a multiaddr')),
  source: schema.text('configured, remembered, found, told or called'),
  reached: schema.text('discovered, dialled, identified, same-network, subscribed, in-mesh or in-sync'),
  stopped: schema.nullable(
    schema.answer<NonNullable<PeerDiagnosis['stopped']>>('why it did not take the next step', {
      code: schema.text('a stable word for programs'),
      message: schema.text('for people'),
    }),
  ),
  retryAt: schema.nullable(schema.time),
  refusedUntil: schema.nullable(schema.time),
  height: schema.nullable(schema.height),
  latencyMs: milliseconds,
  clockOffsetMs: milliseconds,
})

const interface_ = schema.answer<InterfaceDiagnosis>('an address of this machine', {
  name: schema.text('of the interface'),
  address: schema.nullable(schema.text('IPv4')),
  kind: schema.text('lan, vpn, virtual or loopback'),
  multicast: schema.nullable(schema.flag('whether multicast that is sent there is heard there')),
})

const nearby = schema.answer<NearbyNetwork>('a network that was heard by mDNS', {
  id: schema.text('8 hex digits'),
  private: schema.flag('whether it has a key'),
  own: schema.flag('whether it is this node’s'),
  name: schema.nullable(schema.text('what its nodes call it')),
  joinable: schema.flag('whether that name is enough to join'),
  nodes: schema.listOf(
    schema.answer<NearbyNode>('a node', {
      peerId: schema.nullable(schema.text('its libp2p peer id')),
      addresses: schema.listOf(schema.text('an IP address')),
      local: schema.flag('whether it is on this machine'),
    }),
  ),
})

const advice = schema.answer<Advice>('one thing that is wrong, or that nothing is', {
  code: schema.text('a stable word for programs'),
  message: schema.text('a sentence for people'),
  todo: schema.listOf(schema.text('a line of what to do')),
})

const diagnosis = schema.answer<Diagnosis>('what was found', {
  time: schema.time,
  node: schema.nullable(
    schema.answer<NonNullable<Diagnosis['node']>>('this node', {
      network: schema.text('the network’s name'),
      networkId: schema.text('first 8 digits of the genesis hash'),
      networkKey: schema.nullable(schema.text('8 hex digits to compare keys of a private network by')),
      name: schema.text('this node’s name'),
      peerId: schema.text('its libp2p peer id'),
      addresses: schema.listOf(schema.text('a multiaddr that it listens on')),
      mdns: schema.flag('whether it finds and is found by mDNS'),
      height: schema.height,
    }),
  ),
  peers: schema.listOf(peer),
  interfaces: schema.listOf(interface_),
  mdnsProblem: schema.nullable(schema.text('why no multicast could be tried')),
  nearby: schema.listOf(nearby),
  clock: schema.answer<Diagnosis['clock']>('this clock beside the peers’', {
    offsetMs: milliseconds,
    peers: schema.whole(0, 65_536, 'peers'),
    maxFutureMs: schema.whole(0, 86_400_000, 'milliseconds'),
  }),
  advice: schema.listOf(advice),
})

export function diagnosisRoutes(app: FastifyInstance, { node, stopping }: RouteContext): void {
  app.get(
    '/api/v1/diagnosis',
    {
      config: { access: 'open' },
      schema: { summary: 'Why this node has the peers that it has; takes a second or two', response: { 200: diagnosis, '4xx': schema.error } },
    },
    (_request, reply): Promise<Diagnosis> => node.network.diagnose(AbortSignal.any([closedSignal(reply), stopping])),
  )
}
