/**
 * What a simulated node has in libp2p's place: connections and streams over simulated wires.
 *
 * Real above it: the gate, peers, discovery's dials, status, requests and answers frame by frame, sync, what is judged and
 * what follows. Modelled here:
 *
 *   a dial        TCP, Noise and the muxer as three and a half round trips, until the listener has the connection, and
 *                 half a one until the dialler has; the gate is asked where libp2p asks it. Keys are believed, not proven
 *   identify      one round trip, each way
 *   a stream      a round trip to agree on the protocol, then bytes in order (stream.ts)
 *   a cut link    its connections end at once on both sides, and a dial over it takes as long as the dialler waits
 *   gossip        gossip.ts
 *
 * Not modelled: the limits on streams and bytes that yamux has, pings, and what guards gossip's packets.
 */
import type { PeerId } from '@libp2p/interface'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import type { Clock } from '../../chain/clock.ts'
import type { CairnLibp2p, CairnLibp2pEvents, Libp2pOptions } from '../../network/cairn-libp2p.ts'
import type { Random } from '../random.ts'
import { type ConnectionOwner, type Handler, VirtualConnection } from './connection.ts'
import { Emitter } from './emitter.ts'
import { VirtualGossip } from './gossip.ts'
import { named } from './stream.ts'
import type { Wires } from './wires.ts'

/** Packets of a handshake, each way in turn: TCP's two, Noise's name and its answer, Noise's three. */
const HANDSHAKE_PACKETS = 7
const HANDSHAKE_BYTES = 100
const IDENTIFY_BYTES = 400
/** libp2p gives up on an address that does not answer, ms. */
const DIAL_TIMEOUT_MS = 2_000

export interface VirtualLibp2pComponents {
  /** Number of the node in the swarm. */
  node: number
  wires: Wires<VirtualLibp2p>
  clock: Clock
  random: Random
}

/** A dial that is under way. */
interface Dial {
  status: 'active'
  peerId: PeerId | undefined
  target: VirtualLibp2p
  connection: Promise<VirtualConnection>
  fail(error: Error): void
}

export class VirtualLibp2p extends Emitter<CairnLibp2pEvents> implements CairnLibp2p, ConnectionOwner {
  readonly node: number
  readonly peerId: PeerId
  readonly services: { readonly pubsub: VirtualGossip }
  readonly wires: Wires<VirtualLibp2p>
  readonly traffic: Libp2pOptions['traffic']
  readonly #options: Pick<Libp2pOptions, 'agent' | 'gater'>
  /** Where it listens, whatever it is asked to: its number says it. */
  readonly #address: string
  readonly #clock: Clock
  readonly #handlers = new Map<string, Handler>()
  readonly #connections: VirtualConnection[] = []
  readonly #dials = new Set<Dial>()
  #isUp = false
  #ignoreCuts = (): void => {}

  constructor({ node, wires, clock, random }: VirtualLibp2pComponents, options: Pick<Libp2pOptions, 'privateKey' | 'agent' | 'gater' | 'score' | 'traffic'>) {
    super()
    this.node = node
    this.#address = `/memory/${node}`
    this.wires = wires
    this.peerId = peerIdFromPrivateKey(options.privateKey)
    this.traffic = options.traffic
    this.#options = options
    this.#clock = clock
    this.services = { pubsub: new VirtualGossip({ clock, random, score: options.score }) }
  }

