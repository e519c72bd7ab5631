/** Peers that worked, remembered for the next start. */
import type { Database } from './database.ts'

export interface RememberedPeer {
  /** Multiaddr. */
  address: string
  peerId: string
  /** ms since the Unix epoch. */
  lastSeen: number
  /** When it was last the first to bring a valid block, ms since the Unix epoch; 0: never. */
  lastBlock: number
}

export class SqlitePeerBook {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Those who brought blocks lately first, then those seen last. */
  load(): RememberedPeer[] {
    const rows = this.#database.all<{ address: string; peer_id: string; last_seen: number; last_block: number }>('peers')
    return rows.map(({ address, peer_id, last_seen, last_block }) => ({
      address, peerId: peer_id, lastSeen: last_seen, lastBlock: last_block,
    }))
  }

  /** Remembers a peer, or what is new of one at a known address. */
  save({ address, peerId, lastSeen, lastBlock }: RememberedPeer): void {
    this.#database.run('savePeer', address, peerId, lastSeen, lastBlock)
  }

  remove(address: string): void {
    this.#database.run('removePeer', address)
  }
}
