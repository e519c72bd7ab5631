/** Where a swarm's nodes are drawn, and what a stroke over them means. */
import { describe, expect, test } from 'vitest'
import { insideOf, isStroke, leftOf, type Stroke } from '../../src/web/swarm/divide.ts'
import { layoutGraph } from '../../src/web/swarm/graph-layout.ts'

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, at) => from + at)

describe.each([390, 900, 1_500])('%i px wide', (width) => {
  test.each([1, 2, 8, 30, 100, 200])('%i nodes lie inside, and none on another', (count) => {
    const { nodes, height, radius } = layoutGraph([range(0, count)], width)
    const places = [...nodes.values()]
    expect(places).toHaveLength(count)
    for (const { x, y } of places) {
      expect(x).toBeGreaterThanOrEqual(radius)
      expect(x).toBeLessThanOrEqual(width - radius)
      expect(y).toBeGreaterThanOrEqual(radius)
      expect(y).toBeLessThanOrEqual(height - radius)
    }
    const distance = (a: number, b: number): number => Math.hypot(places[a]!.x - places[b]!.x, places[a]!.y - places[b]!.y)
    const closest = Math.min(...range(0, count).flatMap((a) => range(0, a).map((b) => distance(a, b))), Infinity)
    expect(closest).toBeGreaterThan(radius)
  })

  test('parts lie apart: in a row or column, and many in a grid', () => {
    for (const parts of [[range(0, 4), range(4, 8)], [range(0, 20), [20], range(21, 30)], range(0, 12).map((node) => [node])]) {
      const { nodes } = layoutGraph(parts, width)
      const boxes = parts.map((part) => {
        const [xs, ys] = [part.map((node) => nodes.get(node)!.x), part.map((node) => nodes.get(node)!.y)]
        return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) }
      })
      for (const [at, a] of boxes.entries()) {
        for (const b of boxes.slice(at + 1)) {
          expect(a.right < b.left || b.right < a.left || a.bottom < b.top || b.bottom < a.top).toBe(true)
        }
      }
    }
  })
})

test('a drawing that has no width yet has places all the same', () => {
  for (const parts of [[range(0, 3)], range(0, 12).map((node) => [node]), [range(0, 40), [40], [41], [42], range(43, 100)]]) {
    const { nodes, radius } = layoutGraph(parts, 0)
    expect([...nodes.values()].every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))).toBe(true)
    expect(radius).toBeGreaterThan(0)
  }
})

test('names are drawn where there is room', () => {
  expect(layoutGraph([range(0, 30)], 900).named).toBe(true)
  expect(layoutGraph([range(0, 15), range(15, 30)], 900).named).toBe(true)
  expect(layoutGraph([range(0, 100)], 900).named).toBe(false)
  expect(layoutGraph([range(0, 20)], 390).named).toBe(false)
  // On a phone, below the stones while they have room there, for beside them little is left for the network.
  expect([8, 12].map((count) => [...layoutGraph([range(0, count)], 358).nodes.values()][1]?.side)).toEqual(['below', 'right'])
  expect(layoutGraph([range(0, 12)], 358).named).toBe(true)
})

describe('a stroke', () => {
  const layout = layoutGraph([[0, 1, 2, 3]], 800) // above, right, below, left
  const stroke = (kind: Stroke['kind'], from: [number, number], to: [number, number]): Stroke =>
    ({ kind, from: { x: from[0], y: from[1] }, to: { x: to[0], y: to[1] } })

  test('as a line divides, also beyond its ends', () => {
    const { height } = layout
    const across = stroke('line', [300, height / 2 + 20], [500, height / 2 + 20])
    expect([...leftOf(across, layout)].sort()).toEqual([0, 1, 3])
    expect([...leftOf({ ...across, from: across.to, to: across.from }, layout)]).toEqual([2])
  })

  test('as a box chooses what is inside, whichever corner it was begun at', () => {
    expect([...insideOf(stroke('box', [790, 300], [500, 0]), layout)]).toEqual([1])
    expect([...insideOf(stroke('box', [0, 0], [800, layout.height]), layout)]).toEqual([0, 1, 2, 3])
  })

  test('that is short is a click', () => {
    expect(isStroke(stroke('line', [0, 0], [30, 20]))).toBe(false)
    expect(isStroke(stroke('line', [0, 0], [30, 40]))).toBe(true)
  })
})
