/**
 * Keeps the page's state the same as the swarm's.
 *
 * 1. The event stream opens; only then is everything read, so that nothing falls in between.
 * 2. Changes come ten times a second at most, each thing as it is now; those that come while everything is read wait.
 * 3. After each, the tree is laid anew: which branches there are, and how the last fork ended.
 * 4. When the swarm goes away the page says so; the client tries again, a little later each time; then from 1.
 */
import { batch } from '@preact/signals'
import type { SwarmApiEvent, SwarmChange } from '../../swarm-http/api.ts'
import { ApiFailure, type SwarmClient } from '../../swarm-http/client.ts'
import type { SwarmState } from './state.ts'
import { followFork, NO_FORK } from './story.ts'
import { EMPTY_VIEW, viewOf } from './swarm-view.ts'

/** Until it is tried again after a question had no answer; a stream that breaks is the client's to mend. */
const RETRY_MS = 2_000
/** Blocks held: more than any screen shows. */
const MAX_BLOCKS = 2_000

export class SwarmLive {
  readonly #state: SwarmState
  readonly #client: () => SwarmClient
  #hearing = new AbortController()
  #queue: SwarmChange[] = []
  #reading: Promise<void> | undefined

  constructor(components: { state: SwarmState; client: () => SwarmClient }) {
    this.#state = components.state
    this.#client = components.client
  }

  /** Hears what happens, for ever. */
  async start(): Promise<void> {
    this.#hearing = new AbortController()
    const { signal } = this.#hearing
    const events = this.#client().follow({ signal, onOpen: () => this.#read(), onLost: () => this.#lost() })
    try {
      for await (const event of events) this.#receive(event)
    } catch {
      // Given up here, or something else answers at the swarm's address now, which may leave again.
    }
    this.#lost()
    setTimeout(() => void this.start(), RETRY_MS)
  }

  #receive(event: SwarmApiEvent): void {
    if (event.event === 'reset') return this.#read()
    this.#queue.push(event.data)
    if (this.#reading === undefined) this.#apply()
  }

  #apply(): void {
    const { nodes, edges, blocks, conditions, payments } = this.#state
    batch(() => {
      for (const change of this.#queue.splice(0)) {
        if (change.nodes) {
          const all = [...nodes.value]
          for (const node of change.nodes) all[node.node] = node
          nodes.value = all
        }
        if (change.edges) {
          const all = new Map(edges.value.map((edge) => [edge.nodes.join(), edge]))
          for (const edge of change.edges) all.set(edge.nodes.join(), edge)
          edges.value = [...all.values()]
        }
        if (change.blocks) {
          const all = [...blocks.value, ...change.blocks.map((block) => [block.hash, block] as const)]
          blocks.value = new Map(all.slice(-MAX_BLOCKS))
        }
        conditions.value = change.conditions ?? conditions.value
        payments.value = change.payments ?? payments.value
      }
      this.#look()
    })
  }

  /** Reads everything. */
  #read(): void {
    this.#reading ??= this.#readAll()
      .catch((error: unknown) => this.#failed(error))
      .finally(() => {
        this.#reading = undefined
        this.#apply()
      })
  }

  async #readAll(): Promise<void> {
    const state = this.#state
    const client = this.#client()
    const [status, { blocks }] = await Promise.all([client.status(), client.blocks({ limit: MAX_BLOCKS })])
    batch(() => {
      const before = state.status.value
      // Another swarm may answer at the same address now: nothing of the old one holds.
      if (before !== null && (before.seed !== status.seed || before.genesis !== status.genesis)) {
        state.view.value = EMPTY_VIEW
        state.fork.value = NO_FORK
        state.chosen.value = new Set()
        state.openLink.value = null
      }
      state.status.value = status
      state.nodes.value = status.nodes
      state.edges.value = status.edges
      state.conditions.value = status.conditions
      state.payments.value = status.payments
      state.blocks.value = new Map(blocks.map((block) => [block.hash, block]))
      state.connection.value = 'live'
      this.#look()
    })
  }

  #look(): void {
    const { nodes, blocks, view, fork } = this.#state
    view.value = viewOf(nodes.value, blocks.value, view.value)
    fork.value = followFork(fork.value, view.value, blocks.value)
  }

  #failed(error: unknown): void {
    if (error instanceof ApiFailure && error.status !== 0) console.warn(error.message)
    else this.#hearing.abort()
  }

  #lost(): void {
    this.#state.connection.value = 'lost'
  }
}
