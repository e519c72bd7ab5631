/** Peers that leave while the sync asks them. */
import type { PeerId } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { pino } from 'pino'
import { afterEach, expect, test } from 'vitest'
import { systemClock } from '../../src/chain/clock.ts'
import type { CairnConnection } from '../../src/network/cairn-libp2p.ts'
import { PeerFault } from '../../src/network/network-error.ts'
import { Peers } from '../../src/network/peers.ts'
import { Sync } from '../../src/network/sync.ts'
import { createBlockBuilder } from '../support/blocks.ts'
import { openChain, type TestChain } from '../support/chain.ts'

let opened: TestChain | undefined
afterEach(() => opened?.stop())

const ID: PeerId = peerIdFromString('12D3KooWEvSrYdTBoJUGPQ5CuXgXdFRZKHLMSQdHB7dS1Nak83oM')

test('who left while it was asked, and comes back, is asked like anybody else', async () => {
  const blocks = createBlockBuilder()
  opened = openChain(blocks)
  const peers = new Peers()
  const come = () => peers.open(ID, { remoteAddr: multiaddr('/memory/there'), direction: 'inbound' } as CairnConnection, 0) // only these are looked at
  const asked: { leave: () => void }[] = []
  let isAsked = (): void => {}
  const sync = new Sync({
    chain: opened.chain, clock: systemClock, log: pino({ level: 'silent' }), peers,
    requests: {
      headers: () => new Promise((_, reject) => {
        asked.push({ leave: () => reject(new PeerFault('peer-gone', 'not connected any more')) })
        isAsked()
      }),
      bodies: () => Promise.reject(new Error('nobody is asked for bodies')),
    },
    judge: () => {}, credit: () => {}, score: () => 0, progress: () => {}, ended: () => {},
  })
  const once = (): Promise<void> => new Promise((resolve) => (isAsked = resolve))
  const hash = '11'.repeat(32)
  for (let times = 1; times <= 2; times++) {
    const { key } = come()
    const reached = once()
    sync.ask(key, hash)
    await reached
    // As it happens when a connection ends: first the peer is forgotten, then the request fails.
    peers.close(key)
    sync.forget(key)
    asked.at(-1)?.leave()
    await new Promise(setImmediate)
  }
  expect(asked).toHaveLength(2)
  await sync.stop()
})
