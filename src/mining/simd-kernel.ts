/**
 * The hash kernel in WebAssembly SIMD: four nonces at a time.
 *
 * Around assembly/kernel.ts, which does the hashing:
 * 1. Once for each header and each high half of the nonce, tables: what no nonce changes of the rounds and the schedule.
 * 2. For each search: the tables into the instance's memory, unless they are there; then one scan for each run of nonces
 *    with the same high half.
 * 3. A scan compares top words alone, so the scalar kernel looks at what it finds. The hash may still be too large where
 *    its top word equals the target's; then the scan goes on behind it.
 *
 * A thread has one instance, which all its kernels share: a memory each would cost gigabytes of address space each. It is
 * compiled when first needed, in about a millisecond. Free of `node:` imports and of anything asynchronous, so that it
 * runs in any worker. Fails with a `RangeError` on nonces past 2^53 − 1.
 *
 * @example
 *   const createKernel = createSimdKernels(wasm) // undefined where there is no SIMD
 *   const nonce = createKernel?.(encodeHeader(block.header), target).search(0, 1_000_000)
 */
import { checkNonces, type CreateKernel, scalarKernelOf } from './scalar-kernel.ts'
import { extend, FIXED_WORDS, K, type Midstate, midstateOf, rounds, swap, wordAt } from './sha256.ts'

const TWO_32 = 2 ** 32
const LANES = 4
/** Nonces of one scan at most: it counts in 32 bits. */
const MAX_SCAN = 2 ** 30

/** Where each table begins, in vectors; assembly/kernel.ts says what is in it. */
const TABLES = { word: 0, round: 64, schedule: 128, state: 192, limit: 200 }
const TABLE_VECTORS = 201

/** The rounds and words that assembly/kernel.ts has written out. */
const FIRST_ROUND = 6
const MIXED_WORDS = 32

/** What the module exports. */
interface Scanner {
  memory: WebAssembly.Memory
  /** @returns how many nonces come before the first that may meet the target; all where there is none */
  scan(low: number, batches: number): number
}

/**
 * @param wasm the compiled assembly/kernel.ts
 * @returns what makes this thread's kernels, or undefined where such a module does not run
 */
export function createSimdKernels(wasm: Uint8Array<ArrayBuffer>): CreateKernel | undefined {
  if (typeof WebAssembly === 'undefined' || !WebAssembly.validate(wasm)) return undefined
  // The exports of a module that we built; its tests would notice others.
  const { memory, scan } = new WebAssembly.Instance(new WebAssembly.Module(wasm)).exports as unknown as Scanner
  const loaded = new Int32Array(memory.buffer, 0, LANES * TABLE_VECTORS)
  let owner: Int32Array | undefined

  return (header, target) => {
    const midstate = midstateOf(header)
    const exact = scalarKernelOf(midstate, target)
    const limit = Number(target >> 224n)
    let tables: Int32Array | undefined
    let tablesHigh: number | undefined

    return {
      search(firstNonce, count) {
        checkNonces(firstNonce, count)
        const end = firstNonce + count
        for (let next = firstNonce; next < end; ) {
          const low = next % TWO_32
          const high = Math.floor(next / TWO_32)
          if (tables === undefined || high !== tablesHigh) {
            tables = tablesOf(midstate, limit, high)
            tablesHigh = high
          }
          if (owner !== tables) {
            loaded.set(tables)
            owner = tables
          }
          const nonces = Math.min(end - next, TWO_32 - low, MAX_SCAN)
          // The last batch may reach past the end; what it finds there does not count.
          const passed = Math.min(scan(low, Math.ceil(nonces / LANES)), nonces)
          next += passed
          if (passed === nonces) continue
          if (exact.search(next, 1) !== undefined) return next
          next++
        }
        return undefined
      },
    }
  }
}

/** @param limit the target's top word */
function tablesOf({ state, words }: Midstate, limit: number, high: number): Int32Array {
  const w = words.slice()
  w[6] = swap(high)
  extend(w, 16, FIXED_WORDS)
  // With word 5 zero. In round 5 it is a summand of a and e, and of nothing else.
  const after = state.slice()
  rounds(after, w, FIRST_ROUND)

  const tables = new Int32Array(LANES * TABLE_VECTORS)
  const put = (at: number, word: number) => tables.fill(word, LANES * at, LANES * (at + 1))
  for (let i = 16; i < FIXED_WORDS; i++) put(TABLES.word + i, w[i]!)
  // Words from 20 on are 0 in `w`, and so is word 5: what is left are the constant summands.
  for (let i = FIXED_WORDS; i < MIXED_WORDS; i++) put(TABLES.schedule + i, wordAt(w, i))
  for (let i = FIRST_ROUND; i < 64; i++) put(TABLES.round + i, K[i]! + w[i]! + extra(i))
  after.forEach((word, i) => put(TABLES.state + i, word))
  put(TABLES.limit, limit)
  return tables

  /** h, which is constant for three rounds more: the g, f and e of before; and at the end the midstate, for the top word. */
  function extra(round: number): number {
    if (round < FIRST_ROUND + 3) return after[7 - (round - FIRST_ROUND)]!
    return round === 63 ? state[0]! : 0
  }
}
