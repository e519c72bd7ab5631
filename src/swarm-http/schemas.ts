/** JSON schemas of what a swarm's routes take and give, as those of the node's (http/schemas.ts). */
import * as schema from '../http/schemas.ts'
import { MAX_NODES } from '../swarm/options.ts'
import { MAX_PAYMENTS_PER_MINUTE } from '../swarm/payments.ts'
import type { SwarmBlock, SwarmConditions, SwarmEdge, SwarmNode, SwarmPayments, SwarmStatus } from './api.ts'

export const nodeNumber = schema.shown(schema.whole(0, MAX_NODES - 1), 0)
export const nodeNumbers = { ...schema.listOf(nodeNumber, 'a list of node numbers'), minItems: 1, maxItems: MAX_NODES, uniqueItems: true, examples: [[0, 1]] }
export const nodeGroups = {
  ...schema.listOf({ ...nodeNumbers, minItems: 0 }, 'a list of groups, each a list of node numbers'), minItems: 1, maxItems: MAX_NODES,
  examples: [[[0, 1], [2, 3]]],
}
export const between = { ...nodeNumbers, minItems: 2, maxItems: 2, description: 'a list of two node numbers' }
export const atNode = schema.body<{ node: number }>({ node: nodeNumber }, ['node'])

export const swarmNode = schema.answer<SwarmNode>('a node', {
  node: nodeNumber,
  name: schema.text('what it calls itself', 'flint-otter'),
  account: schema.account,
  running: schema.flag('whether it runs'),
  mining: schema.flag('whether it mines without end'),
  height: schema.height,
  tip: schema.hash,
  mined: schema.height,
})

export const conditions = schema.answer<SwarmConditions>('conditions of every link that has none of its own', {
  latencyMs: schema.shown(schema.number('how long a message is on its way, milliseconds'), 20),
  jitterMs: schema.shown(schema.number('how much longer at most, milliseconds'), 5),
  loss: schema.shown(schema.number('share of packets that are lost and sent again, 0 to less than 1'), 0.01),
  bytesPerSecond: schema.shown(schema.nullable(schema.number('bytes a second')), 1_250_000),
})

export const swarmEdge = schema.answer<SwarmEdge>('two nodes that are to be connected', {
  nodes: between,
  state: schema.text('connected, cut or apart', 'connected'),
  conditions: schema.nullable({ ...conditions, description: 'the link’s own conditions, from the first to the second' }),
})

export const perMinute = { ...schema.whole(0, MAX_PAYMENTS_PER_MINUTE, 'payments a minute'), examples: [30] }
export const payments = schema.answer<SwarmPayments>('the swarm’s own traffic of small payments', {
  perMinute: { ...perMinute, type: 'number' }, // a program may have set a fraction
  sent: { ...schema.height, description: 'how many were made so far' },
  pending: { ...schema.height, description: 'how many wait to be mined at the node that has most of them' },
})

export const swarmStatus = schema.answer<SwarmStatus>('how the swarm stands', {
  network: schema.text('the network’s name', 'local'),
  genesis: schema.hash,
  seed: schema.text('what keys, names and topology follow from', '7'),
  maxNodes: schema.whole(1, MAX_NODES),
  nodes: schema.listOf(swarmNode),
  edges: schema.listOf(swarmEdge),
  conditions,
  payments,
  time: schema.time,
})

export const swarmBlock = schema.answer<SwarmBlock>('a block that some node has', {
  hash: schema.hash,
  parent: schema.hash,
  height: schema.height,
  timestamp: schema.time,
  miner: schema.account,
  node: schema.nullable(nodeNumber),
  transactionCount: schema.whole(0, 65_536),
  work: schema.text('chain work up to and with this block, hex', '16a00000'),
})
