/**
 * Mining: makes blocks on the tip, in worker threads, continuously or as many as are asked for.
 *
 *   template → threads search its nonces → found → the chain adds it → next template
 *      ↑___ abandoned: new tip, half a second gone, other settings, nobody wants it any more
 *
 * One loop does all of it, for one account at a time: requests (`mineBlocks`) first, one after another, then
 * continuous mining (`run`). A template lasts half a second, so that its timestamp stays true; what it holds changes
 * less often (template.ts). A block that comes too late for the best chain is given to the chain all the same, unless a
 * newer one was found; it is a side branch there, and not counted. The loop goes on until enough of ours are on the best.
 *
 * While the node is catching up (`hold`), nothing is searched: it would be found on a tip that others left long ago.
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
import { nextBits } from '../consensus/difficulty.ts'
import { equalBytes, toHex } from '../consensus/hex.ts'
import { fromCompact, workOf } from '../consensus/target.ts'
import { type Block, encodeHeader } from '../consensus/types.ts'
import { HashRate } from './hash-rate.ts'
import { MiningError } from './mining-error.ts'
import {
  checkMayMine, checkSettings, type MinedBlock, type MinerEvents, type MiningComponents, type MiningOptions, type MiningProgress,
} from './mining-options.ts'
import { WorkerPool } from './pool.ts'
import { Rest } from './rest.ts'
import { type Template, Templates } from './template.ts'

export type { MinedBlock, MinerEvents, MiningComponents, MiningOptions, MiningProgress } from './mining-options.ts'

interface Request {
  account: Uint8Array
  count: number
  blocks: MinedBlock[]
  resolve(): void
  reject(reason: unknown): void
}

/** How long a template is worked on; a partial one until every thread has begun, for building the rest takes a processor. */
const RENEW_MS = 500
const COMPLETE_MS = 5
/** How soon what failed is tried again, unless there is something new before. */
const RETRY_MS = 3_000
const PROGRESS_MS = 1_000

export class Miner {
  readonly events = new EventEmitter<MinerEvents>()
  readonly #components: MiningComponents
  readonly #templates: Templates
  readonly #pool: WorkerPool
  readonly #hashRate = new HashRate()
  /** Whom continuous mining pays; undefined: it is off. */
  #account: Uint8Array | undefined
  readonly #requests: Request[] = []
  /** The loop, while anybody wants blocks. */
  #loop: Promise<void> | undefined
  /** The attempt in hand, where it is for continuous mining. */
  #continuous: Promise<void> | undefined
  /** Of the loop, after a failure or while it is held: until something new comes, at most a few seconds. */
  readonly #rest = new Rest()
  /** A late find on the tip, while the chain takes it. */
  #arriving: Promise<unknown> | undefined
  #held = false
  #stopped = false

