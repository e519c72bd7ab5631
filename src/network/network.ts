/**
 * The network: everything between this node and others.
 *
 *   libp2p.ts      transport, encryption, identify, gossipsub, mDNS: one configuration
 *   discovery.ts   whom to dial, and when
 *   status-exchange.ts   who is where                        requests.ts, server.ts   asking and answering
 *   gossip.ts      new blocks and transactions               sync.ts, pool-exchange.ts   what was missed
 *   reputation.ts  scores and bans, by the table of verdicts.ts
 *
 * Start, in order: protocols → libp2p listens → gossip → chain and mempool are listened to → discovery dials. Stop is
 * the reverse, and so is a start that fails. The chain and the mempool must be running from start to stop.
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
import type { Connection, IdentifyResult, PeerId } from '@libp2p/interface'
import { peerIdFromPrivateKey, peerIdFromString } from '@libp2p/peer-id'
import type { ChainEvents } from '../chain/chain-events.ts'
import { Discovery, parseAddress, peerIdOf } from './discovery.ts'
import { dialError, isSelf, listening, statusError } from './dial-error.ts'
import { Gossip } from './gossip.ts'
import { type CairnLibp2p, createCairnLibp2p } from './libp2p.ts'
import { NetworkError } from './network-error.ts'
import type { NetworkComponents, NetworkEvents, NetworkOptions } from './network-options.ts'
import { NodeNames } from './node-names.ts'
import { infoOf, type Peer, type PeerInfo, Peers } from './peers.ts'
import { PoolExchange } from './pool-exchange.ts'
import { GOSSIP_GRACE_MS, MAX_PEERS, protocolsOf, TARGET_PEERS } from './protocols.ts'
import { Requests } from './requests.ts'
import { type Ban, Reputation } from './reputation.ts'
import { Server } from './server.ts'
import { StatusExchange } from './status-exchange.ts'
import { Sync, type SyncProgress } from './sync.ts'
import type { Code } from './verdicts.ts'

export type { NetworkComponents, NetworkEvents, NetworkOptions } from './network-options.ts'
export type { PeerBook, RememberedPeer } from './peer-book.ts'
export type { PeerInfo } from './peers.ts'
export type { SyncProgress } from './sync.ts'

interface Parts {
  libp2p: CairnLibp2p
  status: StatusExchange
  sync: Sync
  pool: PoolExchange
  gossip: Gossip
  discovery: Discovery
}

export class Network {
  readonly events = new EventEmitter<NetworkEvents>()
  readonly #components: NetworkComponents
  readonly #options: NetworkOptions
  readonly #peers = new Peers()
  readonly #reputation: Reputation
  readonly #names = new NodeNames()
  #parts: Parts | undefined
  #started: AsyncDisposableStack | undefined

  constructor(components: NetworkComponents, options: NetworkOptions) {
    this.#components = components
    this.#options = options
    const { clock, log } = components
    this.#reputation = new Reputation({ clock, log, cut: (peerId) => this.#cut(peerIdFromString(peerId)) })
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
    for (const { id } of this.#peers) this.#onDisconnect(id)
    this.#parts = undefined
  }

  get peerId(): string {
    return peerIdFromPrivateKey(this.#components.privateKey).toString()
  }

  /** Multiaddrs that this node listens on, each with its peer id; none while it is not running. */
  get addresses(): string[] {
    return this.#parts?.libp2p.getMultiaddrs().map((address) => address.toString()) ?? []
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
    const { height } = this.#components.chain.tip
    return this.#parts?.sync.progress ?? { state: 'idle', height, target: height }
  }

  /**
   * Connects to an address and compares status; a sync that follows from it goes on by itself.
   * @throws NetworkError, the signal's reason
   */
  async dial(address: string, signal?: AbortSignal): Promise<PeerInfo> {
    const target = parseAddress(address)
    const { libp2p, status } = this.#running
    const expected = peerIdOf(target)
    if (expected === this.peerId) throw isSelf(address)
    let connection: Connection
    try {
      connection = await libp2p.dial(target, { signal })
    } catch (error) {
      signal?.throwIfAborted()
      throw dialError(address, error)
    }
    const found = connection.remotePeer.toString()
    if (expected !== undefined && found !== expected) {
      connection.abort(new Error('not the peer that was dialled')) // TCP refuses it by itself, the memory transport does not
      throw new NetworkError('peer-unreachable', `${address} is now the address of ${found}: ask its owner for the new one`)
    }
    const peer = this.#peers.get(found)
    if (peer === undefined) {
      throw new NetworkError('peer-unreachable', `${address} closed the connection at once: it is full, or refuses this node`)
    }
    if (peer.status === undefined) {
      await status.exchange(peer).catch((error: unknown) => {
        signal?.throwIfAborted()
        throw statusError(address, error)
      })
    }
    return this.#infoOf(peer)
  }

  /** Ends the connections to a peer, with no other consequence. */
  async disconnect(peerId: string): Promise<void> {
    const peer = this.#peers.get(peerId)
    if (peer !== undefined) await this.#running.libp2p.hangUp(peer.id)
  }

  get #running(): Parts {
    if (this.#parts === undefined) throw new NetworkError('network-stopped', 'the network is not running: start it first')
    return this.#parts
  }

  async #start(started: AsyncDisposableStack): Promise<void> {
    const { chain, mempool, clock, log, peerBook, privateKey } = this.#components
    const { name, account, agent, listen, mdns, transport, targetPeers = TARGET_PEERS, maxPeers = MAX_PEERS } = this.#options
    const protocols = protocolsOf(chain.genesis.id)
    const peers = this.#peers
    const { maxBlockBytes } = chain.params
    const judge = (peerId: string, code: Code, found: string): void => this.#reputation.judge(peerId, code, found)
    const score = (peerId: string): number => this.#reputation.score(peerId)

    const gater = this.#reputation.gater()
    const libp2p = await listening(listen, () =>
      createCairnLibp2p({ privateKey, protocols, transport, listen, agent, maxPeers, maxBlockBytes, gater, score }),
    )
    started.defer(() => libp2p.stop())

    const requests = new Requests({ libp2p, protocols, clock, maxBlockBytes })
    const gossip: Gossip = new Gossip({ libp2p, protocols, chain, mempool, log, judge, orphan: (peerId) => sync.ask(peerId) })
    const pool = new PoolExchange({ chain, mempool, requests, log, judge, publish: (transaction) => gossip.publishTransaction(transaction) })
    const sync: Sync = new Sync({
      chain, clock, log, peers, requests, judge, score,
      progress: (progress) => this.#tell('sync:progress', progress),
      ended: () => {
        status.tipChanged(true)
        for (const peer of peers.accepted()) pool.consider(peer)
      },
    })
    const discovery = new Discovery({ libp2p, clock, log, peers, peerBook }, { peers: this.#options.peers, mdns, targetPeers })
    const status: StatusExchange = new StatusExchange({
      chain, clock, log, name, account, peers, requests,
      accepted: (peer, before) => {
        this.#names.learn(peer.status)
        if (before === undefined) this.#tell('peer:connected', this.#infoOf(peer))
        else if (before.tip !== peer.status.tip) this.#tell('peer:updated', this.#infoOf(peer))
        discovery.worked(peer)
        sync.consider(peer)
        pool.consider(peer)
        this.#checkGossip(peer)
      },
      failed: (peer, fault) => judge(peer.key, fault.code, fault.message),
      cut: (peer) => this.#cut(peer.id),
    })
    const server = new Server({
      libp2p, protocols, chain, mempool, clock, log,
      status: () => status.own(),
      told: (peerId, theirs, ours) => {
        const peer = peers.get(peerId)
        if (peer !== undefined) status.told(peer, theirs, ours)
      },
      judge: (peerId, fault) => judge(peerId, fault.code, fault.message),
    })
    this.#parts = { libp2p, status, sync, pool, gossip, discovery }

    libp2p.addEventListener('peer:connect', ({ detail }) => this.#onConnect(detail))
    libp2p.addEventListener('peer:disconnect', ({ detail }) => this.#onDisconnect(detail))
    libp2p.addEventListener('peer:identify', ({ detail }) => this.#onIdentify(detail))
    await server.start()
    started.defer(() => {
      server.stop()
      status.stop()
      pool.stop()
    })
    await listening(listen, () => libp2p.start())
    gossip.start()
    started.defer(() => gossip.stop())
    const onTip = ({ origin }: ChainEvents['tip:changed'][0]): void => {
      if (origin !== 'sync') status.tipChanged(false) // of a sync, its end is told
    }
    chain.events.on('tip:changed', onTip)
    started.defer(() => void chain.events.off('tip:changed', onTip))
    started.defer(() => sync.stop())
    discovery.start()
    started.defer(() => discovery.stop())
  }

  #onConnect(id: PeerId): void {
    const connection = this.#parts?.libp2p.getConnections(id)[0]
    if (connection === undefined || this.#started === undefined) return
    this.#parts?.status.greet(this.#peers.open(id, connection, this.#components.clock.now()))
  }

  #onDisconnect(id: PeerId): void {
    const peer = this.#peers.close(id.toString())
    if (peer === undefined) return
    this.#parts?.status.forget(peer)
    this.#parts?.sync.forget(peer.key)
    this.#parts?.discovery.left(peer)
    if (peer.status === undefined) return
    this.#components.log.info({ peer: peer.key, name: peer.status.name }, 'peer disconnected')
    this.#tell('peer:disconnected', { peerId: peer.key, name: peer.status.name })
  }

  #onIdentify({ peerId, agentVersion, listenAddrs }: IdentifyResult): void {
    const peer = this.#peers.get(peerId.toString())
    if (peer === undefined) return
    peer.agent = agentVersion ?? null
    peer.listens = listenAddrs.map((address) => address.toString())
    if (peer.status === undefined) return
    this.#parts?.discovery.worked(peer)
    this.#tell('peer:updated', this.#infoOf(peer))
  }

  /** gossipsub does not mend a broken stream; a new connection does. */
  #checkGossip(peer: Peer): void {
    const { clock, log } = this.#components
    if (clock.now() - peer.since < GOSSIP_GRACE_MS || this.#parts?.gossip.flows(peer.id) !== false) return
    log.info({ code: 'peer-not-gossiping', peer: peer.key }, 'disconnected a peer')
    this.#cut(peer.id)
  }

  #cut(id: PeerId): void {
    for (const connection of this.#parts?.libp2p.getConnections(id) ?? []) connection.abort(new Error('cut off'))
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
