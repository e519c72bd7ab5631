/**
 * The network: everything between this node and others, and what can be asked of it. Its parts: parts.ts.
 *
 * The chain and the mempool must be running from start to stop.
 *
 * @example
 *   const network = new Network(
 *     { chain, mempool, clock: systemClock, log, privateKey },
 *     { name: 'flint-otter', account, agent: 'cairn/0.1.0', listen: ['/ip4/0.0.0.0/tcp/5051'], peers: [], mdns: true, transport: 'tcp' },
 *   )
 *   network.events.on('peer:connected', ({ name }) => …)
 *   await network.start()
 *   await network.dial('/ip4/192.168.1.20/tcp/5051')
 */
import { EventEmitter } from 'node:events'
import { peerIdFromPrivateKey, peerIdFromString } from '@libp2p/peer-id'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { CutHosts } from './cut-hosts.ts'
import type { Diagnosis } from './diagnosis/diagnosis.ts'
import { parseAddress } from './discovery.ts'
import { AnotherPeerError, dialError, isSelf, isUnreachable, statusError } from './dial-error.ts'
import { hostOf } from './lan-address.ts'
import { NetworkError } from './network-error.ts'
import { fingerprintOf } from './network-key.ts'
import type { NetworkComponents, NetworkEvents, NetworkOptions } from './network-options.ts'
import { NodeNames } from './node-names.ts'
import { buildParts, type Parts, startParts } from './parts.ts'
import { infoOf, type Peer, type PeerInfo, peerIdOf, Peers } from './peers.ts'
import { type Ban, Reputation } from './reputation.ts'
import { idleAt, type SyncProgress } from './sync-progress.ts'
import type { Traffic } from './traffic.ts'

export type { NetworkComponents, NetworkEvents, NetworkOptions } from './network-options.ts'
export type { Diagnosis } from './diagnosis/diagnosis.ts'
export type { PeerBook, RememberedPeer } from './peer-book.ts'
export type { PeerInfo } from './peers.ts'
export type { Ban } from './reputation.ts'
export type { SyncProgress } from './sync-progress.ts'

/** Each takes as long as a handshake, and so does the connection that is waited for. */
const MAX_ATTEMPTS = 3

export class Network {
  readonly events = new EventEmitter<NetworkEvents>()
  /** Of all connections, since the network was made. */
  readonly traffic: Traffic = { receivedBytes: 0, sentBytes: 0 }
  readonly #components: NetworkComponents
  readonly #options: NetworkOptions
  readonly #peers = new Peers()
  readonly #reputation: Reputation
  readonly #cutHosts: CutHosts
  readonly #names = new NodeNames()
  #parts: Parts | undefined
  #started: AsyncDisposableStack | undefined

  constructor(components: NetworkComponents, options: NetworkOptions) {
    this.#components = components
    this.#options = options
    const { clock, log } = components
    this.#cutHosts = new CutHosts(clock.now)
    this.#reputation = new Reputation({ clock, log, cut: (peerId) => this.#cut(peerId) })
  }

