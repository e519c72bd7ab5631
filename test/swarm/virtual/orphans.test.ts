/**
 * Blocks whose parent a node lacks, in simulated time: what a branch that wins costs each node of a line with a tenth of a
 * second between neighbours.
 *
 *   genesis ── a1 ── a2 ── a3        node 0
 *          └── b1                    nodes 1 to 4
 */
import { expect, test } from 'vitest'
import type { NetworkEvents } from '../../../src/network/network-options.ts'
import { createSwarm } from '../../../src/swarm/create-swarm.ts'
import type { VirtualSwarm } from '../../../src/swarm/virtual/swarm.ts'

const LATENCY_MS = 100

/** A line of five with both branches, of equal work, and nobody on the way to the other one. */
async function forked(): Promise<VirtualSwarm> {
  const swarm = await createSwarm({ nodes: 5, topology: 'line', latencyMs: LATENCY_MS, seed: 1, time: 'virtual' })
  await swarm.partition([[0], [1, 2, 3, 4]])
  await swarm.mine(0)
  await swarm.mine(1)
  await swarm.run(5_000)
  await swarm.heal()
  await swarm.run(60_000) // gossip's mesh is whole again, and nobody has anything to tell
  return swarm
}

/** Who was sent a block whose parent it lacks, in order. */
function sentOrphans({ nodes }: VirtualSwarm): number[] {
  const sent: number[] = []
  for (const [at, { network }] of nodes.entries()) {
    network.events.on('message:judged', ({ code }) => void (code === 'block-unknown-parent' && sent.push(at)))
  }
  return sent
}

const requestsOf = ({ nodes }: VirtualSwarm, at: number): NetworkEvents['request:ended'][0][] => {
  const requests: NetworkEvents['request:ended'][0][] = []
  nodes[at]?.network.events.on('request:ended', (request) => {
    if (request.side === 'asked' && ['headers', 'bodies'].includes(request.kind)) requests.push(request)
  })
  return requests
}

test('a block that makes another branch win takes each node two requests, and goes on by gossip from there', async () => {
  await using swarm = await forked()
  const sent = sentOrphans(swarm)
  const requests = [1, 2, 3, 4].map((at) => requestsOf(swarm, at).values())
  const began = swarm.elapsedMs
  await swarm.mine(0)
  await swarm.converged()
  expect(sent).toEqual([1, 2, 3, 4])
  for (const asked of requests) expect([...asked].map(({ kind, outcome }) => `${kind} ${outcome}`)).toEqual(['headers done', 'bodies done'])
  // A hop is the block's way and two requests, each of which opens a stream, asks and is answered.
  expect(Math.round(swarm.elapsedMs - began)).toBe(4 * (1 + 4 + 4) * LATENCY_MS)
})

test('whoever sends a child of the block that it was asked about is not asked again', async () => {
  await using swarm = await forked()
  const requests = requestsOf(swarm, 1)
  await swarm.mine(0)
  await swarm.run(5 * LATENCY_MS) // node 1 knows the headers, and asks for the bodies
  await swarm.mine(0)
  await swarm.converged()
  expect(swarm.nodes[1]?.chain.tip.height).toBe(3)
  expect(requests.map(({ kind }) => kind)).toEqual(['headers', 'bodies'])
})

test('gossip does not take a block whose parent came more than five seconds after it: status tells of it', async () => {
  await using swarm = await forked()
  const sent = sentOrphans(swarm)
  await swarm.mine(0)
  await swarm.run(1.5 * LATENCY_MS)
  await swarm.partition([[0], [1, 2, 3, 4]])
  await swarm.run(6_000)
  expect(swarm.nodes[1]?.chain.tip.height).toBe(1)
  await swarm.heal()
  await swarm.converged()
  expect(swarm.nodes[4]?.chain.tip.height).toBe(2)
  expect(sent).toEqual([1])
})
