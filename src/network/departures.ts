/** Why the last peers went: a bounded memory, for whoever asks why there are so few. It decides nothing. */
import type { Clock } from '../chain/clock.ts'
import type { Peer } from './peers.ts'
import { setLatest } from './set-latest.ts'
import { type Code, VERDICTS } from './verdicts.ts'

/** A connection that ended. */
export interface Departure {
  peerId: string
  name: string | null
  /** Multiaddr of the connection. */
  address: string
  /** What it did wrong last while it was connected; null: nothing that we know of. */
  fault: { code: Code; found: string } | null
  /** How far it had come. */
  identified: boolean
  accepted: boolean
  /** ms since the Unix epoch. */
  at: number
}

/** Nobody is blamed for these, and yet they end a connection. */
const ENDING: ReadonlySet<Code> = new Set(['peer-other-network', 'peer-not-gossiping', 'peer-score-low'])
/** The oldest is forgotten. */
const MAX_DEPARTURES = 64

export class Departures {
  readonly #clock: Pick<Clock, 'now'>
  /** By peer id, the last to go last. */
  readonly #gone = new Map<string, Departure>()
  /** Of those that are connected. */
  readonly #faults = new Map<string, { code: Code; found: string }>()

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock
  }

  /** A peer did something wrong; what is nobody's fault is not kept, but for what ends a connection. */
  fault(peerId: string, code: Code, found: string): void {
    if (VERDICTS[code].peer === 'none' && !ENDING.has(code)) return
    setLatest(this.#faults, peerId, { code, found }, MAX_DEPARTURES)
  }

  /** A peer's last connection closed. */
  left({ key, address, agent, status }: Pick<Peer, 'key' | 'address' | 'agent' | 'status'>): void {
    const departure: Departure = {
      peerId: key, name: status?.name ?? null, address, fault: this.#faults.get(key) ?? null,
      identified: agent !== null, accepted: status !== undefined, at: this.#clock.now(),
    }
    setLatest(this.#gone, key, departure, MAX_DEPARTURES)
    this.#faults.delete(key)
  }

  /** The last to go last. */
  list(): Departure[] {
    return [...this.#gone.values()]
  }
}