  start(): void {
    this.wires.listen(this.#address, this)
    this.#isUp = true
    this.#ignoreCuts = this.wires.onCut(() => this.#loseCut())
  }

  /** Ends every connection, as a node does that stops. */
  async stop(): Promise<void> {
    this.#leave()
    for (const connection of this.getConnections()) connection.abort(new Error('the node stops'))
  }

  /** Its process is no more: nothing is said, and nothing here is called again. */
  kill(): void {
    this.#leave()
    for (const connection of this.#connections.splice(0)) connection.vanish()
  }

  get agent(): string {
    return this.#options.agent
  }

  getMultiaddrs(): Multiaddr[] {
    return this.#isUp ? [multiaddr(`${this.#address}/p2p/${this.peerId.toString()}`)] : []
  }

  async handle(protocol: string, handle: Handler['handle'], { maxInboundStreams = 32 }: { maxInboundStreams?: number } = {}): Promise<void> {
    this.#handlers.set(protocol, { handle, maxInboundStreams })
  }

  handlerOf(protocol: string): Handler | undefined {
    return this.#handlers.get(protocol)
  }

  getConnections(peer?: PeerId): VirtualConnection[] {
    return peer === undefined ? [...this.#connections] : this.#connections.filter(({ remotePeer }) => remotePeer === peer || remotePeer.equals(peer))
  }

  getDialQueue(): { status: 'active'; peerId: PeerId | undefined }[] {
    return [...this.#dials]
  }

  async hangUp(peer: PeerId): Promise<void> {
    for (const connection of this.getConnections(peer)) connection.abort(new Error('hung up'))
  }

  /**
   * Connects to the first of the addresses that answers; where there is a connection, that one.
   * @throws Error by libp2p's names, the signal's reason
   */
  async dial(addresses: Multiaddr | Multiaddr[], { signal }: { signal?: AbortSignal } = {}): Promise<VirtualConnection> {
    let failure: unknown = named('NoValidAddressesError', 'no address')
    for (const address of [addresses].flat()) {
      try {
        return await this.#dialOne(address, signal)
      } catch (error) {
        signal?.throwIfAborted()
        failure = error
      }
    }
    throw failure
  }

  /** A connection is gone. */
  lost(connection: VirtualConnection): void {
    const at = this.#connections.indexOf(connection)
    if (at < 0) return
    this.#connections.splice(at, 1)
    this.services.pubsub.lost(connection, this.getConnections(connection.remotePeer)[0])
    this.tell('connection:close', { detail: connection })
    if (this.getConnections(connection.remotePeer).length === 0) this.tell('peer:disconnect', { detail: connection.remotePeer })
  }

  async #dialOne(address: Multiaddr, signal: AbortSignal | undefined): Promise<VirtualConnection> {
    signal?.throwIfAborted()
    const [place = '', expected] = address.toString().split('/p2p/')
    if (expected === this.peerId.toString()) throw named('InvalidPeerIdError', 'this is the node itself')
    const target = this.wires.at(place)
    const known = this.#connections.find(({ remotePeer, status }) => status === 'open' && remotePeer.toString() === (expected ?? target?.peerId.toString()))
    if (known !== undefined) return known
    const { gater } = this.#options
    if (target !== undefined && (await gater.denyDialPeer?.(target.peerId)) === true) throw named('DialDeniedError', 'refused by this node')
    const under = [...this.#dials].find((dial) => dial.target === target)
    return aborted(under?.connection ?? this.#handshake(target, address), signal)
  }

  #handshake(target: VirtualLibp2p | undefined, address: Multiaddr): Promise<VirtualConnection> {
    const { promise, resolve, reject } = Promise.withResolvers<VirtualConnection>()
    promise.catch(() => {}) // whoever dials hears of it, unless it was given up
    const cancel = this.#clock.after(DIAL_TIMEOUT_MS, () => fail(named('TimeoutError', 'no answer')))
    const dial: Dial | undefined = target && { status: 'active', peerId: target.peerId, target, connection: promise, fail: (error) => fail(error) }
    const ended = (): void => {
      cancel()
      if (dial !== undefined) this.#dials.delete(dial)
    }
    const fail = (error: Error): void => {
      ended()
      reject(error)
    }
    if (dial === undefined) {
      // Nobody listens there, and a machine that is there says so at once.
      this.#clock.after(1, () => fail(named('ConnectionFailedError', 'ECONNREFUSED')))
      return promise
    }
    this.#dials.add(dial)
    const { wires } = this
    const isUnderWay = (): boolean => this.#dials.has(dial)
    const refuse = (): void => void wires.send(dial.target.node, this.node, HANDSHAKE_BYTES, () => fail(named('EncryptionFailedError', 'the other side closed the connection')))
    const packet = (count: number): void => {
      const isTheirs = count % 2 === 1 // it arrives there
      const [from, to] = isTheirs ? [this.node, dial.target.node] : [dial.target.node, this.node]
      wires.send(from, to, HANDSHAKE_BYTES, () => {
        if (!isUnderWay()) return
        if (isTheirs && !dial.target.#isUp) return refuse()
        if (count === 1) void dial.target.#isWelcome(this).then((isWelcome) => (isWelcome ? packet(2) : refuse()))
        else if (count < HANDSHAKE_PACKETS) packet(count + 1)
        else void accept()
      })
    }
    const accept = async (): Promise<void> => {
      const own = new VirtualConnection(this, dial.target, address, 'outbound')
      const theirs = new VirtualConnection(dial.target, this, multiaddr(this.#address), 'inbound')
      VirtualConnection.join(own, theirs)
      if (!(await dial.target.#isAllowed(theirs)) || !isUnderWay()) return refuse()
      // The dialler has it a moment later; what is sent to it meanwhile comes after that.
      wires.send(dial.target.node, this.node, HANDSHAKE_BYTES, () => {
        if (!isUnderWay()) return theirs.lose(new Error('given up'))
        ended()
        this.#opened(own)
        resolve(own)
      })
      dial.target.#opened(theirs)
    }
    packet(1)
    return promise
  }

  /** Whether a connection that arrives is taken at all. */
  async #isWelcome(from: VirtualLibp2p): Promise<boolean> {
    const { gater } = this.#options
    return (await gater.denyInboundConnection?.({ remoteAddr: multiaddr(from.#address) })) !== true
  }

  /** Whether it is taken from this peer. */
  async #isAllowed(connection: VirtualConnection): Promise<boolean> {
    const { gater } = this.#options
    if ((await gater.denyInboundEncryptedConnection?.(connection.remotePeer, connection)) === true) return false
    return (await gater.denyInboundUpgradedConnection?.(connection.remotePeer)) !== true
  }

  #opened(connection: VirtualConnection): void {
    if (!this.#isUp) return connection.abort(new Error('the node stops'))
    const isFirst = this.getConnections(connection.remotePeer).length === 0
    this.#connections.push(connection)
    this.services.pubsub.opened(connection)
    if (isFirst) this.tell('peer:connect', { detail: connection.remotePeer })
    // Identify: a question and its answer.
    connection.transmit(IDENTIFY_BYTES, () => {
      const { other } = connection
      other?.transmit(IDENTIFY_BYTES, () => {
        this.tell('peer:identify', { detail: { peerId: connection.remotePeer, agentVersion: other.owner.agent, listenAddrs: other.owner.getMultiaddrs() } })
      })
    })
  }

  #loseCut(): void {
    for (const connection of this.getConnections()) {
      if (!this.wires.isCut(this.node, connection.remoteNode)) continue
      const { other } = connection
      const gone = named('ConnectionClosedError', 'the link was cut')
      connection.lose(gone)
      other?.lose(gone)
    }
  }

  #leave(): void {
    this.#isUp = false
    this.#ignoreCuts()
    this.wires.unlisten(this)
    for (const dial of this.#dials) dial.fail(new Error('the node stops'))
    this.services.pubsub.stop()
  }
}

/** Gives up on something with a signal. */
function aborted<Result>(work: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  if (signal === undefined) return work
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error) // as every signal here is aborted
    signal.addEventListener('abort', stop)
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}
