/** A node with nothing but mDNS, for interfaces-story.ts: prints a line when it listens and one for each peer. */
import { networkParams } from '../../src/consensus/params.ts'
import { createBlockBuilder } from '../support/blocks.ts'
import { createWorld } from '../support/network-node.ts'

const [name = '', network = ''] = process.argv.slice(2)
const world = createWorld(createBlockBuilder({ params: { ...networkParams('local'), name: network } }))
const node = await world.node(name, { transport: 'tcp', listen: ['/ip4/0.0.0.0/tcp/0'], mdns: true })
console.log('ready')
node.network.events.on('peer:connected', (peer) => console.log(`peer ${peer.name}`))
for (const peer of node.network.peers()) console.log(`peer ${peer.name}`)
setInterval(() => {}, 60_000)
