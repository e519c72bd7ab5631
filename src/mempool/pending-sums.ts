/** What pending transactions add up to: their bytes, and what they change for each account. */
import type { Hex } from '../consensus/hex.ts'
import { costOf, type Entry } from './queue.ts'

export class PendingSums {
  /** Encoded sizes together. */
  bytes = 0
  readonly #changes = new Map<Hex, number>()

  add(entry: Entry): void {
    this.#count(entry, 1)
  }

  remove(entry: Entry): void {
    this.#count(entry, -1)
  }

  /** Units that an account receives, less what it sends and pays in fees. */
  changeOf(account: Hex): number {
    return this.#changes.get(account) ?? 0
  }

  #count(entry: Entry, sign: 1 | -1): void {
    this.bytes += sign * entry.bytes
    this.#change(entry.from, -sign * costOf(entry))
    this.#change(entry.to, sign * entry.transaction.amount)
  }

  #change(account: Hex, units: number): void {
    const sum = this.changeOf(account) + units
    if (sum === 0) this.#changes.delete(account)
    else this.#changes.set(account, sum)
  }
}
