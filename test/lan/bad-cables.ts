/**
 * Eight hosts on cables that delay every frame by 50 ms ± 20, so that frames overtake each other, and lose 2 in 100:
 * a Wi-Fi on a bad day. Run by bad-cables.test.ts in namespaces of its own; chapters as test/support/lan-story.ts tells.
 */
import assert from 'node:assert/strict'
import { createLan } from '../support/lan.ts'
import { all, allOnTheTipOf, balanceOf, chapter, mine } from '../support/lan-story.ts'
import type { RealNode } from '../support/real-node.ts'

const args = ['--network', `bad-${process.pid}-${Date.now()}`, '--threads', '1']

await using lan = await createLan(8, () => ({ delayMs: 50, jitterMs: 20, lossPercent: 2 }))
let nodes: RealNode[] = []

await chapter('on bad cables, too, each of eight hosts finds three others or more', async () => {
  nodes = await Promise.all(lan.hosts.map((host) => host.start(args)))
  const served = performance.now()
  await all(nodes, 'it has three peers', ({ peers }) => peers >= 3)
  return { afterServingMs: Math.round(performance.now() - served) }
})
const [first, second, third] = nodes
assert.ok(first !== undefined && second !== undefined && third !== undefined, 'without nodes there is no story')

await chapter('five blocks mined on one are on all eight', async () => {
  await mine(first, 5)
  return { allHaveItAfterMs: await allOnTheTipOf(nodes, first) }
})

await chapter('a payment reaches all, and another host mines it', async () => {
  const { id } = await first.client.send({ recipient: second.ready.account, amount: 30, fee: 1 })
  await all(nodes, 'it heard of the payment', ({ mempool }) => mempool === 1)
  await mine(third, 1)
  const allHaveItAfterMs = await allOnTheTipOf(nodes, third)
  for (const node of nodes) {
    assert.equal((await node.client.transaction(id)).block?.height, 6)
    assert.equal(await balanceOf(second, node), 30)
  }
  return { allHaveItAfterMs }
})

await chapter('all eight mine at once, and when they stop all come to one tip', async () => {
  await Promise.all(nodes.map((node) => mine(node, 1)))
  // Those that found a block in the same moment may hold it against each other: one more decides.
  await mine(second, 3)
  return { oneTipAfterMs: await allOnTheTipOf(nodes, second) }
})
