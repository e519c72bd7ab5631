/** Answers that may be kept and asked about: ETag, 304, HEAD; and request ids. Over the chain of drawn-chain.ts. */
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decodeBlock } from '../../src/consensus/types.ts'
import { address, blocks, draw, serveDrawn, teaId } from './drawn-chain.ts'
import { type Served, TOKEN } from './serve.ts'

let served: Served
beforeAll(async () => {
  served = await serveDrawn()
})
afterAll(() => served[Symbol.asyncDispose]())

const get = (path: string, headers: Record<string, string> = {}) => served.ask('GET', path, { headers })
const head = (path: string, headers: Record<string, string> = {}) => served.ask('HEAD', path, { headers })

const KEPT = ['/api/v1/blocks', '/api/v1/blocks/2', '/api/v1/headers', '/api/v1/network', `/api/v1/transactions/${teaId}`]

describe('ETag', () => {
  test.each(KEPT)('%s: asked about, and 304 without a body while nothing changed', async (path) => {
    const first = await get(path)
    expect(first.headers).toMatchObject({ etag: expect.stringMatching(/^"[\w-]{22}"$/), 'cache-control': 'no-cache' })
    for (const tags of [first.headers.etag!, `W/${first.headers.etag}`, `"other", ${first.headers.etag}`, '*']) {
      const again = await get(path, { 'if-none-match': tags })
      expect([again.status, again.text, again.headers.etag], tags).toEqual([304, '', first.headers.etag])
      expect(again.headers['content-type']).toBeUndefined()
    }
    const other = await get(path, { 'if-none-match': '"other"' })
    expect([other.status, other.text]).toEqual([200, first.text])
  })

  test('two forms of one block have two tags', async () => {
    const json = await get('/api/v1/blocks/2')
    const ssz = await get('/api/v1/blocks/2', { accept: 'application/octet-stream' })
    expect(json.headers).toMatchObject({ vary: 'accept', 'content-type': 'application/json; charset=utf-8' })
    expect(ssz.headers).toMatchObject({ vary: 'accept', 'content-type': 'application/octet-stream' })
    expect(ssz.headers.etag).not.toBe(json.headers.etag)
    expect((await get('/api/v1/blocks/2', { accept: 'application/octet-stream', 'if-none-match': json.headers.etag! })).status).toBe(200)
  })

  test('a block as SSZ is the block, by its hash', async () => {
    const { hex } = blocks.get('a2')
    const response = await fetch(`${served.server.url}/api/v1/blocks/${hex}`, { headers: { accept: 'application/octet-stream' } })
    const bytes = new Uint8Array(await response.arrayBuffer())
    expect(createHash('sha256').update(bytes.subarray(0, 92)).digest('hex')).toBe(hex)
    expect(decodeBlock(bytes).body.transactions).toHaveLength(2)
    const missing = await get(`/api/v1/blocks/${'0'.repeat(64)}`, { accept: 'application/octet-stream' })
    expect([missing.status, missing.json().error.code]).toEqual([404, 'block-not-found'])
  })

  test('what changes by the minute, by the caller, or by failing, is not stored', async () => {
    for (const path of ['/api/v1/status', '/api/v1/mempool', '/api/v1/peers', '/api/v1/blocks/99', `/api/v1/accounts/${address('bob')}`]) {
      const { headers } = await get(path)
      expect([headers.etag, headers['cache-control']], path).toEqual([undefined, 'no-store'])
    }
    const wallet = await get('/api/v1/wallet', { authorization: `Bearer ${TOKEN}` })
    expect(wallet.headers['cache-control']).toBe('no-store')
  })

  test('a block that left the best chain, or whose miner became known, is a new answer', async () => {
    const { chain, network } = served.node
    const path = `/api/v1/blocks/${blocks.get('a3').hex}`
    const first = await get(path)
    const [isBest, nameOf] = [chain.isBest.bind(chain), network.nameOf.bind(network)]
    chain.isBest = () => false
    const left = await get(path, { 'if-none-match': first.headers.etag! })
    expect([left.status, left.json().best]).toEqual([200, false])
    chain.isBest = isBest
    network.nameOf = () => 'owl'
    const named = await get(path, { 'if-none-match': first.headers.etag! })
    expect([named.status, named.json().minerName]).toEqual([200, 'owl'])
    network.nameOf = nameOf
    expect((await get(path, { 'if-none-match': first.headers.etag! })).status, 'as before').toBe(304)
  })

  test('a height names another block after a reorganisation, and its answer is another', async () => {
    await using other = await serveDrawn()
    const ask = (tag: string) => other.ask('GET', '/api/v1/blocks/1', { headers: { 'if-none-match': tag } })
    const { headers, json } = await ask('"none"')
    expect(json().hash).toBe(blocks.get('a1').hex)
    const more = draw()
    more.blocks('c', 'b1', 3)
    for (const name of ['c1', 'c2', 'c3']) await other.node.chain.add(more.get(name).block, 'gossip')
    const after = await ask(headers.etag!)
    expect([after.status, after.json().hash]).toEqual([200, blocks.get('b1').hex])
  })
})

