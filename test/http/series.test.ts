/** The chain over time: what the route gives, while the chain grows and changes, and how long blocks took to come. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Arrivals } from '../../src/http/series/arrivals.ts'
import { BlockColumns } from '../../src/http/series/block-columns.ts'
import { createBlockBuilder } from '../support/blocks.ts'
import { openChain } from '../support/chain.ts'
import { createManualClock, type ManualClock } from '../support/manual-clock.ts'
import { serve, type Served } from './serve.ts'

//   genesis ── a1 ── … ── a5 ── … ── a300        a3: alice pays bob twice, fees 2 and 5
//                └── b2 ── … ── b7
const blocks = createBlockBuilder({ seed: 3, funds: { alice: 1_000 } })
blocks.blocks('a', 'genesis', 2)
const pay = (fee: number) => ({ from: 'alice', to: 'bob', amount: 1, fee })
blocks.block('a3', 'a2', { transactions: [{ ...pay(2), nonce: 0 }, { ...pay(5), nonce: 1 }] })
for (let height = 4; height <= 300; height++) blocks.block(`a${height}`, `a${height - 1}`)
for (let height = 2; height <= 7; height++) blocks.block(`b${height}`, `b${height - 1}`.replace('b1', 'a1'), { miner: 'bob' })
const timeOf = (name: string): number => blocks.get(name).block.header.timestamp

let clock: ManualClock
let served: Served
beforeEach(async () => {
  clock = createManualClock(timeOf('a300'))
  served = await serve({ network: blocks.params, clock })
})
afterEach(() => served[Symbol.asyncDispose]())

const add = async (...names: string[]): Promise<void> => {
  for (const name of names) await served.node.chain.add(blocks.get(name).block, 'sync')
}
const names = (prefix: string, first: number, last: number): string[] =>
  Array.from({ length: last - first + 1 }, (_, at) => `${prefix}${first + at}`)

describe('GET /api/v1/series', () => {
  test('of a chain with nothing but genesis is empty', async () => {
    const { heights, step, tip } = await served.stranger.series()
    expect([heights, step, tip]).toEqual([[], 1, served.node.chain.tip.hash])
  })

  test('says what each block’s own answer says', async () => {
    await add(...names('a', 1, 10))
    const series = await served.stranger.series()
    expect(series).toMatchObject({ step: 1, tip: blocks.get('a10').hex, heights: Array.from({ length: 10 }, (_, at) => at + 1) })
    for (const [at, height] of series.heights.entries()) {
      const { timestamp, difficulty, transactionCount, fees } = await served.stranger.block(height)
      expect([series.timestamps[at], series.difficulties[at], series.transactions.median[at], series.fees.median[at]])
        .toEqual([timestamp, difficulty, transactionCount, fees])
    }
    expect(series.fees.median[2]).toBe(7)
    expect(series.intervalMs.median).toEqual([null, ...Array.from({ length: 9 }, () => 10_000)])
  })

  test('between two times, ends included; in no more groups than were asked for', async () => {
    await add(...names('a', 1, 300))
    const hour = await served.stranger.series({ since: timeOf('a5'), until: timeOf('a9') })
    expect(hour.heights).toEqual([5, 6, 7, 8, 9])
    expect((await served.stranger.series({ since: timeOf('a300') + 1 })).heights).toEqual([])
    expect((await served.stranger.series({ until: timeOf('a1') - 1 })).heights).toEqual([])
    expect((await served.stranger.series({ since: timeOf('a9'), until: timeOf('a5') })).heights).toEqual([])
    const few = await served.stranger.series({ since: timeOf('a3'), points: 10 })
    expect(few.step).toBe(64)
    expect(few.heights).toEqual([64, 128, 192, 256, 300])
    expect(few.blocks.reduce((sum, each) => sum + each)).toBe(300)
  })

  test('follows the best chain: what left it is in no answer, what joined it is', async () => {
    await add(...names('a', 1, 5))
    expect((await served.stranger.series()).fees.median).toEqual([0, 0, 7, 0, 0])
    await add(...names('b', 2, 7))
    const { heights, fees, tip } = await served.stranger.series()
    expect([heights, fees.median, tip]).toEqual([[1, 2, 3, 4, 5, 6, 7], [0, 0, 0, 0, 0, 0, 0], blocks.get('b7').hex])
  })

  test('an answer is one chain, although the best one changes while blocks are read', async () => {
    await add(...names('a', 1, 5))
    // A server that begins now has read none of them.
    const { chain } = served.node
    const columns = new BlockColumns({ chain, arrivals: new Arrivals(served.node) })
    columns.start()
    const before = chain.encodedBody.bind(chain)
    let switched: Promise<void> | undefined
    chain.encodedBody = (hash) => {
      switched ??= add(...names('b', 2, 7))
      return before(hash)
    }
    await columns.read(0, 5)
    await switched
    expect(columns.have(0, 5)).toBe(true) // noted as it came
    expect([...columns.fees.subarray(0, 6)]).toEqual([0, 0, 0, 0, 0, 0])
    chain.encodedBody = before
    columns.stop()
  })

  test('may be kept and asked about', async () => {
    await add('a1')
    const first = await served.ask('GET', '/api/v1/series')
    expect((await served.ask('GET', '/api/v1/series', { headers: { 'if-none-match': first.headers.etag } })).status).toBe(304)
    await add('a2')
    expect((await served.ask('GET', '/api/v1/series', { headers: { 'if-none-match': first.headers.etag } })).status).toBe(200)
  })

  test.each([
    ['points=1', /points must be a whole number of groups from 2 to 2000, not 1/],
    ['points=2001', /not 2001/],
    ['since=yesterday', /since must be a whole number of milliseconds since the Unix epoch/],
    ['until=-1', /until must be/],
    ['from=3', /"from" is not known here: there are since, until, points/],
  ])('?%s: refused in one line', async (query, message) => {
    const { status, json } = await served.ask('GET', `/api/v1/series?${query}`)
    expect([status, json().error.code]).toEqual([400, 'bad-request'])
    expect(json().error.message).toMatch(message)
  })
})

describe('how long a block took to come', () => {
  const arrivals = async (): Promise<unknown[]> => (await served.stranger.series()).arrivalMs.median

  test('is known of what gossip brought, by both clocks; not of this node’s own, nor of a sync', async () => {
    const { chain } = served.node
    await chain.add(blocks.get('a1').block, 'sync')
    await chain.add(blocks.get('a2').block, 'local')
    await chain.add(blocks.get('a3').block, 'gossip')
    clock.advance(250)
    await chain.add(blocks.get('a4').block, 'gossip')
    expect(await arrivals()).toEqual([null, null, timeOf('a300') - timeOf('a3'), timeOf('a300') + 250 - timeOf('a4')])
  })

  test('ends when it first came, whatever it had to wait for, and on whichever branch', async () => {
    const { chain } = served.node
    await chain.add(blocks.get('a1').block, 'gossip')
    await chain.add(blocks.get('a3').block, 'gossip') // its parent is missing
    await chain.add(blocks.get('b2').block, 'gossip')
    clock.advance(9_000)
    await chain.add(blocks.get('a2').block, 'gossip')
    clock.advance(1_000)
    await chain.add(blocks.get('b3').block, 'gossip')
    await chain.add(blocks.get('b4').block, 'gossip')
    expect(chain.tip.hash).toBe(blocks.get('b4').hex)
    const came = timeOf('a300')
    expect(await arrivals()).toEqual([
      came - timeOf('a1'), came - timeOf('b2'), came + 10_000 - timeOf('b3'), came + 10_000 - timeOf('b4'),
    ])
  })

  test('is known again when a branch comes back', async () => {
    const { chain } = served.node
    const cross = async (...names: string[]) => {
      for (const name of names) await chain.add(blocks.get(name).block, 'gossip')
    }
    await cross('a1', 'a2', 'b2', 'b3')
    expect(chain.isBest(blocks.get('a2').hex)).toBe(false)
    clock.advance(5_000)
    await cross('a3', 'a4')
    expect(chain.tip.hash).toBe(blocks.get('a4').hex)
    const came = timeOf('a300')
    expect(await arrivals()).toEqual([came - timeOf('a1'), came - timeOf('a2'), came + 5_000 - timeOf('a3'), came + 5_000 - timeOf('a4')])
  })

  test('is less than nothing where the miner’s clock is ahead', async () => {
    clock.advance(timeOf('a1') - timeOf('a300') - 300)
    await served.node.chain.add(blocks.get('a1').block, 'gossip')
    expect(await arrivals()).toEqual([-300])
  })

  test('is forgotten of the oldest, and never kept of what was refused', async () => {
    const other = openChain(blocks)
    const kept = new Arrivals({ chain: other.chain, clock: other.clock }, { maxBlocks: 2 })
    kept.start()
    await other.addAll('a1', 'a2', 'a3')
    const { block, hex } = createBlockBuilder({ seed: 4 }).block('c1', 'genesis')
    expect(await other.offer({ ...block, header: { ...block.header, version: 2 } })).toBe('block-bad-version')
    expect(['a1', 'a2', 'a3'].map((name) => kept.of(blocks.get(name).hex) !== undefined)).toEqual([false, true, true])
    expect(kept.of(hex)).toBeUndefined()
    kept.stop()
    await other.add('a4')
    expect(kept.of(blocks.get('a4').hex)).toBeUndefined()
    await other.stop()
  })
})
