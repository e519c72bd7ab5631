/** Bans and scores last, whoever dials and however often, and fall on nobody who did nothing. */
import { generateKeyPair } from '@libp2p/crypto/keys'
import { createPeerScoreParams, PeerScore } from '@libp2p/gossipsub/score'
import type { ComponentLogger } from '@libp2p/interface'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { encodeBlock } from '../../src/consensus/types.ts'
import { gossipsubOptions } from '../../src/network/libp2p.ts'
import { BAN_MS, protocolsOf } from '../../src/network/protocols.ts'
import { createBlockBuilder } from '../support/blocks.ts'
import { createHostilePeer, type HostilePeer } from '../support/hostile-peer.ts'
import { createManualClock } from '../support/manual-clock.ts'
import { createWorld } from '../support/network-node.ts'

const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  vi.useRealTimers()
  for (const end of ends.splice(0).reverse()) await end()
})

async function hostileOf(blocks: ReturnType<typeof createBlockBuilder>, privateKey = generateKeyPair('Ed25519')): Promise<HostilePeer> {
  const hostile = await createHostilePeer(blocks, { privateKey: await privateKey })
  ends.push(() => hostile.stop())
  return hostile
}

describe('a ban', () => {
  test('holds for half an hour, whoever dials, under another address too, and ends', async () => {
    const blocks = createBlockBuilder()
    const bad = blocks.block('bad', 'genesis', { mined: false })
    const world = createWorld(blocks)
    ends.push(() => world.end())
    const clock = createManualClock(Date.now())
    const node = await world.node('node', { clock })
    const key = generateKeyPair('Ed25519')
    const hostile = await hostileOf(blocks, key)
    await hostile.connect(node.address)
    await hostile.publish('blocks', encodeBlock(bad.block))
    await hostile.cutOff
    const until = clock.now() + BAN_MS
    expect(node.network.bans()).toEqual([{ peerId: hostile.peerId, code: 'block-bad-pow', until }])
    expect(node.log).toContainEqual(expect.objectContaining({ msg: 'banned a peer', code: 'block-bad-pow', peer: hostile.peerId, minutes: 30 }))

    const refused = async (peer: HostilePeer): Promise<void> => {
      const connection = await peer.dial(node.address).catch(() => undefined)
      // Where the peer is quicker than the node's word, it is open for a moment.
      if (connection?.status === 'open') await new Promise((resolve) => connection.addEventListener('close', resolve))
      await expect(node.network.dial(peer.address)).rejects.toMatchObject({ code: 'peer-banned' })
      expect(node.network.peers()).toEqual([])
    }
    for (let again = 0; again < 3; again++) await refused(hostile)
    await hostile.stop()
    const elsewhere = await hostileOf(blocks, key)
    expect(elsewhere.peerId).toBe(hostile.peerId)
    await refused(elsewhere)
    clock.advance(BAN_MS - 1)
    await refused(elsewhere)
    clock.advance(1)
    expect(node.network.bans()).toEqual([])
    await elsewhere.connect(node.address)
    expect(node.network.peers()).toMatchObject([{ peerId: hostile.peerId }])
  })

  test('outlives a stop of the network, and ends with the process', async () => {
    const blocks = createBlockBuilder()
    const bad = blocks.block('bad', 'genesis', { mined: false })
    const world = createWorld(blocks)
    ends.push(() => world.end())
    const node = await world.node('node')
    const hostile = await hostileOf(blocks)
    await hostile.connect(node.address)
    await hostile.publish('blocks', encodeBlock(bad.block))
    await hostile.cutOff
    await node.network.stop()
    await node.network.start()
    expect(node.network.bans()).toMatchObject([{ peerId: hostile.peerId, code: 'block-bad-pow' }])
  })
})

describe('gossipsub’s own score', () => {
  const protocols = protocolsOf('0badcafe')
  const topics = [protocols.blocks, protocols.transactions]
  const options = gossipsubOptions({ protocols, maxBlockBytes: 1_048_576, score: () => 0 })
  const { gossipThreshold = 0, publishThreshold = 0, graylistThreshold = 0 } = options?.scoreThresholds ?? {}

  // It writes to it and does no more.
  const silent = { forComponent: () => Object.assign(() => {}, { trace: () => {}, error: () => {} }) } as unknown as ComponentLogger

  function setUp() {
    vi.useFakeTimers()
    const score = new PeerScore(createPeerScoreParams(options?.scoreParams), null, silent, { scoreCacheValidityMs: 0 })
    const pass = (seconds: number): void => {
      for (let second = 0; second < seconds; second++) {
        vi.advanceTimersByTime(1_000)
        score.refreshScores()
      }
    }
    return { score, pass }
  }

  test('falls below every threshold with the third invalid message, whatever the peer did well before', () => {
    const { score, pass } = setUp()
    score.addPeer('bad')
    for (const topic of topics) score.graft('bad', topic)
    pass(600)
    for (let message = 0; message < 500; message++) {
      score.validateMessage(`${message}`)
      score.deliverMessage('bad', `${message}`, protocols.transactions)
    }
    expect(score.score('bad')).toBeGreaterThan(5)
    const after: number[] = []
    for (let message = 0; message < 3; message++) {
      score.rejectInvalidMessage('bad', protocols.blocks)
      after.push(score.score('bad'))
    }
    expect(after[1]).toBeLessThan(gossipThreshold)
    expect(after[2]).toBeLessThan(Math.min(publishThreshold, graylistThreshold))
  })

  test('never punishes who is quiet, nor who only brings what is known', () => {
    const { score, pass } = setUp()
    for (const peer of ['quiet', 'relay', 'first']) {
      score.addPeer(peer)
      for (const topic of topics) score.graft(peer, topic)
    }
    for (let block = 0; block < 100; block++) {
      const id = `block ${block}`
      score.validateMessage(id)
      score.deliverMessage('first', id, protocols.blocks)
      pass(30)
      score.duplicateMessage('relay', id, protocols.blocks)
      for (const peer of ['quiet', 'relay', 'first']) expect(score.score(peer)).toBeGreaterThanOrEqual(0)
    }
  })

  test('bears a classroom behind one address, and any number on this machine', () => {
    const { score } = setUp()
    for (const [ip, count] of [['192.168.1.1', 64], ['127.0.0.1', 500], ['::1', 500]] as const) {
      for (let peer = 0; peer < count; peer++) {
        score.addPeer(`${ip} ${peer}`)
        score.addIP(`${ip} ${peer}`, ip)
      }
      expect(score.score(`${ip} 0`)).toBe(0)
    }
  })
})
