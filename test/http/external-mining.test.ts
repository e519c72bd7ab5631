/** Miners outside the node: what they are given, what becomes of what they hand in, and how much they may ask. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { toAddress } from '../../src/consensus/account.ts'
import { sha256 } from '../../src/consensus/hash.ts'
import { fromHex, toHex } from '../../src/consensus/hex.ts'
import { decodeBody, decodeHeader, encodeBlock, encodeHeader, type Header } from '../../src/consensus/types.ts'
import type { MiningTemplate } from '../../src/http/api.ts'
import { createBlockBuilder, mine } from '../support/blocks.ts'
import { createManualClock, type ManualClock } from '../support/manual-clock.ts'
import { serve, type Served, TOKEN } from './serve.ts'

const blocks = createBlockBuilder({ funds: { alice: 1_000 } })
const CAROL = toAddress(new Uint8Array(32).fill(7))

let served: Served
let clock: ManualClock
beforeEach(async () => {
  clock = createManualClock(blocks.get('genesis').block.header.timestamp + 1_000_000)
  served = await serve({ network: blocks.params, clock })
})
afterEach(() => served[Symbol.asyncDispose]())

/** The nonces that solve a template, from 0 on, and then those that do not. */
function nonces({ header, target }: MiningTemplate, count = 200): { right: number[]; wrong: number[] } {
  const bytes = fromHex(header)
  const right: number[] = []
  const wrong: number[] = []
  for (let nonce = 0; nonce < count; nonce++) {
    new DataView(bytes.buffer, bytes.byteOffset).setBigUint64(84, BigInt(nonce), true)
    ;(toHex(sha256(bytes)) <= target ? right : wrong).push(nonce)
  }
  return { right, wrong }
}
const solve = (template: MiningTemplate): number => nonces(template).right[0]!
/** A template as a whole block, its header changed as a test likes and mined again. */
function whole({ header, body }: MiningTemplate, change: Partial<Header> = {}): string {
  const changed = { ...decodeHeader(fromHex(header)), ...change }
  if (change.nonce === undefined) mine(changed)
  return toHex(encodeBlock({ header: changed, body: decodeBody(fromHex(body ?? '')) }))
}
const failure = (status: number, code: string, message: unknown = expect.any(String)) => expect.objectContaining({ status, code, message })

describe('a template', () => {
  test('is the next block in every respect', async () => {
    const { node, stranger } = served
    const pending = node.mempool.add(blocks.pay({ from: 'alice', to: 'bob', amount: 30, fee: 2 }), 'local')
    const template = await stranger.template(CAROL, { body: true })
    const header = decodeHeader(fromHex(template.header))
    expect(template).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{16}$/),
      header: toHex(encodeHeader(header)),
      target: '7fffff'.padEnd(64, '0'),
      height: 1,
      parent: blocks.get('genesis').hex,
      bodyRoot: toHex(header.bodyRoot),
      timestamp: clock.now(),
      bits: '207fffff',
      miner: CAROL,
      pays: 52,
      transactionCount: 1,
      body: expect.any(String),
    })
    expect(header).toMatchObject({ version: 1, height: 1, timestamp: template.timestamp, bits: 0x207fffff, nonce: 0 })
    expect(fromHex(template.header)).toHaveLength(92)
    expect(decodeBody(fromHex(template.body!))).toEqual({ miner: new Uint8Array(32).fill(7), transactions: [pending.transaction] })
    expect((await stranger.template(CAROL)).body).toBeNull()
  })

  test('is nobody else’s: two that ask at once search different headers', async () => {
    const templates = await Promise.all(Array.from({ length: 5 }, () => served.stranger.template(CAROL)))
    expect(new Set(templates.map(({ header }) => header)).size).toBe(5)
    expect(new Set(templates.map(({ id }) => id)).size).toBe(5)
  })

  test('is refused while the node is catching up', async () => {
    served.node.miner.hold(true)
    await expect(served.stranger.template(CAROL)).rejects.toThrow(failure(503, 'mining-catching-up'))
    served.node.miner.hold(false)
    await expect(served.stranger.template(CAROL)).resolves.toMatchObject({ height: 1 })
  })

  test.each([
    ['', 'miner is missing: it must be an account, cairn1…'],
    ['?miner=cairn1nobody', expect.any(String)],
    [`?miner=${CAROL}&body=1`, 'body must be true or false, not 1'],
  ])('asked for by %s: said plainly', async (query, message) => {
    const { status, json } = await served.ask('GET', `/api/v1/mining/template${query}`)
    expect([status, json().error.message]).toEqual([400, message])
  })
})

