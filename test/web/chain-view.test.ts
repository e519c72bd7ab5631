import { expect, test } from 'vitest'
import type { BlockSummary } from '../../src/http/api.ts'
import { type ChainView, connect, disconnect, MAX_BEST, paceOf, switched, withBest, withSide } from '../../src/web/chain-view.ts'
import { hashOf, line, summary } from './summaries.ts'

const viewOf = (best: readonly BlockSummary[]): ChainView => ({ best, side: new Map() })
const names = (blocks: Iterable<{ hash: string }>) => Array.from(blocks, ({ hash }) => hash)

test('a block joins the tip, and joining twice changes nothing', () => {
  const best = line('a', 2)
  const next = summary('a3', best[2])
  const view = connect(viewOf(best), next)
  expect(view?.best.at(-1)).toBe(next)
  expect(view && connect(view, next)).toBe(view)
})

test('a block that does not fit says that something was missed', () => {
  const best = line('a', 2)
  expect(connect(viewOf(best), summary('a4', summary('a3', best[2])))).toBeUndefined()
  expect(disconnect(viewOf(best), hashOf('a1'))).toBeUndefined()
})

//  genesis ─ a1 ─ a2 ─ a3        a2 and a3 leave
//               ╲ b2 ─ b3 ─ b4   for owl's branch
test('blocks that lose go to the side and remember for whom', () => {
  const best = line('a', 3)
  let view: ChainView | undefined = viewOf(best)
  for (const hash of [hashOf('a3'), hashOf('a2')]) view = view && disconnect(view, hash)
  const owls = line('b', 4, best[1]).slice(1).map((block) => ({ ...block, miner: 'cairn1owl' }))
  for (const block of owls) view = view && connect(view, block)
  view = view && switched(view, [hashOf('a2'), hashOf('a3')])
  expect(names(view?.best ?? [])).toEqual(names([...best.slice(0, 2), ...owls]))
  expect(view && [...view.side.values()].map(({ block, leftFor }) => [block.hash, block.best, leftFor])).toEqual([
    [hashOf('a3'), false, 'cairn1owl'],
    [hashOf('a2'), false, 'cairn1owl'],
  ])
})

test('a block from the side that wins is beside the chain no longer', () => {
  const best = line('a', 1)
  const b1 = summary('b1', best[0], { best: false })
  const side = withSide(new Map(), [b1])
  expect(connect({ best: best.slice(0, 1), side }, b1)?.side.size).toBe(0)
  expect(withBest({ best, side }, [summary('genesis'), b1]).side.size).toBe(0)
})

test('holds no more than it needs', () => {
  const best = line('a', MAX_BEST)
  const view = connect({ best, side: withSide(new Map(), [summary('old', best[10])]) }, summary('next', best.at(-1)))
  expect(view?.best).toHaveLength(MAX_BEST)
  expect(view?.side.size).toBe(0)
})

test('the pace leaves out genesis, whose time is a parameter', () => {
  expect(paceOf(line('a', 1))).toBeUndefined()
  // Blocks 10 s apart of 1 000 hashes each.
  expect(paceOf(line('a', 5))).toEqual({ intervalMs: 10_000, hashRate: 100 })
})
