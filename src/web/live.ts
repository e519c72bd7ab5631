/**
 * Keeps the page's state the same as the node's.
 *
 * 1. The event stream opens; only then is everything read (`resync`), so that nothing falls in between.
 * 2. Events are applied together: those of one moment, such as of a switch of branches, and no more often than the page
 *    can be drawn well, for a node that catches up sends hundreds.
 * 3. An event that does not fit what the page holds means that something was missed: read everything again.
 * 4. What has no event (latencies, peers' heights, side branches) is asked for every few seconds, and soon after events.
 * 5. When the node goes away the page says so; the client tries again, a little later each time; then from 1.
 */
import { batch } from '@preact/signals'
import type { ApiEvent, BlockSummary, Fork } from '../http/api.ts'
import { ApiFailure, type Client } from '../http/client.ts'
import { applyEvents } from './apply-events.ts'
import { EMPTY_VIEW, holds, withBest, withSide } from './chain-view.ts'
import { type Happening, withNews } from './news.ts'
import { readOwn } from './read-own.ts'
import type { State } from './state.ts'

/** How long the first event waits for others of its moment, and the least time from one application to the next. */
const COLLECT_MS = 10
const APPLY_EVERY_MS = 50
const ASK_EVERY_MS = 4_000
/** How long after events it is asked, and the least time from one asking to the next. */
const ASK_AFTER_EVENTS_MS = 200
const ASK_AGAIN_MS = 1_000
/** Until it is tried again after a question had no answer; a stream that breaks is the client's to mend. */
const RETRY_MS = 2_000
/** Events that wait at once; beyond, reading everything is cheaper. */
const MAX_QUEUE = 2_000
/** Blocks read at a resync, and blocks of a side branch that are looked up. */
const FIRST_BLOCKS = 100
const MAX_BRANCH = 30

export class Live {
  readonly #state: State
  readonly #client: () => Client
  readonly #timers = new Set<ReturnType<typeof setTimeout>>()
  #hearing = new AbortController()
  #stopped = false
  #queue: ApiEvent[] = []
  #syncing: Promise<void> | undefined
  #refreshing: Promise<void> | undefined
  #refreshDue = false
  #clockOffsetMs = 0
  /** By `performance.now()`, ms; since when the node is lost is undefined while it is not. */
  #appliedAt = -Infinity
  #askedAt = -Infinity
  #lostAt: number | undefined

  constructor(components: { state: State; client: () => Client }) {
    this.#state = components.state
    this.#client = components.client
  }

  start(): void {
    void this.#listen()
    this.#every(ASK_EVERY_MS, () => this.refresh())
    this.#every(1_000, () => this.#tick())
  }

  stop(): void {
    this.#stopped = true
    this.#hearing.abort()
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
  }

