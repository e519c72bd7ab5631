/** The traffic of small payments: by simulated time, so that an hour of it takes a second. */
import { afterEach, expect, test } from 'vitest'
import { createSwarm } from '../../src/swarm/create-swarm.ts'
import type { SwarmEvents } from '../../src/swarm/swarm-events.ts'
import type { VirtualSwarm } from '../../src/swarm/virtual/swarm.ts'

type Sent = SwarmEvents['payment:sent'][0]

let swarm: VirtualSwarm | undefined
afterEach(async () => {
  await swarm?.stop()
  swarm = undefined
})

/** A node finds blocks, and all have them. */
async function mine(one: VirtualSwarm, at: number, count = 1): Promise<void> {
  await one.mine(at, count)
  await one.converged()
}

async function start(paymentsPerMinute: number, seed = 3): Promise<{ one: VirtualSwarm; sent: Sent[] }> {
  const one = await createSwarm({ nodes: 4, seed, time: 'virtual', latencyMs: 20, paymentsPerMinute })
  swarm = one
  const sent: Sent[] = []
  one.events.on('payment:sent', (payment) => void sent.push(payment))
  return { one, sent }
}

test('nobody pays who owns nothing; then as often as is asked, a little with a low fee, and the blocks hold it', async () => {
  const { one, sent } = await start(30)
  await one.run(60_000)
  expect(sent).toEqual([])
  for (const at of one.nodes.keys()) await mine(one, at, 3)
  for (let round = 0; round < 20; round++) {
    await one.run(10_000)
    await mine(one, round % 4)
  }
  // By this seed; a Poisson variable with a mean of 100 has 10 as its standard deviation.
  expect(Math.abs(sent.length - 100)).toBeLessThan(40)
  for (const { node, to, amount, fee } of sent) {
    expect(node).not.toBe(to)
    expect(amount >= 1 && amount <= 10 && fee >= 1 && fee <= 3, `${amount}, ${fee}`).toBe(true)
  }
  expect(new Set(sent.map(({ node }) => node)).size).toBe(4)
  const [{ chain, mempool }] = one.nodes as [VirtualSwarm['nodes'][number]]
  const mined = sent.filter(({ id }) => chain.transaction(id) !== undefined)
  expect(mined.length + mempool.size).toBe(sent.length)
  expect(mined.length).toBeGreaterThan(50)
  expect(one.payments.sent).toBe(sent.length)
})

test('where nobody mines, they do not pile up: eight of each payer wait', async () => {
  const { one, sent } = await start(600)
  await mine(one, 0, 5)
  await mine(one, 2, 5)
  await one.run(30_000)
  expect(sent.map(({ node }) => node).sort()).toEqual([...Array<number>(8).fill(0), ...Array<number>(8).fill(2)])
})

test('the rate is set while it runs, 0 ends it, and a node that does not run neither pays nor is paid', async () => {
  const { one, sent } = await start(0)
  await mine(one, 0, 20)
  await mine(one, 1, 20)
  await one.run(30_000)
  expect(sent).toEqual([])
  await one.kill(1)
  one.payments.setRate(60)
  await one.run(30_000)
  expect(sent.length).toBeGreaterThan(0)
  expect(sent.some(({ node, to }) => node === 1 || to === 1)).toBe(false)
  one.payments.setRate(0)
  const before = sent.length
  await one.mine(0)
  await one.run(30_000)
  expect(sent).toHaveLength(before)
})

test('a seed gives the same payments', async () => {
  const run = async (seed: number): Promise<Sent[]> => {
    const { one, sent } = await start(60, seed)
    await one.mine(0, 10)
    await one.run(20_000)
    await one.stop()
    return sent
  }
  const first = await run(3)
  expect(first.length).toBeGreaterThan(3)
  expect(await run(3)).toEqual(first)
  expect(await run(4)).not.toEqual(first)
})

test.each([-1, 601, Number.NaN])('refuses %d a minute in one line', async (rate) => {
  await expect(createSwarm({ nodes: 1, paymentsPerMinute: rate })).rejects.toThrow(`paymentsPerMinute: must be from 0 to 600, is ${rate}`)
})
