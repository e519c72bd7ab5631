/** The memory of peers that worked, from one start to the next: at most 64, the ones seen last. */
import type { Clock } from '../chain/clock.ts'
import { MAX_PEER_BOOK, PEER_BOOK_INTERVAL_MS } from './protocols.ts'

export interface RememberedPeer {
  /** Multiaddr with the peer id at its end. */
  address: string
  peerId: string
  /** ms since the Unix epoch. */
  lastSeen: number
}

/** What is asked of a disk. */
export interface PeerBook {
  load(): RememberedPeer[]
  /** Adds a peer, or says when it was seen last. */
  save(peer: RememberedPeer): void
  remove(address: string): void
}

/** Keeps a book short, and writes no more often than it is worth. */
export class PeerMemory {
  readonly #book: PeerBook | undefined
  readonly #clock: Pick<Clock, 'now'>
  /** What the book holds, by address. */
  readonly #known = new Map<string, RememberedPeer>()

  constructor(book: PeerBook | undefined, clock: Pick<Clock, 'now'>) {
    this.#book = book
    this.#clock = clock
  }

  /** Last seen first. */
  load(): RememberedPeer[] {
    for (const peer of this.#book?.load() ?? []) this.#known.set(peer.address, peer)
    this.#trim()
    return [...this.#known.values()].sort((a, b) => b.lastSeen - a.lastSeen)
  }

  /** A peer works, at an address. */
  seen(peerId: string, address: string): void {
    const lastSeen = this.#clock.now()
    const known = this.#known.get(address)
    if (known?.peerId === peerId && lastSeen - known.lastSeen < PEER_BOOK_INTERVAL_MS) return
    const peer = { address, peerId, lastSeen }
    this.#known.set(address, peer)
    this.#book?.save(peer)
    this.#trim()
  }

  forget(address: string): void {
    this.#known.delete(address)
    this.#book?.remove(address)
  }

  #trim(): void {
    while (this.#known.size > MAX_PEER_BOOK) {
      const oldest = [...this.#known.values()].reduce((a, b) => (b.lastSeen < a.lastSeen ? b : a))
      this.forget(oldest.address)
    }
  }
}
