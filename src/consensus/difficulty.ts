/**
 * How hard the next block is, from its parent alone.
 *
 *   target(h) = target(parent) × 2^((t − T) / (halfLifeBlocks × T))
 *
 * with T = targetBlockTimeMs and t = parent.timestamp − grandparent.timestamp, clamped to [1 ms, 60 T]. A block that
 * took longer than T makes the next one easier, one that was quicker makes it harder; halfLifeBlocks blocks of double
 * time halve the difficulty. Steady state is a mean of T, because the exponents of a bounded target must add to zero.
 *
 * Why not an absolute schedule: a network on a LAN sleeps for days and its hash rate changes thirty-fold when a class
 * leaves. A week's gap on an absolute schedule would leave the chain at minimum difficulty for tens of thousands of
 * blocks; here a gap counts as 60 T at most.
 *
 * The power is the integer arithmetic of aserti3-2d
 * (https://upgradespecs.bitcoincashnode.org/2020-11-15-asert/), whose official vectors `aserti3` reproduces.
 */
import type { NetworkParams } from './params.ts'
import { fromCompact, type Target, toCompact } from './target.ts'

/** A block's gap counts as at most this many target times, so that a night's sleep is not an hour of easy blocks. */
const MAX_GAP_IN_BLOCK_TIMES = 60

/** Fractional bits of the exponent. */
const RADIX = 65_536n

/**
 * aserti3-2d: reference target × 2^((timeDiff − idealTime × (heightDiff + 1)) / halfLife), clamped to [1, limit].
 *
 * 2^x for the fraction x in [0, 1) is 1 + 0.695502049 x + 0.2262698 x² + 0.0782318 x³, in 16-bit fixed point; its error
 * is below 0.013 %. All four quantities in one unit of time (the official vectors use seconds, Cairn milliseconds).
 *
 * @param referenceTarget target of the anchor
 * @param timeDiff time from the anchor's parent to the block before the one asked for
 * @param heightDiff height from the anchor to the block before the one asked for
 */
export function aserti3(
  referenceTarget: Target,
  timeDiff: bigint,
  heightDiff: bigint,
  idealTime: bigint,
  halfLife: bigint,
  limit: Target,
): Target {
  // BigInt division truncates toward zero, as the published algorithm asks.
  const exponent = ((timeDiff - idealTime * (heightDiff + 1n)) * RADIX) / halfLife
  const shifts = exponent >> 16n // floors, so that the fraction below is never negative
  const x = exponent & (RADIX - 1n)
  const factor =
    RADIX + ((195_766_423_245_049n * x + 971_821_376n * x * x + 5_127n * x * x * x + (1n << 47n)) >> 48n)
  if (shifts > 256n) return limit // above any limit already, and the shift could be longer than memory
  const scaled = referenceTarget * factor
  const target = shifts < 16n ? scaled >> (16n - shifts) : scaled << (shifts - 16n)
  if (target === 0n) return 1n
  return target > limit ? limit : target
}

/** The parameters that the difficulty rule reads. */
export type DifficultyParams = Pick<NetworkParams, 'targetBlockTimeMs' | 'initialBits' | 'limitBits' | 'halfLifeBlocks'>

/** What the difficulty rule needs of a block's two ancestors. */
export interface Ancestors {
  /** Height of the parent. */
  height: number
  /** Bits of the parent. */
  bits: number
  /** Timestamp of the parent, ms. */
  timestamp: number
  /** Timestamp of the parent's parent, ms; not looked at while the parent is genesis or block 1. */
  parentTimestamp: number
}

/**
 * The bits that the block after `parent` must have.
 *
 * Blocks 1 and 2 have `initialBits`: their parents' gap would reach back to genesis, whose time is a parameter and
 * not the time of any work. `halfLifeBlocks` 0 means the difficulty never changes.
 */
export function nextBits(parent: Ancestors, params: DifficultyParams): number {
  if (params.halfLifeBlocks === 0 || parent.height < 2) return params.initialBits
  const idealMs = params.targetBlockTimeMs
  const gapMs = Math.min(Math.max(parent.timestamp - parent.parentTimestamp, 1), MAX_GAP_IN_BLOCK_TIMES * idealMs)
  return toCompact(
    aserti3(
      fromCompact(parent.bits).target,
      BigInt(gapMs),
      0n,
      BigInt(idealMs),
      BigInt(params.halfLifeBlocks) * BigInt(idealMs),
      fromCompact(params.limitBits).target,
    ),
  )
}
