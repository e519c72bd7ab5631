/**
 * Verifies signatures in a few threads.
 *
 *   transactions   0 ……………… 127 │ 128 …………… 255 │ 256 … 300        slices of one call
 *                  thread 1       thread 2        thread 1           each to whoever has least to do
 *
 * The first bad signature of the first slice that has one is the first of all. Threads are made when first needed, and
 * keep the process alive only while they have something to do. Where one dies (or cannot even start), what it had is
 * verified here at once, and the next call makes another: no block waits for it, and none is judged by it.
 *
 * @example
 *   const verifier = new VerifierPool({ log })
 *   const chain = new Chain({ params, store, clock, log, verifier })
 *   …
 *   await chain.stop()
 *   await verifier.stop()
 */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Logger } from 'pino'
import { isEncodedSigned } from '../consensus/encoded-signature.ts'
import type { SignatureVerifier } from './signature-verifier.ts'
import type { Answer, Question } from './verifier-worker.ts'

export interface VerifierPoolComponents {
  log: Logger
  /** Makes a thread that runs verifier-worker.ts. */
  createWorker?: () => Worker
}

export interface VerifierPoolOptions {
  /** @default as many as there are processors, at most 4: what else a block takes is a third of its signatures */
  threads?: number
}

const MAX_THREADS = 4

/** Signatures handed over at once: some ten milliseconds of work, so that a block of the usual size occupies every thread. */
const SLICE = 128

interface Slice {
  encoded: readonly Uint8Array[]
  genesisHash: Uint8Array
  answer(bad: number | undefined): void
  fail(error: Error): void
}

interface Thread {
  worker: Worker
  /** What it was asked and has not answered, by id. */
  slices: Map<number, Slice>
}

const createThread = (): Worker =>
  new Worker(new URL('./verifier-worker.ts', import.meta.url), {
    name: 'cairn-verifier',
    execArgv: [], // without this process's own flags: a thread needs none, and refuses some (`--eval`)
    resourceLimits: { maxYoungGenerationSizeMb: 2 }, // it keeps nothing, and would let garbage lie up to 48 MB
  })

export class VerifierPool implements SignatureVerifier {
  readonly #log: Logger
  readonly #createWorker: () => Worker
  readonly #size: number
  readonly #threads = new Set<Thread>()
  #lastId = 0
  #stopped = false

  constructor({ log, createWorker = createThread }: VerifierPoolComponents, options: VerifierPoolOptions = {}) {
    this.#log = log
    this.#createWorker = createWorker
    this.#size = options.threads ?? Math.min(availableParallelism(), MAX_THREADS)
  }

  async firstBad(encoded: readonly Uint8Array[], genesisHash: Uint8Array): Promise<number | undefined> {
    const count = Math.ceil(encoded.length / SLICE)
    const length = Math.ceil(encoded.length / count) // all about as long
    const slices = Array.from({ length: count }, (_, at) => encoded.slice(at * length, (at + 1) * length))
    const answers = slices.map((slice) => this.#ask(slice, genesisHash))
    const bad = await Promise.all(answers)
    const slice = bad.findIndex((index) => index !== undefined)
    return slice === -1 ? undefined : slice * length + (bad[slice] ?? 0)
  }

  /** Ends the threads. Whoever waits for an answer gets an error, and so does whoever asks from now on. */
  async stop(): Promise<void> {
    this.#stopped = true
    const threads = [...this.#threads]
    this.#threads.clear()
    for (const { slices } of threads) for (const slice of slices.values()) slice.fail(stopped())
    await Promise.all(threads.map(({ worker }) => worker.terminate()))
  }

  #ask(encoded: readonly Uint8Array[], genesisHash: Uint8Array): Promise<number | undefined> {
    if (this.#stopped) return Promise.reject(stopped())
    return new Promise((resolve, reject) => {
      const thread = this.#leastBusy()
      const id = ++this.#lastId
      if (thread.slices.size === 0) thread.worker.ref()
      thread.slices.set(id, { encoded, genesisHash, answer: resolve, fail: reject })
      const question: Question = { id, genesisHash, ...joined(encoded) }
      thread.worker.postMessage(question, [question.bytes.buffer, question.ends.buffer])
    })
  }

  /** Another thread only where none is idle: to make one takes milliseconds, and several at once would hold up this one. */
  #leastBusy(): Thread {
    const [first, ...others] = this.#threads
    const least = others.reduce((least, thread) => (least !== undefined && thread.slices.size >= least.slices.size ? least : thread), first)
    if (least === undefined || (least.slices.size > 0 && this.#threads.size < this.#size)) return this.#create()
    return least
  }

  #create(): Thread {
    const worker = this.#createWorker()
    const thread: Thread = { worker, slices: new Map() }
    worker.on('message', ({ id, bad }: Answer) => {
      const slice = thread.slices.get(id)
      thread.slices.delete(id)
      if (thread.slices.size === 0) worker.unref()
      slice?.answer(bad)
    })
    worker.on('error', (error) => this.#died(thread, error instanceof Error ? error.message : String(error)))
    worker.on('exit', (code) => this.#died(thread, `it exited with code ${code}`))
    this.#threads.add(thread)
    return thread
  }

  #died(thread: Thread, why: string): void {
    if (!this.#threads.delete(thread)) return // we ended it, or have heard of it
    this.#log.warn({ reason: why, slices: thread.slices.size }, 'a verifying thread died: its work is done here')
    for (const { encoded, genesisHash, answer } of thread.slices.values()) {
      const bad = encoded.findIndex((transaction) => !isEncodedSigned(transaction, genesisHash))
      answer(bad === -1 ? undefined : bad)
    }
  }
}

function joined(encoded: readonly Uint8Array[]): Pick<Question, 'bytes' | 'ends'> {
  const ends = new Uint32Array(encoded.length)
  let end = 0
  for (const [index, transaction] of encoded.entries()) ends[index] = end += transaction.length
  const bytes = new Uint8Array(end)
  for (const [index, transaction] of encoded.entries()) bytes.set(transaction, index === 0 ? 0 : ends[index - 1])
  return { bytes, ends }
}

const stopped = (): Error => new Error('the verifier is stopped')
