/**
 * Accounts that were read or written lately: whoever paid in the last blocks pays again in the next ones.
 *
 * Two halves: what is used goes to the young one, and when that is full it becomes the old one and the old one is
 * forgotten. So it holds at least what was used last, at most twice as much, and forgetting costs nothing.
 */
import type { Hex } from '../consensus/hex.ts'
import type { AccountState } from '../consensus/types.ts'

/** Of each half; about 200 bytes each. */
const MAX_YOUNG = 16_384

export class AccountCache {
  #young = new Map<Hex, AccountState>()
  #old = new Map<Hex, AccountState>()
  readonly #maxYoung: number

  constructor(maxYoung = MAX_YOUNG) {
    this.#maxYoung = maxYoung
  }

  /** Number of accounts. */
  get size(): number {
    return this.#young.size + this.#old.size
  }

  get(account: Hex): AccountState | undefined {
    const young = this.#young.get(account)
    if (young !== undefined) return young
    const old = this.#old.get(account)
    if (old !== undefined) this.set(account, old)
    return old
  }

  set(account: Hex, state: AccountState): void {
    if (this.#young.size >= this.#maxYoung && !this.#young.has(account)) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(account, state)
    this.#old.delete(account)
  }

  clear(): void {
    this.#young.clear()
    this.#old.clear()
  }
}