describe('handing in', () => {
  test('a nonce: the block is on the chain, and pays whom the template says', async () => {
    const { node, stranger } = served
    for (const height of [1, 2, 3]) {
      const template = await stranger.template(CAROL)
      expect(await stranger.submitBlock({ id: template.id, nonce: solve(template) })).toEqual({ height, hash: node.chain.tip.hash })
    }
    expect(await stranger.account(CAROL)).toMatchObject({ balance: 150 })
  })

  test('a nonce with an advanced timestamp', async () => {
    const { node, stranger } = served
    const { id, header } = await stranger.template(CAROL)
    const advanced = { ...decodeHeader(fromHex(header)), timestamp: clock.now() + 5_000 }
    mine(advanced)
    await stranger.submitBlock({ id, nonce: advanced.nonce, timestamp: advanced.timestamp })
    expect(node.chain.tip.header).toEqual(advanced)
  })

  test('a whole block, with what the miner likes to put into it', async () => {
    const { node, stranger } = served
    const block = whole(await stranger.template(CAROL, { body: true }))
    expect(await stranger.submitBlock({ block: block.toUpperCase() })).toEqual({ height: 1, hash: node.chain.tip.hash })
  })

  test('on top of a side branch that thereby wins: it counts', async () => {
    const { node, stranger } = served
    const [a1, b1] = [blocks.block('a1', 'genesis', { miner: 'ann' }), blocks.block('b1', 'genesis', { miner: 'ben' })]
    const b2 = blocks.block('b2', 'b1', { miner: 'ben' })
    clock.advance(b2.block.header.timestamp - clock.now())
    await node.chain.add(a1.block, 'gossip')
    await node.chain.add(b1.block, 'gossip')
    expect(await stranger.submitBlock({ block: toHex(encodeBlock(b2.block)) })).toEqual({ height: 2, hash: b2.hex })
  })

  test('template-stale: another block came first; it is kept as a side branch', async () => {
    const { node, stranger, client } = served
    const [byId, asWhole] = [await stranger.template(CAROL), await stranger.template(CAROL, { body: true })]
    await client.mineBlocks(1)
    const tip = node.chain.tip.hash
    const stale = failure(409, 'template-stale', expect.stringMatching(/^block [0-9a-f]{64} is kept as a side branch/))
    await expect(stranger.submitBlock({ id: byId.id, nonce: solve(byId) })).rejects.toThrow(stale)
    await expect(stranger.submitBlock({ block: whole(asWhole) })).rejects.toThrow(stale)
    expect(node.chain.tip.hash).toBe(tip)
    expect(node.chain.branches().length).toBeGreaterThanOrEqual(2) // a thread may have found one more in the same instant
  })

  test('template-unknown: never given, or two minutes ago', async () => {
    const { stranger } = served
    const template = await stranger.template(CAROL)
    const unknown = failure(404, 'template-unknown', expect.stringContaining('get a new one'))
    await expect(stranger.submitBlock({ id: 'f'.repeat(16), nonce: 0 })).rejects.toThrow(unknown)
    clock.advance(120_000)
    await expect(stranger.submitBlock({ id: template.id, nonce: solve(template) })).rejects.toThrow(unknown)
  })

  test('block-bad-pow, and every other rule by its code: nothing is kept', async () => {
    const { node, stranger } = served
    const template = await stranger.template(CAROL, { body: true })
    const refused = (request: Parameters<typeof stranger.submitBlock>[0], status: number, code: string) =>
      expect(stranger.submitBlock(request), code).rejects.toThrow(failure(status, code))
    await refused({ id: template.id, nonce: nonces(template).wrong[0]! }, 422, 'block-bad-pow')
    await refused({ block: whole(template, { nonce: nonces(template).wrong[0]! }) }, 422, 'block-bad-pow')
    await refused({ block: whole(template, { height: 2 }) }, 422, 'block-bad-height')
    await refused({ block: whole(template, { bodyRoot: new Uint8Array(32) }) }, 422, 'block-bad-body-root')
    await refused({ block: `${whole(template)}00` }, 400, 'block-bad-encoding')
    await refused({ block: whole(template).slice(0, -2) }, 400, 'bad-request')
    expect(node.chain.tip.height).toBe(0)
    expect(node.chain.branches()).toEqual([])
  })

  test('block-known, block-unknown-parent, block-too-early: 409, each with what to do', async () => {
    const { node, stranger } = served
    const template = await stranger.template(CAROL, { body: true })
    const refused = (block: string, code: string) => expect(stranger.submitBlock({ block })).rejects.toThrow(failure(409, code))
    await refused(whole(template, { parent: new Uint8Array(32).fill(1) }), 'block-unknown-parent')
    await refused(whole(template, { timestamp: clock.now() + 3_600_000 }), 'block-too-early')
    const { id } = template
    await stranger.submitBlock({ id, nonce: solve(template) })
    await expect(stranger.submitBlock({ id, nonce: solve(template) })).rejects.toThrow(failure(409, 'block-known'))
    expect(node.chain.tip.height).toBe(1)
  })

  test.each([
    [{}, 'id is missing: it must be the id of a template, 16 hex digits'],
    [{ id: 'x' }, 'nonce is missing: it must be a whole number from 0 to 9007199254740991'],
    [{ id: 'x', nonce: 2 ** 53 }, /^nonce must be a whole number/],
    [{ id: 'x', nonce: -1 }, /^nonce must be a whole number/],
    [{ id: 'x', nonce: 0, proof: 1 }, '"proof" is not known here: there are id, nonce, timestamp'],
    [{ block: 'abc' }, /^block must be the SSZ encoding of a block, 132 to 1048576 bytes/],
    [{ block: 'z'.repeat(400) }, 'block must be hex digits, two a byte: something else is in it'],
  ])('of %o: said plainly', async (body, message) => {
    const { status, json } = await served.ask('POST', '/api/v1/mining/submit', {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    expect([status, json().error.message]).toEqual([400, typeof message === 'string' ? message : expect.stringMatching(message)])
  })

  test('a body larger than any block: 413, and no other route takes more than before', async () => {
    const post = (path: string, bytes: number) =>
      served.ask('POST', path, { headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` }, body: ' '.repeat(bytes) })
    expect((await post('/api/v1/mining/submit', 2 * blocks.params.maxBlockBytes)).json().error.code).toBe('bad-json')
    expect((await post('/api/v1/mining/submit', 2 * blocks.params.maxBlockBytes + 1_025)).status).toBe(413)
    expect((await post('/api/v1/transactions', 65_537)).status).toBe(413)
  })
})

describe('limits', () => {
  test('a caller may ask for so many templates and hand in so many blocks a second; with the token, any number', async () => {
    const { stranger, client } = served
    const count = async (ask: () => Promise<unknown>, times: number): Promise<number> => {
      let granted = 0
      for (let i = 0; i < times; i++) {
        const code = await ask().then(() => 'granted', ({ code }: { code: string }) => code)
        if (code !== 'too-many-requests') granted++
      }
      return granted
    }
    const [nothing, template] = [{ id: 'none', nonce: 0 }, () => stranger.template(CAROL)]
    expect(await count(template, 60)).toBe(40)
    expect(await count(() => stranger.submitBlock(nothing), 60)).toBe(40)
    clock.advance(1_000)
    expect(await count(template, 60)).toBe(10)
    expect(await count(() => stranger.submitBlock(nothing), 60)).toBe(10)
    expect(await count(() => client.template(CAROL), 60)).toBe(60)
    expect(await count(() => client.submitBlock(nothing), 60)).toBe(60)
  })

  test('256 templates are remembered, the newest', async () => {
    const { client } = served
    const templates: MiningTemplate[] = []
    for (let i = 0; i < 257; i++) templates.push(await client.template(CAROL))
    await expect(client.submitBlock({ id: templates[0]!.id, nonce: solve(templates[0]!) })).rejects.toThrow(failure(404, 'template-unknown'))
    await expect(client.submitBlock({ id: templates[1]!.id, nonce: solve(templates[1]!) })).resolves.toMatchObject({ height: 1 })
  })
})
