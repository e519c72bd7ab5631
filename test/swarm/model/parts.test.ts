import { describe, expect, test } from 'vitest'
import { ChainViews } from '../../../src/swarm/model/chain-views.ts'
import { EventQueue, type ModelEvent } from '../../../src/swarm/model/event-queue.ts'
import { endsOf, graphOf } from '../../../src/swarm/model/graph.ts'
import { Lines } from '../../../src/swarm/model/lines.ts'
import { Random } from '../../../src/swarm/random.ts'
import { edgesOf } from '../../../src/swarm/topology.ts'

describe('the queue', () => {
  test('gives the earliest, of one moment in the order of asking, also while more comes', () => {
    const [queue, random] = [new EventQueue(), new Random(1)]
    const event: ModelEvent = { at: 0, kind: 0, node: 0, block: 0, end: 0 }
    const waiting: { at: number; node: number }[] = []
    const given: number[] = []
    const expected: number[] = []
    for (let node = 0; node < 5_000; node++) {
      const at = random.whole(200) + node / 100
      queue.add(Math.floor(at), 1, node, 2, -1)
      waiting.push({ at: Math.floor(at), node })
      if (node % 3 !== 0) continue
      waiting.sort((a, b) => a.at - b.at || a.node - b.node)
      expected.push(waiting.shift()?.node ?? -1)
      queue.take(event)
      given.push(event.node)
    }
    waiting.sort((a, b) => a.at - b.at || a.node - b.node)
    expected.push(...waiting.map(({ node }) => node))
    while (queue.take(event)) given.push(event.node)
    expect(given).toEqual(expected)
    expect(queue.length).toBe(0)
    expect(event).toMatchObject({ kind: 1, block: 2, end: -1 })
  })
})

describe('the graph', () => {
  const random = new Random(3)
  const edges = edgesOf({ kind: 'random', degree: 16 }, 300, random.fork('topology'))
  const graph = graphOf({ nodes: 300, edges, latency: { medianMs: 80, sigma: 0.5 }, random })

  test('has each link twice, with one length', () => {
    expect(graph.peer.length).toBe(edges.length * 2)
    for (const [end, back] of graph.back.entries()) {
      expect(graph.back[back]).toBe(end)
      expect(graph.latencyMs[back]).toBe(graph.latencyMs[end])
      expect(graph.isMesh[back]).toBe(graph.isMesh[end])
    }
  })

  test('has lengths around their median', () => {
    const lengths = graph.latencyMs.toSorted()
    expect(lengths[lengths.length >> 1]).toBeGreaterThan(75)
    expect(lengths[lengths.length >> 1]).toBeLessThan(85)
    const mean = lengths.reduce((sum, one) => sum + one, 0) / lengths.length
    expect(mean / 80).toBeCloseTo(Math.exp(0.5 ** 2 / 2), 1)
  })

  test('has a mesh of 4 to 12 at each node', () => {
    const degrees = Array.from({ length: 300 }, (_, node) => [...endsOf(graph, node, 1)].length)
    expect(Math.min(...degrees)).toBeGreaterThanOrEqual(4)
    expect(Math.max(...degrees)).toBeLessThanOrEqual(12)
  })

  test('has all of few links in the mesh', () => {
    const ring = graphOf({ nodes: 10, edges: edgesOf('ring', 10, random), latency: { medianMs: 7, sigma: 0 }, random })
    expect([...ring.isMesh]).toEqual(Array(20).fill(1))
    expect([...ring.latencyMs]).toEqual(Array(20).fill(7))
  })
})

describe('a line', () => {
  const line = { uploadBytesPerSecond: 1_000_000, downloadBytesPerSecond: 2_000_000, slowStart: false }
  const arrivals = (lines: Lines, now: number): number[] => {
    const start = lines.begin(0, 4, 100_000, now)
    return [0, 1, 2, 3].map((index) => lines.arrivalMs({ start, index, copies: 4, bytes: 100_000, latencyMs: 50 }))
  }

  test('is shared by copies that begin together, and what comes later waits', () => {
    const lines = new Lines(2, line, 'fairly')
    expect(arrivals(lines, 10)).toEqual([460, 460, 460, 460])
    expect(arrivals(lines, 20)).toEqual([860, 860, 860, 860])
    expect(lines.sentBytes[0]).toBe(800_000)
  })

  test('may send one copy after the other', () => {
    expect(arrivals(new Lines(2, line, 'in turn'), 10)).toEqual([160, 260, 360, 460])
  })

  test('takes no more than it carries', () => {
    const lines = new Lines(2, line, 'fairly')
    expect([lines.takeMs(1, 100_000, 1_000), lines.takeMs(1, 100_000, 1_010), lines.takeMs(1, 100_000, 5_000)]).toEqual([1_000, 1_050, 5_000])
  })

  test('begins slowly: so many round trips as windows of ten packets, then twenty, then forty hold the block', () => {
    const lines = new Lines(2, { ...line, uploadBytesPerSecond: Infinity, slowStart: true }, 'fairly')
    const arrival = (bytes: number): number => lines.arrivalMs({ start: 0, index: 0, copies: 1, bytes, latencyMs: 50 })
    expect([14_600, 14_601, 3 * 14_600, 3 * 14_600 + 1].map(arrival)).toEqual([50, 150, 150, 250])
  })
})

describe('where a node stands', () => {
  test('most blocks; of as many, the one that was there first; what came too early waits', () => {
    //   a1 ── a2
    //   b1 ── b2 ── b3
    const views = new ChainViews(3, 0)
    const a1 = views.find(0, 0)
    const b1 = views.find(1, 1)
    expect([views.take(0, a1, 0), views.take(0, b1, 2), views.take(1, b1, 1)]).toEqual([true, false, true])
    const a2 = views.find(0, 3)
    const b2 = views.find(1, 4)
    expect([views.take(0, a2, 3), views.take(1, b2, 4)]).toEqual([true, true])
    const b3 = views.find(1, 5)
    views.take(1, b3, 5)
    expect(views.hasParent(0, b3)).toBe(false)
    expect(views.missing(0, b3)).toEqual([b2, b3])
    views.wait(0, b3)
    expect(views.take(0, b2, 8)).toBe(true) // with b3, which waited
    expect(views.tips[0]).toBe(b3.index)
    expect(views.best()).toEqual([b1, b2, b3])
    expect(views.heights.map(({ reachedAtMs }) => reachedAtMs[0])).toEqual([0, 3, 8])
    expect(views.tips[2]).toBe(-1)
  })
})
