/**
 * Keeps a swarm's nodes connected as its topology says: along every edge whose link is not cut and whose nodes both run,
 * and nowhere else (the nodes themselves dial nobody).
 *
 * The node with the greater number dials. What fails or breaks is dialled again, after a wait that doubles from a quarter
 * of a second to four.
 */
import type { Clock } from '../chain/clock.ts'
import type { Node } from '../node/node.ts'
import type { Links } from './links.ts'
import type { Edge } from './topology.ts'

/** What it needs of a node; its network is not asked for while it does not run. */
interface Cabled extends Pick<Node, 'running'> {
  network: Pick<Node['network'], 'addresses' | 'dial'>
}

export interface CablingComponents {
  clock: Pick<Clock, 'after'>
  links: Pick<Links, 'isCut'>
  node: (at: number) => Cabled
}

interface Trying {
  /** Ends it. */
  controller: AbortController
  outcome: PromiseWithResolvers<void>
}

const FIRST_WAIT_MS = 250
const LAST_WAIT_MS = 4_000
/** After so many attempts whoever waits for a connection is told why there is none. */
const MAX_ATTEMPTS = 3

export class Cabling {
  readonly #components: CablingComponents
  readonly #edges = new Map<string, Edge>()
  /** Edges that are being dialled, or will be. */
  readonly #trying = new Map<string, Trying>()
  #stopped = false

  constructor(components: CablingComponents, edges: readonly Edge[]) {
    this.#components = components
    for (const edge of edges) this.#edges.set(edge.join(), edge)
  }

  get edges(): Edge[] {
    return [...this.#edges.values()]
  }

  add(edge: Edge): void {
    this.#edges.set(edge.join(), edge)
  }

  /**
   * Sees to every edge, or to those of one node. Resolves when all that can be are connected.
   * @throws Error of an edge that could not be connected in three attempts (it is tried further); the signal's reason
   */
  async connect(node?: number, signal?: AbortSignal): Promise<void> {
    const edges = this.edges.filter((edge) => node === undefined || edge.includes(node))
    await Promise.all(edges.map((edge) => this.#keep(edge, signal)))
  }

  /** A connection is gone: it is made again, in a moment. */
  lost(edge: Edge): void {
    if (!this.#edges.has(edge.join()) || this.#trying.has(edge.join())) return
    this.#keep(edge).catch(() => {}) // nobody waits for it
  }

  stop(): void {
    this.#stopped = true
    for (const { controller } of this.#trying.values()) controller.abort(new Error('the swarm stops'))
  }

  async #keep(edge: Edge, signal?: AbortSignal): Promise<void> {
    const key = edge.join()
    const trying: Trying = { controller: new AbortController(), outcome: Promise.withResolvers() }
    const { controller, outcome } = trying
    const before = this.#trying.get(key)
    before?.outcome.resolve(outcome.promise) // begins anew: there may be nothing to wait for any more
    before?.controller.abort(new Error('tried anew'))
    this.#trying.set(key, trying)
    const end = (): void => controller.abort(signal?.reason)
    signal?.addEventListener('abort', end, { once: true })
    if (signal?.aborted) end()
    void this.#try(edge, controller.signal, outcome).finally(() => {
      signal?.removeEventListener('abort', end)
      if (this.#trying.get(key) === trying) this.#trying.delete(key)
    })
    await outcome.promise
  }

  /** Never rejects: `outcome` does. */
  async #try(edge: Edge, signal: AbortSignal, outcome: PromiseWithResolvers<void>): Promise<void> {
    const [a, b] = edge
    const { node } = this.#components
    for (let attempt = 1; this.#isWanted(edge); attempt++) {
      const [address = ''] = node(a).network.addresses
      try {
        signal.throwIfAborted()
        await node(b).network.dial(address, signal)
        break
      } catch (error) {
        if (signal.aborted) return outcome.reject(signal.reason)
        if (!this.#isWanted(edge)) break
        if (attempt === MAX_ATTEMPTS) outcome.reject(cannotConnect(edge, error))
        await this.#wait(Math.min(LAST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1)), signal)
      }
    }
    outcome.resolve()
  }

  #isWanted([a, b]: Edge): boolean {
    const { links, node } = this.#components
    return !this.#stopped && node(a).running && node(b).running && !links.isCut(a, b)
  }

  #wait(delayMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#components.clock.after(delayMs, resolve)
      signal.addEventListener('abort', () => {
        cancel()
        resolve()
      }, { once: true })
    })
  }
}

const cannotConnect = ([a, b]: Edge, error: unknown): Error =>
  new Error(
    `nodes ${a} and ${b} could not connect (${error instanceof Error ? error.message : String(error)}): ` +
      'a handshake may take two seconds, so lower latencyMs, jitterMs or loss, or give more bytesPerSecond',
    { cause: error },
  )
