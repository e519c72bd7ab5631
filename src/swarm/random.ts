/**
 * Seeded randomness: whatever a swarm draws follows from its seed, so that a run can be had again.
 *
 * The generator is xoshiro128** 1.1 (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2018; public
 * domain, https://prng.di.unimi.it): 128 bits of state, which are the first of the SHA-256 of the seed. Good enough to
 * choose and to simulate with. Keys made with it guard nothing: whoever knows the seed has them.
 *
 * @example
 *   const random = new Random(7)
 *   const links = random.fork('links')     // the same stream whatever else is drawn from `random`, or was
 *   links.exponential(2_000)               // ms to the next block of a search that finds one in two seconds
 */
import { sha256 } from '../consensus/hash.ts'

export class Random {
  /** What it was made with, as text. */
  readonly seed: string
  /** Four words of 32 bits. */
  readonly #state: Uint32Array

  /** @param seed any number or text; 7 and '7' are the same */
  constructor(seed: number | string) {
    this.seed = String(seed)
    const { buffer, byteOffset } = sha256(new TextEncoder().encode(this.seed))
    const words = new DataView(buffer, byteOffset, 16)
    this.#state = Uint32Array.from({ length: 4 }, (_, at) => words.getUint32(4 * at, true))
  }

  /** A stream of its own for a purpose: a consumer that is added shifts nobody else's numbers. */
  fork(label: number | string): Random {
    return new Random(`${this.seed}/${label}`)
  }

  /** A real number in [0, 1), of 53 bits. */
  next(): number {
    const high = nextWord(this.#state) >>> 5
    const low = nextWord(this.#state) >>> 6
    return (high * 2 ** 26 + low) / 2 ** 53
  }

  /** A whole number in [0, below). @throws RangeError where there is none */
  whole(below: number): number {
    if (!Number.isSafeInteger(below) || below < 1) throw new RangeError(`below: must be a whole number from 1, is ${below}`)
    return Math.floor(this.next() * below)
  }

  /** An exponential variable of that mean: the time to the next find of a search without memory. */
  exponential(mean: number): number {
    return -Math.log(1 - this.next()) * mean
  }

  /** One of a list. @throws RangeError for an empty one */
  pick<Item>(list: readonly Item[]): Item {
    return list[this.whole(list.length)] as Item // below its length
  }

  /** The list in another order, each as likely as any (Fisher and Yates). */
  shuffled<Item>(list: readonly Item[]): Item[] {
    const items = [...list]
    for (let last = items.length - 1; last > 0; last--) {
      const other = this.whole(last + 1)
      ;[items[last], items[other]] = [items[other] as Item, items[last] as Item] // both below its length
    }
    return items
  }

  bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => nextWord(this.#state) >>> 24)
  }
}

/** The generator itself: a word of 32 bits. @param state four words, not all 0; moved on by one step */
export function nextWord(state: Uint32Array): number {
  const { 0: a = 0, 1: b = 0, 2: c = 0, 3: d = 0 } = state // there are four; two words are drawn for each message of a swarm
  const word = Math.imul(rotated(Math.imul(b, 5), 7), 9) >>> 0
  const mixedC = c ^ a
  const mixedD = d ^ b
  state[0] = a ^ mixedD
  state[1] = b ^ mixedC
  state[2] = mixedC ^ (b << 9)
  state[3] = rotated(mixedD, 11)
  return word
}

const rotated = (word: number, bits: number): number => (word << bits) | (word >>> (32 - bits))
