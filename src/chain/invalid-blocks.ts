/**
 * Hashes of blocks found invalid, so that they are refused at once when they come again, and their descendants with
 * them. Bounded; the oldest is forgotten first, and costs no more than checking it again.
 *
 * Only faults of the object belong here: a header whose body was bad may have another body, and what is early or
 * orphaned is not invalid at all.
 */
import type { RuleCode } from '../consensus/errors.ts'
import type { Hex } from '../consensus/hex.ts'

/** About 150 bytes each. */
const MAX_REMEMBERED = 10_000

export class InvalidBlocks {
  readonly #codes = new Map<Hex, RuleCode>()
  readonly #max: number

  constructor(max = MAX_REMEMBERED) {
    this.#max = max
  }

  get size(): number {
    return this.#codes.size
  }

  /** Which rule a block broke, where it is remembered. */
  get(hash: Hex): RuleCode | undefined {
    return this.#codes.get(hash)
  }

  add(hash: Hex, code: RuleCode): void {
    this.#codes.set(hash, code)
    if (this.#codes.size <= this.#max) return
    for (const oldest of this.#codes.keys()) {
      this.#codes.delete(oldest)
      return
    }
  }
}
