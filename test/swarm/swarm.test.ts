import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { toHex } from '../../src/consensus/hex.ts'
import { createSwarm } from '../../src/swarm/create-swarm.ts'
import type { SwarmOptions } from '../../src/swarm/options.ts'
import type { Swarm } from '../../src/swarm/swarm.ts'
import type { SwarmEvents } from '../../src/swarm/swarm-events.ts'

const start = async (options: SwarmOptions): Promise<Swarm> => {
  const swarm = await createSwarm({ seed: 7, ...options })
  onTestFinished(() => swarm.stop())
  return swarm
}

/** Which nodes a node is connected to. */
const peersOf = (swarm: Swarm, at: number): number[] => {
  const ids = swarm.nodes.map((node) => (node.running ? node.network.peerId : ''))
  return swarm.nodes[at]!.network.peers().map(({ peerId }) => ids.indexOf(peerId)).sort((a, b) => a - b)
}

const tips = (swarm: Swarm): string[] => swarm.running.map((at) => swarm.nodes[at]!.chain.tip.hash)

/** Everything that a swarm tells of one kind, from now on. */
function heard<Name extends keyof SwarmEvents>(swarm: Swarm, name: Name): SwarmEvents[Name][0][] {
  const list: SwarmEvents[Name][0][] = []
  const listener = (event: SwarmEvents[Name][0]): void => void list.push(event)
  swarm.events.on(name, listener as never) // its types cannot be matched for a name that is a parameter
  return list
}

describe.each(['memory', 'tcp'] as const)('a swarm over %s', (transport) => {
  test('is connected along its topology and nowhere else, parts, goes on apart, and heals to one chain', async () => {
    const swarm = await start({ nodes: 5, topology: 'ring', transport })
    const ring = [[1, 4], [0, 2], [1, 3], [2, 4], [0, 3]]
    expect([0, 1, 2, 3, 4].map((at) => peersOf(swarm, at))).toEqual(ring)
    await swarm.nodes[0]!.mine(1)
    await swarm.converged()

    const [cut, changes] = [heard(swarm, 'nodes:disconnected'), heard(swarm, 'links:changed')]
    await swarm.partition([[0, 1], [2, 3, 4]])
    expect([0, 1, 2, 3, 4].map((at) => peersOf(swarm, at))).toEqual([[1], [0], [3], [2, 4], [3]])
    expect(cut.map(({ nodes }) => nodes.join()).sort()).toEqual(['0,4', '1,2'])
    await Promise.all([swarm.nodes[1]!.mine(2), swarm.nodes[4]!.mine(4)])
    await swarm.until(() => new Set(tips(swarm)).size === 2 && new Set(tips(swarm).slice(0, 2)).size === 1)

    const reorganised = heard(swarm, 'tip:changed')
    await swarm.heal()
    await swarm.converged()
    expect([0, 1, 2, 3, 4].map((at) => peersOf(swarm, at))).toEqual(ring)
    expect(swarm.nodes.map(({ chain }) => chain.tip.height)).toEqual([5, 5, 5, 5, 5])
    expect(reorganised.filter(({ node }) => node === 0).reduce((sum, { left }) => sum + left, 0)).toBe(2)
    expect(changes.map(({ change }) => change)).toEqual(['cut', 'healed'])
  })
})

test('tells of a block once where it is found and once at each other node', async () => {
  const swarm = await start({ nodes: 4, topology: 'line' })
  const [found, received] = [heard(swarm, 'block:found'), heard(swarm, 'block:received')]
  const hash = (await swarm.nodes[3]!.mine(1))[0]!.hash
  await swarm.until(() => received.length === 3)
  await swarm.converged()
  expect(found.filter((block) => block.hash === hash), 'beside a find of the same instant').toMatchObject([{ node: 3, hash, height: 1, transactions: 0, difficulty: 2, parent: toHex(swarm.nodes[0]!.genesis.hash) }])
  expect(received.map(({ node, hash: id, isBest }) => [node, id, isBest])).toEqual([[2, hash, true], [1, hash, true], [0, hash, true]])
})

