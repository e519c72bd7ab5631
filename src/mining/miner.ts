/**
 * Mining: makes blocks on the tip, in worker threads, continuously or as many as are asked for.
 *
 *   template → threads search its nonces → found → the chain adds it → next template
 *      ↑___ abandoned: new tip, a few seconds gone, other settings, nobody wants it any more
 *
 * One loop does all of it, for one account at a time: requests (`mineBlocks`) first, one after another, then
 * continuous mining (`run`). A template lasts a few seconds, so that new transactions get in and the timestamp stays
 * true. A block that comes too late for the best chain is not counted; the loop goes on until enough of ours are on it.
 *
 * What can fail: a thread dies, or the chain refuses a block (a full disk). A request is refused with that error;
 * continuous mining logs it and tries again with the next tip or a few seconds later.
 *
 * @example
 *   const miner = new Miner({ params, tip, select, add, now, log }, { threads: 2 })
 *   await miner.mineBlocks(3, account, AbortSignal.timeout(60_000))
 *   miner.run(account); …; await miner.stop()
 */
import { EventEmitter } from 'node:events'
import { availableParallelism } from 'node:os'
import type { Logger } from 'pino'
import { nextBits } from '../consensus/difficulty.ts'
import { equalBytes, type Hex } from '../consensus/hex.ts'
import { fromCompact, workOf } from '../consensus/target.ts'
import { type Block, encodeHeader } from '../consensus/types.ts'
import { MiningError } from './mining-error.ts'
import { HashRate } from './hash-rate.ts'
import { type CreateWorker, WorkerPool } from './pool.ts'
import { template, type TemplateComponents } from './template.ts'

export interface MiningComponents extends TemplateComponents {
  /** Gives a block to the chain; `connected` and `reorganised` mean that it is on the best chain now. */
  add(block: Block): Promise<{ outcome: string; hash: Hex }>
  log: Logger
  /** @default a thread that runs worker.ts */
  createWorker?: CreateWorker
}

export interface MiningOptions {
  /** @default one less than the processor has, so that the node itself stays quick; at least 1 */
  threads?: number
  /** Percent of each thread's time, 1 to 100. @default 100 */
  cpu?: number
}

export interface MiningProgress {
  /** Whether continuous mining is on. */
  running: boolean
  /** Hashes a second, all threads, measured; 0 while nothing is searched. */
  hashRate: number
  threads: number
  /** Percent. */
  cpu: number
  /** Expected time to a block at this rate, ms; null while there is no rate. */
  expectedMs: number | null
}

export interface MinerEvents {
  /** About once a second while threads search, and when they begin and end. */
  'mining:progress': [MiningProgress]
  /** A block of ours joined the best chain. */
  'block:found': [{ block: Block; hash: Hex; height: number }]
}

export interface MinedBlock {
  height: number
  hash: Hex
}

interface Request {
  account: Uint8Array
  count: number
  blocks: MinedBlock[]
  resolve(): void
  reject(reason: unknown): void
}

/** How long a template is worked on, and how soon a failure is tried again. */
const REFRESH_MS = 3_000
const PROGRESS_MS = 1_000
const MAX_THREADS = 256

export class Miner {
  readonly events = new EventEmitter<MinerEvents>()
  readonly #components: MiningComponents
  readonly #pool: WorkerPool
  readonly #hashRate = new HashRate()
  /** Whom continuous mining pays; undefined: it is off. */
  #account: Uint8Array | undefined
  readonly #requests: Request[] = []
  /** The loop, while anybody wants blocks. */
  #loop: Promise<void> | undefined
  /** The attempt in hand, where it is for continuous mining. */
  #continuous: Promise<void> | undefined
  /** Wakes the loop where it waits after a failure. */
  #wake: (() => void) | undefined
  /** Least timestamp of the next template. */
  #notBefore = 0
  #stopped = false

  constructor(components: MiningComponents, options: MiningOptions = {}) {
    const { threads = Math.max(1, availableParallelism() - 1), cpu = 100 } = options
    checkSettings({ threads, cpu })
    this.#components = components
    this.#pool = new WorkerPool(threads, cpu, components.createWorker)
  }

  /** Lets a stopped miner mine again; a new one needs no start. Threads are made when there is something to search. */
  start(): void {
    this.#stopped = false
  }

