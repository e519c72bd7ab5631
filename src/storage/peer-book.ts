/** Peers that worked, remembered for the next start. */
import type { Database } from './database.ts'

export interface RememberedPeer {
  /** Multiaddr. */
  address: string
  peerId: string
  /** ms since the Unix epoch. */
  lastSeen: number
}

export class SqlitePeerBook {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Last seen first. */
  load(): RememberedPeer[] {
    const rows = this.#database.all<{ address: string; peer_id: string; last_seen: number }>('peers')
    return rows.map(({ address, peer_id, last_seen }) => ({ address, peerId: peer_id, lastSeen: last_seen }))
  }

  /** Remembers a peer, or when an address was last seen. */
  save({ address, peerId, lastSeen }: RememberedPeer): void {
    this.#database.run('savePeer', address, peerId, lastSeen)
  }

  remove(address: string): void {
    this.#database.run('removePeer', address)
  }
}