test('latency holds up real connections: a block on a line needs it once a hop, there and not back', async () => {
  const swarm = await start({ nodes: 3, topology: 'line', latencyMs: 40 })
  swarm.links.set(1, 2, { latencyMs: 120 })
  const received = heard(swarm, 'block:received')
  const found = heard(swarm, 'block:found')
  await swarm.nodes[0]!.mine(1)
  await swarm.until(() => received.length === 2)
  const took = received.map(({ at }) => at - found[0]!.at)
  expect(took[0]).toBeGreaterThanOrEqual(38) // clocks of whole milliseconds
  expect(took[1]).toBeGreaterThanOrEqual(157)
})

// What gossip missed comes by status, which may take two times fifteen seconds.
test('loss, jitter and little bandwidth slow nodes down and break nothing', async () => {
  const swarm = await start({ nodes: 4, topology: 'ring', latencyMs: 5, jitterMs: 10, loss: 0.02, bytesPerSecond: 200_000 })
  await Promise.all(swarm.nodes.map((node) => node.mine(3)))
  // Of branches with equal work each node keeps the one that it saw first: one block more decides.
  await swarm.until(() => new Set(swarm.nodes.map(({ chain }) => chain.tip.work)).size === 1, AbortSignal.timeout(50_000))
  await swarm.nodes[0]!.mine(1)
  await swarm.converged(AbortSignal.timeout(50_000))
})

test('a cut link ends one connection, and no other', async () => {
  const swarm = await start({ nodes: 3, topology: 'full' })
  await swarm.cut(0, 2)
  expect([0, 1, 2].map((at) => peersOf(swarm, at))).toEqual([[1], [0, 2], [1]])
  await swarm.nodes[0]!.mine(1)
  await swarm.converged() // by way of node 1
})

test('a killed node in memory has lost its chain and kept its keys; restarted, it has the chain again from its neighbours', async () => {
  const swarm = await start({ nodes: 3, topology: 'line' })
  const node = swarm.nodes[1]!
  await node.mine(2)
  await swarm.converged()
  const before = [node.network.peerId, node.wallet.default.address, node.name]
  const stopped = heard(swarm, 'node:stopped')
  await swarm.kill(1)
  expect(node.running).toBe(false)
  expect(swarm.running).toEqual([0, 2])
  expect(stopped).toMatchObject([{ node: 1, killed: true }])
  await swarm.until(() => peersOf(swarm, 0).length === 0 && peersOf(swarm, 2).length === 0)
  await swarm.partition([])
  await swarm.restart(1)
  expect(node.chain.tip.height).toBe(0)
  expect([node.network.peerId, node.wallet.default.address, node.name]).toEqual(before)
  await swarm.heal()
  await swarm.converged()
  expect(node.chain.tip.height).toBe(2)
  expect(peersOf(swarm, 1)).toEqual([0, 2])
})

test('a killed node with a folder comes back with every block that it had told of', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cairn-swarm-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const swarm = await start({ nodes: 2, folder })
  const node = swarm.nodes[0]!
  await node.mine(3)
  await node.mine(1)
  await swarm.kill(0)
  await swarm.partition([])
  await swarm.restart(0)
  expect(node.chain.tip.height).toBe(4)
  expect(node.dataFolder?.path).toBe(join(folder, '0'))
  await swarm.restart(0) // in order, of one that runs
  expect(node.chain.tip.height).toBe(4)
})

test('a node can join while others run, and be known to them by gossip', async () => {
  const swarm = await start({ nodes: 3, topology: 'ring' })
  await swarm.nodes[0]!.mine(2)
  expect(await swarm.join({ neighbours: [2] })).toBe(3)
  expect(peersOf(swarm, 3)).toEqual([2])
  await swarm.converged()
  expect(await swarm.join()).toBe(4)
  expect(peersOf(swarm, 4)).toHaveLength(2) // as many as the others have
  await swarm.converged() // else it might mine on less than the others have
  await swarm.nodes[4]!.mine(1)
  await swarm.converged()
  expect(swarm.nodes.map(({ chain }) => chain.tip.height)).toEqual([3, 3, 3, 3, 3])
})

