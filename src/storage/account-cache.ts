/**
 * Accounts that were read or written lately: whoever paid in the last blocks pays again in the next ones.
 *
 * Two halves: what is used goes to the young one, and when that is full it becomes the old one and the old one is
 * forgotten. So it holds at least what was used last, at most twice as much, and forgetting costs nothing.
 */
import type { AccountState } from '../consensus/types.ts'
import { AccountTable } from './account-table.ts'

/** Of each half: with 56 bytes an account, 7 MB in all. */
const MAX_YOUNG = 65_536

export class AccountCache {
  #young = new AccountTable()
  /** An account that is in the young half, too, is there as it was before. */
  #old = new AccountTable()
  readonly #maxYoung: number

  constructor(maxYoung = MAX_YOUNG) {
    this.#maxYoung = maxYoung
  }

  /** Number of entries; an account that is in both halves has two. */
  get size(): number {
    return this.#young.size + this.#old.size
  }

  get(account: Uint8Array): AccountState | undefined {
    const young = this.#young.get(account)
    if (young !== undefined) return young
    const old = this.#old.get(account)
    if (old !== undefined) this.set(account, old)
    return old
  }

  set(account: Uint8Array, state: AccountState): void {
    this.#young.set(account, state)
    if (this.#young.size < this.#maxYoung) return
    this.#old = this.#young
    this.#young = new AccountTable()
  }

  /** Takes over a table of what was written last, in place of all that it holds. */
  replace(table: AccountTable): void {
    this.#young = new AccountTable()
    this.#old = table
  }

  clear(): void {
    this.replace(new AccountTable())
  }
}
