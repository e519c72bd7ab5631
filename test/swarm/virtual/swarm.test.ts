import { afterEach, describe, expect, test } from 'vitest'
import { networkParams } from '../../../src/consensus/params.ts'
import { createSwarm } from '../../../src/swarm/create-swarm.ts'
import type { SwarmOptions } from '../../../src/swarm/options.ts'
import type { VirtualSwarm } from '../../../src/swarm/virtual/swarm.ts'

let swarm: VirtualSwarm | undefined

async function start(options: SwarmOptions): Promise<VirtualSwarm> {
  const started = await createSwarm({ seed: 1, ...options, time: 'virtual' })
  swarm = started
  return started
}

afterEach(async () => {
  await swarm?.stop()
  swarm = undefined
})

const tips = ({ running, nodes }: VirtualSwarm): Set<string> => new Set(running.map((at) => nodes[at]!.chain.tip.hash))

test('hash rates find blocks as often as the difficulty lets them, in proportion', async () => {
  const one = await start({ nodes: 3, hashRates: [6, 3, 1], latencyMs: 20 })
  const found = [0, 0, 0]
  one.events.on('block:found', ({ node }) => void (found[node]! += 1))
  await one.run(20 * 60_000)
  const sum = found.reduce((a, b) => a + b, 0)
  // 120 on average.
  expect(sum).toBeGreaterThan(90)
  expect(sum).toBeLessThan(150)
  // Binomial: three standard deviations are 16 and 10 of 120.
  expect(Math.abs(found[0]! - 0.6 * sum)).toBeLessThan(16)
  expect(Math.abs(found[2]! - 0.1 * sum)).toBeLessThan(10)
  await one.converged()
})

test('time stands while nobody waits, and passes as far as is asked for', async () => {
  const one = await start({ nodes: 2, hashRates: [1], latencyMs: 10 })
  const began = one.elapsedMs
  await new Promise((resolve) => void setImmediate(resolve))
  expect(one.elapsedMs).toBe(began)
  await one.run(60_000)
  expect(one.elapsedMs).toBe(began + 60_000)
  expect(await one.runUntil(() => one.nodes[1]!.chain.tip.height >= 20)).toBe(true)
  expect(one.nodes[1]!.chain.tip.height).toBe(20)
  expect(await one.runUntil(() => false, { maxMs: 5_000 })).toBe(false)
})

test('a message takes as long as its link says: a block on a line is a hop further each latency', async () => {
  const one = await start({ nodes: 4, topology: 'line', latencyMs: 200 })
  await one.run(5_000)
  const arrivals: number[] = []
  one.events.on('tip:changed', ({ at }) => arrivals.push(at))
  await one.mine(0)
  await one.converged()
  const [first = 0] = arrivals
  expect(arrivals.map((at) => Math.round(at - first))).toEqual([0, 200, 400, 600])
})

test('parted groups have chains of their own, and after healing all have the one with more work', async () => {
  const one = await start({ nodes: 4, latencyMs: 30, topology: 'full' })
  await one.mine(0)
  await one.converged()
  await one.partition([[0, 1], [2, 3]])
  expect(one.nodes[0]!.network.peers().map(({ name }) => name)).toEqual([one.nodes[1]!.name])
  await one.mine(0)
  const [, last] = await one.mine(2, 2)
  await one.run(20_000)
  expect(tips(one).size).toBe(2)
  await one.heal()
  await one.converged()
  expect([...tips(one)]).toEqual([last!.hash])
})

test('a payment that is sent to one node is mined by another, in no real time', async () => {
  const one = await start({ nodes: 3, latencyMs: 30 })
  await one.mine(0)
  await one.converged()
  const [payer, payee] = [one.nodes[0]!, one.nodes[2]!]
  const { id } = payer.send({ recipient: payee.wallet.default.account, amount: 20, fee: 1 })
  expect(await one.runUntil(() => one.nodes[1]!.mempool.get(id) !== undefined, { maxMs: 2_000 })).toBe(true)
  await one.mine(1)
  await one.converged()
  expect(payee.chain.account(payee.wallet.default.account).balance).toBe(20)
})

test('a killed node in memory has nothing left, and has all of it again from its neighbours', async () => {
  const one = await start({ nodes: 3, latencyMs: 30 })
  await one.mine(0, 5)
  await one.converged()
  await one.kill(1)
  expect(one.running).toEqual([0, 2])
  await one.mine(2, 3)
  const heights: number[] = []
  one.events.on('tip:changed', ({ node, height }) => void (node === 1 && heights.push(height)))
  await one.restart(1)
  await one.converged()
  expect(heights).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
})

test('a node can join', async () => {
  const one = await start({ nodes: 2, latencyMs: 30 })
  await one.mine(0, 3)
  expect(await one.join()).toBe(2)
  await one.converged()
  expect(one.nodes[2]!.chain.tip.height).toBe(3)
})

test('a message that gossip did not bring in time is brought by a heartbeat or by status', async () => {
  // Everybody knows everybody, and no mesh has more than a part of them.
  const one = await start({ nodes: 20, topology: 'full', latencyMs: 20 })
  await one.run(10_000)
  for (let at = 0; at < 3; at++) {
    await one.mine(at)
    expect(await one.runUntil(() => tips(one).size === 1, { maxMs: 3_000 })).toBe(true)
  }
})

describe('refuses in one line', () => {
  test.each([
    [{ nodes: 2, transport: 'tcp' }, /^transport: must be memory in simulated time/],
    [{ nodes: 2, hashRates: [1, 1, 1] }, /^hashRates: there are 3 for 2 nodes/],
    [{ nodes: 2, hashRates: [-1] }, /^hashRates: must be hashes a second, 0 or more, is -1 of node 0/],
    [{ nodes: 2, network: { ...networkParams('lan'), initialBits: 0x1c00ffff } }, /^network: a block of lan takes \d+ hashes/],
    [{ nodes: 0 }, /^nodes: must be/],
  ] satisfies [SwarmOptions, RegExp][])('%j', async (options, message) => {
    await expect(start(options)).rejects.toThrow(message)
  })

  test('hash rates in real time', async () => {
    await expect(createSwarm({ nodes: 2, hashRates: [1] })).rejects.toThrow(/^hashRates: are of simulated time alone/)
  })

  test('a time that is none', async () => {
    // @ts-expect-error: what a script in JavaScript may give
    await expect(createSwarm({ nodes: 2, time: 'fast' })).rejects.toThrow(/^time: must be real or virtual, is fast/)
  })

  test('a node’s own miner, whose threads know no simulated time: also one that is restarted or joins', async () => {
    const one = await start({ nodes: 2 })
    await one.restart(0)
    await one.join()
    for (const node of one.nodes) {
      const { miner, wallet } = node
      await expect(node.mine()).rejects.toThrow(/^mining-off: this node lives in simulated time.*: find blocks with swarm\.mine\(number\)/)
      expect(() => miner.run(wallet.default.account)).toThrow(/^mining-off: /)
      expect(miner.progress()).toMatchObject({ running: false, waiting: false })
    }
    expect(await one.mine(2)).toMatchObject([{ height: 1 }])
  })

  test('a node that does not run, or is none', async () => {
    const one = await start({ nodes: 2 })
    await one.kill(1)
    await expect(one.mine(1)).rejects.toThrow(/^node 1 does not run/)
    expect(() => one.setHashRate(2, 1)).toThrow(/^there is no node 2/)
  })
})