  /**
   * Resolves when the node listens.
   * @throws NetworkError `network-listen-failed`, `peer-bad-address` (of an option)
   */
  async start(): Promise<void> {
    if (this.#started !== undefined) return
    const started = new AsyncDisposableStack()
    this.#started = started
    try {
      await this.#start(started)
    } catch (error) {
      await this.stop()
      throw error
    }
  }

  /** Ends every connection. Idempotent. */
  async stop(): Promise<void> {
    const started = this.#started
    this.#started = undefined
    await started?.disposeAsync()
    for (const { id } of this.#peers) this.#parts?.connections.closed(id)
    this.#parts = undefined
  }

  get peerId(): string {
    return peerIdFromPrivateKey(this.#components.privateKey).toString()
  }

  /** Multiaddrs that this node listens on, each with its peer id; none while it is not running. */
  get addresses(): string[] {
    return this.#parts?.libp2p.getMultiaddrs().map((address) => address.toString()) ?? []
  }

  /** By it people compare their keys; undefined where the network is not private. See network-key.ts. */
  get keyFingerprint(): string | undefined {
    const { networkKey } = this.#options
    return networkKey && fingerprintOf(networkKey)
  }

  /** Connected peers of this network, in order of their connection. */
  peers(): PeerInfo[] {
    return this.#peers.accepted().map((peer) => this.#infoOf(peer))
  }

  /** What the node calls itself that says that its mining pays an account; undefined where none has said so. */
  nameOf(account: Uint8Array): string | undefined {
    return this.#names.of(account)
  }

  /** Peers that are refused now, and why. */
  bans(): Ban[] {
    return this.#reputation.bans()
  }

  get sync(): SyncProgress {
    return this.#parts?.sync.progress ?? idleAt(this.#components.chain.tip.height)
  }

  /**
   * Connects to an address and compares status; a sync that follows from it goes on by itself.
   * @throws NetworkError, the signal's reason
   */
  async dial(address: string, signal?: AbortSignal): Promise<PeerInfo> {
    const target = parseAddress(address)
    const expected = peerIdOf(target)
    if (expected === this.peerId) throw isSelf(address)
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#meet(target, address, signal)
      } catch (error) {
        signal?.throwIfAborted()
        // Of two nodes that dial each other in the same moment one is refused (gate.ts), and hears of it while it connects or
        // afterwards: for it the other's connection is soon there.
        const mayBeRefused = expected !== undefined && expected < this.peerId && isUnreachable(error)
        if (!mayBeRefused || attempt === MAX_ATTEMPTS) throw error
      }
    }
  }

  /**
   * Why this node has the peers that it has. Takes a second or two, for it listens to the LAN.
   * @throws NetworkError `network-stopped`, the signal's reason
   */
  async diagnose(signal?: AbortSignal): Promise<Diagnosis> {
    return this.#running.doctor.diagnose(signal)
  }

  /** Ends the connections to a peer, with no other consequence. */
  async disconnect(peerId: string): Promise<void> {
    const peer = this.#peers.get(peerId)
    if (peer !== undefined) await this.#running.libp2p.hangUp(peer.id)
  }

  /** One attempt of `dial`. */
  async #meet(target: Multiaddr, address: string, signal?: AbortSignal): Promise<PeerInfo> {
    const { libp2p, status } = this.#running
    const expected = peerIdOf(target)
    const connection = await libp2p.dial(target, { signal }).catch((error: unknown) => {
      throw dialError(target.toString(), error)
    })
    const found = connection.remotePeer.toString()
    if (expected !== undefined && found !== expected) {
      connection.abort(new Error('not the peer that was dialled')) // TCP refuses it by itself, the memory transport does not
      throw new AnotherPeerError(address, found)
    }
    const peer = this.#peers.get(found)
    if (peer === undefined) {
      throw new NetworkError('peer-unreachable', `${address} closed the connection at once: it is full, or refuses this node`)
    }
    if (peer.status === undefined) {
      await status.exchange(peer).catch((error: unknown) => {
        throw statusError(address, error)
      })
    }
    return this.#infoOf(peer)
  }

  get #running(): Parts {
    if (this.#parts === undefined) throw new NetworkError('network-stopped', 'the network is not running: start it first')
    return this.#parts
  }

  async #start(started: AsyncDisposableStack): Promise<void> {
    this.#parts = await buildParts(this.#components, this.#options, {
      peers: this.#peers,
      reputation: this.#reputation,
      cutHosts: this.#cutHosts,
      names: this.#names,
      traffic: this.traffic,
      tell: (name, ...args) => this.#tell(name, ...args),
    })
    await startParts(this.#parts, started)
  }

  /** Ends a peer's connections for what it did. */
  #cut(peerId: string): void {
    const peer = this.#peers.get(peerId)
    const host = peer && hostOf(multiaddr(peer.address))
    if (host !== undefined) this.#cutHosts.add(host.ip)
    this.#parts?.connections.cut(peerIdFromString(peerId))
  }

  /** A listener that throws is logged and harms neither a peer nor a sync. */
  #tell<Name extends keyof NetworkEvents>(name: Name, ...args: NetworkEvents[Name]): void {
    try {
      const untyped: EventEmitter = this.events // its types cannot be matched for a name that is a parameter
      untyped.emit(name, ...args)
    } catch (error) {
      this.#components.log.error({ err: error, event: name }, 'a listener threw; the network goes on')
    }
  }

  #infoOf(peer: Peer): PeerInfo {
    return infoOf(peer, this.#reputation.score(peer.key))
  }
}
