import { generateKeyPair } from '@libp2p/crypto/keys'
import type { Peer, PeerData, PeerId } from '@libp2p/interface'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { expect, onTestFinished, test } from 'vitest'
import { createCairnLibp2p, type WholeLibp2p } from '../../src/network/libp2p.ts'
import { leanPeerStore } from '../../src/network/lean-peer-store.ts'
import { MAX_PEERS, protocolsOf } from '../../src/network/protocols.ts'

const peerId = async (): Promise<PeerId> => peerIdFromPrivateKey(await generateKeyPair('Ed25519'))

test.each<[string, PeerData, boolean]>([
  ['a protocol that nobody watches', { protocols: ['/ipfs/ping/1.0.0'] }, false],
  ['one that is watched', { protocols: ['/meshsub/1.2.0'] }, true],
  ['one that is watched, among others', { protocols: ['/ipfs/ping/1.0.0', '/meshsub/1.2.0'] }, true],
  ['when it was dialled', { multiaddrs: [], metadata: { 'last-dial-success': new Uint8Array(1) } }, false],
  ['what its agent is called', { metadata: { AgentVersion: new Uint8Array(1) } }, false],
  ['a tag', { tags: { blocks: { value: 100 } } }, true],
  ['what it signed, with a protocol', { protocols: ['/ipfs/ping/1.0.0'], peerRecordEnvelope: new Uint8Array(1) }, true],
])('of a peer, %s: %j is kept: %s', async (_, data, isKept) => {
  const [self, other] = [await peerId(), await peerId()]
  const kept: PeerData[] = []
  const store = { merge: async (_id: PeerId, one: PeerData): Promise<Peer> => void kept.push(one) as never } // nobody looks at it
  leanPeerStore(store, { self, watched: ['/meshsub/1.2.0', '/meshsub/1.1.0'] })
  await store.merge(other, data)
  expect(kept).toEqual(isKept ? [data] : [])
  await store.merge(self, data)
  expect(kept.at(-1), 'of ourselves').toEqual(data)
})

let made = 0

async function start(): Promise<WholeLibp2p> {
  const protocols = protocolsOf('16a00000')
  const libp2p = await createCairnLibp2p({
    privateKey: await generateKeyPair('Ed25519'), protocols, transport: 'memory', listen: [`/memory/lean-${(made += 1)}`], agent: 'lean',
    maxPeers: MAX_PEERS, maxBlockBytes: 1_000, networkKey: undefined, gater: {}, score: () => 0, judge: () => {},
    now: Date.now, traffic: { receivedBytes: 0, sentBytes: 0 },
  })
  await libp2p.start()
  onTestFinished(() => libp2p.stop())
  libp2p.services.pubsub.subscribe(protocols.blocks)
  return libp2p
}

test('two nodes find each other in gossip, tell their protocols, and forget each other when they part', async () => {
  const [one, other] = [await start(), await start()]
  const { pubsub } = one.services
  await one.dial(other.getMultiaddrs())
  await expect.poll(() => pubsub.getPeers().map(String)).toEqual([other.peerId.toString()])
  await expect.poll(async () => (await one.peerStore.get(other.peerId)).protocols).toEqual(
    expect.arrayContaining(['/ipfs/id/1.0.0', '/ipfs/ping/1.0.0', '/meshsub/1.2.0']),
  )
  await other.stop()
  await expect.poll(() => pubsub.getPeers()).toEqual([])
  await expect.poll(() => one.peerStore.has(other.peerId)).toBe(false)
})
