/**
 * Whom to connect to, and when.
 *
 *   configured   `--peer`: tried for ever, however many peers there are
 *   remembered   peers of earlier times whose status was good; tried first at a start, before mDNS can answer
 *   found        by mDNS: private addresses only, and forgotten after a few failures in a row (mDNS finds it again)
 *
 * Nothing else dials, and banned peers are refused by the gater. At most five dials a second; each failure doubles a
 * peer's wait, up to a minute, give or take a quarter. Remembered and found peers are dialled only while there are fewer
 * connections than aimed at.
 *
 * mDNS asks once when it starts and then every 10 s. It is started when the node listens, so of two nodes the one that
 * starts later always gets an answer; should a packet be lost, it is started anew after 1, 2, 4 and 8 s while nobody
 * was found (RFC 6762, 5.2: ask again, doubling).
 */
import { type PeerInfo as FoundPeer, start, stop } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import type { Logger } from 'pino'
import type { Clock } from '../chain/clock.ts'
import { type Candidate, type CandidateInfo, Candidates, type CandidateSource } from './candidates.ts'
import { dialError, statusError } from './dial-error.ts'
import { hostOf, isLanAddress, nearestFirst } from './lan-address.ts'
import type { CairnLibp2p } from './libp2p.ts'
import { NetworkError, type PeerFault, reason } from './network-error.ts'
import { type PeerBook, PeerMemory } from './peer-book.ts'
import type { Peer, Peers } from './peers.ts'
import { DIAL_BACKOFF_MS, DIALS_PER_SECOND, MAX_DIAL_BACKOFF_MS } from './protocols.ts'
import { TokenBucket } from './quota.ts'

export interface DiscoveryComponents {
  libp2p: CairnLibp2p
  clock: Clock
  log: Logger
  peers: Peers
  peerBook: PeerBook | undefined
}

export interface DiscoveryOptions {
  /** Multiaddrs to stay connected to. */
  peers: string[]
  mdns: boolean
  /** Connections aimed at. */
  targetPeers: number
}

/** A found peer is forgotten after so many failures in a row: about a minute. */
const MAX_FOUND_FAILURES = 6
const MAX_MDNS_RETRY_MS = 8_000

/**
 * An address as people give it.
 * @throws NetworkError `peer-bad-address`
 */
export function parseAddress(address: string): Multiaddr {
  try {
    return multiaddr(address)
  } catch (error) {
    const message = `"${address}" is not a multiaddr (${reason(error)}): write it like /ip4/192.168.1.20/tcp/5051`
    throw new NetworkError('peer-bad-address', message, { cause: error })
  }
}

/** The peer id at the end of an address, if it has one. */
export const peerIdOf = (address: Multiaddr): string | undefined =>
  address.getComponents().findLast(({ name }) => name === 'p2p')?.value

export class Discovery {
  readonly #components: DiscoveryComponents
  readonly #options: DiscoveryOptions
  readonly #configured: Multiaddr[]
  readonly #candidates = new Candidates()
  readonly #dials: TokenBucket
  readonly #memory: PeerMemory
  readonly #stopping = new AbortController()
  #cancelDial: () => void = () => {}
  #cancelMdns: () => void = () => {}
  #mdns = Promise.resolve()
  #found = false

  /** @throws NetworkError `peer-bad-address` */
  constructor(components: DiscoveryComponents, options: DiscoveryOptions) {
    this.#components = components
    this.#options = options
    this.#configured = options.peers.map(parseAddress)
    this.#memory = new PeerMemory(components.peerBook, components.clock)
    this.#dials = new TokenBucket({ count: DIALS_PER_SECOND, perMs: 1_000 }, components.clock.now)
  }

  /** libp2p must be listening. */
  start(): void {
    const { libp2p, log } = this.#components
    for (const address of this.#configured) this.#add('configured', peerIdOf(address), [address])
    for (const { peerId, address } of this.#memory.load()) {
      try {
        this.#add('remembered', peerId, [multiaddr(address)])
      } catch {
        this.#memory.forget(address) // from another version, or edited by hand
      }
    }
    if (this.#options.mdns) {
      const { service } = libp2p.services.mdns
      service.addEventListener('peer', this.#onFound)
      this.#mdns = start(service).catch((error: unknown) => {
        log.warn({ reason: reason(error) }, 'mDNS does not work here: give --peer an address, and others will find the way')
      })
      this.#planMdns(DIAL_BACKOFF_MS)
    }
    this.#plan()
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#cancelDial()
    this.#cancelMdns()
    const { service } = this.#components.libp2p.services.mdns
    service.removeEventListener('peer', this.#onFound)
    await this.#mdns
    await stop(service)
  }

  /** A peer gave a good status: it is remembered, and dialled again should it go. */
  worked(peer: Peer): void {
    const { log } = this.#components
    const addresses = reachable(peer)
    const [first] = addresses
    if (first === undefined) return
    const candidate = this.#candidates.of(peer.key)
    if (candidate === undefined) this.#add('remembered', peer.key, addresses)
    else {
      candidate.failures = 0
      candidate.lastFailure = null
      if (candidate.source === 'found') candidate.source = 'remembered'
    }
    try {
      this.#memory.seen(peer.key, withPeerId(first, peer.key))
    } catch (error) {
      log.warn({ peer: peer.key, reason: reason(error) }, 'could not write down a peer for the next start')
    }
  }

  /** A peer is connected and tells no status that we take. */
  failed(peer: Peer, fault: PeerFault): void {
    const candidate = this.#candidates.of(peer.key)
    if (candidate !== undefined) this.#note(candidate, statusError(peer.address, fault))
  }

  /** Whom this node may dial or is connected to, in the order it heard of them. */
  candidates(): CandidateInfo[] {
    return this.#candidates.info()
  }

  /** A peer is gone. */
  left(peer: Peer): void {
    const candidate = this.#candidates.of(peer.key)
    if (candidate !== undefined && !candidate.dialling) this.#defer(candidate)
    this.#plan()
  }

  #add(source: CandidateSource, peerId: string | undefined, addresses: Multiaddr[]): void {
    const { clock, libp2p } = this.#components
    if (peerId !== libp2p.peerId.toString()) this.#candidates.add(source, peerId, addresses, clock.now())
  }

