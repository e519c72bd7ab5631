import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Heap, type HeapItem } from '../../src/mempool/heap.ts'

interface Ranked extends HeapItem {
  rank: number
}
const heapOf = (ranks: number[]): { heap: Heap<Ranked>; items: Ranked[] } => {
  const items = ranks.map((rank) => ({ rank, heapIndex: -1 }))
  return { heap: new Heap<Ranked>((a, b) => a.rank < b.rank, [...items]), items }
}
const ascending = (ranks: number[]): number[] => ranks.toSorted((a, b) => a - b)

test('looks through all in order, and takes nothing out', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50)), (ranks) => {
      const { heap } = heapOf(ranks)
      const seen = [...heap.inOrder()].map(({ rank }) => rank)
      expect(seen).toEqual(ascending(ranks))
      const out: number[] = []
      for (let item = heap.first; item !== undefined; item = heap.first) {
        out.push(item.rank)
        heap.remove(item)
      }
      expect(out).toEqual(seen)
    }),
    { seed: 1 },
  )
})

test('keeps its order through items that come, go and change', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50), { minLength: 1 }), fc.array(fc.tuple(fc.nat(), fc.nat(50), fc.boolean())), (ranks, changes) => {
      const { heap, items } = heapOf(ranks)
      for (const [at, rank, stays] of changes) {
        const item = items[at % items.length]!
        item.rank = rank
        if (stays) heap.place(item)
        else heap.remove(item)
      }
      const inside = items.filter(({ heapIndex }) => heapIndex >= 0).map(({ rank }) => rank)
      expect([...heap.inOrder()].map(({ rank }) => rank)).toEqual(ascending(inside))
    }),
    { seed: 2 },
  )
})

test('the first few of many cost no more than themselves', () => {
  let compared = 0
  const items = Array.from({ length: 100_000 }, (_, at) => ({ rank: (at * 7_919) % 100_003, heapIndex: -1 }))
  const heap = new Heap<Ranked>((a, b) => (compared++, a.rank < b.rank), items)
  compared = 0
  const seen: number[] = []
  for (const { rank } of heap.inOrder()) if (seen.push(rank) === 10) break
  expect(seen).toEqual(ascending(items.map(({ rank }) => rank)).slice(0, 10))
  expect(compared).toBeLessThan(500)
})
