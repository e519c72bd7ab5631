/**
 * Blocks that cannot be judged yet: early ones until their time, orphans until their parent comes.
 *
 * Whoever waits here has passed sanity, proof of work included, so that filling the room costs an attacker work. Still
 * it is bounded by count and by bytes, and the one that has waited longest makes way; nothing is lost by that but
 * time, for none of them was called invalid and each is asked for again. Blocks wait encoded, which takes a fifth of
 * the memory of the objects.
 */
import type { Hex } from '../consensus/hex.ts'
import { type Block, decodeBlock, encodeBlock } from '../consensus/types.ts'
import type { Origin } from './chain-events.ts'

/** A block on its way in, or out again. */
export interface Candidate {
  hash: Hex
  block: Block
  origin: Origin
}

/** What a block waits for: its parent's hash, or a time in ms since the Unix epoch. */
export type WaitsFor = { parent: Hex } | { time: number }

export interface WaitingRoomLimits {
  /** @default 256 */
  maxBlocks: number
  /** Of encoded blocks. @default 33_554_432 (32 MiB) */
  maxBytes: number
}

export const WAITING_ROOM_LIMITS: WaitingRoomLimits = { maxBlocks: 256, maxBytes: 32 * 1_048_576 }

interface Entry {
  hash: Hex
  encoded: Uint8Array
  origin: Origin
  until: WaitsFor
}

export class WaitingRoom {
  readonly #limits: WaitingRoomLimits
  /** In order of arrival: the first is the one that makes way. */
  readonly #entries = new Map<Hex, Entry>()
  readonly #byParent = new Map<Hex, Set<Entry>>()
  #bytes = 0

  constructor(limits: WaitingRoomLimits) {
    this.#limits = limits
  }

  /** Number of blocks. */
  get size(): number {
    return this.#entries.size
  }

  /** Encoded bytes of all of them. */
  get bytes(): number {
    return this.#bytes
  }

  /** What a block waits for, if it does. */
  waitsFor(hash: Hex): WaitsFor | undefined {
    return this.#entries.get(hash)?.until
  }

  /** Takes a block in, and sends away as many of the oldest as it takes to hold the limits. */
  add({ hash, block, origin }: Candidate, until: WaitsFor): void {
    const encoded = encodeBlock(block)
    if (encoded.length > this.#limits.maxBytes) return
    const entry = { hash, encoded, origin, until }
    this.#entries.set(hash, entry)
    this.#bytes += encoded.length
    if ('parent' in until) {
      const siblings = this.#byParent.get(until.parent)
      if (siblings === undefined) this.#byParent.set(until.parent, new Set([entry]))
      else siblings.add(entry)
    }
    for (const oldest of this.#entries.values()) {
      if (this.#entries.size <= this.#limits.maxBlocks && this.#bytes <= this.#limits.maxBytes) break
      this.#take(oldest)
    }
  }

  /** Lets out the blocks that waited for a parent, in order of arrival. */
  takeChildren(parent: Hex): Candidate[] {
    return [...(this.#byParent.get(parent) ?? [])].map((entry) => this.#take(entry))
  }

  /** Lets out the blocks whose time has come, earliest first. */
  takeDue(now: number): Candidate[] {
    return this.#early()
      .filter(({ time }) => time <= now)
      .sort((a, b) => a.time - b.time)
      .map(({ entry }) => this.#take(entry))
  }

  /** When the next early block is due, ms since the Unix epoch. */
  nextDue(): number | undefined {
    const times = this.#early().map(({ time }) => time)
    return times.length === 0 ? undefined : Math.min(...times)
  }

  #early(): { entry: Entry; time: number }[] {
    return [...this.#entries.values()].flatMap((entry) => ('time' in entry.until ? [{ entry, time: entry.until.time }] : []))
  }

  #take(entry: Entry): Candidate {
    this.#entries.delete(entry.hash)
    this.#bytes -= entry.encoded.length
    if ('parent' in entry.until) {
      const siblings = this.#byParent.get(entry.until.parent)
      siblings?.delete(entry)
      if (siblings?.size === 0) this.#byParent.delete(entry.until.parent)
    }
    return { hash: entry.hash, block: decodeBlock(entry.encoded), origin: entry.origin }
  }
}
