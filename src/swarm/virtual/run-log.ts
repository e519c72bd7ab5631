/**
 * A run as text: every event of a swarm, one line each, and a hash over all of them. Two runs that have the same hash were
 * the same, event for event.
 *
 * @example
 *   const log = new RunLog(swarm)
 *   await swarm.run(3_600_000)
 *   console.log(log.count, log.hash)
 */
import { createHash } from 'node:crypto'
import type { Swarm } from '../swarm.ts'
import type { SwarmEvents } from '../swarm-events.ts'

/** Each of them; the compiler sees to it that none is missing. */
const EVENTS = Object.keys({
  'node:started': 0, 'node:stopped': 0, 'nodes:connected': 0, 'nodes:disconnected': 0, 'links:changed': 0,
  'payment:sent': 0, 'block:found': 0, 'block:received': 0, 'tip:changed': 0,
} satisfies Record<keyof SwarmEvents, 0>) as (keyof SwarmEvents)[] // the keys of that record

export class RunLog {
  readonly #hash = createHash('sha256')
  readonly #lines: string[] | undefined
  #count = 0

  /** @param keepsLines whether `lines` has them, which takes memory. @default only the hash is kept */
  constructor(swarm: Pick<Swarm, 'events'>, { keepsLines = false }: { keepsLines?: boolean } = {}) {
    this.#lines = keepsLines ? [] : undefined
    for (const name of EVENTS) swarm.events.on(name, (event: object) => this.add(name, event))
  }

  /** Adds an event of somebody else's. */
  add(name: string, event: object): void {
    const line = JSON.stringify({ event: name, ...event })
    this.#count += 1
    this.#hash.update(line).update('\n')
    this.#lines?.push(line)
  }

  get count(): number {
    return this.#count
  }

  /** SHA-256 of the lines so far, hex. */
  get hash(): string {
    return this.#hash.copy().digest('hex')
  }

  /** Empty where none are kept. */
  get lines(): readonly string[] {
    return this.#lines ?? []
  }
}
