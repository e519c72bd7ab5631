/** What a swarm's interface says of itself at /docs: its introduction, groups, events, and what each route refuses. */
import type { ApiAbout } from '../http/docs/openapi.ts'
import type { SwarmApiEvents } from './api.ts'
import * as schema from '../http/schemas.ts'
import { conditions, payments, swarmBlock, swarmEdge, swarmNode } from './schemas.ts'

const INTRODUCTION = `
Many real nodes in one process, and the network between them to bend. Nodes are named by their numbers, from 0. Times are milliseconds since the Unix epoch by the swarm’s clock, hashes are 64 hex digits, accounts are cairn1…

Reading is open. What changes something needs \`Authorization: Bearer TOKEN\`; the token is in the address that \`cairn swarm\` prints, after the #. The examples take it from the shell’s variable \`TOKEN\`. Bodies are JSON, with no field besides those that are named.

Whatever changes the swarm answers when it is done, with how the swarm stands then. What was begun is finished also where nobody waits for the answer any longer.

An error is \`{ "error": { "code", "message", "requestId" } }\`. The code is a stable word; the message says what, why, and what to do. Every answer has the header \`x-request-id\`. Every route that answers GET answers HEAD.`.trim()

const GROUPS: ApiAbout['groups'] = [
  ['Watching', 'How the swarm stands, and what happens in it.', /^\/api\/v1\/swarm(\/blocks|\/events)?$/],
  ['Nodes', 'What single nodes do.', /^\/api\/v1\/swarm\/(mine|mining|kill|restart|join)$/],
  ['Network', 'What lies between them, and what passes there.', /./],
]

const NODE = 'swarm-node-unknown'
const LINK = [NODE, 'swarm-link-unknown']

const CODES: ApiAbout['codes'] = {
  'GET /api/v1/swarm/events': ['too-many-listeners'],
  'POST /api/v1/swarm/mine': [NODE, 'swarm-node-stopped', 'mining-stopped', 'mining-catching-up'],
  'POST /api/v1/swarm/mining': [NODE, 'swarm-node-stopped', 'mining-stopped'],
  'POST /api/v1/swarm/kill': [NODE, 'swarm-not-connected'],
  'POST /api/v1/swarm/restart': [NODE, 'swarm-not-connected'],
  'POST /api/v1/swarm/join': [NODE, 'swarm-full', 'swarm-not-connected'],
  'POST /api/v1/swarm/partition': [NODE, 'swarm-not-connected'],
  'POST /api/v1/swarm/cut': [...LINK, 'swarm-not-connected'],
  'POST /api/v1/swarm/heal': [...LINK, 'swarm-not-connected'],
  'POST /api/v1/swarm/links': LINK,
}

const STATUSES = { 'swarm-node-unknown': 404, 'swarm-link-unknown': 404, 'swarm-node-stopped': 409, 'swarm-full': 409 }

const EVENTS: Readonly<Record<keyof SwarmApiEvents, schema.JsonSchema>> = {
  'swarm:changed': {
    type: 'object',
    description: 'what changed within a moment, ten times a second at most: each entry as it is now, and what did not change is left out',
    properties: {
      nodes: schema.listOf(swarmNode, 'nodes that changed'),
      edges: schema.listOf(swarmEdge, 'links that changed'),
      blocks: schema.listOf(swarmBlock, 'blocks that were found, each once'),
      conditions,
      payments,
    },
  },
  reset: { type: 'object', description: 'what was missed cannot be sent any more: read again what you show', properties: {} },
}

export const aboutSwarm: ApiAbout = {
  title: 'Cairn swarm',
  what: 'swarm',
  introduction: INTRODUCTION,
  groups: GROUPS,
  events: { path: '/api/v1/swarm/events', schemas: EVENTS },
  codes: CODES,
  statuses: STATUSES,
  token: { is: 'In the address that `cairn swarm` prints, after the #.', shell: '$TOKEN' },
}
