import { afterEach, describe, expect, test } from 'vitest'
import { networkParams } from '../../src/consensus/params.ts'
import { encodeHeader } from '../../src/consensus/types.ts'
import { HeaderCandidate } from '../../src/network/header-candidate.ts'
import { createBlockBuilder } from '../support/blocks.ts'
import { openChain, type TestChain } from '../support/chain.ts'

const { signal } = new AbortController()
let opened: TestChain | undefined
afterEach(() => opened?.stop())

//   genesis ── a1 ── … ── a5 ── … ── a9       ours up to a5
//                    └── b4 ── b5 ── b6
function setUp() {
  // Real retargeting at a difficulty that costs nothing.
  const blocks = createBlockBuilder({ params: { ...networkParams('local'), halfLifeBlocks: 20 } })
  blocks.blocks('a', 'genesis', 9)
  blocks.block('b4', 'a3', { miner: 'ben' })
  blocks.blocks('c', 'b4', 2, { miner: 'ben' })
  opened = openChain(blocks)
  const { chain, clock } = opened
  const headersOf = (name: string, from = 0): Uint8Array[] =>
    blocks.path(name).slice(from).map(({ block }) => encodeHeader(block.header))
  const candidate = (): HeaderCandidate => new HeaderCandidate(chain, clock, chain.tip)
  return { blocks, clock, chain, opened, headersOf, candidate }
}

describe('a candidate', () => {
  test('that extends our chain counts what is new, and its work', async () => {
    const { blocks, chain, opened: node, headersOf, candidate: make } = setUp()
    await node.addAll('a1', 'a2', 'a3', 'a4', 'a5')
    const candidate = make()
    expect(await candidate.append(headersOf('a9', 5), signal)).toBe(true)
    expect(candidate).toMatchObject({ length: 4, height: 9, tip: blocks.get('a9').hex })
    expect(candidate.base.hash).toBe(blocks.get('a5').hex)
    const hashes = ['a6', 'a7', 'a8', 'a9'].map((name) => blocks.get(name).hex)
    expect([0, 1, 2, 3].map((index) => candidate.hash(index))).toEqual(hashes)
    expect(candidate.header(3)).toEqual(blocks.get('a9').block.header)
    await node.addAll('a6', 'a7', 'a8', 'a9')
    expect(candidate.work).toBe(chain.tip.work)
  })

  test('that overlaps our chain begins where they part', async () => {
    const { blocks, opened: node, headersOf, candidate: make } = setUp()
    await node.addAll('a1', 'a2', 'a3', 'a4', 'a5')
    const candidate = make()
    expect(await candidate.append(headersOf('c2'), signal)).toBe(true)
    expect(candidate).toMatchObject({ length: 3, height: 6 })
    expect(candidate.base.hash).toBe(blocks.get('a3').hex)
  })

  test('goes on with a second answer, and starts again where the peer has changed its branch', async () => {
    const { blocks, opened: node, headersOf, candidate: make } = setUp()
    await node.addAll('a1', 'a2', 'a3')
    const candidate = make()
    await candidate.append(headersOf('a5', 3), signal)
    await candidate.append(headersOf('a7', 5), signal)
    expect(candidate).toMatchObject({ length: 4, height: 7 })
    await candidate.append(headersOf('c2', 3), signal)
    expect(candidate).toMatchObject({ length: 3, height: 6, tip: blocks.get('c2').hex })
  })

  test('ends before a header that is too early, which is no fault', async () => {
    const { blocks, clock, opened: node, headersOf, candidate: make } = setUp()
    await node.add('a1')
    const candidate = make()
    expect(await candidate.append(headersOf('a9', 1), signal)).toBe(true)
    const future = blocks.block('late', 'a9', { timestamp: clock.now() + blocks.params.maxFutureMs + 1 })
    expect(await candidate.append([encodeHeader(future.block.header)], signal)).toBe(false)
    expect(candidate.tip).toBe(blocks.get('a9').hex)
  })

  test('whose headers do not follow one another, or nothing that we have, is refused', async () => {
    const { opened: node, headersOf, candidate: make } = setUp()
    await node.add('a1')
    const headers = headersOf('a9', 1)
    const unlinked = { code: 'peer-headers-unlinked' }
    await expect(make().append([...headers.slice(0, 1), ...headers.slice(2)], signal)).rejects.toMatchObject(unlinked)
    await expect(make().append(headers.slice(3), signal)).rejects.toMatchObject(unlinked)
  })

  test.each([
    ['block-bad-pow', { mined: false }],
    ['block-time-too-old', { timestamp: 1 }],
  ] as const)('with a header that breaks a rule is refused: %s', async (code, options) => {
    const { blocks, opened: node, headersOf, candidate: make } = setUp()
    await node.add('a1')
    const bad = blocks.block('bad', 'a9', options)
    await expect(make().append([...headersOf('a9', 1), encodeHeader(bad.block.header)], signal)).rejects.toMatchObject({ code })
  })

  test('with bits that are not exactly what the difficulty rule gives is refused', async () => {
    const { blocks, opened: node, headersOf, candidate: make } = setUp()
    await node.add('a1')
    const bad = blocks.block('bad', 'a9', { mutate: ({ header }) => { header.bits -= 1 } })
    const headers = [...headersOf('a9', 1), encodeHeader(bad.block.header)]
    await expect(make().append(headers, signal)).rejects.toMatchObject({ code: 'block-bad-bits' })
  })

  test('of four thousand headers keeps ninety-two bytes of each and lets others take turns', async () => {
    const blocks = createBlockBuilder()
    blocks.blocks('a', 'genesis', 4_000)
    opened = openChain(blocks)
    const { chain, clock } = opened
    const headers = blocks.path('a4000').map(({ block }) => encodeHeader(block.header))
    const candidate = new HeaderCandidate(chain, { now: () => clock.now() + 1e9 }, chain.tip)
    let turns = 0
    const turn = (): void => {
      turns += 1
      if (candidate.length < 4_000) setImmediate(turn)
    }
    setImmediate(turn)
    for (let at = 0; at < 4_000; at += 2_000) await candidate.append(headers.slice(at, at + 2_000), signal)
    expect(candidate.hash(3_999)).toBe(blocks.get('a4000').hex)
    expect(turns).toBeGreaterThan(20)
  })
})