describe('HEAD', () => {
  test.each([
    '/api/v1/status', '/api/v1/peers', '/api/v1/mempool', '/api/v1/forks', `/api/v1/accounts/${address('alice')}`,
    `/api/v1/accounts/${address('alice')}/transactions`, ...KEPT,
  ])('%s: as GET, without the body', async (path) => {
    const [whole, bare] = [await get(path), await head(path)]
    expect([bare.status, bare.text]).toEqual([200, ''])
    for (const name of ['content-type', 'cache-control', 'etag', 'vary']) expect(bare.headers[name], name).toBe(whole.headers[name])
    expect(bare.headers['content-length']).toMatch(/^\d+$/)
  })

  test('of what is not there, and of what did not change', async () => {
    expect((await head('/api/v1/blocks/99')).status).toBe(404)
    expect((await head('/nowhere')).status).toBe(404)
    const { headers } = await get('/api/v1/blocks/2')
    const { status, text, headers: same } = await head('/api/v1/blocks/2', { 'if-none-match': headers.etag! })
    expect([status, text, same['content-length']]).toEqual([304, '', headers['content-length']])
  })

  test('of the whole chain and of the events: no block is read for it, nothing is held open', async () => {
    const { chain } = served.node
    const block = chain.block.bind(chain)
    let read = 0
    chain.block = (hash) => (read++, block(hash))
    expect(await head('/chain')).toMatchObject({ status: 200, text: '', headers: { 'content-type': 'application/json; charset=utf-8' } })
    expect(await head('/api/v1/events')).toMatchObject({ status: 200, text: '', headers: { 'content-type': 'text/event-stream; charset=utf-8' } })
    chain.block = block
    expect(read).toBe(0)
  })
})

describe('request ids', () => {
  test('every answer has one, each its own', async () => {
    const ids = [await get('/api/v1/status'), await get('/nowhere'), await get('/'), await head('/api/v1/status')].map(
      ({ headers }) => headers['x-request-id'],
    )
    expect(new Set(ids).size).toBe(4)
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-\d+$/)
  })

  test('an error says its own, in the header and in the body', async () => {
    const { headers, json } = await get('/nowhere')
    expect(json().error).toEqual({ code: 'route-not-found', message: expect.any(String), requestId: headers['x-request-id'] })
  })

  test.each(['abc', 'trace-1:2.3_4', 'x'.repeat(64)])('a caller’s own is kept: %s', async (id) => {
    const { headers, json } = await get('/nowhere', { 'x-request-id': id })
    expect([headers['x-request-id'], json().error.requestId]).toEqual([id, id])
  })

  test.each(['', ' ', 'a b', 'x'.repeat(65), '"', 'ü', '{"a":1}'])('one that is no plain word is not: "%s"', async (id) => {
    const { headers } = await get('/api/v1/status', { 'x-request-id': id })
    expect(headers['x-request-id']).toMatch(/^[0-9a-f]{8}-\d+$/)
  })
})
