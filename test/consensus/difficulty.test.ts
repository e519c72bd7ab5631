import { describe, expect, test } from 'vitest'
import { type Ancestors, aserti3, type DifficultyParams, nextBits } from '../../src/consensus/difficulty.ts'
import { networkParams } from '../../src/consensus/params.ts'
import { fromCompact, toCompact, workOf } from '../../src/consensus/target.ts'
import { createRandom } from '../support/random.ts'

const LAN = networkParams('lan')
const T = LAN.targetBlockTimeMs
const bitsToHashes = (bits: number): number => Number(workOf(fromCompact(bits).target))

describe('aserti3-2d', () => {
  // Published vectors: anchor height, time of its parent and bits; then height, time and the bits that follow.
  // https://download.bitcoincashnode.org/misc/data/asert/test_vectors (ideal time 600 s, half-life 172 800 s)
  test.each([
    [1, 0, 0x1d00_ffff, 2, 0, 0x1d00_fec5],
    [1, 0, 0x1d00_ffff, 290, 0, 0x1c7f_62c0],
    [1, 0, 0x1d00_ffff, 578, 0, 0x1c3f_b160],
    [1, 0, 0x1d00_ffff, 64_514, 0, 0x0101_0000],
    [1, 0, 0x0101_0000, 2, 174_000, 0x0102_0000],
    [1, 0, 0x0101_0000, 8, 1_214_400, 0x0200_8000],
    [1, 0, 0x0101_0000, 225, 38_842_200, 0x1d00_ffff],
    [2_147_483_642, 1_234_567_290, 0x1802_aee8, 2_147_483_643, 1_234_568_190, 0x1802_ae16],
    [2_147_483_642, 1_234_567_290, 0x1802_aee8, 2_147_483_652, 1_234_570_890, 0x1802_a6b7],
  ])('anchor %i %i %i → %i %i %i', (anchorHeight, parentTime, anchorBits, height, time, bits) => {
    const limit = fromCompact(0x1d00_ffff).target
    const target = aserti3(
      fromCompact(anchorBits).target,
      BigInt(time - parentTime),
      BigInt(height - anchorHeight),
      600n,
      172_800n,
      limit,
    )
    expect(toCompact(target)).toBe(bits)
  })

  const limit = fromCompact(0x1d00_ffff).target

  test('a block in exactly the ideal time changes nothing; a half-life more doubles the target, one less halves it', () => {
    const target = 1n << 200n
    expect(aserti3(target, 600n, 0n, 600n, 172_800n, limit)).toBe(target)
    expect(aserti3(target, 173_400n, 0n, 600n, 172_800n, limit)).toBe(target * 2n)
    expect(aserti3(target, 600n, 288n, 600n, 172_800n, limit)).toBe(target / 2n)
  })

  test('the power is 2^x to within 0.013 % all along', () => {
    for (let fraction = 0n; fraction < 65_536n; fraction += 97n) {
      const scaled = aserti3(1n << 100n, fraction, -1n, 0n, 65_536n, 1n << 200n)
      expect(Math.abs(Number(scaled) / 2 ** (100 + Number(fraction) / 65_536) - 1)).toBeLessThan(0.000_13)
    }
  })

  test('division truncates toward zero: the smallest delay and the smallest haste change nothing', () => {
    const target = 1n << 200n
    expect(aserti3(target, 602n, 0n, 600n, 172_800n, limit)).toBe(target)
    expect(aserti3(target, 598n, 0n, 600n, 172_800n, limit)).toBe(target)
    expect(aserti3(target, 603n, 0n, 600n, 172_800n, limit)).toBeGreaterThan(target)
    expect(aserti3(target, 597n, 0n, 600n, 172_800n, limit)).toBeLessThan(target)
  })

  test('the result stays from 1 to the limit, however far the schedule is off', () => {
    expect(aserti3(limit, 10n ** 30n, 0n, 600n, 172_800n, limit)).toBe(limit)
    expect(aserti3(1n, 300n * 172_800n, 0n, 600n, 172_800n, limit)).toBe(limit)
    expect(aserti3(limit, -(10n ** 30n), 0n, 600n, 172_800n, limit)).toBe(1n)
    expect(aserti3(limit, 601_000n, 0n, 600n, 172_800n, limit)).toBe(limit)
  })
})

