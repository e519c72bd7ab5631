/**
 * The memory of peers that worked, from one start to the next: at most 64. Those who brought valid blocks come first and
 * are kept longest, for it takes work to bring one and only a connection to be seen.
 */
import type { Clock } from '../chain/clock.ts'
import { MAX_PEER_BOOK, PEER_BOOK_INTERVAL_MS } from './protocols.ts'

export interface RememberedPeer {
  /** Multiaddr with the peer id at its end. */
  address: string
  peerId: string
  /** ms since the Unix epoch. */
  lastSeen: number
  /** When it was last the first to bring a valid block, ms since the Unix epoch; 0: never. */
  lastBlock: number
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

  /** Those who brought blocks lately first, then those seen last. */
  load(): RememberedPeer[] {
    for (const peer of this.#book?.load() ?? []) this.#known.set(peer.address, peer)
    this.#trim()
    return [...this.#known.values()].sort(byWorth)
  }

  /** A peer works, at an address. @param lastBlock when it brought a block, ms since the Unix epoch; 0: not since it connected */
  seen(peerId: string, address: string, lastBlock = 0): void {
    const lastSeen = this.#clock.now()
    const before = this.#known.get(address)
    const known = before?.peerId === peerId ? before : undefined
    const firstBlock = known?.lastBlock === 0 && lastBlock > 0
    if (known !== undefined && !firstBlock && lastSeen - known.lastSeen < PEER_BOOK_INTERVAL_MS) return
    const peer = { address, peerId, lastSeen, lastBlock: Math.max(lastBlock, known?.lastBlock ?? 0) }
    this.#known.set(address, peer)
    this.#trim()
    if (this.#known.has(address)) this.#book?.save(peer)
  }

  forget(address: string): void {
    this.#known.delete(address)
    this.#book?.remove(address)
  }

  #trim(): void {
    if (this.#known.size <= MAX_PEER_BOOK) return
    const least = [...this.#known.values()].sort(byWorth).slice(MAX_PEER_BOOK)
    for (const { address } of least) this.forget(address)
  }
}

const byWorth = (a: RememberedPeer, b: RememberedPeer): number => b.lastBlock - a.lastBlock || b.lastSeen - a.lastSeen
