/**
 * Three nodes on one machine with nothing but mDNS between them: two of one network, one of another. Run inside a
 * network namespace of its own by mdns.test.ts. Prints one line of JSON: what each sees, and how long it took.
 */
import { networkParams } from '../../src/consensus/params.ts'
import { createBlockBuilder } from '../support/blocks.ts'
import { createWorld, type NodeOptions } from '../support/network-node.ts'

const mdns: NodeOptions = { transport: 'tcp', listen: ['/ip4/0.0.0.0/tcp/0'], mdns: true }
const worldOf = (name: string) => createWorld(createBlockBuilder({ params: { ...networkParams('local'), name } }))
const [ours, theirs] = [worldOf(`ours-${process.pid}`), worldOf(`theirs-${process.pid}`)]

// Both start in the same moment: each may be the one whose question comes too early.
const stranger = await theirs.node('stranger', mdns)
const began = performance.now()
const [a, b] = await Promise.all([ours.node('a', mdns), ours.node('b', mdns)])
const ready = performance.now()
await Promise.all([a, b].map((node) => node.until('it found the other', () => node.network.peers().length > 0)))
const found = performance.now()

console.log(JSON.stringify({
  readyMs: Math.round(ready - began),
  foundMs: Math.round(found - ready),
  a: a.network.peers().map(({ name }) => name),
  b: b.network.peers().map(({ name }) => name),
  stranger: stranger.network.peers().map(({ name }) => name),
}))
await Promise.all([ours.end(), theirs.end()])
