/**
 * Spares libp2p's peer store what nobody reads.
 *
 * libp2p notes of every peer which protocol each stream to and from it speaks, when it was dialled, and what its agent is
 * called. Each note is a lock, a record that is decoded and one that is encoded, and a stream is handed on only after it: a
 * fifth of what it costs to connect two nodes.
 *
 *   noted                              read
 *   protocols of ourselves             by identify, which tells them
 *   protocols that somebody watches    when a peer disconnects: gossipsub hears of it by its own ones, and forgets the peer
 *   other protocols                    by nobody
 *   time of a dial, name of the agent  by nobody: who wants the name has it from the event
 *   addresses                          by nobody: none is kept, see libp2p.ts
 *   tags                               where there are too many connections; kept, though slots.ts sees to those
 *
 * What identify finds it puts in whole, by `patch`, and that stays as it is.
 */
import type { Peer, PeerData, PeerId, PeerStore } from '@libp2p/interface'

/** What nobody reads, unless a protocol is watched. */
const UNREAD: ReadonlySet<string> = new Set<keyof PeerData>(['protocols', 'metadata', 'multiaddrs'])

export interface LeanPeerStoreOptions {
  /** Ourselves. */
  self: PeerId
  /** Protocols whose peers somebody wants to hear of. */
  watched: readonly string[]
}

/** Changes the store: `merge` leaves out what is not read. Everything else is as it was. */
export function leanPeerStore(store: Pick<PeerStore, 'merge'>, { self, watched }: LeanPeerStoreOptions): void {
  const merge = store.merge.bind(store)
  store.merge = async (peerId, data, options) => {
    const isRead = Object.keys(data).some((field) => !UNREAD.has(field)) || data.protocols?.some((protocol) => watched.includes(protocol))
    if (isRead === true || self.equals(peerId)) return merge(peerId, data, options)
    return undefined as unknown as Peer // whoever notes something does not look at what it gives
  }
}
