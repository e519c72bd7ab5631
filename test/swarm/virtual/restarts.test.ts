/** Nodes that start again and again within a minute or two, in simulated time: nobody holds it against them. */
import { afterEach, expect, test } from 'vitest'
import { createSwarm } from '../../../src/swarm/create-swarm.ts'
import type { VirtualSwarm } from '../../../src/swarm/virtual/swarm.ts'

let swarm: VirtualSwarm | undefined
afterEach(async () => {
  await swarm?.stop()
  swarm = undefined
})

/** 0 ─ 1 ─ 2, with money at node 0, and what is held against whom. */
async function line(): Promise<{ one: VirtualSwarm; judged: string[]; watch: (at: number) => void }> {
  const one = await createSwarm({ nodes: 3, topology: 'line', latencyMs: 20, seed: 1, time: 'virtual' })
  swarm = one
  const judged: string[] = []
  const watch = (at: number): void => {
    one.nodes[at]?.network.events.on('peer:judged', ({ code }) => judged.push(`by ${at}: ${code}`))
  }
  for (const at of one.nodes.keys()) watch(at)
  await one.mine(0, 10)
  await one.converged()
  await one.run(150_000) // every quota is full
  return { one, judged, watch }
}

/** A payment of node 0 while node 1 is down, and how long after its start node 1 knows it, ms. */
async function payWhileDown(one: VirtualSwarm, watch: (at: number) => void): Promise<number> {
  await one.kill(1)
  const { id } = one.nodes[0]!.send({ recipient: one.nodes[2]!.wallet.default.account, amount: 1, fee: 1 })
  await one.restart(1)
  watch(1)
  const began = one.elapsedMs
  expect(await one.runUntil(() => one.nodes[1]!.mempool.get(id) !== undefined, { maxMs: 180_000 })).toBe(true)
  expect(await one.runUntil(() => one.nodes[2]!.mempool.get(id) !== undefined, { maxMs: 5_000 })).toBe(true)
  return one.elapsedMs - began
}

test('a node that starts again four times within a minute hears each time within seconds what is pending', async () => {
  const { one, judged, watch } = await line()
  const began = one.elapsedMs
  for (let times = 0; times < 4; times++) {
    expect(await payWhileDown(one, watch)).toBeLessThan(5_000)
    await one.run(5_000)
  }
  expect(one.elapsedMs - began).toBeLessThan(60_000)
  expect(judged).toEqual([])
})

test('one that starts again more often is refused, not punished, and asks again as soon as it may', async () => {
  const { one, judged, watch } = await line()
  const refused: number[] = []
  one.nodes[0]!.network.events.on('request:ended', ({ kind, side, outcome }) => {
    if (kind === 'mempool' && side === 'answered' && outcome === 'peer-refused') refused.push(one.elapsedMs)
  })
  for (let times = 0; times < 4; times++) await payWhileDown(one, watch)
  expect(refused).toEqual([])
  for (let times = 0; times < 2; times++) expect(await payWhileDown(one, watch)).toBeLessThan(40_000)
  expect(refused).toHaveLength(2)
  expect(judged).toEqual([])
})

test('whoever may not ask yet, because the other one came back so often, asks as soon as it may', async () => {
  const { one, judged, watch } = await line()
  const asked: number[] = []
  one.nodes[0]!.network.events.on('request:ended', ({ kind, side, outcome }) => {
    if (kind === 'mempool' && side === 'asked' && outcome === 'done') asked.push(one.elapsedMs)
  })
  await one.mine(1)
  for (let times = 0; times < 4; times++) {
    await one.kill(1)
    await one.restart(1)
    watch(1)
    await one.run(500)
  }
  expect(asked).toHaveLength(4)
  // Pending at node 1 alone, and nobody was there whom gossip could have told.
  await one.partition([[0], [1], [2]])
  const { id } = one.nodes[1]!.send({ recipient: one.nodes[2]!.wallet.default.account, amount: 1, fee: 1 })
  await one.heal()
  expect(await one.runUntil(() => one.nodes[0]!.mempool.get(id) !== undefined)).toBe(true)
  const waitedMs = asked[4]! - asked[0]!
  expect(waitedMs).toBeGreaterThanOrEqual(33_000) // four in 132 s is this node's own pace
  expect(waitedMs).toBeLessThan(34_000)
  expect(judged).toEqual([])
})