  readonly #onFound = ({ detail }: CustomEvent<FoundPeer>): void => {
    const addresses = detail.multiaddrs.filter(isLanAddress)
    if (addresses.length === 0) return
    this.#found = true
    this.#add('found', detail.id.toString(), addresses)
    this.#plan()
  }

  #planMdns(delayMs: number): void {
    if (delayMs > MAX_MDNS_RETRY_MS) return
    this.#cancelMdns = this.#components.clock.after(delayMs, () => {
      if (this.#found || this.#stopping.signal.aborted) return
      this.#mdns = this.#restartMdns()
      this.#planMdns(2 * delayMs)
    })
  }

  async #restartMdns(): Promise<void> {
    const { service } = this.#components.libp2p.services.mdns
    try {
      await this.#mdns
      await stop(service)
      if (!this.#stopping.signal.aborted) await start(service)
    } catch {
      // Said at the start.
    }
  }

  /** Dials whoever is due, and sees to the next. */
  #plan(): void {
    const { clock } = this.#components
    this.#cancelDial()
    if (this.#stopping.signal.aborted) return
    const now = clock.now()
    const waiting = this.#waiting()
    for (const candidate of waiting) {
      if (candidate.dueAt > now || !this.#dials.take()) break
      void this.#dial(candidate)
    }
    const next = waiting.find(({ dialling }) => !dialling)
    if (next === undefined) return
    const delay = Math.max(next.dueAt - now, this.#dials.waitMs(), 1)
    this.#cancelDial = clock.after(delay, () => this.#plan())
  }

  /** Those to be dialled, in order of their time. */
  #waiting(): Candidate[] {
    const { peers } = this.#components
    const enough = peers.size >= this.#options.targetPeers
    return [...this.#candidates]
      .filter(({ source, dialling }) => !dialling && (source === 'configured' || !enough))
      .filter(({ peerId }) => peerId === undefined || peers.get(peerId) === undefined)
      .sort((a, b) => a.dueAt - b.dueAt)
  }

  async #dial(candidate: Candidate): Promise<void> {
    const { libp2p, log } = this.#components
    candidate.dialling = true
    try {
      const addresses = nearestFirst(candidate.addresses).map((address) => {
        const { expected } = candidate
        return expected === undefined ? address : multiaddr(withPeerId(address, expected))
      })
      const { remotePeer } = await libp2p.dial(addresses, { signal: this.#stopping.signal })
      candidate.peerId = remotePeer.toString()
      candidate.lastFailure = null
    } catch (error) {
      if (this.#stopping.signal.aborted) return
      const level = candidate.source === 'configured' && candidate.failures === 0 ? 'warn' : 'debug'
      const address = candidate.addresses.join(', ')
      this.#note(candidate, dialError(address, error))
      log[level]({ code: 'peer-unreachable', address, reason: reason(error) }, 'could not connect; tries again')
    }
    candidate.dialling = false
    // Counted as a failure until its status is good, so that a stranger is not dialled again every second.
    candidate.failures += 1
    this.#defer(candidate)
    if (candidate.source === 'found' && candidate.failures > MAX_FOUND_FAILURES) this.#candidates.forget(candidate)
    this.#plan()
  }

  #defer(candidate: Candidate): void {
    const wait = Math.min(MAX_DIAL_BACKOFF_MS, DIAL_BACKOFF_MS * 2 ** Math.max(0, candidate.failures - 1))
    candidate.dueAt = this.#components.clock.now() + wait * (0.75 + Math.random() / 2)
  }

  #note(candidate: Candidate, { code, message }: NetworkError): void {
    candidate.lastFailure = { code, message, at: this.#components.clock.now() }
  }
}

/** Where a peer can be dialled: where we did, or where it says that it listens at the address it came from. */
function reachable(peer: Peer): Multiaddr[] {
  const address = multiaddr(peer.address)
  if (peer.direction === 'outbound') return [address]
  const from = hostOf(address)?.ip
  return peer.listens.map((text) => multiaddr(text)).filter((listen) => from === undefined || hostOf(listen)?.ip === from)
}

const withPeerId = (address: Multiaddr, peerId: string): string =>
  peerIdOf(address) === undefined ? `${address.toString()}/p2p/${peerIdFromString(peerId).toString()}` : address.toString()
