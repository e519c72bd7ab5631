/** Whoever is cut off and comes back as somebody else waits. 127.0.0.2 and .3 are hosts beside the node's own 127.0.0.1. */
import { generateKeyPair } from '@libp2p/crypto/keys'
import { afterEach, describe, expect, test } from 'vitest'
import { encodeBlock } from '../../src/consensus/types.ts'
import { CutHosts } from '../../src/network/cut-hosts.ts'
import { CUT_HOST_MS, MAX_REMEMBERED_FAULTS } from '../../src/network/protocols.ts'
import { createBlockBuilder } from '../support/blocks.ts'
import { createHostilePeer, type HostilePeer } from '../support/hostile-peer.ts'
import { createManualClock } from '../support/manual-clock.ts'
import { createWorld, type TestNode } from '../support/network-node.ts'

describe('an address', () => {
  const clock = createManualClock(0)

  test('gets every connection until a peer is cut off there, then one a second for a minute', () => {
    const hosts = new CutHosts(clock.now)
    expect([hosts.refuses('a'), hosts.refuses('a')]).toEqual([false, false])
    hosts.add('a')
    expect([hosts.refuses('a'), hosts.refuses('a'), hosts.refuses('b'), hosts.refuses('b')]).toEqual([false, true, false, false])
    clock.advance(999)
    expect(hosts.refuses('a')).toBe(true)
    clock.advance(1)
    expect([hosts.refuses('a'), hosts.refuses('a')]).toEqual([false, true])
    clock.advance(CUT_HOST_MS - 1_001)
    expect([hosts.refuses('a'), hosts.refuses('a')]).toEqual([false, true])
    clock.advance(1)
    expect([hosts.refuses('a'), hosts.refuses('a')]).toEqual([false, false])
  })

  test('is not given another connection at once by being cut off again', () => {
    const hosts = new CutHosts(clock.now)
    hosts.add('a')
    expect(hosts.refuses('a')).toBe(false)
    hosts.add('a')
    expect(hosts.refuses('a')).toBe(true)
  })

  test('is forgotten where thousands were cut off since', () => {
    const hosts = new CutHosts(clock.now)
    hosts.add('a')
    expect([hosts.refuses('a'), hosts.refuses('a')]).toEqual([false, true])
    for (let n = 0; n < MAX_REMEMBERED_FAULTS; n++) hosts.add(`b${n}`)
    expect([hosts.refuses('a'), hosts.refuses('a')]).toEqual([false, false])
  })
})

describe('a node', () => {
  const ends: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end()
  })
  const blocks = createBlockBuilder()
  const bad = blocks.block('bad', 'genesis', { mined: false })
  const clock = createManualClock(Date.now())

  async function nodeOnTcp(): Promise<TestNode> {
    const world = createWorld(blocks)
    ends.push(() => world.end())
    return world.node('node', { clock, transport: 'tcp', listen: ['/ip4/127.0.0.1/tcp/0'] })
  }
  async function comeFrom(from: string, privateKey = generateKeyPair('Ed25519')): Promise<HostilePeer> {
    const peer = await createHostilePeer(blocks, { transport: 'tcp', from, privateKey: await privateKey })
    ends.push(() => peer.stop())
    return peer
  }
  /** Whether somebody new gets a connection. */
  async function isLetIn(node: TestNode, from: string): Promise<boolean> {
    const peer = await comeFrom(from)
    try {
      await peer.dial(node.address)
      await peer.tellStatus()
      return true
    } catch {
      return false
    }
  }

  test('lets an address where it cut a peer off back in once a second, and others always', async () => {
    const node = await nodeOnTcp()
    const evil = await comeFrom('127.0.0.2')
    await evil.connect(node.address)
    await evil.publish('blocks', encodeBlock(bad.block))
    await evil.cutOff
    expect([await isLetIn(node, '127.0.0.2'), await isLetIn(node, '127.0.0.2'), await isLetIn(node, '127.0.0.2')]).toEqual([true, false, false])
    expect([await isLetIn(node, '127.0.0.3'), await isLetIn(node, '127.0.0.3')]).toEqual([true, true])
    clock.advance(1_000)
    expect([await isLetIn(node, '127.0.0.2'), await isLetIn(node, '127.0.0.2')]).toEqual([true, false])
    clock.advance(CUT_HOST_MS)
    expect([await isLetIn(node, '127.0.0.2'), await isLetIn(node, '127.0.0.2')]).toEqual([true, true])
  })

  test('counts a banned peer that comes again as cut off again', async () => {
    const node = await nodeOnTcp()
    const key = generateKeyPair('Ed25519')
    const evil = await comeFrom('127.0.0.2', key)
    await evil.connect(node.address)
    await evil.publish('blocks', encodeBlock(bad.block))
    await evil.cutOff
    clock.advance(CUT_HOST_MS - 1)
    // Its handshake is done before it is refused, so the node's word may come after the dial.
    const connection = await evil.dial(node.address).catch(() => undefined)
    if (connection?.status === 'open') await new Promise((resolve) => connection.addEventListener('close', resolve))
    clock.advance(1)
    expect(await isLetIn(node, '127.0.0.2')).toBe(false)
  })

  test('lets everybody at its own address in: a swarm is there', async () => {
    const node = await nodeOnTcp()
    const evil = await comeFrom('127.0.0.1')
    await evil.connect(node.address)
    await evil.publish('blocks', encodeBlock(bad.block))
    await evil.cutOff
    expect([await isLetIn(node, '127.0.0.1'), await isLetIn(node, '127.0.0.1')]).toEqual([true, true])
  })
})
