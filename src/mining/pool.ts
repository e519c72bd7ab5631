/**
 * The mining threads, searching one header together.
 *
 * A search ends when it is found, or abandoned for a better one. What a thread finds in that same instant is not lost:
 * its message is on the way while the search ends, and is told to whoever asked for that search as a late find.
 *
 * The nonces 0 to 2^53 − 1 are cut into one range per thread, so that no two threads try the same. A range outlives any
 * header: it takes years to finish. Threads are made when first needed, do not keep the process alive while they have
 * nothing to do, and are replaced after one died. What can fail: `MiningError` `mining-worker-failed`.
 */
import { Worker } from 'node:worker_threads'
import type { Target } from '../consensus/target.ts'
import { MAX_U64 } from '../consensus/types.ts'
import { Control } from './control.ts'
import { MiningError } from './mining-error.ts'
import type { Found, Search } from './search.ts'

/** Makes a thread that runs worker.ts on the memory given. */
export type CreateWorker = (shared: SharedArrayBuffer) => Worker

/** Without this process's own flags: a thread needs none, and refuses some (`--eval`). */
export const createThread: CreateWorker = (shared) =>
  new Worker(new URL('./worker.ts', import.meta.url), { workerData: shared, name: 'cairn-miner', execArgv: [] })

/** Told of a nonce that came after its search had been abandoned. */
type LateFind = (nonce: number) => void

interface Running {
  generation: number
  late: LateFind
  end(nonce: number | undefined): void
  fail(error: Error): void
}

/** Abandoned searches that a find may still come for. Threads hear within a slice, so one or two would do. */
const MAX_ABANDONED = 8

export class WorkerPool {
  /** How many threads search; takes effect with the next search. */
  threads: number
  readonly #createWorker: CreateWorker
  readonly #control = new Control()
  #workers: Worker[] = []
  readonly #endings = new Set<Promise<unknown>>()
  #running: Running | undefined
  /** By generation, the oldest first. */
  readonly #abandoned = new Map<number, LateFind>()

  /** @param cpu percent of each thread's time */
  constructor(threads: number, cpu: number, createWorker: CreateWorker = createThread) {
    this.threads = threads
    this.#control.cpu = cpu
    this.#createWorker = createWorker
  }

  /** Percent of each thread's time that may be used; takes effect within a slice. */
  get cpu(): number {
    return this.#control.cpu
  }

  set cpu(percent: number) {
    this.#control.cpu = percent
  }

  /** Hashes computed so far. */
  get hashes(): number {
    return this.#control.hashes
  }

  /**
   * Searches a header; one search at a time.
   * @param late told, at most once, of a nonce that is found although the search was abandoned
   * @returns the nonce, or undefined where the search was abandoned
   * @throws MiningError `mining-worker-failed`
   */
  async search(header: Uint8Array, target: Target, late: LateFind = () => {}): Promise<number | undefined> {
    if (this.#running !== undefined) throw new Error('a search is under way')
    while (this.#workers.length > this.threads) this.#end(this.#workers.pop())
    while (this.#workers.length < this.threads) this.#workers.push(this.#create())
    const generation = this.#control.advance()
    const count = Math.floor(MAX_U64 / this.threads)
    return new Promise((resolve, reject) => {
      this.#running = { generation, late, end: resolve, fail: reject }
      this.#workers.forEach((worker, index) => {
        worker.ref()
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
        worker.postMessage({ generation, header, target, firstNonce: index * count, count } satisfies Search)
      })
    })
  }

  /** Ends the search under way, if there is one: its promise gives undefined, its threads stop within a slice. */
  abandon(): void {
    const running = this.#settle()
    if (running === undefined) return
    this.#abandoned.set(running.generation, running.late)
    const [oldest] = this.#abandoned.keys()
    if (this.#abandoned.size > MAX_ABANDONED && oldest !== undefined) this.#abandoned.delete(oldest)
    running.end(undefined)
  }

  /** Nobody wants late finds of what was abandoned so far. */
  forget(): void {
    this.#abandoned.clear()
  }

  /** Ends the search and all threads. Another search starts new ones. */
  async stop(): Promise<void> {
    this.abandon()
    this.forget()
    for (const worker of this.#workers.splice(0)) this.#end(worker)
    await Promise.all(this.#endings)
  }

  /** No search from here on: idle threads keep nothing alive. */
  #settle(): Running | undefined {
    const running = this.#running
    if (running === undefined) return undefined
    this.#running = undefined
    this.#control.advance()
    for (const worker of this.#workers) worker.unref()
    return running
  }

  #create(): Worker {
    const worker = this.#createWorker(this.#control.buffer)
    worker.on('message', ({ generation, nonce }: Found) => {
      if (this.#running?.generation === generation) {
        this.#settle()?.end(nonce)
      } else {
        const late = this.#abandoned.get(generation)
        this.#abandoned.delete(generation) // another thread's find of the same would be its twin
        late?.(nonce)
      }
    })
    worker.on('error', (error) => this.#died(worker, error instanceof Error ? error.message : String(error)))
    worker.on('exit', (code) => this.#died(worker, `it exited with code ${code}`))
    return worker
  }

  #died(worker: Worker, why: string): void {
    if (!this.#workers.includes(worker)) return // we ended it
    // All of them: what killed one may have hurt the others, and the next search starts afresh.
    for (const other of this.#workers.splice(0)) this.#end(other)
    this.#settle()?.fail(new MiningError('mining-worker-failed', `a mining thread died (${why}); mine again to start a new one`))
  }

  #end(worker: Worker | undefined): void {
    if (worker === undefined) return
    const ending = worker.terminate().finally(() => this.#endings.delete(ending))
    this.#endings.add(ending)
  }
}
