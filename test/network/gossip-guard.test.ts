/** What one peer may send on gossip, by streams that are lists of packets here; on real ones: hostile-streams.test.ts. */
import type { GossipSub } from '@libp2p/gossipsub'
import type { PeerId } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { expect, test } from 'vitest'
import { guardGossip } from '../../src/network/gossip-guard.ts'
import { GOSSIP_QUOTA, protocolsOf } from '../../src/network/protocols.ts'

const ONE = peerIdFromString('12D3KooWEvSrYdTBoJUGPQ5CuXgXdFRZKHLMSQdHB7dS1Nak83oM')
const OTHER = peerIdFromString('12D3KooWH3uVF6wv47WnArKHk5p6cvgCJEb74UTmxztmQDc298L3')
const MESSAGES_A_PACKET = 5_000
const PACKETS = GOSSIP_QUOTA.count / MESSAGES_A_PACKET

test('messages are counted a peer: neither another stream nor another connection begins the count anew', async () => {
  const protocols = protocolsOf('01234567')
  const judged: string[] = []
  let [passed, now] = [0, 0]
  const pubsub = {
    decodeRpc: () => ({ messages: Array.from({ length: MESSAGES_A_PACKET }, () => ({ topic: protocols.blocks })) }),
    async pipePeerReadStream(_peer: PeerId, packets: AsyncIterable<unknown>): Promise<void> {
      for await (const _ of packets) passed += 1
    },
  }
  guardGossip(pubsub as unknown as GossipSub, { // all that it uses of it
    protocols, now: () => now,
    judge: (peer, code) => judged.push(`${peer === String(ONE) ? 'one' : 'other'} ${code}`),
  })
  const stream = async (peer: PeerId, packets: number): Promise<void> => {
    async function* sent() {
      for (let count = 0; count < packets; count++) yield { subarray: () => new Uint8Array() }
    }
    await pubsub.pipePeerReadStream(peer, sent())
  }
  await stream(ONE, PACKETS - 1)
  await stream(ONE, 3)
  expect(passed).toBe(PACKETS)
  expect(judged).toEqual(['one peer-over-quota', 'one peer-over-quota'])
  await stream(OTHER, PACKETS)
  expect(passed).toBe(2 * PACKETS)
  now = GOSSIP_QUOTA.perMs / PACKETS
  await stream(ONE, 1)
  expect(passed).toBe(2 * PACKETS + 1)
  expect(judged).toHaveLength(2)
})

test('a packet is decoded once, and each peer’s is its own also where several come at once', async () => {
  const protocols = protocolsOf('01234567')
  const decodedBytes: number[] = []
  const taken: string[] = []
  const pubsub = {
    decodeRpc(bytes: Uint8Array) {
      decodedBytes.push(bytes[0]!)
      return { messages: [{ topic: protocols.blocks, data: bytes }] }
    },
    async pipePeerReadStream(peer: PeerId, packets: AsyncIterable<Uint8Array>): Promise<void> {
      for await (const packet of packets) {
        const [message] = pubsub.decodeRpc(packet.subarray()).messages
        taken.push(`${peer.equals(ONE) ? 'one' : 'other'} ${message!.data[0]}`)
      }
    },
  }
  guardGossip(pubsub as unknown as GossipSub, { protocols, now: () => 0, judge: () => {} }) // all that it uses of it
  async function* sent(...firstBytes: number[]) {
    for (const byte of firstBytes) yield Uint8Array.of(byte, 0)
  }
  await pubsub.pipePeerReadStream(ONE, sent(1, 2, 3))
  expect(decodedBytes).toEqual([1, 2, 3])
  expect(taken.splice(0)).toEqual(['one 1', 'one 2', 'one 3'])
  await Promise.all([pubsub.pipePeerReadStream(ONE, sent(4, 5, 6)), pubsub.pipePeerReadStream(OTHER, sent(7, 8, 9))])
  expect(taken.toSorted()).toEqual(['one 4', 'one 5', 'one 6', 'other 7', 'other 8', 'other 9'])
  expect(new Set(decodedBytes)).toEqual(new Set([1, 2, 3, 4, 5, 6, 7, 8, 9]))
})
