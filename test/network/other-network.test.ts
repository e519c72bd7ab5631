import { generateKeyPair } from '@libp2p/crypto/keys'
import { identify } from '@libp2p/identify'
import { memory } from '@libp2p/memory'
import { noise } from '@libp2p/noise'
import { yamux } from '@libp2p/yamux'
import { createLibp2p } from 'libp2p'
import { afterEach, describe, expect, test } from 'vitest'
import { networkParams } from '../../src/consensus/params.ts'
import { isUnreachable } from '../../src/network/dial-error.ts'
import { createBlockBuilder } from '../support/blocks.ts'
import { createWorld, type NodeOptions, type World } from '../support/network-node.ts'

const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})
const worldOf = (name: string): World => {
  const world = createWorld(createBlockBuilder({ params: { ...networkParams('local'), name } }))
  ends.push(() => world.end())
  return world
}

describe('a node of another network', () => {
  test('is refused by dial with one line, and neither counts the other as a peer', async () => {
    const [a, b] = [await worldOf('one').node('a'), await worldOf('two').node('b')]
    await expect(b.network.dial(a.address)).rejects.toMatchObject({
      code: 'peer-other-network',
      message: expect.stringMatching(/another network[^\n]*--network$/) as string,
    })
    expect(await b.logged('peer-other-network')).toMatchObject({ peer: a.peerId })
    expect([a.network.peers(), b.network.peers(), b.network.bans()]).toEqual([[], [], []])
  })

  test('that was configured with --peer is tried, told apart in the log, and does no harm', async () => {
    const a = await worldOf('one').node('a')
    const b = await worldOf('two').node('b', { peers: [a.address] })
    expect(await b.logged('peer-other-network')).toMatchObject({ peer: a.peerId })
    expect(b.network.peers()).toEqual([])
  })
})

test('what is no Cairn node at all is refused the same way', async () => {
  const stranger = await createLibp2p({
    addresses: { listen: ['/memory/stranger'] },
    transports: [memory()], connectionEncrypters: [noise()], streamMuxers: [yamux()], services: { identify: identify() },
  })
  ends.push(() => stranger.stop() as Promise<void>) // started, so it has something to wait for
  const node = await worldOf('one').node('node')
  await expect(node.network.dial(String(stranger.getMultiaddrs()[0]))).rejects.toMatchObject({ code: 'peer-other-network' })
})

describe('dial', () => {
  test.each([
    ['', 'peer-bad-address'],
    ['192.168.1.20:5051', 'peer-bad-address'],
    ['/ip4/300.1.1.1/tcp/1', 'peer-bad-address'],
    ['/ip4/127.0.0.1/tcp/5051', 'peer-bad-address'],
    ['/memory/nobody', 'peer-unreachable'],
  ])('%j: %s', async (address, code) => {
    const node = await worldOf('one').node('node')
    const error = await node.network.dial(address).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ name: 'NetworkError', code })
    expect((error as Error).message).not.toContain('\n')
  })

  test('itself: peer-is-self, with and without the peer id', async () => {
    const node = await worldOf('one').node('node')
    const [bare = ''] = node.address.split('/p2p/')
    await expect(node.network.dial(node.address)).rejects.toMatchObject({ code: 'peer-is-self' })
    await expect(node.network.dial(bare)).rejects.toMatchObject({ code: 'peer-is-self' })
  })

  test.each<['tcp' | 'memory', NodeOptions]>([
    ['tcp', { transport: 'tcp', listen: ['/ip4/127.0.0.1/tcp/0'] }],
    ['memory', {}],
  ])('another peer than the one that was meant (%s): peer-unreachable, with whose address it is', async (_, options) => {
    const world = worldOf('one')
    const [a, b] = [await world.node('a', options), await world.node('b', { ...options, privateKey: await generateKeyPair('Ed25519') })]
    const [bare = ''] = a.address.split('/p2p/')
    const wrong = `${bare}/p2p/12D3KooWEvSrYdTBoJUGPQ5CuXgXdFRZKHLMSQdHB7dS1Nak83oM`
    const error: unknown = await b.network.dial(wrong).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ name: 'NetworkError', code: 'peer-unreachable' })
    expect((error as Error).message).toBe(`${wrong} is now the address of ${a.peerId}: give that id, or none, if it is the node you want`)
    expect(isUnreachable(error), 'may be gone in a moment').toBe(false)
  })

  test('an aborted one throws the signal’s reason; a network that stopped says so', async () => {
    const world = worldOf('one')
    const [a, b] = [await world.node('a'), await world.node('b')]
    await expect(b.network.dial(a.address, AbortSignal.abort(new Error('changed my mind')))).rejects.toThrow('changed my mind')
    await b.network.stop()
    await b.network.stop()
    await expect(b.network.dial(a.address)).rejects.toMatchObject({ code: 'network-stopped' })
    expect(b.network.addresses).toEqual([])
  })
})

test('an address to listen on that is taken or malformed: network-listen-failed, and nothing is left running', async () => {
  const world = worldOf('one')
  const a = await world.node('a', { listen: ['/memory/taken'] })
  await expect(world.node('b', { listen: ['/memory/taken'] })).rejects.toMatchObject({ code: 'network-listen-failed' })
  await expect(world.node('c', { listen: ['nonsense'] })).rejects.toMatchObject({ code: 'network-listen-failed' })
  await expect(world.node('d', { peers: ['nonsense'] })).rejects.toMatchObject({ code: 'peer-bad-address' })
  await a.stop()
  expect((await world.node('e', { listen: ['/memory/taken'] })).network.addresses).toHaveLength(1)
})
