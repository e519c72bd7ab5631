/** The messages of gossip that a node has seen, and those of the last heartbeats, which others can ask it for. */
import type { Message } from './gossip-ends.ts'

/** Heartbeats for which a message can be asked for, and is told of. */
const [CACHED, TOLD] = [5, 3]
const SEEN_MS = 120_000

export class MessageCache {
  readonly #now: () => number
  /** Until when a message is known, by its id; oldest first. */
  readonly #seen = new Map<string, number>()
  readonly #kept = new Map<string, Message>()
  /** Messages of the last heartbeats, newest first. */
  readonly #heartbeats: Message[][] = [[]]

  /** @param now clock, ms */
  constructor(now: () => number) {
    this.#now = now
  }

  isSeen(id: string): boolean {
    return (this.#seen.get(id) ?? -Infinity) > this.#now()
  }

  see(id: string): void {
    this.#seen.set(id, this.#now() + SEEN_MS)
  }

  /** A message may be asked for from now on. */
  keep(message: Message): void {
    this.#heartbeats[0]?.push(message)
    this.#kept.set(message.id, message)
  }

  get(id: string): Message | undefined {
    return this.#kept.get(id)
  }

  /** Ids of the messages that others are told of. */
  news(topic: string): string[] {
    const ids: string[] = []
    for (let at = 0; at < TOLD; at++) {
      for (const message of this.#heartbeats[at] ?? []) if (message.topic === topic) ids.push(message.id)
    }
    return ids
  }

  /** Whether a heartbeat has something to do here. */
  get isFilled(): boolean {
    return this.#heartbeats.some((messages) => messages.length > 0)
  }

  /** Another heartbeat: what is old is forgotten. */
  age(): void {
    this.#heartbeats.unshift([])
    for (const { id } of this.#heartbeats.splice(CACHED).flat()) this.#kept.delete(id)
    const now = this.#now()
    for (const [id, until] of this.#seen) {
      if (until > now) break
      this.#seen.delete(id)
    }
  }
}
