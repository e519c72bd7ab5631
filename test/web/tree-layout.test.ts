import { expect, test } from 'vitest'
import type { BlockSummary } from '../../src/http/api.ts'
import { withSide } from '../../src/web/chain-view.ts'
import { layoutTree, LINE_Y } from '../../src/web/tree-layout.ts'
import { line, summary } from './summaries.ts'

const layout = (best: BlockSummary[], side: BlockSummary[] = [], width = 1440) =>
  layoutTree({ best, side: withSide(new Map(), side) }, width)

test('a short chain begins at the left and grows to the right', () => {
  const { stones, next, earlier } = layout(line('a', 2))
  expect(earlier).toBe(0)
  expect(stones.map(({ block, isTip }) => [block.height, isTip])).toEqual([[0, false], [1, false], [2, true]])
  expect(next.x).toBeGreaterThan(stones[2]?.x ?? Infinity)
})

test.each([390, 800, 1440, 3840])('a long chain ends at the right and is folded at the left, %d px wide', (width) => {
  const { stones, next, earlier } = layout(line('a', 300), [], width)
  expect(stones.at(-1)?.block.height).toBe(300)
  expect(next.x).toBeLessThan(width)
  expect(earlier).toBe(stones[0]?.block.height)
  expect(stones[0]?.x).toBeGreaterThan(60)
  expect(stones.length).toBeGreaterThan(2)
})

//  a3 ─ a4 ─ a5 ─ a6
//    ╲ b4 ─ b5             lane 1
//         ╲ c5             lane 2: lane 1 is taken
test('losing branches lie below, each in a free lane, and hang from the block they left', () => {
  const best = line('a', 6)
  const b4 = summary('b4', best[3])
  const b5 = summary('b5', b4)
  const b6 = summary('b6', b5)
  const c5 = summary('c5', b4)
  const { stones, links, captions } = layout(best, [b6, c5, b5, b4])
  const laneOf = (block: BlockSummary) => stones.find((stone) => stone.block.hash === block.hash)?.lane
  expect([b4, b5, b6, c5].map(laneOf)).toEqual([1, 1, 1, 2])
  const linkOf = (block: BlockSummary) => links.find(({ key }) => key === block.hash)
  expect(linkOf(b4)).toMatchObject({ y: LINE_Y })
  expect(linkOf(b5)?.dy).toBe(0)
  expect(linkOf(c5)?.y).toBe(stones.find((stone) => stone.block === b4)?.y)
  expect(captions.map(({ blocks }) => blocks)).toEqual([3, 1])
})

test('branches that are far apart share a lane', () => {
  const best = line('a', 11)
  const { stones } = layout(best, [summary('b3', best[2]), summary('c9', best[8])])
  expect(stones.filter(({ lane }) => lane > 0).map(({ lane }) => lane)).toEqual([1, 1])
})

test('branches older than what is shown are left out', () => {
  const best = line('a', 300)
  expect(layout(best, [summary('b3', best[2])]).captions).toEqual([])
})
