/**
 * The table of those whom this node may dial: where each was heard of, how to reach it, and how dialling went.
 *
 *   configured   `--peer`: kept for ever
 *   remembered   worked at an earlier time
 *   found        by mDNS
 *   told         by a peer that is connected to it
 *
 * Entries stay while their peer is connected, so that it can be asked how everybody was come by. Nothing here dials.
 *
 * The table is bounded, and lies must not push out what is true. When it is full somebody has to make room: first who was
 * only heard of, then who worked but never brought a block; of those one from the IP address that most entries are of,
 * and of these the one that failed most often. So whoever fills the table with a thousand names pushes out its own.
 */
import type { Multiaddr } from '@multiformats/multiaddr'
import { hostOf } from './lan-address.ts'
import { MAX_CANDIDATE_ADDRESSES, MAX_CANDIDATES, MAX_TOLD } from './protocols.ts'

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
  /** The address where it worked last. */
  proven: Multiaddr | undefined
  /** It was the first to bring a valid block, now or at an earlier time. */
  good: boolean
  /** It is known only because it connected to us: nobody found it, and nobody told of it. */
  came: boolean
  /** Peer id of who told of it. */
  readonly teller: string | undefined
  readonly foundAt: number
  failures: number
  lastFailure: DialFailure | null
  dueAt: number
  dialling: boolean
}

export interface Heard {
  source: CandidateSource
  peerId: string | undefined
  addresses: Multiaddr[]
  good?: boolean
  came?: boolean
  teller?: string
}

export class Candidates implements Iterable<Candidate> {
  /** By peer id, or by address where that is not known. */
  readonly #candidates = new Map<string, Candidate>()
  readonly #connected: (peerId: string) => boolean

  /** @param connected whether a peer is connected now: it keeps its entry */
  constructor(connected: (peerId: string) => boolean) {
    this.#connected = connected
  }

  /** Takes a candidate in, or takes note of where a known one is now. */
  add({ source, peerId, addresses, good = false, came = false, teller }: Heard, now: number): void {
    const key = peerId ?? addresses.join()
    const known = this.#candidates.get(key)
    if (known !== undefined) {
      if (source === 'configured') known.source = source
      known.came &&= came
      // What a peer tells of another is news only where we know nothing ourselves.
      if (source !== 'told') known.addresses = joined(known, addresses)
      return
    }
    if (source === 'told' && [...this].filter((other) => other.source === 'told' && other.teller === teller).length >= MAX_TOLD) return
    const candidate: Candidate = {
      source, expected: peerId, peerId, addresses: addresses.slice(0, MAX_CANDIDATE_ADDRESSES), good, came, teller,
      proven: undefined, foundAt: now, failures: 0, lastFailure: null, dueAt: now, dialling: false,
    }
    this.#candidates.set(key, candidate)
    if (this.#candidates.size > MAX_CANDIDATES) this.#makeRoom()
  }

  /** The candidate that a peer is. */
  of(peerId: string): Candidate | undefined {
    return this.#candidates.get(peerId) ?? [...this.#candidates.values()].find((candidate) => candidate.peerId === peerId)
  }

  forget(candidate: Candidate): void {
    for (const [key, other] of this.#candidates) if (other === candidate) this.#candidates.delete(key)
  }

  /** Everybody may be dialled at once: this machine is somewhere else than when they failed. */
  forgetFailures(now: number): void {
    for (const candidate of this) {
      candidate.failures = 0
      candidate.dueAt = Math.min(candidate.dueAt, now)
    }
  }

  [Symbol.iterator](): Iterator<Candidate> {
    return this.#candidates.values()
  }

  info(): CandidateInfo[] {
    return [...this].map(({ source, peerId, addresses, foundAt, failures, lastFailure, dueAt, dialling }) => ({
      source, peerId: peerId ?? null, addresses: addresses.map(String), foundAt, failures, lastFailure, dueAt, dialling,
    }))
  }

  #makeRoom(): void {
    const idle = [...this].filter(({ source, good, dialling, peerId }) =>
      source !== 'configured' && !good && !dialling && !(peerId !== undefined && this.#connected(peerId)))
    const heardOf = idle.filter(({ source }) => source !== 'remembered')
    const leaving = crowded(heardOf.length > 0 ? heardOf : idle)
    const worst = leaving.reduce<Candidate | undefined>((a, b) => (a === undefined || b.failures > a.failures ? b : a), undefined)
    if (worst !== undefined) this.forget(worst)
  }
}

/** The addresses of a candidate after it was heard of at some: newest first, one an IP address, and the proven one kept. */
function joined({ addresses: before, proven }: Candidate, news: Multiaddr[]): Multiaddr[] {
  const hosts = new Set<string>()
  const all = [...news, ...(proven === undefined ? [] : [proven]), ...before].filter((address) => {
    const host = hostOf(address)?.ip ?? String(address)
    return !hosts.has(host) && hosts.add(host)
  })
  return all.slice(0, MAX_CANDIDATE_ADDRESSES)
}

/** The IP address that a candidate is at; where it has none, its address as it is. */
export function hostNameOf({ addresses: [first] }: Candidate): string {
  return first === undefined ? '' : (hostOf(first)?.ip ?? String(first))
}

/** Those of the IP address that most are of. */
function crowded(candidates: Candidate[]): Candidate[] {
  const groups = Map.groupBy(candidates, hostNameOf)
  return [...groups.values()].reduce<Candidate[]>((a, b) => (b.length > a.length ? b : a), [])
}