describe('the bits of the next block', () => {
  /** A parent at a height with these bits that came so long after its own parent. */
  const parent = (gapMs: number, { height = 10, bits = LAN.initialBits } = {}): Ancestors => ({
    height,
    bits,
    timestamp: LAN.genesisTimestamp + gapMs,
    parentTimestamp: LAN.genesisTimestamp,
  })

  test('blocks 1 and 2 have initialBits, whatever the parents’ times; block 3 is the first that is judged', () => {
    for (const gap of [1, T, 60 * T]) {
      expect(nextBits(parent(gap, { height: 0 }), LAN)).toBe(LAN.initialBits)
      expect(nextBits(parent(gap, { height: 1 }), LAN)).toBe(LAN.initialBits)
    }
    expect(nextBits(parent(1, { height: 2 }), LAN)).not.toBe(LAN.initialBits)
  })

  test('a gap of T keeps the bits; halfLifeBlocks × T more doubles the target', () => {
    expect(nextBits(parent(T), LAN)).toBe(LAN.initialBits)
    expect(bitsToHashes(nextBits(parent(13 * T), LAN)) * 2 + 1).toBe(bitsToHashes(LAN.initialBits))
  })

  test('a gap counts as at least 1 ms and at most 60 T', () => {
    expect(nextBits(parent(0), LAN)).toBe(nextBits(parent(1), LAN))
    expect(nextBits(parent(-T), LAN)).toBe(nextBits(parent(1), LAN))
    const hard = 0x1b10_0000
    expect(nextBits(parent(7 * 86_400_000, { bits: hard }), LAN)).toBe(nextBits(parent(60 * T, { bits: hard }), LAN))
    expect(nextBits(parent(60 * T, { bits: hard }), LAN)).not.toBe(nextBits(parent(59 * T, { bits: hard }), LAN))
    const fine = { ...LAN, targetBlockTimeMs: 100, halfLifeBlocks: 1 }
    expect(nextBits(parent(0), fine)).toBe(nextBits(parent(1), fine))
    expect(nextBits(parent(2), fine)).not.toBe(nextBits(parent(1), fine))
    // 2^(59/12) easier, not more; and at the quick end 2^(1/12) harder.
    expect(bitsToHashes(hard) / bitsToHashes(nextBits(parent(60 * T, { bits: hard }), LAN))).toBeCloseTo(2 ** (59 / 12), 1)
    expect(bitsToHashes(nextBits(parent(1, { bits: hard }), LAN)) / bitsToHashes(hard)).toBeCloseTo(2 ** (1 / 12), 3)
  })

  test('the difficulty never falls below limitBits', () => {
    expect(nextBits(parent(60 * T, { bits: LAN.limitBits }), LAN)).toBe(LAN.limitBits)
    expect(nextBits(parent(60 * T, { bits: 0x1f00_f000 }), LAN)).toBe(LAN.limitBits)
    expect(bitsToHashes(nextBits(parent(1, { bits: LAN.limitBits }), LAN))).toBeGreaterThan(bitsToHashes(LAN.limitBits))
  })

  test('halfLifeBlocks 0 keeps initialBits for ever', () => {
    const fixed = { ...LAN, halfLifeBlocks: 0 }
    for (const gap of [1, T, 60 * T]) expect(nextBits(parent(gap, { bits: 0x1d00_ffff }), fixed)).toBe(LAN.initialBits)
  })

  test('frozen: what four gaps in a row make of the default bits', () => {
    let bits = LAN.initialBits
    const chain = [1, 25_000, 9_999, 200_000].map((gap) => (bits = nextBits(parent(gap, { bits }), LAN)))
    expect(chain.map((bits) => bits.toString(16))).toEqual(['1e0f1a88', '1e1078ec', '1e1078ec', '1e315bd6'])
  })
})

