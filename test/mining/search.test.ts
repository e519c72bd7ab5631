/** One thread's search, on a clock and a kernel that the test makes: how long it works, rests and looks up. */
import { expect, test } from 'vitest'
import { search, type Search } from '../../src/mining/search.ts'

const WANTED: Search = { generation: 1, header: new Uint8Array(92), target: 0n, firstNonce: 0, count: Number.MAX_SAFE_INTEGER }

interface Machine {
  /** Hashes a ms. */
  speed?: number
  /** Time that a rest takes beyond what was asked, ms. */
  coarsenessMs?: number
  cpu?: number
  /** Ends the search after so long, ms. */
  untilMs?: number
  /** Called before each slice. */
  eachSlice?(machine: { nowMs: number; control: { cpu: number; generation: number } }): void
  findAt?: number
}

/** Runs a search until the machine's time is up. */
function run({ speed = 10_000, coarsenessMs = 0, cpu = 100, untilMs = 10_000, eachSlice, findAt }: Machine) {
  const made = { nowMs: 0, workedMs: 0, counted: 0, hashed: 0, slices: [] as number[], rests: [] as number[] }
  const control = {
    generation: 1,
    cpu,
    count: (hashes: number) => void (made.counted += hashes),
    rest(generation: number, ms: number) {
      if (this.generation !== generation) return
      made.rests.push(ms)
      made.nowMs += ms + coarsenessMs
      if (made.nowMs >= untilMs) this.generation = 2
    },
  }
  const kernel = {
    search(first: number, count: number) {
      eachSlice?.({ nowMs: made.nowMs, control })
      made.slices.push(count)
      const found = findAt !== undefined && findAt < first + count ? findAt : undefined
      const hashed = found === undefined ? count : found - first + 1
      made.hashed += hashed
      made.nowMs += hashed / speed
      made.workedMs += hashed / speed
      if (made.nowMs >= untilMs) control.generation = 2
      return found
    },
  }
  const nonce = search(WANTED, { control, createKernel: () => kernel, now: () => made.nowMs })
  return { ...made, nonce, share: made.workedMs / made.nowMs }
}

test.each([1, 10, 25, 50, 75, 90, 99])('%i percent of the time is worked, however coarse the system’s timer', (cpu) => {
  for (const coarsenessMs of [0, 0.06, 1]) {
    for (const speed of [100, 15_000]) {
      const { share } = run({ cpu, coarsenessMs, speed, untilMs: 60_000 })
      expect(Math.abs(share * 100 - cpu), `timer ${coarsenessMs} ms, ${speed} hashes a ms`).toBeLessThan(0.5)
    }
  }
})

test('the whole of the time is worked but for one short rest, in which other threads begin', () => {
  const { share, rests } = run({ cpu: 100 })
  expect(share).toBeGreaterThan(0.9999)
  expect(rests).toEqual([0.05])
})

test('another share counts from the next slice on', () => {
  const { share } = run({
    untilMs: 20_000,
    eachSlice: ({ nowMs, control }) => void (control.cpu = nowMs < 10_000 ? 10 : 90),
  })
  expect(share).toBeCloseTo(0.5, 1)
})

test('a rest that took an hour is not made up for', () => {
  const { workedMs, rests } = run({ cpu: 50, coarsenessMs: 3_600_000, untilMs: 7_300_000 })
  expect(rests).toHaveLength(3)
  expect(workedMs).toBeLessThan(500)
})

test('slices settle at a millisecond, from the slowest machine to the fastest', () => {
  for (const speed of [1, 100, 1_000, 20_000]) {
    const { slices, nowMs } = run({ speed, untilMs: 2_000 })
    expect(slices[0]).toBe(1_024)
    for (const hashes of slices.slice(20, -1)) expect(hashes / speed).toBeCloseTo(1, 0)
    expect(nowMs).toBeLessThan(2_000 + 2_000)
  }
})

test('what was hashed is counted, to the last hash, whether found, abandoned or at the end of the range', () => {
  const found = run({ findAt: 123_456 })
  expect(found).toMatchObject({ nonce: 123_456, counted: 123_457, hashed: 123_457 })
  const abandoned = run({ cpu: 30, untilMs: 500 })
  expect(abandoned.nonce).toBeUndefined()
  expect(abandoned.counted).toBe(abandoned.hashed)
  const kernel = { search: () => undefined }
  let counted = 0
  const control = { generation: 1, cpu: 100, count: (hashes: number) => void (counted += hashes), rest: () => {} }
  expect(search({ ...WANTED, count: 5_000 }, { control, createKernel: () => kernel, now: () => 0 })).toBeUndefined()
  expect(counted).toBe(5_000)
})

test('an abandoned search ends after the slice in hand', () => {
  let after = 0
  run({
    eachSlice({ nowMs, control }) {
      if (control.generation !== 1) after += 1
      if (nowMs > 100) control.generation = 2
    },
  })
  expect(after).toBe(0)
})
