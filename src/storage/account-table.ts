/**
 * Accounts and their states in a few arrays of numbers: what a `Map` would be, in half the memory and with nothing for
 * the garbage collector to walk through, however many there are.
 *
 *   slots    hash of an account → its entry, plus 1; 0 where there is none      twice as many as entries, at least
 *   keys     32 bytes an entry
 *   states   balance and nonce of an entry
 *
 * Whoever pays chooses whom, and could choose accounts that all fall on one slot. So the hash is multilinear (Dietzfelbinger's
 * multiply-shift: https://arxiv.org/abs/1504.06804, section 3.5), by numbers that each table draws for itself.
 *
 * @example
 *   const table = new AccountTable()
 *   table.set(account, { balance: 5, nonce: 0 })
 *   table.get(account)                              // { balance: 5, nonce: 0 }, the caller's own
 */
import { randomFillSync } from 'node:crypto'
import type { AccountState } from '../consensus/types.ts'

/** Entries that a table has room for at first. It doubles whenever it is full. */
const FIRST_ENTRIES = 256

/** An account is so many numbers of 16 bits, by which it is hashed and compared. */
const WORDS = 16

/** What is left of an exact number beside the first 3 bytes of an account: more entries than memory has room for. */
const ENTRY_RANGE = 2 ** 29

export class AccountTable {
  #keys = new Uint8Array(32 * FIRST_ENTRIES)
  #states = new Float64Array(2 * FIRST_ENTRIES)
  #slots = new Uint32Array(2 * FIRST_ENTRIES)
  #size = 0
  /** Bits of a hash that a slot is found by. */
  #slotBits = Math.log2(2 * FIRST_ENTRIES)
  readonly #factors = randomFillSync(new Uint32Array(WORDS))

  /** Number of accounts. */
  get size(): number {
    return this.#size
  }

  get(account: Uint8Array): AccountState | undefined {
    const entry = this.#slots[this.#slotOf(account)]! - 1 // a slot of the table
    return entry < 0 ? undefined : this.#stateAt(entry)
  }

  set(account: Uint8Array, { balance, nonce }: AccountState): void {
    let slot = this.#slotOf(account)
    let entry = this.#slots[slot]! - 1 // a slot of the table
    if (entry < 0) {
      if (this.#size === this.#states.length / 2) {
        this.#grow()
        slot = this.#slotOf(account)
      }
      entry = this.#size++
      this.#keys.set(account, 32 * entry)
      this.#slots[slot] = entry + 1
    }
    this.#states[2 * entry] = balance
    this.#states[2 * entry + 1] = nonce
  }

  /** Gives back the memory, too. */
  clear(): void {
    this.#keys = new Uint8Array(32 * FIRST_ENTRIES)
    this.#states = new Float64Array(2 * FIRST_ENTRIES)
    this.#slots = new Uint32Array(2 * FIRST_ENTRIES)
    this.#slotBits = Math.log2(2 * FIRST_ENTRIES)
    this.#size = 0
  }

  /**
   * All of them, about ascending: by their first 3 bytes, enough for pages that hold eighty of a million.
   * The account is a view, good until the table changes.
   */
  *ascending(): Iterable<{ account: Uint8Array; state: AccountState }> {
    const order = new Float64Array(this.#size)
    for (let entry = 0; entry < order.length; entry++) {
      const at = 32 * entry
      const first = (this.#keys[at]! << 16) | (this.#keys[at + 1]! << 8) | this.#keys[at + 2]! // 32 bytes an entry
      order[entry] = first * ENTRY_RANGE + entry
    }
    for (const place of order.sort()) {
      const entry = place % ENTRY_RANGE
      yield { account: this.#keys.subarray(32 * entry, 32 * entry + 32), state: this.#stateAt(entry) }
    }
  }

  #stateAt(entry: number): AccountState {
    return { balance: this.#states[2 * entry]!, nonce: this.#states[2 * entry + 1]! } // an entry of the table
  }

  /** The slot that an account has, or would have. */
  #slotOf(account: Uint8Array): number {
    const slots = this.#slots
    let slot = this.#hash(account) >>> (32 - this.#slotBits)
    for (let held = slots[slot]!; held !== 0 && !this.#isAt(held - 1, account); held = slots[slot]!) { // slots of the table
      slot = (slot + 1) & (slots.length - 1)
    }
    return slot
  }

  #hash(account: Uint8Array): number {
    const factors = this.#factors
    let sum = 0
    for (let word = 0; word < WORDS; word++) {
      sum = (sum + Math.imul(factors[word]!, account[2 * word]! | (account[2 * word + 1]! << 8))) | 0 // 32 bytes, 16 factors
    }
    return sum
  }

  #isAt(entry: number, account: Uint8Array): boolean {
    const keys = this.#keys
    for (let at = 0, key = 32 * entry; at < 32; at++, key++) if (keys[key] !== account[at]) return false
    return true
  }

  #grow(): void {
    const keys = new Uint8Array(2 * this.#keys.length)
    keys.set(this.#keys)
    this.#keys = keys
    const states = new Float64Array(2 * this.#states.length)
    states.set(this.#states)
    this.#states = states
    this.#slots = new Uint32Array(2 * this.#slots.length)
    this.#slotBits += 1
    for (let entry = 0; entry < this.#size; entry++) {
      this.#slots[this.#slotOf(keys.subarray(32 * entry, 32 * entry + 32))] = entry + 1
    }
  }
}
