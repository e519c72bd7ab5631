/**
 * Eight hosts on one switch, found by mDNS alone: a chain that all build, a host that is killed, a cable that is pulled
 * between two halves. Run by eight-hosts.test.ts in namespaces of its own; chapters as test/support/lan-story.ts tells.
 */
import assert from 'node:assert/strict'
import { createLan } from '../support/lan.ts'
import { all, allOnTheTipOf, balanceOf, chapter, mine } from '../support/lan-story.ts'
import type { RealNode } from '../support/real-node.ts'

const args = ['--network', `eight-${process.pid}-${Date.now()}`, '--threads', '1']

await using lan = await createLan(8)
let nodes: RealNode[] = []

await chapter('eight hosts start in the same moment, and each finds three others or more', async () => {
  nodes = await Promise.all(lan.hosts.map((host) => host.start(args)))
  const served = performance.now()
  await all(nodes, 'it has three peers', ({ peers }) => peers >= 3)
  const startedInMs = nodes.map((node) => Math.round(node.startedInMs))
  return { startedInMs, afterServingMs: Math.round(performance.now() - served) }
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
  await allOnTheTipOf(nodes, third)
  for (const node of nodes) {
    assert.equal((await node.client.transaction(id)).block?.height, 6)
    assert.equal(await balanceOf(second, node), 30)
    assert.equal(await balanceOf(third, node), 50 + 1)
  }
})

await chapter('a host killed while it mines comes back with what it acknowledged, and to the tip of all', async () => {
  const last = nodes.length - 1
  const host = lan.hosts[last]
  const victim = nodes[last]
  assert.ok(host !== undefined && victim !== undefined)
  await victim.client.mining({ running: true })
  const before = await victim.until('it mined on', ({ height }) => height >= 8)
  const { hash } = await victim.client.block(before.height)
  await victim.kill()
  await mine(first, 1)
  const back = await host.start(args)
  nodes[last] = back
  assert.equal((await back.client.block(hash)).hash, hash, 'a block that it had said to have')
  await back.until('it has a peer', ({ peers }) => peers >= 1)
  // The others may lack what it mined in its last moment, and have as much work; three more decide.
  await mine(first, 3)
  return { onTheTipAfterMs: await allOnTheTipOf(nodes, first) }
})

const left = [0, 1, 2, 3]
const right = [4, 5, 6, 7]
const at = (places: number[]): RealNode[] => places.map((place) => nodes[place]!) // there are eight

/** Both halves mine on their own; the right one more. Each must be of one mind before the cable is put back. */
async function mineApart(): Promise<void> {
  const [one, other] = [at(left), at(right)]
  await Promise.all([mine(one[0]!, 2), mine(other[0]!, 5)])
  await Promise.all([allOnTheTipOf(one, one[0]!), allOnTheTipOf(other, other[0]!)])
  const [tipOfOne, tipOfOther] = await Promise.all([one[0]!.client.status(), other[0]!.client.status()])
  assert.notEqual(tipOfOne.tip, tipOfOther.tip, 'no block crosses a cable that is pulled')
}

await chapter('halves parted for moments: on the heavier tip after the cable is back', async () => {
  lan.split(right)
  await mineApart()
  lan.join()
  return { oneTipAfterMs: await allOnTheTipOf(nodes, at(right)[0]!) }
})

await chapter('halves parted until each has given up the other: on the heavier tip after the cable is back', async () => {
  lan.split(right)
  const parted = performance.now()
  await mineApart()
  await Promise.all([left, right].map((half) => all(at(half), 'it has given up the other half', ({ peers }) => peers <= 3)))
  const givenUpAfterMs = Math.round(performance.now() - parted)
  lan.join()
  const oneTipAfterMs = await allOnTheTipOf(nodes, at(right)[0]!)
  return { givenUpAfterMs, oneTipAfterMs }
})

await chapter('Ctrl-C ends each with status 0', async () => {
  assert.deepEqual(await Promise.all(nodes.map((node) => node.stop())), nodes.map(() => 0))
})
