/** What the gossip of two nodes knows of each other: the two sides of one connection. */
import type { PeerId } from '@libp2p/interface'

/** A message: the same object wherever it is, so that its id is made once. */
export interface Message {
  readonly id: string
  readonly topic: string
  readonly data: Uint8Array
}

/** What gossip on the other side of a connection is told. */
export interface GossipEnd {
  toldTopics(topics: readonly string[]): void
  received(message: Message): void
  grafted(topic: string): void
  pruned(topic: string): void
  /** It has messages. */
  toldIds(ids: readonly string[]): void
  /** It wants messages. */
  askedFor(ids: readonly string[]): void
}

/** What gossip knows of a connection. */
export interface GossipConnection {
  readonly remotePeer: PeerId
  /** This side's gossip, where that knows of it. */
  gossip: GossipEnd | undefined
  readonly other: { readonly gossip: GossipEnd | undefined; transmit(bytes: number, deliver: () => void): void } | undefined
  transmit(bytes: number, deliver: () => void): void
}
