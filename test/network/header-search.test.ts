/** The search for a branch alone: peers are functions here, and the clock stands until the test moves it. */
import { afterEach, describe, expect, test } from 'vitest'
import { toHex } from '../../src/consensus/hex.ts'
import { encodeHeader } from '../../src/consensus/types.ts'
import { type Branch, HeaderSearch } from '../../src/network/header-search.ts'
import { PeerFault } from '../../src/network/network-error.ts'
import type { Peer } from '../../src/network/peers.ts'
import { LATE_MS, MAX_SEARCHED_PEERS } from '../../src/network/protocols.ts'
import { type BlockBuilder, createBlockBuilder } from '../support/blocks.ts'
import { openChain, type TestChain } from '../support/chain.ts'
import { createManualClock } from '../support/manual-clock.ts'

let opened: TestChain | undefined
afterEach(() => opened?.stop())

type Behaviour = (signal: AbortSignal) => Promise<Uint8Array[]>
const stalls: Behaviour = (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
const answers = (blocks: BlockBuilder, last: string): Behaviour => () =>
  Promise.resolve(blocks.path(last).map(({ block }) => encodeHeader(block.header)))
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
}

/** Begins a search among peers that claim much work, in this order. */
function search(blocks: BlockBuilder, behaviours: Record<string, Behaviour>) {
  opened = openChain(blocks)
  const clock = createManualClock(Date.now() * 2)
  const peers: Peer[] = []
  const come = (key: string): number => peers.push({ key, status: { work: 2n ** 40n } } as Peer) // only these are looked at
  Object.keys(behaviours).forEach(come)
  const asked: string[] = []
  const told: string[] = []
  const stopping = new AbortController()
  const run = new HeaderSearch(
    {
      chain: opened.chain,
      clock,
      next: (asked) => peers.find((peer) => !asked.has(peer)),
      failed: ({ key }, error) => told.push(`${key} ${error instanceof PeerFault ? error.code : String(error)}`),
      early: ({ key }) => told.push(`${key} early`),
      late: ({ key }) => told.push(`${key} late`),
      requests: {
        async headers({ key }, _locator, signal) {
          asked.push(key)
          const headers = await behaviours[key]?.(signal)
          return headers ?? []
        },
      },
    },
    stopping.signal,
  )
  return { clock, asked, told, stopping, come, branch: run.run() }
}
const winner = (branch: Branch | undefined): string | undefined => branch?.peer.key
const chain = (): BlockBuilder => {
  const blocks = createBlockBuilder()
  blocks.blocks('a', 'genesis', 5)
  return blocks
}

describe('a search for headers', () => {
  test('takes the first peer’s branch, and asks nobody else', async () => {
    const blocks = chain()
    const { asked, told, branch } = search(blocks, { a: answers(blocks, 'a5'), b: answers(blocks, 'a5') })
    expect(winner(await branch)).toBe('a')
    expect((await branch)?.candidate).toMatchObject({ length: 5, tip: toHex(blocks.get('a5').hash) })
    expect([asked, told]).toEqual([['a'], []])
  })

  test('asks another peer beside one that does not answer, half a second later', async () => {
    const blocks = chain()
    const { clock, asked, told, branch } = search(blocks, { a: stalls, b: answers(blocks, 'a5') })
    await turns()
    clock.advance(LATE_MS - 1)
    await turns()
    expect(asked).toEqual(['a'])
    clock.advance(1)
    expect(winner(await branch)).toBe('b')
    expect(told).toEqual(['a late'])
    expect(clock.pending).toBe(0)
  })

  test('asks the next one at once where one fails, or has less than it claims', async () => {
    const blocks = chain()
    const { told, branch } = search(blocks, {
      a: () => Promise.reject(new PeerFault('peer-gone', 'left')),
      b: () => Promise.resolve([]),
      c: answers(blocks, 'a5'),
    })
    expect(winner(await branch)).toBe('c')
    expect(told).toEqual(['a peer-gone', 'b peer-low-work'])
  })

  test('ends with nothing where nobody has a branch', async () => {
    const { told, branch } = search(chain(), { a: () => Promise.resolve([]) })
    expect(await branch).toBe(undefined)
    expect(told).toEqual(['a peer-low-work'])
  })

  test('asks a peer that comes while others stall', async () => {
    const blocks = chain()
    const behaviours: Record<string, Behaviour> = { a: stalls }
    const { clock, come, branch } = search(blocks, behaviours)
    await turns()
    clock.advance(LATE_MS)
    await turns()
    behaviours['b'] = answers(blocks, 'a5')
    come('b')
    clock.advance(LATE_MS)
    expect(winner(await branch)).toBe('b')
  })

  test('asks no more than eight side by side', async () => {
    const names = Array.from({ length: MAX_SEARCHED_PEERS + 3 }, (_, at) => `p${at}`)
    const { clock, asked, stopping, branch } = search(chain(), Object.fromEntries(names.map((name) => [name, stalls])))
    for (let step = 0; step < names.length; step++) {
      await turns()
      clock.advance(LATE_MS)
    }
    await turns()
    expect(asked).toEqual(names.slice(0, MAX_SEARCHED_PEERS))
    stopping.abort(new Error('stop'))
    await expect(branch).rejects.toThrow('stop')
  })
})
