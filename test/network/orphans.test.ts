/** Blocks without their parent that came by gossip: how long gossipsub waits for an answer. */
import { EventEmitter } from 'node:events'
import { TopicValidatorResult } from '@libp2p/gossipsub'
import { peerIdFromString } from '@libp2p/peer-id'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import type { ChainEvents } from '../../src/chain/chain-events.ts'
import { blockHash } from '../../src/consensus/header.ts'
import { toHex } from '../../src/consensus/hex.ts'
import { encodeBlock } from '../../src/consensus/types.ts'
import { Mempool } from '../../src/mempool/pool.ts'
import type { CairnLibp2p } from '../../src/network/cairn-libp2p.ts'
import { Gossip } from '../../src/network/gossip.ts'
import { protocolsOf } from '../../src/network/protocols.ts'
import { createBlockBuilder, type NamedBlock } from '../support/blocks.ts'

const SENDER = peerIdFromString('12D3KooWEvSrYdTBoJUGPQ5CuXgXdFRZKHLMSQdHB7dS1Nak83oM')
const KEPT = 64

test('an answer waits for the parent, of the last 64 blocks; the others are ignored, and all when gossip stops', async () => {
  const blocks = createBlockBuilder()
  blocks.blocks('a', 'genesis', KEPT + 3)
  const named = Array.from({ length: KEPT + 2 }, (_, at) => blocks.get(`a${at + 2}`))
  const events = new EventEmitter<ChainEvents>()
  const answers: [string, TopicValidatorResult][] = []
  const asked: string[] = []
  const pubsub = Object.assign(new EventTarget(), {
    subscribe: () => {},
    reportMessageValidationResult: (id: string, _sender: string, result: TopicValidatorResult) => answers.push([id, result]),
  })
  const protocols = protocolsOf(blocks.genesis.id)
  const gossip = new Gossip({
    libp2p: { services: { pubsub } } as unknown as CairnLibp2p, // all that it uses of it here
    protocols, log: pino({ level: 'silent' }),
    chain: {
      events, genesis: blocks.genesis, params: blocks.params,
      add: async ({ header }) => ({ hash: toHex(blockHash(header)), outcome: 'waiting', code: 'block-unknown-parent' }),
    },
    mempool: new Mempool({ genesisHash: blocks.genesis.hash, account: () => ({ balance: 0, nonce: 0 }), now: Date.now, log: pino({ level: 'silent' }) }),
    judge: () => {}, credit: () => {}, tell: () => {},
    orphan: (_peer, hash) => asked.push(hash),
  })
  const send = async ({ hex, block }: NamedBlock): Promise<void> => {
    const detail = { propagationSource: SENDER, msgId: hex, msg: { type: 'unsigned', topic: protocols.blocks, data: encodeBlock(block) } }
    pubsub.dispatchEvent(new CustomEvent('gossipsub:message', { detail }))
    await expect.poll(() => asked).toContain(hex)
  }
  gossip.start()
  for (const one of named.slice(0, KEPT)) await send(one)
  expect(answers).toEqual([])
  const [first, second, third] = named as [NamedBlock, NamedBlock, NamedBlock] // as many as were made
  events.emit('block:checked', { block: second.block, hash: second.hex, origin: 'gossip' })
  expect(answers).toEqual([[second.hex, TopicValidatorResult.Accept]])
  expect(gossip.carries(second.hex)).toBe(true)
  for (const one of named.slice(KEPT)) await send(one)
  expect(answers.slice(1)).toEqual([[first.hex, TopicValidatorResult.Ignore]])
  events.emit('block:checked', { block: first.block, hash: first.hex, origin: 'gossip' })
  expect(gossip.carries(first.hex)).toBe(false)
  gossip.stop()
  expect(answers.slice(2)).toHaveLength(KEPT)
  expect(answers[2]).toEqual([third.hex, TopicValidatorResult.Ignore])
  expect(asked).toEqual(named.map(({ hex }) => hex))
})
