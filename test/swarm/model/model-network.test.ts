import { describe, expect, test } from 'vitest'
import { modelNetwork } from '../../../src/swarm/model/model-network.ts'
import { LAN, MEASURED_HOP, type ModelOptions, type Surroundings } from '../../../src/swarm/model/options.ts'

const HOP = { ms: 10, msPerMegabyte: 1_000 }
const plain = (latencyMs: number, bytesPerSecond = Infinity): Surroundings => ({
  latency: { medianMs: latencyMs, sigma: 0 },
  line: { uploadBytesPerSecond: bytesPerSecond, downloadBytesPerSecond: Infinity, slowStart: false },
})

test('follows from its options: the same seed the same figures, another seed others', () => {
  const figures = (seed: number): string => JSON.stringify(modelNetwork({ nodes: 200, blockMs: 3_000, blockBytes: 200_000, blocks: 20, seed }))
  expect(figures(7)).toBe(figures(7))
  expect(figures(7)).not.toBe(figures(8))
})

describe('by hand', () => {
  test('two nodes: checked here, on its way, checked there', () => {
    // 60 bytes around it at 1 MB/s; 1 000 bytes are checked in 11 ms.
    const { reachedMs, staleShare, copies } = modelNetwork({
      nodes: 2, blockMs: 10_000, blockBytes: 1_000, blocks: 20, hop: HOP, surroundings: plain(50, 1_000_000), hashShares: [1],
    })
    expect(reachedMs[99].median).toBeCloseTo(11 + 1.06 + 50 + 11)
    expect(staleShare).toBe(0)
    expect(copies).toBe(0.5) // the finder gets none
  })

  test('a line of five: each hop adds to it', () => {
    const { reachedMs } = modelNetwork({
      nodes: 5, topology: 'line', blockMs: 100_000, blockBytes: 1_000, blocks: 20, hop: HOP, surroundings: plain(50), hashShares: [1],
    })
    expect(reachedMs[99].median).toBeCloseTo(5 * 11 + 4 * 50)
    expect(reachedMs[50].median).toBeCloseTo(3 * 11 + 2 * 50)
  })

  test('a star whose centre finds them: its line is shared by all copies', () => {
    const { reachedMs, sentBytesPerSecond } = modelNetwork({
      nodes: 11, topology: 'star', blockMs: 600_000, blockBytes: 100_000, blocks: 20, hop: HOP, surroundings: plain(50, 100_000), hashShares: [1],
    })
    // Ten copies leave together. What each peer asks for besides, when it is told after a second, comes after them.
    expect(reachedMs[50].median).toBeCloseTo(110 + 10_006 + 50 + 110)
    expect(sentBytesPerSecond.busiest / sentBytesPerSecond.mean).toBeGreaterThan(5)
  })
})

describe('forks', () => {
  /** Deterministic: a seed gives one result; the bound is of the sampling error. */
  test.each([
    { nodes: 30, blockMs: 2_000, blockBytes: 1_000, blocks: 3_000, surroundings: 'lan' as const },
    { nodes: 60, blockMs: 5_000, blockBytes: 1_000, blocks: 2_000, surroundings: 'internet' as const },
    { nodes: 30, blockMs: 10_000, blockBytes: 200_000, blocks: 2_000, surroundings: 'lan' as const },
  ])('as many as the equation says, within three sampling errors: $nodes nodes, $blockBytes bytes in $blockMs ms', (options) => {
    const { staleShare, staleError, expectedStaleShare, found } = modelNetwork(options)
    expect(found).toBe(options.blocks)
    expect(staleShare).toBeGreaterThan(0)
    expect(Math.abs(staleShare - expectedStaleShare)).toBeLessThan(3 * staleError)
  })

  test('none where one node has all the hash rate', () => {
    const { staleShare, expectedStaleShare } = modelNetwork({ nodes: 30, blockMs: 500, blockBytes: 1_000, blocks: 200, hashShares: [0, 0, 1] })
    expect(staleShare).toBe(0)
    expect(expectedStaleShare).toBeCloseTo(-Math.expm1(-(MEASURED_HOP.ms + MEASURED_HOP.msPerMegabyte / 1_000) / 500), 6) // until it has checked its own
  })

  test('many where blocks come faster than they travel, and still one chain in the end', () => {
    const { staleShare, reachedMs } = modelNetwork({ nodes: 50, blockMs: 300, blockBytes: 1_000, blocks: 300, surroundings: plain(200) })
    expect(staleShare).toBeGreaterThan(0.3)
    expect(staleShare).toBeLessThan(0.8)
    expect(reachedMs[95].median).toBeLessThan(Infinity)
  })
})