test('a seed gives the same keys, names and topology, and another seed others', async () => {
  const facts = async (seed: number) => {
    const swarm = await start({ nodes: 5, topology: { kind: 'random', degree: 2 }, seed })
    return swarm.nodes.map((node, at) => [node.network.peerId, node.wallet.default.address, node.name, peersOf(swarm, at)])
  }
  const first = await facts(1)
  expect(await facts(1)).toEqual(first)
  const other = await facts(2)
  for (const [at, [peerId, address]] of other.entries()) expect([peerId, address]).not.toEqual(first[at]!.slice(0, 2))
  expect(new Set(first.map(([, , name]) => name)).size).toBe(5)
})

test('a node whose clock is fast makes blocks that others keep back, until it is set right', async () => {
  const swarm = await start({ nodes: 2, clocks: [{}, { skewMs: 600_000 }] })
  const kept = Promise.withResolvers<string | null>()
  swarm.nodes[0]!.network.events.on('message:judged', ({ code }) => kept.resolve(code))
  await swarm.nodes[1]!.mine(1)
  expect(await kept.promise).toBe('block-too-early')
  expect(swarm.nodes[0]!.chain.tip.height).toBe(0)
  expect(swarm.clockAheadMs(1)).toBe(600_000)
  swarm.setClock(1, { skewMs: 0 })
  expect(swarm.clockAheadMs(1)).toBe(0)
})

test('aborting the start stops what had started, and waits end with the signal', async () => {
  const reason = new Error('enough')
  await expect(createSwarm({ nodes: 3, signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  const swarm = await start({ nodes: 2 })
  await swarm.partition([])
  await swarm.nodes[0]!.mine(1)
  await expect(swarm.converged(AbortSignal.abort(reason))).rejects.toBe(reason)
  const stopping = new AbortController()
  const waiting = swarm.converged(stopping.signal)
  stopping.abort(reason)
  await expect(waiting).rejects.toBe(reason)
})

describe('refuses', () => {
  test.each<[SwarmOptions, string]>([
    [{ nodes: 0 }, 'nodes: must be a whole number from 1 to 200'],
    [{ nodes: 201 }, 'nodes: must be a whole number from 1 to 200'],
    [{ nodes: 1.5 }, 'nodes: must be a whole number from 1 to 200'],
    [{ nodes: 2, transport: 'pigeon' as 'tcp' }, 'transport: must be memory or tcp, is pigeon'],
    [{ nodes: 1, clocks: [{}, {}] }, 'clocks: there are 2 for 1 nodes'],
    [{ nodes: 2, clocks: [{ driftPpm: 1e9 }] }, 'driftPpm: must be from −500000 to 500000 millionths, is 1000000000'],
    [{ nodes: 2, latencyMs: -1 }, 'latencyMs: must be from 0 to 60000 ms, is -1'],
    [{ nodes: 2, topology: { kind: 'given', edges: [[0, 2]] } }, 'topology: edge 0-2: there is no node 2, they are 0 to 1'],
    [{ nodes: 120, topology: 'star' }, 'topology: node 0 would have 119 connections, a node has room for 96'],
  ])('%j', async (options, message) => {
    await expect(createSwarm(options)).rejects.toThrow(message)
  })

  test('a node that is none, wherever one is named', async () => {
    const swarm = await start({ nodes: 2 })
    const none = 'there is no node 2: they are 0 to 1'
    for (const work of [swarm.kill(2), swarm.restart(2), swarm.stop(2), swarm.partition([[0, 2]]), swarm.cut(0, 2), swarm.join({ neighbours: [2] })]) {
      await expect(work).rejects.toThrow(none)
    }
    expect(() => swarm.setClock(2, {})).toThrow(none)
    expect(swarm.nodes).toHaveLength(2)
  })
})
