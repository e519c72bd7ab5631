/** A peer as gossip knows it. */
import type { PeerId } from '@libp2p/interface'
import type { GossipConnection } from './gossip-ends.ts'

const INVALID_WEIGHT = -12
/** A second. */
const INVALID_DECAY = 0.99

export class GossipPeer {
  readonly id: PeerId
  readonly key: string
  /** The one that is sent on: its oldest. */
  connection: GossipConnection
  /** Those that it takes part in. */
  readonly topics = new Set<string>()
  /** Invalid messages that it sent, decayed until `#decayedAt`. */
  #invalid = 0
  #decayedAt = 0

  constructor(connection: GossipConnection) {
    this.id = connection.remotePeer
    this.key = this.id.toString()
    this.connection = connection
  }

  /** It sent an invalid message. @param now clock, ms */
  punish(now: number): void {
    this.#decay(now)
    this.#invalid += 1
  }

  /** What its invalid messages cost it: −12, −48, −108 for the first three. @param now clock, ms */
  points(now: number): number {
    if (this.#invalid > 0) this.#decay(now)
    return INVALID_WEIGHT * this.#invalid ** 2
  }

  #decay(now: number): void {
    this.#invalid *= INVALID_DECAY ** Math.max(0, (now - this.#decayedAt) / 1_000)
    this.#decayedAt = now
    if (this.#invalid < 0.01) this.#invalid = 0
  }
}