  constructor(components: MiningComponents, options: MiningOptions = {}) {
    const { threads = Math.max(1, availableParallelism() - 1), cpu = 100 } = options
    checkSettings({ threads, cpu })
    this.#components = components
    this.#templates = new Templates(components)
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

  /** Turns continuous mining on, paying `account` (32 bytes). Idempotent. @throws MiningError `mining-off`, `mining-stopped` */
  run(account: Uint8Array): void {
    checkMayMine(this.#components, this.#stopped)
    if (this.#continuous !== undefined && !equalBytes(this.#account ?? account, account)) this.#drop()
    this.#account = account
    this.#begin()
  }

  /** Turns continuous mining off, and resolves when nothing of it is under way. Requests go on. Idempotent. */
  async pause(): Promise<void> {
    this.#account = undefined
    if (this.#continuous === undefined) return this.#rest.wake()
    this.#drop()
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
   * @throws MiningError `mining-off`, `mining-stopped`, `mining-worker-failed`, the signal's reason, or why the chain refused a block
   */
  async mineBlocks(count: number, account: Uint8Array, signal?: AbortSignal): Promise<MinedBlock[]> {
    if (!Number.isSafeInteger(count) || count < 1) throw new RangeError(`count: must be a whole number from 1, not ${count}`)
    checkMayMine(this.#components, this.#stopped)
    signal?.throwIfAborted()
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        signal?.removeEventListener('abort', abort)
        const at = this.#requests.indexOf(request)
        if (at >= 0) this.#requests.splice(at, 1)
        if (at === 0) this.#again()
      }
      const request: Request = {
        account, count, blocks: [],
        resolve: () => {
          leave()
          resolve(request.blocks)
        },
        reject: (reason) => {
          leave()
          reject(reason as Error) // a signal's reason may be anything
        },
      }
      const abort = (): void => {
        request.reject(signal?.reason)
        this.#pool.forget()
      }
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

  /** A transaction became pending that the next block may hold: it gets into the template when that is worth it. */
  transactionAdded(fee: number): void {
    this.#templates.transactionAdded(fee)
  }

  /** While held, all mining waits, requests too. Idempotent. */
  hold(held: boolean): void {
    if (held === this.#held) return
    this.#held = held
    this.#hashRate.reset()
    this.#again()
    if (this.#loop !== undefined) this.#tell()
  }

  /**
   * A template for somebody who searches by other means, unlike any that was given before.
   * @param account whom it pays, 32 bytes
   * @throws MiningError `mining-catching-up`
   */
  template(account: Uint8Array): Template {
    if (this.#held) {
      throw new MiningError('mining-catching-up', 'this node is catching up with its peers: ask again in a second')
    }
    return this.#templates.next(account)
  }

  progress(): MiningProgress {
    const hashRate = this.#hashRate.at(this.#pool.hashes)
    const { target } = fromCompact(nextBits(this.#components.tip().ancestors, this.#components.params))
    return {
      running: this.#account !== undefined,
      waiting: this.#held && (this.#account !== undefined || this.#requests.length > 0),
      hashRate,
      threads: this.#pool.threads,
      cpu: this.#pool.cpu,
      expectedMs: hashRate > 0 ? (Number(workOf(target)) * 1_000) / hashRate : null,
    }
  }

  /** Whatever is in hand is out of date: look again at what is wanted. */
  #again(): void {
    this.#pool.abandon()
    this.#rest.wake()
  }

  /** Whoever wanted what is in hand wants it no longer, not even if it is found in this instant. */
  #drop(): void {
    this.#again()
    this.#pool.forget()
  }

  /** Starts the loop unless it goes already. Not within this call: its first event may have a listener that calls us. */
  #begin(): void {
    this.#loop ??= Promise.resolve().then(() => this.#work())
  }

  async #work(): Promise<void> {
    const timer = setInterval(() => this.#tell(), PROGRESS_MS).unref()
    this.#tell()
    for (;;) {
      const request = this.#requests[0]
      const account = request?.account ?? this.#account
      if (account === undefined) break
      const attempt = this.#held ? this.#rest.wait(RETRY_MS) : this.#attempt(account, request)
      this.#continuous = request === undefined ? attempt : undefined
      try {
        await attempt
      } catch (error) {
        if (request !== undefined) {
          request.reject(error)
        } else {
          this.#components.log.error({ err: error }, 'mining failed; trying again')
          await this.#rest.wait(RETRY_MS)
        }
      }
    }
    clearInterval(timer)
    this.#continuous = undefined
    this.#loop = undefined
    this.#hashRate.reset()
    this.events.emit('mining:progress', this.progress())
  }

  #tell(): void {
    this.#hashRate.sample(this.#pool.hashes)
    this.events.emit('mining:progress', this.progress())
  }

  /** One template, searched until it is solved or out of date. */
  async #attempt(account: Uint8Array, request: Request | undefined): Promise<void> {
    if (this.#arriving !== undefined) return void (await this.#arriving) // what is found now would be its twin
    const { block, target, partial } = this.#templates.next(account, true)
    const renew = (): void => {
      this.#templates.refresh() // while the threads still search this one
      this.#pool.abandon()
    }
    const renewal = setTimeout(renew, partial ? COMPLETE_MS : RENEW_MS).unref()
    const late = (nonce: number): void => {
      const extendsTip = toHex(block.header.parent) === this.#components.tip().hash
      const lost = (err: unknown): void => this.#components.log.error({ err }, 'a block found in the instant of another tip is lost')
      const adding = this.#add(block, nonce, request).catch(lost)
      if (!extendsTip) return
      this.#arriving = adding.finally(() => (this.#arriving = undefined))
      this.#drop()
    }
    const nonce = await this.#pool.search(encodeHeader(block.header), target, late).finally(() => clearTimeout(renewal))
    if (nonce === undefined) return
    this.#pool.forget() // of a template before this one: its twin
    // Before its time or its parent's: what we would make now would wait just as well.
    if ((await this.#add(block, nonce, request)) === 'waiting') await this.#rest.wait(RETRY_MS)
  }

  /** Gives a block that was found to the chain. @returns the outcome */
  async #add(block: Block, nonce: number, request: Request | undefined): Promise<string> {
    block.header.nonce = nonce
    const { height } = block.header
    const { outcome, hash } = await this.#components.add(block)
    if (outcome !== 'connected' && outcome !== 'reorganised') {
      this.#components.log.info({ hash, height, outcome }, 'found a block that is not on the best chain')
      this.events.emit('block:stale', { hash, height, outcome })
      return outcome
    }
    this.events.emit('block:found', { block, hash, height })
    if (request !== undefined && this.#requests.includes(request)) {
      request.blocks.push({ height, hash })
      if (request.blocks.length === request.count) request.resolve()
    }
    return outcome
  }
}
