/**
 * Hosts that are not like the others: of another network, without multicast, started before there is a network, or with
 * an interface that goes down for a while. Run by odd-hosts.test.ts in namespaces of its own; chapters as
 * test/support/lan-story.ts tells.
 */
import assert from 'node:assert/strict'
import { createLan, missingForBadCable } from '../support/lan.ts'
import { all, allOnTheTipOf, chapter, mine } from '../support/lan-story.ts'
import type { RealNode } from '../support/real-node.ts'

const unique = `${process.pid}-${Date.now()}`
const argsOf = (network: string, ...more: string[]): string[] => ['--network', `${network}-${unique}`, '--threads', '1', ...more]

/** The place of the host whose cable carries no multicast. */
const DEAF = 4
/** The place of the host whose cable is not in when its node starts. */
const LATE = 5
const deafness = missingForBadCable() === undefined ? { multicast: false } : undefined

await using lan = await createLan(8, (place) => (place === DEAF ? deafness : undefined))
const [a, b, c, d, deaf, late, hearing, fresh] = lan.hosts
assert.ok(a && b && c && d && deaf && late && hearing && fresh)
let ours: RealNode[] = []
let theirs: RealNode[] = []

await chapter('two networks on one LAN: each finds its own, mines its own chain, and sees nothing of the other', async () => {
  ;[ours, theirs] = await Promise.all([
    Promise.all([a, b].map((host) => host.start(argsOf('class-101')))),
    Promise.all([c, d].map((host) => host.start(argsOf('class-102')))),
  ])
  await all([...ours, ...theirs], 'it has a peer', ({ peers }) => peers >= 1)
  await Promise.all([mine(ours[0]!, 2), mine(theirs[0]!, 4)])
  await Promise.all([allOnTheTipOf(ours, ours[0]!), allOnTheTipOf(theirs, theirs[0]!)])
  for (const [own, height] of [[ours, 2], [theirs, 4]] as const) {
    for (const node of own) {
      const status = await node.client.status()
      const { peers } = await node.client.peers()
      const others = own.filter((other) => other !== node).map(({ ready }) => ready.peerId)
      assert.equal(status.height, height)
      assert.deepEqual(peers.map(({ peerId }) => peerId), others)
    }
  }
  await Promise.all(theirs.map((node) => node.stop()))
})
const [first, second] = ours
assert.ok(first !== undefined && second !== undefined, 'without nodes there is no story')

let deafNode: RealNode | undefined
if (deafness !== undefined) {
  await chapter('a host without multicast finds nobody by itself; one --peer, and it syncs and mines with the others', async () => {
    const alone = await deaf.start(argsOf('class-101'))
    // The others are found within this host's time to serve; so long nothing is heard here.
    const witness = await hearing.start(argsOf('class-101'))
    await witness.until('it has both peers', ({ peers }) => peers >= 2)
    assert.equal((await alone.client.status()).peers, 0)
    await Promise.all([alone.stop(), witness.stop()])

    deafNode = await deaf.start(argsOf('class-101', '--peer', `/ip4/${a.address}/tcp/5051`))
    const syncedAfterMs = await allOnTheTipOf([deafNode], first)
    await mine(deafNode, 2)
    await allOnTheTipOf([first, second, deafNode], deafNode)
    return { syncedAfterMs }
  })
  await chapter('a host without multicast learns of the others from its one peer', async () => {
    await deafNode?.until('it has two peers', ({ peers }) => peers >= 2)
  })
}

await chapter('a node that starts before there is a network finds the others when there is one', async () => {
  lan.unplug([LATE])
  const node = await late.start(argsOf('class-101'))
  assert.equal((await node.client.status()).peers, 0)
  lan.plug([LATE])
  const up = performance.now()
  await node.until('it has a peer', ({ peers }) => peers >= 1)
  const foundAfterMs = Math.round(performance.now() - up)
  await allOnTheTipOf([node], first)
  await node.stop()
  return { foundAfterMs }
})

await chapter('an interface goes down and comes back: the node has the blocks of meanwhile, and newcomers find it', async () => {
  b.link('down')
  await mine(first, 2)
  await second.until('it has given up its peers', ({ peers }) => peers === 0)
  b.link('up')
  const up = performance.now()
  const caughtUpAfterMs = await allOnTheTipOf([second], first)
  const newcomer = await fresh.start(argsOf('class-101'))
  const found = async (): Promise<boolean> => (await newcomer.client.peers()).peers.some(({ peerId }) => peerId === second.ready.peerId)
  await newcomer.until('it has found the one that was away', found)
  return { caughtUpAfterMs, foundAfterMs: Math.round(performance.now() - up) }
})
