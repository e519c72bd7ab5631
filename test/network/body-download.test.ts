/** The download of bodies alone: peers are functions here, so that each can answer, stall and lie when the test says so. */
import { afterEach, describe, expect, test } from 'vitest'
import type { Chain } from '../../src/chain/chain.ts'
import { type Clock, systemClock } from '../../src/chain/clock.ts'
import { toHex, type Hex } from '../../src/consensus/hex.ts'
import type { RuleError } from '../../src/consensus/errors.ts'
import { encodeBody, encodeHeader } from '../../src/consensus/types.ts'
import { BodyDownload } from '../../src/network/body-download.ts'
import { HeaderCandidate } from '../../src/network/header-candidate.ts'
import { PeerFault } from '../../src/network/network-error.ts'
import type { Peer } from '../../src/network/peers.ts'
import { LATE_MS, MAX_BODIES } from '../../src/network/protocols.ts'
import { type BlockBuilder, createBlockBuilder } from '../support/blocks.ts'
import { openChain, type TestChain } from '../support/chain.ts'
import { createManualClock } from '../support/manual-clock.ts'

let opened: TestChain | undefined
afterEach(() => opened?.stop())

type Take = (body: Uint8Array, index: number) => void
type Behaviour = (hashes: readonly Hex[], timeoutMs: number, take: Take) => Promise<void> | void

/** What the download needs to know of a peer. */
const peer = (key: string, height = 10_000): Peer => ({ key, status: { height } }) as Peer // only these two are looked at

interface Run {
  done: boolean
  judged: [who: string, code: string][]
  /** Batch sizes asked of each peer, in order. */
  asked: Record<string, number[]>
  timeouts: Record<string, number[]>
  lastFault: PeerFault | RuleError
}

interface Options {
  /** Of each peer's status. @default 10 000 */
  heights?: Record<string, number>
  /** @default the machine's */
  clock?: Clock
  /** Put before the chain. */
  wrap?: (add: Chain['add']) => Chain['add']
}

async function download(
  blocks: BlockBuilder,
  last: string,
  behaviours: Record<string, Behaviour>,
  { heights = {}, clock = systemClock, wrap = (add) => add }: Options = {},
): Promise<Run> {
  opened = openChain(blocks)
  const { chain } = opened
  const candidate = new HeaderCandidate(chain, { now: () => Number.MAX_SAFE_INTEGER }, chain.tip)
  await candidate.append(blocks.path(last).map(({ block }) => encodeHeader(block.header)), new AbortController().signal)
  const peers = Object.keys(behaviours).map((key) => peer(key, heights[key]))
  const [headersFrom] = peers
  if (headersFrom === undefined) throw new Error('name a peer')
  const judged: Run['judged'] = []
  const asked: Run['asked'] = {}
  const timeouts: Run['timeouts'] = {}
  const run = new BodyDownload(
    {
      chain: { add: wrap((block, origin) => chain.add(block, origin)) },
      clock,
      headersFrom,
      peers: () => peers,
      stalls: new Map(),
      added: () => {},
      judge: ({ key }, { code }) => judged.push([key, code]),
      requests: {
        async bodies({ key }, hashes, timeoutMs, signal, take) {
          ;(asked[key] ??= []).push(hashes.length)
          ;(timeouts[key] ??= []).push(timeoutMs)
          await new Promise(setImmediate)
          signal.throwIfAborted()
          await behaviours[key]?.(hashes, timeoutMs, take)
        },
      },
    },
    candidate,
    new AbortController().signal,
  )
  return { done: await run.run(), judged, asked, timeouts, lastFault: run.lastFault }
}

const honest = (blocks: BlockBuilder, last: string): Behaviour => {
  const bodies = new Map(blocks.path(last).map(({ hex, block }) => [hex, encodeBody(block.body)]))
  return (hashes, _timeoutMs, take) => {
    for (const [index, hash] of hashes.entries()) {
      const body = bodies.get(hash)
      if (body === undefined) return
      take(body, index)
    }
  }
}
const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await new Promise(setImmediate)
}
const stalls: Behaviour = () => Promise.reject(new PeerFault('peer-timeout', 'no body'))
const chainOf = (count: number): BlockBuilder => {
  const blocks = createBlockBuilder()
  blocks.blocks('a', 'genesis', count)
  return blocks
}

