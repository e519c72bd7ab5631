/**
 * The pending transactions by id, and by their encoding: so a block that holds one is told without hashing it.
 *
 * By encoding one is found by 32 bits of its signature, then compared whole. Of two that share these bits the first is
 * found, and the other is checked again with the block that brings it, as if it had never been pending.
 */
import { isEncodingOf, signatureKey, signatureKeyIn } from '../consensus/checked-transaction.ts'
import type { Hex } from '../consensus/hex.ts'
import type { Entry } from './queue.ts'

export class Entries {
  readonly #byId = new Map<Hex, Entry>()
  readonly #bySignature = new Map<number, Entry>()

  get size(): number {
    return this.#byId.size
  }

  get(id: Hex): Entry | undefined {
    return this.#byId.get(id)
  }

  has(id: Hex): boolean {
    return this.#byId.has(id)
  }

  values(): MapIterator<Entry> {
    return this.#byId.values()
  }

  /** The one that has this encoding, every byte of it. @param bytes as `FindChecked` has them */
  find(bytes: Uint8Array, start = 0, end = bytes.length): Entry | undefined {
    const entry = this.#bySignature.get(signatureKeyIn(bytes, start))
    return entry !== undefined && isEncodingOf(entry.transaction, bytes, start, end) ? entry : undefined
  }

  add(entry: Entry): void {
    this.#byId.set(entry.id, entry)
    const key = signatureKey(entry.transaction.signature)
    if (!this.#bySignature.has(key)) this.#bySignature.set(key, entry)
  }

  /** @returns whether it was here */
  delete(entry: Entry): boolean {
    if (!this.#byId.delete(entry.id)) return false
    const key = signatureKey(entry.transaction.signature)
    if (this.#bySignature.get(key)?.id === entry.id) this.#bySignature.delete(key)
    return true
  }
}
