/**
 * How this node comes to know others. Whom of them it dials, and when: dialler.ts.
 *
 *   configured   `--peer`: tried for ever, however many peers there are
 *   remembered   peers of earlier times whose status was good; those first who brought blocks
 *   found        by mDNS, on every interface (mdns.ts)
 *   told         by peers, of those that they are connected to (peer-exchange.ts)
 *
 * Nothing else dials, and banned peers are refused by the gater. Found and told addresses are dialled on the LAN only
 * (lan-address.ts); whoever wants to leave it names a peer.
 *
 * When this machine's place on the network changes (interface-watch.ts), mDNS starts anew there and everybody is due.
 */
import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import type { Logger } from 'pino'
import type { Clock } from '../chain/clock.ts'
import { type CandidateInfo, Candidates, type Heard } from './candidates.ts'
import { Dialler } from './dialler.ts'
import { statusError } from './dial-error.ts'
import { InterfaceWatch } from './interface-watch.ts'
import { hostOf, type Interfaces, isLanAddress, isOwnIp, type OwnNetworks, ownNetworks } from './lan-address.ts'
import type { CairnLibp2p } from './cairn-libp2p.ts'
import type { Mdns } from './mdns.ts'
import { NetworkError, type PeerFault, reason } from './network-error.ts'
import { type PeerBook, PeerMemory } from './peer-book.ts'
import { type Peer, type Peers, peerIdOf, reachable } from './peers.ts'

export interface DiscoveryComponents {
  libp2p: Pick<CairnLibp2p, 'dial' | 'peerId' | 'getMultiaddrs'>
  clock: Clock
  /** See dialler.ts. */
  random?: () => number
  log: Logger
  peers: Peers
  peerBook: PeerBook | undefined
  /** Undefined: no mDNS. */
  mdns: Pick<Mdns, 'start' | 'stop'> | undefined
  /** This machine's place on the network changed: connections may be dead. */
  moved: () => void
  /** This machine's interfaces. @default `os.networkInterfaces` */
  interfaces?: () => Interfaces
  /** A dial has ended. */
  dialled: (outcome: 'connected' | 'failed') => void
}

export interface DiscoveryOptions {
  /** Multiaddrs to stay connected to. */
  peers: string[]
  /** Connections aimed at. */
  targetPeers: number
}

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

export class Discovery {
  readonly #components: DiscoveryComponents
  readonly #interfaces: () => Interfaces
  readonly #configured: Multiaddr[]
  readonly #candidates: Candidates
  readonly #dialler: Dialler
  readonly #memory: PeerMemory
  readonly #watch: InterfaceWatch
  #networks: OwnNetworks
  #stopped = false
  /** mDNS starts and stops in turn. */
  #mdns = Promise.resolve()

  /** @throws NetworkError `peer-bad-address` */
  constructor(components: DiscoveryComponents, { peers: configured, targetPeers }: DiscoveryOptions) {
    const { libp2p, clock, random, log, peers, peerBook, interfaces = networkInterfaces } = components
    this.#components = components
    this.#interfaces = interfaces
    this.#networks = ownNetworks(interfaces())
    this.#configured = configured.map(parseAddress)
    this.#candidates = new Candidates((peerId) => peers.get(peerId) !== undefined)
    // What is no IP address is the memory transport's.
    const isHere = (ip: string): boolean => isIP(ip) === 0 || isOwnIp(ip, libp2p.getMultiaddrs())
    this.#dialler = new Dialler(
      { libp2p, clock, random, log, peers, candidates: this.#candidates, isHere, dialled: components.dialled },
      { targetPeers },
    )
    this.#memory = new PeerMemory(peerBook, clock)
    this.#watch = new InterfaceWatch({ clock, interfaces, changed: (what) => this.#changed(what) })
  }

