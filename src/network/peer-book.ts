/** The memory of peers that worked, from one start to the next: what discovery asks of a disk. */
export interface RememberedPeer {
  /** Multiaddr with the peer id at its end. */
  address: string
  peerId: string
  /** ms since the Unix epoch. */
  lastSeen: number
}

export interface PeerBook {
  load(): RememberedPeer[]
  /** Adds a peer, or says when it was seen last. */
  save(peer: RememberedPeer): void
  remove(address: string): void
}