describe('what would change it', () => {
  const today = { nodes: 300, blockMs: 60_000, blockBytes: 1_048_576, blocks: 20 }
  const before = modelNetwork(today)

  test('compact blocks: a tenth of the time and of the bytes', () => {
    const compact = modelNetwork({ ...today, compact: true })
    expect(compact.reachedMs[95].median).toBeLessThan(before.reachedMs[95].median / 5)
    expect(compact.sentBytesPerSecond.mean).toBeLessThan(before.sentBytesPerSecond.mean / 10)
    const known = modelNetwork({ ...today, compact: true, completeShare: 1 })
    expect(known.reachedMs[95].median).toBeLessThan(compact.reachedMs[95].median)
  })

  test('one copy after the other: the first goes on while the others are still sent', () => {
    expect(modelNetwork({ ...today, sending: 'in turn' }).reachedMs[50].median).toBeLessThan(before.reachedMs[50].median)
  })

  test('a finder that sends to its mesh alone: its line is free sooner', () => {
    const mesh = modelNetwork({ ...today, floodPublish: false })
    expect(mesh.reachedMs[50].median).toBeLessThan(before.reachedMs[50].median * 0.9)
  })

  test('a ring of friends instead of random peers: more hops', () => {
    const few = { nodes: 300, blockMs: 60_000, blockBytes: 1_000, blocks: 20 }
    const ring = modelNetwork({ ...few, topology: { kind: 'small-world', degree: 16, rewired: 0 } })
    expect(ring.reachedMs[95].median).toBeGreaterThan(2 * modelNetwork(few).reachedMs[95].median)
  })
})

test('what it does not take says what it must be', () => {
  const model = (options: Partial<ModelOptions>) => () => modelNetwork({ nodes: 10, blockMs: 1_000, blockBytes: 1_000, ...options })
  expect(model({ nodes: 1 })).toThrow('nodes: must be a whole number from 2 to 100000, is 1')
  expect(model({ nodes: 10_000, blocks: 5_000 })).toThrow('blocks: must be a whole number from 1 to 1000, is 5000')
  expect(model({ blocks: 100_001 })).toThrow('blocks: must be a whole number from 1 to 100000, is 100001')
  expect(model({ blockBytes: 100 })).toThrow('blockBytes: must be a whole number from 132 to 1048576, is 100')
  expect(model({ blockMs: 0 })).toThrow('blockMs: must be from 1 to 86400000, is 0')
  expect(model({ completeShare: 2 })).toThrow('completeShare: must be from 0 to 1, is 2')
  expect(model({ hop: { ms: -1, msPerMegabyte: 0 } })).toThrow('hop.ms')
  expect(model({ hop: { ms: 1, msPerMegabyte: Number.NaN } })).toThrow('hop.msPerMegabyte')
  expect(model({ surroundings: plain(50, 0) })).toThrow('uploadBytesPerSecond: must be at least 1, is 0')
  expect(model({ surroundings: { ...LAN, latency: { medianMs: 1, sigma: 9 } } })).toThrow('latency.sigma')
  expect(model({ surroundings: { ...LAN, latency: { medianMs: -1, sigma: 0 } } })).toThrow('latency.medianMs')
  expect(model({ surroundings: { ...LAN, line: { ...LAN.line, downloadBytesPerSecond: Number.NaN } } })).toThrow('downloadBytesPerSecond')
  expect(model({ hashShares: Array(11).fill(1) })).toThrow('hashShares: there are 11 for 10 nodes')
  expect(model({ hashShares: [0, 0] })).toThrow('hashShares: nobody mines')
  expect(model({ hashShares: [-1] })).toThrow('hashShares: must be from 0')
  expect(model({ topology: { kind: 'random', degree: 16 } })).toThrow('topology: the degree must be')
  expect(model({ nodes: 98, topology: 'full' })).toThrow('topology: full takes at most 97 nodes, there are 98: take random')
  expect(model({ nodes: 10_001, topology: 'small-world' })).toThrow('topology: small-world takes at most 10000 nodes')
  expect(model({ nodes: 200, topology: 'star' })).toThrow('topology: node 0 would have 199 connections')
  // @ts-expect-error no such surroundings
  expect(model({ surroundings: 'moon' })).toThrow('surroundings: must be lan, internet, or a latency and a line, is moon')
  // @ts-expect-error no such way
  expect(model({ sending: 'backwards' })).toThrow('sending: must be fairly or in turn, is backwards')
})
