/** Networks in simulated time under all kinds of trouble, one for each seed; more by `npm run simulate`. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { createSwarm } from '../../src/swarm/create-swarm.ts'
import type { VirtualSwarm } from '../../src/swarm/virtual/swarm.ts'
import { type Promises, violations } from './judge.ts'
import { runSeeds } from './run-seeds.ts'
import { simulate } from './simulate.ts'

const SEEDS = 200
const AT_ONCE = 20
const RUN = fileURLToPath(new URL('./run.ts', import.meta.url))

test.each(Array.from({ length: SEEDS / AT_ONCE }, (_, at) => 1 + at * AT_ONCE))(
  'whatever happens to a network, after quiet it is one chain and nothing is lost: twenty seeds from %i', { timeout: 300_000 }, async (from) => {
    const wrong: string[] = []
    await runSeeds({ seeds: AT_ONCE, from, nodes: 5, minutes: 1, tell: false }, simulate, { line: () => {}, wrong: (text) => wrong.push(text) })
    expect(wrong.join('\n')).toBe('')
  },
)

// 282: a payment was mined, its block was left, and the node was killed before it had written that it is pending again.
// 9201, 9235: a block that waited for its parent came again with another body, and that one was passed on.
test.each([
  { seed: 282, nodes: 5, minutes: 1 },
  { seed: 9201, nodes: 6, minutes: 2 },
  { seed: 9235, nodes: 6, minutes: 2 },
])('seed $seed, which found a bug of the nodes, holds', async (options) => {
  expect((await simulate(options)).wrong).toEqual([])
})

test('a seed gives the same run each time, with liars and all', async () => {
  const options = { seed: 3, nodes: 6, minutes: 1 }
  const first = await simulate(options)
  expect(first.story).toMatch(/[1-9] liars/)
  expect(await simulate(options)).toEqual(first)
})

test('a seed that breaks a promise is told with what is wrong and how to have it again', async () => {
  const wrong: string[] = []
  const found = async ({ seed }: { seed: number }) => {
    if (seed === 9) throw new Error('a bug')
    return { wrong: seed === 8 ? ['two tips'] : [], story: '', hash: '' }
  }
  const broken = await runSeeds({ seeds: 3, from: 7, nodes: 4, minutes: 2, tell: false }, found, { line: () => {}, wrong: (text) => wrong.push(text) })
  expect(broken).toEqual([8, 9])
  expect(wrong[0]).toBe('seed 8: WRONG\n  two tips\n  again by npm run simulate -- --seeds 1 --from 8 --nodes 4 --minutes 2 --tell')
  expect(wrong[1]).toMatch(/^seed 9: FAILED, again by npm run simulate -- --seeds 1 --from 9 .*\nError: a bug/)
})

test('wrong usage is one line and exit status 2', async () => {
  await expect(promisify(execFile)(process.execPath, [RUN, '--nodes', '2'])).rejects.toMatchObject({
    code: 2, stderr: expect.stringMatching(/^usage: npm run simulate -- .*\n$/),
  })
})

test('the judge sees each promise that is broken, and none that is kept', async () => {
  await using swarm: VirtualSwarm = await createSwarm({ nodes: 3, seed: 1, time: 'virtual', latencyMs: 10 })
  await swarm.mine(0, 2)
  await swarm.converged()
  const [payer, payee] = [swarm.nodes[0]!, swarm.nodes[1]!]
  const { id, transaction } = payer.send({ recipient: payee.wallet.default.account, amount: 60, fee: 1 })
  await swarm.run(2_000)
  const known = swarm.nodes[0]!.chain.tip.hash
  const kept: Promises = { sent: [{ node: 0, id, transaction }], tips: [new Set([known])], bans: [] }
  expect(violations(swarm, kept)).toEqual([expect.stringMatching(/^node 0 took transaction .* it holds, and it is not in the chain$/)])
  await swarm.mine(1)
  await swarm.converged()
  expect(violations(swarm, kept)).toEqual([])

  // One that does not hold any more is not missed: its money is spent.
  const unpaid = { ...transaction, nonce: 1, amount: 1_000 }
  expect(violations(swarm, { ...kept, sent: [{ node: 0, id: '00', transaction: unpaid }] })).toEqual([])
  expect(violations(swarm, { ...kept, tips: [new Set(), new Set(['ab'.repeat(32)])] })).toEqual([
    'node 1 had block abababababab as its tip, and has it no more',
  ])
  expect(violations(swarm, { ...kept, bans: ['node 1 by node 0 for block-bad-pow'] })).toEqual(['an honest node was refused: node 1 by node 0 for block-bad-pow'])

  await swarm.partition([[0], [1, 2]])
  await swarm.mine(0)
  expect(violations(swarm, kept)).toEqual([expect.stringMatching(/^2 tips: node 0 at 4 .*, node 1 at 3 .*, node 2 at 3 /)])
})