/**
 * Blocks found by a memoryless search: each takes an exponential time whose mean is its difficulty over the hash rate.
 * The statistic is that mean, in units of T, which has none of the exponential's own noise. Hash rates are relative to
 * the one for which `initialBits` takes T.
 */
describe('simulated', () => {
  function simulate(seed: number, params: DifficultyParams, blocks: { hashRate: number; sleepMs?: number }[]) {
    const random = createRandom(seed)
    const perMs = bitsToHashes(params.initialBits) / params.targetBlockTimeMs
    let parent: Ancestors = { height: 0, bits: params.initialBits, timestamp: 0, parentTimestamp: 0 }
    return blocks.map(({ hashRate, sleepMs = 0 }) => {
      const bits = nextBits(parent, params)
      const meanMs = bitsToHashes(bits) / (perMs * hashRate)
      const tookMs = Math.max(1, Math.round(sleepMs + random.exponential(meanMs)))
      const timestamp = parent.timestamp + tookMs
      parent = { height: parent.height + 1, bits, timestamp, parentTimestamp: parent.timestamp }
      return { tookMs, mean: meanMs / params.targetBlockTimeMs }
    })
  }

  // Far from the limit, so that a thirty-fold fall stays above it.
  const params = { ...LAN, initialBits: 0x1c10_0000 }
  const steady = (count: number, hashRate = 1) => Array.from({ length: count }, () => ({ hashRate }))

  test.each([1, 2, 3, 4, 5])('at a steady hash rate 5 000 blocks take T on average, to within 3 % (seed %i)', (seed) => {
    // The sampling error is far below the 1.4 % of 5 000 independent exponentials: each late block makes the next ones
    // easier, so the sum of (time − T) is only ever 12 T × log2 of the change of the target.
    const took = simulate(seed, params, steady(5_000)).reduce((sum, block) => sum + block.tookMs, 0)
    expect(Math.abs(took / 5_000 / T - 1)).toBeLessThan(0.03)
  })

  test('so they do from a start at a hundredth of the difficulty', () => {
    const took = simulate(6, LAN, steady(5_000, 100)).reduce((sum, block) => sum + block.tookMs, 0)
    expect(Math.abs(took / 5_000 / T - 1)).toBeLessThan(0.03)
  })

  /** The mean time of the block so many after a change, in units of T, over many seeds. */
  function meanAfter(halfLifeBlocks: number, change: { hashRate: number; sleepMs?: number }, blocks: number): number {
    const SEEDS = 400
    const run = [...steady(60), change, ...steady(blocks, change.hashRate)]
    let sum = 0
    for (let seed = 0; seed < SEEDS; seed++) sum += simulate(seed, { ...params, halfLifeBlocks }, run).at(-1)!.mean
    return sum / SEEDS
  }

  const WEEK_MS = 7 * 86_400_000
  test.each([
    // The default.
    { halfLifeBlocks: 12, fall: 30, rise: 120, sleep: 120 },
    // Twenty would be calmer between changes (chance moves the mean time by 14 % instead of 18 %), and slower after them.
    { halfLifeBlocks: 20, fall: 50, rise: 140, sleep: 120 },
  ])('after a shock a half-life of $halfLifeBlocks blocks is back within 20 % of T', ({ halfLifeBlocks, fall, rise, sleep }) => {
    expect(Math.abs(meanAfter(halfLifeBlocks, { hashRate: 1 / 30 }, fall) - 1), 'the hash rate fell 30-fold').toBeLessThan(0.2)
    expect(Math.abs(meanAfter(halfLifeBlocks, { hashRate: 30 }, rise) - 1), 'the hash rate rose 30-fold').toBeLessThan(0.2)
    expect(Math.abs(meanAfter(halfLifeBlocks, { hashRate: 1, sleepMs: WEEK_MS }, sleep) - 1), 'a week’s sleep').toBeLessThan(0.2)
  })
})