describe('the download of bodies', () => {
  test('shares the work among peers, in batches of at most 128', async () => {
    const blocks = chainOf(600)
    const { done, asked, judged } = await download(blocks, 'a600', { a: honest(blocks, 'a600'), b: honest(blocks, 'a600') })
    expect([done, judged]).toEqual([true, []])
    expect(opened?.tip()).toBeDefined()
    expect(opened?.chain.tip.height).toBe(600)
    expect(Object.keys(asked).sort()).toEqual(['a', 'b'])
    expect(Math.max(...Object.values(asked).flat())).toBeLessThanOrEqual(MAX_BODIES)
    expect(Object.values(asked).flat().reduce((sum, count) => sum + count)).toBe(600)
  })

  test('asks a peer for the rest of a short answer again', async () => {
    const blocks = chainOf(40)
    const all = honest(blocks, 'a40')
    const short: Behaviour = (hashes, timeoutMs, take) => all(hashes.slice(0, 7), timeoutMs, take)
    const { done, asked, judged } = await download(blocks, 'a40', { a: short })
    expect([done, judged]).toEqual([true, []])
    expect(asked['a']).toEqual([40, 33, 26, 19, 12, 5])
  })

  test('asks for whole batches, not for a body each time that one was added', async () => {
    const blocks = chainOf(3_000)
    const { done, asked } = await download(blocks, 'a3000', { a: honest(blocks, 'a3000') })
    expect(done).toBe(true)
    expect(asked['a']?.length).toBeLessThanOrEqual(Math.ceil(3_000 / MAX_BODIES) + 1)
  })

  test('gives the chain what arrived at once a block at a time: sockets get their turn in between', async () => {
    const blocks = chainOf(10)
    const log: string[] = []
    const clock: Clock = {
      ...systemClock,
      async turn() {
        log.push('turn')
        await turns(1)
      },
    }
    const wrap = (add: Chain['add']): Chain['add'] => (block, origin) => {
      log.push('add')
      return add(block, origin)
    }
    const { done } = await download(blocks, 'a10', { a: honest(blocks, 'a10') }, { clock, wrap })
    expect(done).toBe(true)
    expect(log.join(' ')).toBe(`${'add turn '.repeat(9)}add`)
  })

  test('gives the batch of whoever stalls to another, and asks that one no more while there is another', async () => {
    const blocks = chainOf(300)
    const { done, asked, judged } = await download(blocks, 'a300', { a: stalls, b: honest(blocks, 'a300') })
    expect(done).toBe(true)
    expect(judged).toEqual([['a', 'peer-timeout']])
    expect(asked['a']).toHaveLength(1)
  })

  test('asks the only peer once more when it stalls, with twice the time, and then gives up', async () => {
    const blocks = chainOf(5)
    const { done, timeouts, judged, lastFault } = await download(blocks, 'a5', { a: stalls })
    expect(done).toBe(false)
    expect(timeouts['a']).toEqual([2_000, 4_000])
    expect(judged).toEqual([['a', 'peer-timeout'], ['a', 'peer-timeout']])
    expect(lastFault.code).toBe('peer-timeout')
  })

  test('seven of eight peers stall, the eighth brings everything', async () => {
    const blocks = chainOf(300)
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
    const { done, judged } = await download(blocks, 'a300', {
      ...Object.fromEntries(names.map((name) => [name, stalls])),
      h: honest(blocks, 'a300'),
    })
    expect(done).toBe(true)
    expect(judged.map(([who]) => who).sort()).toEqual(names.slice(0, judged.length))
    expect(judged.every(([, code]) => code === 'peer-timeout')).toBe(true)
  })

  test('does not ask a peer for what is above its height, and blames no other branch for having nothing', async () => {
    const blocks = chainOf(300)
    const { done, asked, judged } = await download(
      blocks, 'a300',
      { a: honest(blocks, 'a300'), low: honest(blocks, 'a300'), other: () => {} },
      { heights: { low: 50 } },
    )
    expect([done, judged]).toEqual([true, []])
    expect(asked['low'] ?? []).toEqual([])
    expect(asked['other']).toHaveLength(1)
  })

  test('blames whoever gave the headers for having none of the bodies', async () => {
    const { done, judged } = await download(chainOf(5), 'a5', { a: () => {} })
    expect([done, judged]).toEqual([false, [['a', 'peer-missing-body']]])
  })

  test('throws away all that came from the sender of a wrong body, and asks others for it', async () => {
    const blocks = chainOf(200)
    const thiefs = encodeBody({ miner: new Uint8Array(32), transactions: [] })
    const wrong: Behaviour = (hashes, _timeoutMs, take) => hashes.forEach((_, index) => take(thiefs, index))
    const { done, judged } = await download(blocks, 'a200', { a: wrong, b: honest(blocks, 'a200') })
    expect([done, judged]).toEqual([true, [['a', 'block-bad-body-root']]])
    expect(opened?.chain.tip.hash).toBe(blocks.get('a200').hex)
  })

  test('a body that is none is judged the same', async () => {
    const blocks = chainOf(10)
    const { done, judged } = await download(blocks, 'a10', {
      a: (_hashes, _timeoutMs, take) => take(new Uint8Array(3), 0),
      b: honest(blocks, 'a10'),
    })
    expect(done).toBe(true)
    expect(judged).toContainEqual(['a', 'block-bad-encoding'])
  })

  test('holds no more than 16 MiB while the block that comes next is missing', async () => {
    const blocks = chainOf(600)
    const late = Promise.withResolvers<void>()
    let held = 0
    const { done, judged } = await download(blocks, 'a600', {
      // Has the first batch in hand, and lets it wait until the other has nothing to do any more.
      a: () => late.promise.then(() => Promise.reject(new PeerFault('peer-gone', 'left'))),
      // As much as a server ever sends in one answer, each time: two bodies of 1 MiB.
      b: (hashes, _timeoutMs, take) => {
        hashes.slice(0, 2).forEach((_, index) => take(new Uint8Array(1_048_576), index))
        held += 2
        if (held === 14) void turns(100).then(late.resolve)
      },
    }, { clock: createManualClock(0) })
    expect(done).toBe(false)
    expect(held).toBeLessThanOrEqual(16)
    expect(judged).toContainEqual(['a', 'peer-gone'])
  })

  test('gives the chain several blocks at once, and few enough to hold', async () => {
    const blocks = chainOf(100)
    let [inHand, most] = [0, 0]
    const { done } = await download(blocks, 'a100', { a: honest(blocks, 'a100') }, {
      wrap: (add) => async (block, origin) => {
        inHand += 1
        most = Math.max(most, inHand)
        const result = await add(block, origin)
        inHand -= 1
        return result
      },
    })
    expect(done).toBe(true)
    expect(most).toBe(16)
  })

  test('a peer that holds up all others for half a second loses the rest of its batch to one that is idle', async () => {
    const blocks = chainOf(300)
    const clock = createManualClock(0)
    const all = honest(blocks, 'a300')
    const ended = Promise.withResolvers<void>()
    const { done, asked, judged } = await download(
      blocks, 'a300',
      {
        // Brings five blocks of its first batch, and then nothing; its clock runs while the other has nothing to do.
        a: async (hashes, timeoutMs, take) => {
          await all(hashes.slice(0, 5), timeoutMs, take)
          await turns(200)
          clock.advance(LATE_MS)
          await ended.promise
        },
        b: all,
      },
      { clock },
    )
    ended.resolve()
    expect([done, judged]).toEqual([true, []])
    const [batch = 0] = asked['a'] ?? []
    expect(asked['a']).toHaveLength(1)
    expect(asked['b']?.reduce((sum, count) => sum + count)).toBe(300 - 5)
    expect(asked['b']).toContain(batch - 5)
  })

  test('a slow peer keeps its batch where nobody else is', async () => {
    const blocks = chainOf(20)
    const clock = createManualClock(0)
    const all = honest(blocks, 'a20')
    const slow: Behaviour = async (hashes, timeoutMs, take) => {
      await turns(10)
      clock.advance(10 * LATE_MS)
      await turns(10)
      await all(hashes, timeoutMs, take)
    }
    const { done, asked, judged } = await download(blocks, 'a20', { a: slow, low: all }, { clock, heights: { low: 0 } })
    expect([done, judged, asked['a']]).toEqual([true, [], [20]])
  })

  test('what others sent after a wrong body is kept', async () => {
    const blocks = chainOf(200)
    const all = honest(blocks, 'a200')
    const wrong: Behaviour = (hashes, timeoutMs, take) => {
      take(encodeBody({ miner: new Uint8Array(32), transactions: [] }), 0)
      return all(hashes.slice(1), timeoutMs, (body, index) => take(body, index + 1))
    }
    const { done, asked, judged } = await download(blocks, 'a200', { a: wrong, b: all })
    expect([done, judged]).toEqual([true, [['a', 'block-bad-body-root']]])
    expect(asked['a']).toHaveLength(1)
    expect(asked['b']?.reduce((sum, count) => sum + count)).toBe(200)
  })

  test('fails with the rule that a block breaks in itself', async () => {
    const blocks = createBlockBuilder({ funds: { alice: 100 } })
    blocks.block('a1', 'genesis')
    blocks.block('a2', 'a1', { transactions: [{ from: 'alice', to: 'bob', amount: 101 }] })
    await expect(download(blocks, 'a2', { a: honest(blocks, 'a2') })).rejects.toMatchObject({ code: 'transaction-overspend' })
    expect(opened?.chain.tip.hash).toBe(toHex(blocks.get('a1').hash))
  })
})
