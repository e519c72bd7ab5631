/**
 * The least fee that a pool takes now.
 *
 *   floor = e × 2^(−t / h)
 *
 * with e the fee that the last one to be pushed out paid, plus 1, t the time since, and h the half-life: `halfLifeMs`
 * while the pool is half full or more, half of it below that, a quarter of it below a quarter. Bitcoin Core's rolling
 * minimum fee (`CTxMemPool::GetMinFee`) goes by the same rule, with a half-life of 72 blocks.
 *
 * Why: what was pushed out a moment ago would be pushed out again. Without a floor the same flood comes back after each
 * block that makes room, and everybody checks and gossips it again.
 */
import { type Fill, fullnessOf } from './admission.ts'
import type { MempoolLimits } from './policy.ts'

/** What is left of a fee after some time, not rounded. */
export const decayed = (fee: number, elapsedMs: number, halfLifeMs: number): number => fee * 2 ** (-elapsedMs / halfLifeMs)

export class FeeFloor {
  readonly #limits: MempoolLimits
  #floor = 0
  /** When it was so, ms since the Unix epoch. */
  #since = 0

  constructor(limits: MempoolLimits) {
    this.#limits = limits
  }

  /**
   * Something was pushed out of the full pool.
   * @param fee what a block would have got no more than
   */
  raise(fee: number, now: number): void {
    this.#decay(now, 1)
    this.#floor = Math.max(this.#floor, fee + 1)
  }

  /** The floor now, of a pool that is so full. */
  at(now: number, fill: Fill): number {
    this.#decay(now, fullnessOf(fill, this.#limits))
    return Math.max(this.#limits.minFee, Math.round(this.#floor))
  }

  #decay(now: number, fullness: number): void {
    const faster = fullness < 0.25 ? 4 : fullness < 0.5 ? 2 : 1
    const elapsedMs = Math.max(0, now - this.#since) // a clock may be set back
    this.#floor = decayed(this.#floor, elapsedMs, this.#limits.floorHalfLifeMs / faster)
    this.#since = now
  }
}
