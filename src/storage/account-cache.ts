/**
 * Accounts that were read or written lately: whoever paid in the last blocks pays again in the next ones.
 *
 * Two halves: what is used goes to the young one, and when that is full it becomes the old one and the old one is
 * forgotten. So it holds at least what was used last, at most twice as much, and forgetting costs nothing.
 */
import type { AccountState } from '../consensus/types.ts'

/** Of each half. */
const MAX_YOUNG = 32_768

export class AccountCache {
  #young = new Map<string, AccountState>()
  #old = new Map<string, AccountState>()
  readonly #maxYoung: number

  constructor(maxYoung = MAX_YOUNG) {
    this.#maxYoung = maxYoung
  }

  /** Number of accounts. */
  get size(): number {
    return this.#young.size + this.#old.size
  }

  get(account: string): AccountState | undefined {
    const young = this.#young.get(account)
    if (young !== undefined) return young
    const old = this.#old.get(account)
    if (old !== undefined) this.set(account, old)
    return old
  }

  set(account: string, state: AccountState): void {
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
