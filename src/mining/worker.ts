/**
 * A mining thread: takes a header and a range of nonces, and searches until it has found one, or the range is done, or
 * the search is no longer wanted.
 *
 * It works in slices of a few milliseconds. Between slices it looks at the shared generation, so that it leaves a dead
 * header within one slice with no message read; counts its hashes; and rests for as long as its share of the processor
 * asks, waking at once when the generation changes.
 */
import { parentPort, workerData } from 'node:worker_threads'
import type { Target } from '../consensus/target.ts'
import { Control } from './control.ts'
import { createKernel } from './kernel.ts'

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

/** Short enough that a new tip costs nothing to speak of, long enough that the bookkeeping does not either. */
const SLICE_MS = 4
const FIRST_SLICE = 1_024
const LARGEST_SLICE = 2 ** 24

function search({ generation, header, target, firstNonce, count }: Search, control: Control): number | undefined {
  const kernel = createKernel(header, target)
  const end = firstNonce + count
  let slice = FIRST_SLICE
  for (let next = firstNonce; next < end && control.generation === generation; ) {
    const started = performance.now()
    const hashes = Math.min(slice, end - next)
    const nonce = kernel.search(next, hashes)
    control.count(nonce === undefined ? hashes : nonce - next + 1)
    if (nonce !== undefined) return nonce
    next += hashes
    const tookMs = Math.max(performance.now() - started, 0.01)
    // At most twice the last one: a slice that was quick by chance must not make the next one long.
    slice = Math.max(1, Math.min(Math.round((slice * SLICE_MS) / tookMs), 2 * slice, LARGEST_SLICE))
    const { cpu } = control
    if (cpu < 100) control.rest(generation, (tookMs * (100 - cpu)) / cpu)
  }
  return undefined
}

const port = parentPort
if (port === null) throw new Error('worker.ts runs as a worker thread; WorkerPool starts it')
const control = new Control(workerData as SharedArrayBuffer) // WorkerPool gives nothing else
port.on('message', (wanted: Search) => {
  const nonce = search(wanted, control)
  if (nonce !== undefined) port.postMessage({ generation: wanted.generation, nonce } satisfies Found)
})