  /** Asks for what has no event, and for what events changed. One question at a time. */
  refresh(): Promise<void> {
    if (this.#state.connection.value !== 'live') return Promise.resolve()
    this.#refreshing ??= this.#ask()
      .catch((error: unknown) => this.#failed(error))
      .finally(() => { this.#refreshing = undefined })
    return this.#refreshing
  }

  /** Once for all events of the next moment. */
  #refreshSoon(): void {
    if (this.#refreshDue) return
    this.#refreshDue = true
    this.#after(Math.max(ASK_AFTER_EVENTS_MS, this.#askedAt + ASK_AGAIN_MS - performance.now()), () => {
      this.#refreshDue = false
      void (this.#refreshing ?? Promise.resolve()).then(() => this.refresh())
    })
  }

  /** Hears what happens, until `stop` or until a question has no answer: then anew, a little later. */
  async #listen(): Promise<void> {
    this.#hearing = new AbortController()
    const { signal } = this.#hearing
    const events = this.#client().follow({ signal, onOpen: () => void this.#resync(), onLost: () => this.#lost() })
    try {
      for await (const event of events) this.#receive(event)
    } catch {
      // Given up here, or something else answers at the node's address now, which may leave again.
    }
    if (this.#stopped) return
    this.#lost()
    this.#after(RETRY_MS, () => void this.#listen())
  }

  #receive(event: ApiEvent): void {
    if (this.#queue.length === 0) {
      this.#after(Math.max(COLLECT_MS, this.#appliedAt + APPLY_EVERY_MS - performance.now()), () => this.#apply())
    }
    this.#queue.push(event)
  }

  #apply(): void {
    if (this.#syncing !== undefined) {
      void this.#syncing.then(() => this.#apply())
      return
    }
    const events = this.#queue
    this.#queue = []
    if (events.length === 0) return
    this.#appliedAt = performance.now()
    const fits = events.length <= MAX_QUEUE && batch(() => applyEvents(this.#state, events, this.#now()))
    if (!fits) void this.#resync()
    else if (events.some(({ event }) => event !== 'mining:progress')) this.#refreshSoon()
  }

  /** Reads everything. Events that arrive meanwhile wait. */
  #resync(): Promise<void> {
    this.#syncing ??= this.#readAll()
      .catch((error: unknown) => this.#failed(error))
      .finally(() => { this.#syncing = undefined })
    return this.#syncing
  }

  async #readAll(): Promise<void> {
    const state = this.#state
    const client = this.#client()
    const [status, network, page, peers, mempool] = await Promise.all([
      client.status(), client.network(), client.blocks({ limit: FIRST_BLOCKS }), client.peers(), client.mempool(),
    ])
    const { account, wallet } = await readOwn(client, this.#state, status.account)
    this.#clockOffsetMs = status.time - Date.now()
    batch(() => {
      // Another node, or another network, may answer at the same address now: nothing of the old one holds.
      if (state.status.value !== null && state.status.value.genesis !== status.genesis) {
        state.view.value = EMPTY_VIEW
        state.news.value = []
        state.payments.value = new Map()
        state.rates.value = []
      }
      const old = state.view.value
      const best = page.blocks.toReversed()
      state.status.value = status
      state.network.value = network
      state.account.value = account
      state.wallet.value = wallet
      state.peers.value = peers.peers
      state.banned.value = peers.banned
      state.pending.value = new Map(mempool.transactions.map((transaction) => [transaction.id, transaction]))
      state.mining.value = { ...status.mining, expectedMs: null }
      state.view.value = withBest(old, best)
      const unseen = best.filter((block) => block.height > 0 && !holds(old, block.hash)).slice(old.best.length === 0 ? -10 : 0)
      const news = unseen.map((block): Happening => ({ kind: 'mined', block }))
      if (this.#lostAt !== undefined) news.push({ kind: 'back', awayMs: performance.now() - this.#lostAt })
      this.#lostAt = undefined
      state.news.value = withNews(state.news.value, news, this.#now())
      state.connection.value = 'live'
      this.#tick()
    })
    await this.#readForks()
  }

  async #ask(): Promise<void> {
    this.#askedAt = performance.now()
    const client = this.#client()
    const [status, peers] = await Promise.all([client.status(), client.peers()])
    const { account, wallet } = await readOwn(client, this.#state, status.account)
    this.#clockOffsetMs = status.time - Date.now()
    batch(() => {
      this.#state.status.value = status
      this.#state.peers.value = peers.peers
      this.#state.banned.value = peers.banned
      this.#state.account.value = account
      this.#state.wallet.value = wallet
    })
    await this.#readForks()
  }

  /** Side branches near the tip: their blocks from tip to fork, but those that the page has. */
  async #readForks(): Promise<void> {
    const state = this.#state
    const { forks } = await this.#client().forks()
    const height = state.status.value?.height ?? 0
    const near = forks.filter((fork) => fork.tip.height > height - FIRST_BLOCKS)
    const found = await Promise.all(near.map((fork) => this.#branch(fork)))
    const { best, side } = state.view.value
    const fresh = found.flat().filter((block) => !side.has(block.hash) && !holds({ best, side }, block.hash))
    if (fresh.length > 0) state.view.value = { best, side: withSide(side, fresh) }
  }

  async #branch({ tip, ancestor }: Fork): Promise<BlockSummary[]> {
    const blocks: BlockSummary[] = []
    let block: BlockSummary | undefined = tip
    while (block !== undefined && block.height > ancestor && blocks.length < MAX_BRANCH) {
      if (this.#state.view.value.side.has(block.hash)) break
      blocks.push(block)
      block = block.height - 1 > ancestor ? await this.#client().block(block.parent) : undefined
    }
    return blocks
  }

  #failed(error: unknown): void {
    if (error instanceof ApiFailure && error.status !== 0) console.warn(error.message)
    else this.#hearing.abort()
  }

  #lost(): void {
    this.#state.connection.value = 'lost'
    this.#lostAt ??= performance.now()
  }

  #now(): number {
    return Date.now() + this.#clockOffsetMs
  }

  #tick(): void {
    this.#state.now.value = this.#now()
  }

  #after(delayMs: number, callback: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      callback()
    }, delayMs)
    this.#timers.add(timer)
  }

  #every(intervalMs: number, callback: () => void): void {
    this.#after(intervalMs, () => {
      callback()
      this.#every(intervalMs, callback)
    })
  }
}
