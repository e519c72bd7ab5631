/** Headers for light clients: what they can check from the answer alone, and pages while the chain changes. */
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toHex } from '../../src/consensus/hex.ts'
import { createBlockBuilder } from '../support/blocks.ts'
import { serve, type Served } from './serve.ts'

//   genesis ── a1 ── … ── a600
//     └─ b1 ── … ── b602
const blocks = createBlockBuilder({ seed: 11 })
blocks.blocks('a', 'genesis', 600)
blocks.blocks('b', 'genesis', 602, { miner: 'bob' })

let served: Served
beforeAll(async () => {
  served = await serve({ network: blocks.params })
  for (const { block } of blocks.path('a600')) await served.node.chain.add(block, 'gossip')
})
afterAll(() => served[Symbol.asyncDispose]())

const raw = async (path: string, accept: string): Promise<Response> => fetch(served.server.url + path, { headers: { accept } })

describe('a light client', () => {
  /**
   * All that it needs: the bytes, PROTOCOL.md part 1 and 4, SHA-256, and the hash of genesis. Nothing of Cairn's.
   * @returns the work of the headers, and the hash of the last
   */
  function check(bytes: Uint8Array, parent: string): { work: bigint; tip: string; count: number } {
    let work = 0n
    let tip = parent
    for (let at = 0; at < bytes.length; at += 92) {
      const header = bytes.subarray(at, at + 92)
      const view = new DataView(header.buffer, header.byteOffset, 92)
      expect(view.getUint32(0, true), 'version').toBe(1)
      expect(toHex(header.subarray(8, 40)), 'parent').toBe(tip)
      const bits = view.getUint32(80, true)
      const target = BigInt(bits & 0x7fffff) << BigInt(8 * ((bits >>> 24) - 3))
      tip = createHash('sha256').update(header).digest('hex')
      expect(BigInt(`0x${tip}`) <= target, `work of block ${view.getUint32(4, true)}`).toBe(true)
      work += 2n ** 256n / (target + 1n)
    }
    return { work, tip, count: bytes.length / 92 }
  }

  test('checks parents and work from the bytes alone, and comes to the node’s own tip and work', async () => {
    const { genesis } = await served.stranger.network()
    const response = await raw('/api/v1/headers?from=1&limit=2000', 'application/octet-stream')
    expect(response.headers.get('content-type')).toBe('application/octet-stream')
    expect(response.headers.get('vary')).toBe('accept')
    const checked = check(new Uint8Array(await response.arrayBuffer()), genesis)
    const { tip, height, work } = await served.stranger.status()
    expect(checked).toMatchObject({ tip, count: height })
    // Chain work begins with genesis's own, of the same bits here.
    const ofGenesis = served.node.chain.record(genesis)!.work
    expect((checked.work + ofGenesis).toString(16)).toBe(work)
  })

  test('sees a header that was changed', async () => {
    const { genesis } = await served.stranger.network()
    const bytes = new Uint8Array(await (await raw('/api/v1/headers?from=1&limit=3', 'application/octet-stream')).arrayBuffer())
    bytes[92 + 75]! ^= 1 // a timestamp
    expect(() => check(bytes, genesis)).toThrow()
  })
})

test('JSON and SSZ say the same, genesis included', async () => {
  const { headers, next } = await served.stranger.headers({ from: 0, limit: 3 })
  expect(headers.map(({ height, hash }) => [height, hash])).toEqual([0, 1, 2].map((at) => [at, served.node.chain.hashAt(at)]))
  expect(next).toBe(3)
  const bytes = new Uint8Array(await (await raw('/api/v1/headers?limit=3', 'application/octet-stream')).arrayBuffer())
  const hashes = [0, 92, 184].map((at) => createHash('sha256').update(bytes.subarray(at, at + 92)).digest('hex'))
  expect(hashes).toEqual(headers.map(({ hash }) => hash))
})

test('in pages, to the chain’s end and not beyond', async () => {
  const seen: string[] = []
  let from: number | null = 0
  while (from !== null) {
    const page = await served.stranger.headers({ from, limit: 251 })
    seen.push(...page.headers.map(({ hash }) => hash))
    from = page.next
  }
  expect(seen).toEqual(Array.from({ length: 601 }, (_, at) => served.node.chain.hashAt(at)))
  expect(await served.stranger.headers({ from: 601 })).toEqual({ headers: [], next: null })
  expect(await served.stranger.headers({ from: 4_000_000_000 })).toEqual({ headers: [], next: null })
  expect((await served.stranger.headers({ from: 600 })).headers).toHaveLength(1)
})

test.each([
  ['from=-1', /from must be a whole number of blocks/],
  ['from=x', /from must be/],
  ['limit=0', /limit must be a whole number of entries from 1 to 2000, not 0/],
  ['limit=2001', /from 1 to 2000, not 2001/],
  ['before=3', /"before" is not known here: there are from, limit/],
])('?%s: refused in one line', async (query, message) => {
  const { status, json } = await served.ask('GET', `/api/v1/headers?${query}`)
  expect([status, json().error.code]).toEqual([400, 'bad-request'])
  expect(json().error.message).toMatch(message)
})

test('an answer is one chain, although the best one changes while it is made', async () => {
  const { chain } = served.node
  const before = chain.headersAfter.bind(chain)
  let reads = 0
  const switched = Promise.withResolvers<void>()
  // After the first part of the answer everything moves to the other branch.
  chain.headersAfter = (locator, limit) => {
    const part = before(locator, limit)
    if (++reads === 1) void addAll().then(switched.resolve, switched.reject)
    return part
  }
  const addAll = async (): Promise<void> => {
    for (const { block } of blocks.path('b602')) await chain.add(block, 'gossip')
  }
  const { headers } = await served.stranger.headers({ from: 1, limit: 2000 })
  await switched.promise
  chain.headersAfter = before
  expect(chain.tip.hash).toBe(blocks.get('b602').hex)
  headers.slice(1).forEach(({ parent }, at) => expect(parent).toBe(headers[at]!.hash))
  expect([blocks.get('a1').hex, blocks.get('b1').hex]).toContain(headers[0]!.hash)
})
