/** The network over real sockets, on 127.0.0.1: what the in-memory transport cannot show. */
import { createServer } from 'node:net'
import { once } from 'node:events'
import { afterEach, expect, test } from 'vitest'
import { createBlockBuilder } from '../support/blocks.ts'
import { createWorld, type NodeOptions, type TestNode, type World } from '../support/network-node.ts'

const tcp: NodeOptions = { transport: 'tcp', listen: ['/ip4/127.0.0.1/tcp/0'] }
let world: World | undefined
afterEach(() => world?.end())

test('two nodes meet, one catches up, and a block mined then is on both', async () => {
  const blocks = createBlockBuilder()
  blocks.blocks('a', 'genesis', 151)
  world = createWorld(blocks)
  const [a, b] = [await world.node('a', tcp), await world.node('b', tcp)]
  await a.mined('a150')
  const info = await b.network.dial(a.address)
  expect(info).toMatchObject({ name: 'a', height: 150, direction: 'outbound', address: a.address })
  expect(a.address).toMatch(/^\/ip4\/127\.0\.0\.1\/tcp\/\d+\/p2p\/12D3KooW/)
  await b.at('a150')
  await a.mined('a151')
  await b.at('a151')
})

test('twelve nodes on one address stay connected to the first, and a block reaches all', async () => {
  const blocks = createBlockBuilder()
  blocks.blocks('a', 'genesis', 2)
  world = createWorld(blocks)
  const { node } = world
  const hub = await node('hub', tcp)
  const others = await Promise.all(Array.from({ length: 12 }, (_, index) => node(`n${index}`, tcp)))
  // The defaults of libp2p refuse the sixth of a second, and those of gossipsub the eleventh of an address. One after the
  // other, for twelve handshakes at once on a busy machine take longer than a dial waits for one.
  for (const other of others) await dialled(other, hub.address)
  expect(hub.network.peers().length).toBe(12)
  await hub.mined('a2')
  await Promise.all(others.map((other) => other.at('a2')))
})

/** On a machine that is very busy even one handshake may take longer than a dial waits: whoever was refused fails all the same. */
async function dialled(node: TestNode, address: string): Promise<void> {
  try {
    await node.network.dial(address)
  } catch (error) {
    if (!(error instanceof Error && error.message.includes('timeout'))) throw error
    await dialled(node, address)
  }
}

test('a peer whose process dies is noticed, and found again at the same address', async () => {
  const blocks = createBlockBuilder()
  world = createWorld(blocks)
  const a = await world.node('a', tcp)
  const [listen = ''] = a.address.split('/p2p/')
  const b = await world.node('b', { ...tcp, peers: [listen] })
  await b.until('connected', () => b.network.peers().length === 1)
  await a.stop()
  await b.until('disconnected', () => b.network.peers().length === 0)
  await world.node('a again', { ...tcp, listen: [listen] })
  await b.until('connected again', () => b.network.peers().length === 1)
})

test('a port that is taken, nobody at an address, and something else that answers there: one line each', async () => {
  world = createWorld(createBlockBuilder())
  const silent = createServer((socket) => socket.resume().end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const { port } = silent.address() as { port: number } // a TCP server's address has one
  const node = await world.node('node', tcp)
  await expect(world.node('other', { ...tcp, listen: [`/ip4/127.0.0.1/tcp/${port}`] })).rejects.toMatchObject({
    code: 'network-listen-failed',
    message: expect.stringMatching(/^cannot listen for peers on \/ip4\/[0-9.]+\/tcp\/\d+ \(EADDRINUSE[^\n]*--listen$/) as string,
  })
  await expect(node.network.dial(`/ip4/127.0.0.1/tcp/${port}`)).rejects.toMatchObject({ code: 'peer-unreachable' })
  silent.close()
  await once(silent, 'close')
  await expect(node.network.dial(`/ip4/127.0.0.1/tcp/${port}`)).rejects.toMatchObject({
    code: 'peer-unreachable',
    message: expect.not.stringContaining('\n') as string,
  })
})
