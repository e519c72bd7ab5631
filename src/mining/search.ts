/**
 * The search of one thread: a range of nonces, until it has found one, or the range is done, or the search is no longer
 * wanted.
 *
 * It works in slices of a millisecond. Between slices it looks at the shared generation, so that it leaves a dead header
 * within one slice with no message read; counts its hashes; and rests for as long as its share of the processor asks,
 * waking at once when the generation changes. Rests are kept account of: what one took too long comes off the next, so
 * that the share is right over time however coarse the system's timer is.
 */
import type { Target } from '../consensus/target.ts'
import type { Control } from './control.ts'
import type { Kernel } from './kernel.ts'

/** What a thread is told to do. */
export interface Search {
  /** The search is wanted as long as the shared generation is this. */
  generation: number
  /** 92 encoded bytes. */
  header: Uint8Array
  target: Target
  /** Nonces `firstNonce` to `firstNonce + count − 1`. */
  firstNonce: number
  count: number
}

/** What it answers, if it finds something. */
export interface Found {
  generation: number
  nonce: number
}

export interface SearchComponents {
  control: Pick<Control, 'generation' | 'cpu' | 'count' | 'rest'>
  createKernel(header: Uint8Array, target: Target): Kernel
  /** A clock in ms. */
  now(): number
}

/** Short enough that a new tip finds every thread soon, long enough that the bookkeeping does not count. */
const SLICE_MS = 1
const FIRST_SLICE = 1_024
const LARGEST_SLICE = 2 ** 24
/**
 * Rest after the first slice, ms: while the main thread is busy with a new tip, the mining threads may have to share what
 * is left of the processor, and so each lets the others begin before it goes on.
 */
const MANNERS_MS = 0.05
/** The most that a rest which took too long makes up for later, ms: a laptop that slept owes nobody an hour's work. */
const MOST_CREDIT_MS = 100

/** @returns the nonce, or undefined where there is none or nobody wants it any more */
export function search(wanted: Search, { control, createKernel, now }: SearchComponents): number | undefined {
  const { generation, header, target, firstNonce, count } = wanted
  const kernel = createKernel(header, target)
  const end = firstNonce + count
  let slice = FIRST_SLICE
  /** Rest that is due for what was worked, ms; below 0: rested more than was due. */
  let dueMs = MANNERS_MS
  for (let next = firstNonce; next < end && control.generation === generation; ) {
    const started = now()
    const hashes = Math.min(slice, end - next)
    const nonce = kernel.search(next, hashes)
    control.count(nonce === undefined ? hashes : nonce - next + 1)
    if (nonce !== undefined) return nonce
    next += hashes
    const ended = now()
    const tookMs = Math.max(ended - started, 0.01)
    // At most twice the last one: a slice that was quick by chance must not make the next one long.
    slice = Math.max(1, Math.min(Math.round((slice * SLICE_MS) / tookMs), 2 * slice, LARGEST_SLICE))
    const { cpu } = control
    dueMs += (tookMs * (100 - cpu)) / cpu
    if (dueMs <= 0) continue
    control.rest(generation, dueMs)
    dueMs = cpu === 100 ? 0 : Math.max(dueMs - (now() - ended), -MOST_CREDIT_MS)
  }
  return undefined
}
