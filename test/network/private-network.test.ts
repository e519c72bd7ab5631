/** Nodes with a key, without one, and with another one: who connects to whom, and what the others are told. */
import { afterEach, describe, expect, test } from 'vitest'
import { createBlockBuilder } from '../support/blocks.ts'
import { createWorld, type NodeOptions, type TestNode, type World } from '../support/network-node.ts'

const key = new Uint8Array(32).fill(1)
const otherKey = new Uint8Array(32).fill(2)

let world: World
afterEach(() => world.end())

describe.each<['tcp' | 'memory', NodeOptions]>([
  ['tcp', { transport: 'tcp', listen: ['/ip4/127.0.0.1/tcp/0'] }],
  ['memory', {}],
])('over %s', (_, options) => {
  const start = (name: string, networkKey?: Uint8Array): Promise<TestNode> => world.node(name, { ...options, networkKey })

  test('two with the same key meet, and a block mined by one is on both', async () => {
    const blocks = createBlockBuilder()
    blocks.blocks('a', 'genesis', 2)
    world = createWorld(blocks)
    const [a, b] = [await start('a', key), await start('b', key)]
    await a.mined('a1')
    expect(await b.network.dial(a.address)).toMatchObject({ name: 'a', height: 1 })
    await b.at('a1')
    await a.mined('a2')
    await b.at('a2')
    expect(a.network.keyFingerprint).toBe(b.network.keyFingerprint)
  })

  test('without the key, or with another, neither side counts the other, whoever dials, and the dialler hears why', async () => {
    world = createWorld(createBlockBuilder())
    const [open, own, other] = await Promise.all([start('open'), start('own', key), start('other', otherKey)])
    expect(open.network.keyFingerprint).toBeUndefined()
    expect(own.network.keyFingerprint).not.toBe(other.network.keyFingerprint)
    for (const [dialler, dialled] of [[open, own], [own, open], [own, other], [other, own]] as const) {
      const error = await dialler.network.dial(dialled.address).catch((reason: unknown) => reason)
      expect(error).toMatchObject({ code: 'peer-unreachable', message: expect.stringMatching(/^no node answers[^\n]*--network-key[^\n]*$/) as string })
    }
    expect([open, own, other].map(({ network }) => network.peers().length)).toEqual([0, 0, 0])
    // Nobody is to blame for a key that he does not have.
    expect([open, own, other].flatMap(({ network }) => network.bans())).toEqual([])
  })
})
