/**
 * Seeded randomness: a test that draws from it says its seed once and is the same test every time.
 * The generator is mulberry32: 32 bits of state, good enough to choose with and to simulate with, never for keys.
 */
export interface Random {
  /** A real number in [0, 1). */
  next(): number
  /** A whole number in [0, below). */
  below(below: number): number
  /** An exponential variable of that mean: the time to the next block of a memoryless search. */
  exponential(mean: number): number
  /** So many bytes. */
  bytes(length: number): Uint8Array
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b_79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (most: number): number => Math.floor(next() * most)
  return {
    next,
    below,
    exponential: (mean) => -Math.log(1 - next()) * mean,
    bytes: (length) => Uint8Array.from({ length }, () => below(256)),
  }
}
