/**
 * The table of those whom this node may dial: where each was heard of, how to reach it, and how dialling went.
 *
 *   configured   `--peer`: kept for ever
 *   remembered   worked at an earlier time
 *   found        by mDNS
 *   told         by a peer that is connected to it
 *
 * Entries stay while their peer is connected, so that it can be asked how everybody was come by. Nothing here dials.
 */
import type { Multiaddr } from '@multiformats/multiaddr'
import { MAX_CANDIDATES } from './protocols.ts'

export type CandidateSource = 'configured' | 'remembered' | 'found' | 'told'

/** Why a dial came to nothing, for people. */
export interface DialFailure {
  /** A NetworkErrorCode. */
  code: string
  /** One line. */
  message: string
  /** ms since the Unix epoch. */
  at: number
}

/** A candidate, for people. */
export interface CandidateInfo {
  source: CandidateSource
  /** Null for a configured address where nobody has answered yet. */
  peerId: string | null
  /** Multiaddrs. */
  addresses: string[]
  /** When it was heard of first, ms since the Unix epoch. */
  foundAt: number
  /** In a row. */
  failures: number
  /** Why the last dial failed; null before the first and after one that worked. */
  lastFailure: DialFailure | null
  /** Not dialled before, ms since the Unix epoch. */
  dueAt: number
  dialling: boolean
}

export interface Candidate {
  source: CandidateSource
  /** Whom it must be. Undefined for a configured address without a peer id: whoever is there is welcome. */
  readonly expected: string | undefined
  /** Who was there when it was dialled last; the same where that is given. */
  peerId: string | undefined
  addresses: Multiaddr[]
  readonly foundAt: number
  failures: number
  lastFailure: DialFailure | null
  dueAt: number
  dialling: boolean
}

export class Candidates implements Iterable<Candidate> {
  /** By peer id, or by address where that is not known. */
  readonly #candidates = new Map<string, Candidate>()

  /** Takes a candidate in, or takes note of where a known one is now. */
  add(source: CandidateSource, peerId: string | undefined, addresses: Multiaddr[], now: number): void {
    const key = peerId ?? addresses.join()
    const known = this.#candidates.get(key)
    if (known !== undefined) {
      // It may have moved.
      if (source === 'found' || source === 'configured') known.addresses = addresses
      if (source === 'configured') known.source = source
      return
    }
    if (source !== 'configured' && this.#candidates.size >= MAX_CANDIDATES) return
    this.#candidates.set(key, {
      source, expected: peerId, peerId, addresses, foundAt: now, failures: 0, lastFailure: null, dueAt: now, dialling: false,
    })
  }

  /** The candidate that a peer is. */
  of(peerId: string): Candidate | undefined {
    return this.#candidates.get(peerId) ?? [...this.#candidates.values()].find((candidate) => candidate.peerId === peerId)
  }

  forget(candidate: Candidate): void {
    for (const [key, other] of this.#candidates) if (other === candidate) this.#candidates.delete(key)
  }

  [Symbol.iterator](): Iterator<Candidate> {
    return this.#candidates.values()
  }

  info(): CandidateInfo[] {
    return [...this].map(({ source, peerId, addresses, foundAt, failures, lastFailure, dueAt, dialling }) => ({
      source, peerId: peerId ?? null, addresses: addresses.map(String), foundAt, failures, lastFailure, dueAt, dialling,
    }))
  }
}
