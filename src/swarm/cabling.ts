/**
 * Keeps a swarm's nodes connected as its topology says: along every edge whose link is not cut and whose nodes both run,
 * and nowhere else (the nodes themselves dial nobody). Where the topology is the swarm's own choice, edges are added for
 * nodes that have no way to each other any more and see each other still (bridges.ts); they stay.
 *
 * The node with the greater number dials. What fails or breaks is dialled again, after a wait that doubles from a quarter
 * of a second to four.
 */
import type { Clock } from '../chain/clock.ts'
import type { Node } from '../node/node.ts'
import { bridgesOf } from './bridges.ts'
import type { Links } from './links.ts'
import type { Random } from './random.ts'
import type { Edge } from './topology.ts'
import { withSignal } from './with-signal.ts'

/** What it needs of a node; its network is not asked for while it does not run. */
interface Cabled extends Pick<Node, 'running'> {
  network: Pick<Node['network'], 'addresses' | 'dial'>
}

export interface CablingComponents {
  clock: Pick<Clock, 'after'>
  links: Pick<Links, 'isCut'>
  node: (at: number) => Cabled
  /** Numbers of the nodes that run. */
  running: () => readonly number[]
}

/** An edge that is being dialled, or will be. */
interface Trying {
  readonly stopping: AbortController
  /** In a row. */
  failures: number
  /** For those who wait; another one when it was told. */
  outcome: PromiseWithResolvers<void>
  /** Ends the wait for the next attempt. */
  wake: () => void
}

const FIRST_WAIT_MS = 250
const LAST_WAIT_MS = 4_000
/** After so many attempts whoever waits for a connection is told why there is none. */
const MAX_ATTEMPTS = 3

export class Cabling {
  readonly #components: CablingComponents
  readonly #edges = new Map<string, Edge>()
  /** Those that were added because there was no way any more. */
  readonly #bridges: Edge[] = []
  readonly #trying = new Map<string, Trying>()
  #random: Random | undefined
  #stopped = false

  /** @param random draws bridges; where it is left out the edges are as they were given, and there are none */
  constructor(components: CablingComponents, edges: readonly Edge[], random?: Random) {
    this.#components = components
    this.#random = random
    for (const edge of edges) this.#edges.set(edge.join(), edge)
  }

  get edges(): Edge[] {
    return [...this.#edges.values()]
  }

  add(edge: Edge): void {
    this.#edges.set(edge.join(), edge)
  }

  /** From now on there are no bridges but those that are there: somebody says himself who is connected to whom. */
  asGiven(): void {
    this.#random = undefined
  }

  /**
   * Adds the bridges that it takes; they are edges at once. Resolves when every bridge that can be is connected.
   * @throws as `connect`
   */
  async bridge(signal?: AbortSignal): Promise<void> {
    this.#addBridges()
    await Promise.all(this.#bridges.map((edge) => this.#keep(edge, signal)))
  }

  /**
   * Sees to every edge, or to those of one node and all bridges. Resolves when all that can be are connected.
   * @throws Error of an edge that could not be connected in three attempts (it is tried further); the signal's reason
   */
  async connect(node?: number, signal?: AbortSignal): Promise<void> {
    this.#addBridges()
    const edges = this.edges.filter((edge) => node === undefined || edge.includes(node) || this.#bridges.includes(edge))
    await Promise.all(edges.map((edge) => this.#keep(edge, signal)))
  }

  /** A connection is gone: it is made again, in a moment. */
  lost(edge: Edge): void {
    if (this.#edges.has(edge.join()) && !this.#trying.has(edge.join())) void this.#keep(edge)
  }

  stop(): void {
    this.#stopped = true
    for (const { stopping } of this.#trying.values()) stopping.abort(new Error('the swarm stops'))
  }

  /** Which ones follows from the seed and from how the network is now. */
  #addBridges(): void {
    if (this.#random === undefined || this.#stopped) return
    const { links, running } = this.#components
    const sight = { nodes: running(), edges: this.edges, isCut: (a: number, b: number) => links.isCut(a, b) }
    for (const edge of bridgesOf(sight, this.#random.fork(this.#edges.size))) {
      this.#edges.set(edge.join(), edge)
      this.#bridges.push(edge)
    }
  }

  /** The signal ends the wait, and not the attempts: others may wait for the same. */
  #keep(edge: Edge, signal?: AbortSignal): Promise<void> {
    const key = edge.join()
    let trying = this.#trying.get(key)
    if (trying === undefined) {
      trying = { stopping: new AbortController(), failures: 0, outcome: outcomeOf(), wake: () => {} }
      this.#trying.set(key, trying)
      void this.#try(edge, trying).finally(() => this.#trying.delete(key))
    } else {
      if (trying.failures >= MAX_ATTEMPTS) trying.outcome = outcomeOf()
      trying.failures = 0
      trying.wake()
    }
    return withSignal(trying.outcome.promise, signal)
  }

  /** Never rejects: `outcome` does. */
  async #try(edge: Edge, trying: Trying): Promise<void> {
    const [a, b] = edge
    const { node } = this.#components
    const { signal } = trying.stopping
    while (this.#isWanted(edge)) {
      const [address = ''] = node(a).network.addresses
      try {
        await node(b).network.dial(address, signal)
        break
      } catch (error) {
        if (!this.#isWanted(edge)) break
        trying.failures += 1
        if (trying.failures === MAX_ATTEMPTS) trying.outcome.reject(cannotConnect(edge, error))
        await this.#wait(trying)
      }
    }
    trying.outcome.resolve()
  }

  #isWanted([a, b]: Edge): boolean {
    const { links, node } = this.#components
    return !this.#stopped && node(a).running && node(b).running && !links.isCut(a, b)
  }

  #wait(trying: Trying): Promise<void> {
    const delayMs = Math.min(LAST_WAIT_MS, FIRST_WAIT_MS * 2 ** (trying.failures - 1))
    return new Promise((resolve) => {
      const cancel = this.#components.clock.after(delayMs, resolve)
      trying.wake = () => {
        cancel()
        resolve()
      }
      trying.stopping.signal.addEventListener('abort', () => trying.wake(), { once: true })
    })
  }
}

/** Nobody may wait for it. */
function outcomeOf(): PromiseWithResolvers<void> {
  const outcome = Promise.withResolvers<void>()
  outcome.promise.catch(() => {})
  return outcome
}

/** Two nodes that are to be connected, and could not be. */
export class NotConnectedError extends Error {
  override readonly name = 'NotConnectedError'
}

const cannotConnect = ([a, b]: Edge, error: unknown): NotConnectedError =>
  new NotConnectedError(
    `nodes ${a} and ${b} could not connect (${error instanceof Error ? error.message : String(error)}): ` +
      'a handshake may take two seconds, so lower latencyMs, jitterMs or loss, or give more bytesPerSecond',
    { cause: error },
  )