  /** libp2p must be listening. */
  start(): void {
    for (const address of this.#configured) this.#add({ source: 'configured', peerId: peerIdOf(address), addresses: [address] })
    for (const { peerId, address, lastBlock } of this.#memory.load()) {
      try {
        this.#add({ source: 'remembered', peerId, addresses: [multiaddr(address)], good: lastBlock > 0 })
      } catch {
        this.#memory.forget(address) // from another version, or edited by hand
      }
    }
    this.#startMdns()
    this.#watch.start()
    this.#dialler.plan()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#dialler.stop()
    this.#watch.stop()
    await this.#mdns
    await this.#components.mdns?.stop()
  }

  /** Whom this node may dial or is connected to, in the order it heard of them. */
  candidates(): CandidateInfo[] {
    return this.#candidates.info()
  }

  /** mDNS found a node. */
  found(peerId: string, address: Multiaddr): void {
    this.#hear({ source: 'found', peerId, addresses: [address] })
  }

  /** A peer told of a node that it is connected to. */
  told(teller: Peer, peerId: string, addresses: Multiaddr[]): void {
    this.#hear({ source: 'told', peerId, addresses, teller: teller.key })
  }

  /** A peer gave a good status: it is remembered, and dialled again should it go. */
  worked(peer: Peer): void {
    const { log } = this.#components
    const { addresses, first } = reachable(peer)
    const [proven] = addresses
    if (first === undefined || proven === undefined) return
    if (this.#candidates.of(peer.key) === undefined) {
      this.#add({ source: 'remembered', peerId: peer.key, addresses, came: peer.direction === 'inbound' })
    }
    const candidate = this.#candidates.of(peer.key)
    const good = peer.creditedAt > 0
    if (candidate !== undefined) {
      candidate.failures = 0
      candidate.lastFailure = null
      candidate.proven = proven
      candidate.good ||= good
      if (candidate.source !== 'configured') candidate.source = 'remembered'
    }
    try {
      this.#memory.seen(peer.key, first, peer.creditedAt)
    } catch (error) {
      log.warn({ peer: peer.key, reason: reason(error) }, 'could not write down a peer for the next start')
    }
  }

  /** A peer is connected and tells no status that we take. */
  failed(peer: Peer, fault: PeerFault): void {
    const candidate = this.#candidates.of(peer.key)
    if (candidate === undefined) return
    const { code, message } = statusError(peer.address, fault)
    candidate.lastFailure = { code, message, at: this.#components.clock.now() }
  }

  /** A peer is gone. */
  left(peer: Peer): void {
    const candidate = this.#candidates.of(peer.key)
    if (candidate !== undefined && !candidate.dialling) this.#dialler.defer(candidate)
    this.#dialler.plan()
  }

  /** Whether an address is on the LAN, where what others say is dialled. */
  isNear(address: Multiaddr): boolean {
    return isLanAddress(address, this.#networks)
  }

  /** Whether the user named a peer: it keeps its connection whatever happens. */
  isConfigured(peerId: string): boolean {
    return this.#candidates.of(peerId)?.source === 'configured'
  }

  #add(heard: Heard): void {
    const { clock, libp2p } = this.#components
    if (heard.peerId !== libp2p.peerId.toString()) this.#candidates.add(heard, clock.now())
  }

  /** What others say is believed on the LAN only, and not about an address of ours. */
  #hear(heard: Heard): void {
    const { libp2p } = this.#components
    const near = heard.addresses.filter((address) => this.isNear(address))
    if (near.length === 0) return
    const own = new Set(libp2p.getMultiaddrs().map(placeOf))
    const addresses = near.filter((address) => !own.has(placeOf(address)))
    if (addresses.length === 0) return
    this.#add({ ...heard, addresses })
    this.#dialler.plan()
  }

  #changed(what: 'addresses' | 'time'): void {
    const { clock, log, moved } = this.#components
    log.info({ what }, 'the network around this machine changed: looks for peers anew')
    this.#networks = ownNetworks(this.#interfaces())
    this.#startMdns()
    this.#candidates.forgetFailures(clock.now())
    moved()
    this.#dialler.plan()
  }

  #startMdns(): void {
    const { mdns, log } = this.#components
    if (mdns === undefined) return
    const restart = async (): Promise<void> => {
      await mdns.stop()
      if (!this.#stopped) mdns.start(this.#interfaces())
    }
    this.#mdns = this.#mdns.then(restart).catch((error: unknown) => {
      log.warn({ reason: reason(error) }, 'mDNS does not work here: give --peer an address, and others will find the way')
    })
  }
}

/** Host and port. */
function placeOf(address: Multiaddr): string {
  const host = hostOf(address)
  return host === undefined ? String(address) : `${host.ip} ${host.port}`
}
