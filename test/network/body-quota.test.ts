/** Bodies cost a peer their bytes, as they are sent. */
import { afterEach, expect, test } from 'vitest'
import { systemClock } from '../../src/chain/clock.ts'
import { encodeFrame } from '../../src/network/frames.ts'
import { encodeHashes } from '../../src/network/messages.ts'
import { MAX_ANSWER_BYTES, QUOTAS } from '../../src/network/protocols.ts'
import { createBlockBuilder } from '../support/blocks.ts'
import { createHostilePeer } from '../support/hostile-peer.ts'
import { createWorld } from '../support/network-node.ts'

const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

test('a peer is sent so many bytes of bodies and no more until time brings them back', async () => {
  const blocks = createBlockBuilder()
  blocks.blocks('a', 'genesis', 2)
  const world = createWorld(blocks)
  ends.push(() => world.end())
  let now = Date.now()
  const node = await world.node('node', { clock: { now: () => now, after: systemClock.after } })
  await node.mined('a2')
  node.chain.encodedBody = () => new Uint8Array(MAX_ANSWER_BYTES / 2)
  const hostile = await createHostilePeer(blocks)
  ends.push(() => hostile.stop())
  await hostile.connect(node.address)
  const ask = (): Promise<Uint8Array[] | string> =>
    hostile.send('bodies', encodeFrame(encodeHashes([blocks.get('a1').hex, blocks.get('a2').hex])))
  for (let bytes = 0; bytes < QUOTAS.bodyBytes.count; bytes += MAX_ANSWER_BYTES) expect(await ask()).toHaveLength(2)
  for (let refused = 0; refused < QUOTAS.refusals.count; refused++) expect(await ask()).toBe('peer-refused')
  expect(node.log.filter(({ code }) => code === 'peer-over-quota')).toEqual([])
  expect(await ask()).toBe('peer-refused')
  expect((await node.logged('peer-over-quota')).peer).toBe(hostile.peerId)
  now += QUOTAS.bodyBytes.perMs / 2
  expect(await ask()).toHaveLength(2)
})
