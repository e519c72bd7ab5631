/** When two nodes tell each other their status: who asks, and when nobody needs to. */
import { generateKeyPair } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import type { Chain } from '../../src/chain/chain.ts'
import { genesisOf } from '../../src/consensus/genesis.ts'
import { toHex } from '../../src/consensus/hex.ts'
import { networkParams } from '../../src/consensus/params.ts'
import { type Peer, Peers } from '../../src/network/peers.ts'
import { StatusExchange } from '../../src/network/status-exchange.ts'
import { createManualClock, type ManualClock } from '../support/manual-clock.ts'

const genesis = genesisOf(networkParams('local'))
const hashOf = (height: number): string => height.toString(16).padStart(64, '0')
/** What is due is looked at so often. */
const STEP_MS = 100

interface End {
  status: StatusExchange
  /** The other one, as this end has it. */
  peer: Peer
  /** When it asked, ms since the beginning. */
  asked: number[]
  /** Its chain gets so high. */
  reach(height: number): void
}

/** Two nodes that are connected: `dialler` dialled. Every answer comes at once, unless `isDeaf` says that there is none. */
async function connected(clock: ManualClock, isDeaf = (): boolean => false): Promise<{ dialler: End; dialled: End }> {
  const ends: End[] = []
  for (const [at, direction] of (['outbound', 'inbound'] as const).entries()) {
    const peers = new Peers()
    const id = peerIdFromPrivateKey(await generateKeyPair('Ed25519'))
    const peer = peers.open(id, { direction, remoteAddr: multiaddr('/memory/1') } as never, clock.now()) // no more of it is read
    const asked: number[] = []
    let height = 0
    const chain = {
      genesis,
      get tip() {
        return { hash: hashOf(height), height, work: BigInt(height) }
      },
    } as unknown as Chain // a tip has more to it, that no status tells
    const status = new StatusExchange({
      chain, clock, peers, name: `end ${at}`, account: new Uint8Array(32), log: pino({ level: 'silent' }),
      requests: {
        waitMs: () => 0,
        async status(_, own) {
          asked.push(clock.now())
          const other = ends[1 - at]!
          if (isDeaf()) await new Promise(() => {})
          other.status.told(other.peer, own, other.status.own())
          return { status: other.status.own(), latencyMs: 1, clockOffsetMs: 0 }
        },
      },
      accepted: () => {}, failed: () => {}, cut: () => {},
    })
    onTestFinished(() => status.stop())
    ends.push({ status, peer, asked, reach: (to) => {
      height = to
      status.tipChanged(false)
    } })
  }
  for (const { status, peer } of ends) status.greet(peer)
  const [dialler, dialled] = ends as [End, End] // two were made
  return { dialler, dialled }
}

/** Lets time pass, and what was promised follow from it. */
async function pass(clock: ManualClock, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += STEP_MS) {
    await new Promise(setImmediate)
    clock.advance(STEP_MS)
  }
  await new Promise(setImmediate)
}

test('the dialler tells first, the other one asks soon after; then, with no news, they ask in turn, once in fifteen seconds', async () => {
  const clock = createManualClock(0)
  const { dialler, dialled } = await connected(clock)
  await pass(clock, 100_000)
  expect([dialler.asked, dialled.asked]).toEqual([[0, 18_000, 48_000, 78_000], [3_000, 33_000, 63_000, 93_000]])
  expect(dialler.peer.status?.genesis).toBe(toHex(genesis.hash))
})

test('after a block that both have at the same time one exchange tells both, and it is the dialler’s', async () => {
  const clock = createManualClock(0)
  const { dialler, dialled } = await connected(clock)
  await pass(clock, 5_000)
  for (const end of [dialler, dialled]) end.reach(1)
  await pass(clock, 5_000)
  expect([dialler.asked, dialled.asked]).toEqual([[0, 6_000], [3_000]])
  expect([dialler.peer.status?.height, dialled.peer.status?.height]).toEqual([1, 1])
})

test('blocks that come within a second are told together, a second after the first of them', async () => {
  const clock = createManualClock(0)
  const { dialler } = await connected(clock)
  await pass(clock, 5_000)
  for (const height of [1, 2, 3]) {
    dialler.reach(height)
    await pass(clock, 300)
  }
  await pass(clock, 5_000)
  expect(dialler.asked).toEqual([0, 6_000])
  dialler.reach(4)
  await pass(clock, 2_000)
  expect(dialler.asked).toEqual([0, 6_000, 11_900])
})

test('a node that stops between a block and its status tells nobody', async () => {
  const clock = createManualClock(0)
  const { dialler } = await connected(clock)
  await pass(clock, 5_000)
  dialler.reach(1)
  dialler.status.stop()
  await pass(clock, 5_000)
  expect(dialler.asked).toEqual([0])
})

test('what only the one who was dialled has it tells half a second later', async () => {
  const clock = createManualClock(0)
  const { dialler, dialled } = await connected(clock)
  await pass(clock, 5_000)
  dialled.reach(1)
  await pass(clock, 5_000)
  expect([dialler.asked, dialled.asked]).toEqual([[0], [3_000, 6_500]])
  expect(dialler.peer.status?.height).toBe(1)
})

test('what nobody heard of by gossip is told at once, whoever dialled', async () => {
  const clock = createManualClock(0)
  const { dialler, dialled } = await connected(clock)
  await pass(clock, 5_000)
  dialled.reach(1)
  dialled.status.tipChanged(true)
  await pass(clock, 1_000)
  expect([dialler.asked, dialled.asked]).toEqual([[0], [3_000, 5_000]])
})

test('who is asked all the time asks all the same, every half a minute: only answers tell latency and clock', async () => {
  const clock = createManualClock(0)
  const { dialler, dialled } = await connected(clock)
  for (let block = 1; block <= 10; block++) {
    for (const end of [dialler, dialled]) end.reach(block)
    await pass(clock, 10_000)
  }
  expect(dialler.asked).toEqual([0, 11_000, 21_000, 31_000, 41_000, 51_000, 61_000, 71_000, 81_000, 91_000])
  expect(dialled.asked).toEqual([3_000, 33_000, 63_000, 93_000])
})

test('the dialled one asks also where it was told nothing', async () => {
  const clock = createManualClock(0)
  let isDeaf = true
  const { dialler, dialled } = await connected(clock, () => isDeaf)
  await pass(clock, 1_000)
  isDeaf = false
  await pass(clock, 5_000)
  expect([dialler.asked, dialled.asked]).toEqual([[0], [3_000]])
})