  /** Ends all mining and all threads; whoever waits for blocks gets a `MiningError` `mining-stopped`. Idempotent. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#account = undefined
    const stopped = new MiningError('mining-stopped', 'the miner was stopped before the blocks were found')
    for (const request of this.#requests.splice(0)) request.reject(stopped)
    this.#again()
    await this.#loop
    await this.#pool.stop()
  }

  /** Turns continuous mining on, paying `account` (32 bytes). Idempotent. */
  run(account: Uint8Array): void {
    this.#assertStarted()
    if (this.#continuous !== undefined && !equalBytes(this.#account ?? account, account)) this.#again()
    this.#account = account
    this.#begin()
  }

  /** Turns continuous mining off, and resolves when nothing of it is under way. Requests go on. Idempotent. */
  async pause(): Promise<void> {
    this.#account = undefined
    if (this.#continuous === undefined) return
    this.#again()
    await this.#continuous.catch(() => undefined) // the loop has logged it
  }

  /**
   * Changes settings, also while mining.
   * @throws RangeError for less than 1 thread or a share outside 1 to 100
   */
  configure({ threads = this.#pool.threads, cpu = this.#pool.cpu }: MiningOptions): void {
    checkSettings({ threads, cpu })
    this.#pool.cpu = cpu
    if (threads === this.#pool.threads) return
    this.#pool.threads = threads
    this.#again()
  }

  /**
   * Mines on demand, after the requests before it; also while continuous mining is on, which waits meanwhile.
   * @param account whom the blocks pay, 32 bytes
   * @param signal cancels: nothing is searched for this request any longer
   * @returns the blocks, each of them on this node's best chain when it was added
   * @throws MiningError `mining-stopped`, `mining-worker-failed`, the signal's reason, or why the chain refused a block
   */
  async mineBlocks(count: number, account: Uint8Array, signal?: AbortSignal): Promise<MinedBlock[]> {
    if (!Number.isSafeInteger(count) || count < 1) throw new RangeError(`count: must be a whole number from 1, not ${count}`)
    this.#assertStarted()
    signal?.throwIfAborted()
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        signal?.removeEventListener('abort', abort)
        const at = this.#requests.indexOf(request)
        if (at >= 0) this.#requests.splice(at, 1)
        if (at === 0) this.#again()
      }
      const request: Request = {
        account,
        count,
        blocks: [],
        resolve: () => {
          leave()
          resolve(request.blocks)
        },
        reject: (reason) => {
          leave()
          reject(reason as Error) // a signal's reason may be anything
        },
      }
      const abort = (): void => request.reject(signal?.reason)
      signal?.addEventListener('abort', abort)
      this.#requests.push(request)
      if (this.#continuous !== undefined) this.#again()
      this.#begin()
    })
  }

  /** There is a new tip: the threads leave what they search within a slice, and begin on it. */
  tipChanged(): void {
    this.#again()
  }

  progress(): MiningProgress {
    const hashRate = this.#hashRate.at(this.#pool.hashes)
    const { target } = fromCompact(nextBits(this.#components.tip().ancestors, this.#components.params))
    return {
      running: this.#account !== undefined,
      hashRate,
      threads: this.#pool.threads,
      cpu: this.#pool.cpu,
      expectedMs: hashRate > 0 ? (Number(workOf(target)) * 1_000) / hashRate : null,
    }
  }

  /** Whatever is in hand is out of date: look again at what is wanted. */
  #again(): void {
    this.#pool.abandon()
    this.#wake?.()
  }

  #assertStarted(): void {
    if (this.#stopped) throw new MiningError('mining-stopped', 'the miner is stopped; start it first')
  }

  /** Starts the loop unless it goes already. Not within this call: its first event may have a listener that calls us. */
  #begin(): void {
    this.#loop ??= Promise.resolve().then(() => this.#work())
  }

  async #work(): Promise<void> {
    const tell = (): void => {
      this.#hashRate.sample(this.#pool.hashes)
      this.events.emit('mining:progress', this.progress())
    }
    const timer = setInterval(tell, PROGRESS_MS)
    timer.unref()
    tell()
    for (;;) {
      const request = this.#requests[0]
      const account = request?.account ?? this.#account
      if (account === undefined) break
      const attempt = this.#attempt(account, request)
      this.#continuous = request === undefined ? attempt : undefined
      try {
        await attempt
      } catch (error) {
        if (request !== undefined) {
          request.reject(error)
        } else {
          this.#components.log.error({ err: error }, 'mining failed; trying again')
          await this.#rest()
        }
      }
    }
    clearInterval(timer)
    this.#continuous = undefined
    this.#loop = undefined
    this.#hashRate.reset()
    this.events.emit('mining:progress', this.progress())
  }

  /** One template, searched until it is solved or out of date. */
  async #attempt(account: Uint8Array, request: Request | undefined): Promise<void> {
    const { block, target } = template(this.#components, account, this.#notBefore)
    const { header } = block
    this.#notBefore = header.timestamp + 1
    const refresh = setTimeout(() => this.#pool.abandon(), REFRESH_MS)
    refresh.unref()
    const nonce = await this.#pool.search(encodeHeader(header), target).finally(() => clearTimeout(refresh))
    if (nonce === undefined) return
    header.nonce = nonce
    const { outcome, hash } = await this.#components.add(block)
    const { height } = header
    if (outcome !== 'connected' && outcome !== 'reorganised') {
      this.#components.log.info({ hash, height, outcome }, 'found a block that is not on the best chain')
      // Before its time or its parent's: what we would make now would wait just as well.
      if (outcome === 'waiting') await this.#rest()
      return
    }
    this.events.emit('block:found', { block, hash, height })
    if (request === undefined) return
    request.blocks.push({ height, hash })
    if (request.blocks.length === request.count) request.resolve()
  }

  /** Waits for something new: a tip, a request, an end; at most as long as a template lasts. */
  #rest(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#wake?.(), REFRESH_MS)
      timer.unref()
      this.#wake = () => {
        clearTimeout(timer)
        this.#wake = undefined
        resolve()
      }
    })
  }
}

function checkSettings({ threads, cpu }: Required<MiningOptions>): void {
  for (const [name, value, most] of [['threads', threads, MAX_THREADS], ['cpu', cpu, 100]] as const) {
    if (!Number.isInteger(value) || value < 1 || value > most) {
      throw new RangeError(`${name}: must be a whole number from 1 to ${most}, not ${value}`)
    }
  }
}
