/**
 * One end of a connection between two simulated nodes: streams, and the bytes of gossip.
 *
 * It ends on both sides when either side ends it (the other one hears of it when that arrives), when the link is cut, and
 * when a node is killed: then the other one finds out as by a reset, which a machine that still runs sends for a process
 * that is no more.
 */
import type { PeerId } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { CairnConnection, CairnStream, Libp2pOptions } from '../../network/cairn-libp2p.ts'
import type { GossipConnection, GossipEnd } from './gossip-ends.ts'
import { named, type StreamCarrier, VirtualStream } from './stream.ts'

/** What answers to a protocol. */
export interface Handler {
  handle(stream: CairnStream, connection: CairnConnection): void | Promise<void>
  /** Of one connection, open at once. */
  maxInboundStreams: number
}

/** The node that has a connection. */
export interface ConnectionOwner {
  /** Its number in the swarm. */
  readonly node: number
  readonly peerId: PeerId
  /** What it says of itself. */
  readonly agent: string
  readonly traffic: Libp2pOptions['traffic']
  readonly wires: { send(from: number, to: number, bytes: number, deliver: () => void): boolean }
  getMultiaddrs(): Multiaddr[]
  handlerOf(protocol: string): Handler | undefined
  /** A connection of it is gone. */
  lost(connection: VirtualConnection): void
}

/** To ask for a protocol by its name, and to be told yes or no. */
const NEGOTIATION_BYTES = 80
const RESET_BYTES = 12

/** gossipsub's stream of each way, as whoever looks for it finds it. */
const GOSSIP_STREAMS = (['inbound', 'outbound'] as const).map((direction) => ({ protocol: '/meshsub/1.2.0', direction, status: 'open' as const }))

export class VirtualConnection implements CairnConnection, StreamCarrier, GossipConnection {
  readonly remotePeer: PeerId
  readonly remoteAddr: Multiaddr
  readonly direction: CairnConnection['direction']
  status: CairnConnection['status'] = 'open'
  readonly owner: ConnectionOwner
  gossip: GossipEnd | undefined
  readonly #remote: ConnectionOwner
  #other: VirtualConnection | undefined
  readonly #streams = new Set<VirtualStream>()

  constructor(owner: ConnectionOwner, remote: ConnectionOwner, remoteAddr: Multiaddr, direction: CairnConnection['direction']) {
    this.owner = owner
    this.#remote = remote
    this.remotePeer = remote.peerId
    this.remoteAddr = remoteAddr
    this.direction = direction
  }

  /** The two ends of one connection. */
  static join(a: VirtualConnection, b: VirtualConnection): void {
    a.#other = b
    b.#other = a
  }

  get streams(): { protocol: string; direction: CairnStream['direction']; status: CairnStream['status'] }[] {
    return [...this.#streams, ...(this.status === 'open' ? GOSSIP_STREAMS : [])]
  }

  /** The node at the other end. */
  get remoteNode(): number {
    return this.#remote.node
  }

  /** The same connection, as the other side has it. */
  get other(): VirtualConnection | undefined {
    return this.#other
  }

  /**
   * Opens a stream: a round trip.
   * @throws Error: the connection is gone; `UnsupportedProtocolError`; the signal's reason
   */
  async newStream(protocol: string, { signal }: { signal?: AbortSignal } = {}): Promise<VirtualStream> {
    signal?.throwIfAborted()
    if (this.status !== 'open') throw named('ConnectionClosedError', 'the connection is closed')
    const own = new VirtualStream(this, protocol, 'outbound')
    this.#streams.add(own)
    await new Promise<void>((resolve, reject) => {
      const fail = (error: Error): void => {
        signal?.removeEventListener('abort', onAbort)
        reject(error)
      }
      const onAbort = (): void => {
        own.abort(named('AbortError', 'given up'))
        fail(signal?.reason as Error) // as every signal here is aborted
      }
      signal?.addEventListener('abort', onAbort)
      let isAnswered = false
      own.addEventListener('close', ({ error }) => {
        if (!isAnswered) fail(error ?? new Error('the stream was closed'))
      })
      const answered = (isSpoken: boolean): void => {
        if (own.status !== 'open') return
        isAnswered = true
        signal?.removeEventListener('abort', onAbort)
        if (isSpoken) return resolve()
        this.forget(own)
        reject(named('UnsupportedProtocolError', `the other side does not speak ${protocol}`))
      }
      this.transmit(NEGOTIATION_BYTES, () => this.#other?.accept(own, protocol, answered))
    })
    return own
  }

  /** The other side opened a stream. */
  accept(theirs: VirtualStream, protocol: string, answered: (isSpoken: boolean) => void): void {
    const handler = this.owner.handlerOf(protocol)
    const ours = new VirtualStream(this, protocol, 'inbound')
    if (handler !== undefined && theirs.status === 'open') {
      VirtualStream.join(theirs, ours)
      if ([...this.#streams].filter((stream) => stream.protocol === protocol && stream.direction === 'inbound').length >= handler.maxInboundStreams) {
        return ours.abort(new Error('too many streams of this protocol'))
      }
      this.#streams.add(ours)
      void handler.handle(ours, this)
    }
    this.transmit(NEGOTIATION_BYTES, () => answered(handler !== undefined))
  }

  /** Sends bytes to the other side; what arrives when the connection is gone is lost. */
  transmit(bytes: number, deliver: () => void): void {
    const { owner } = this
    if (this.status !== 'open') return
    owner.traffic.sentBytes += bytes
    const wires = owner.wires
    wires.send(owner.node, this.remoteNode, bytes, () => {
      if (this.#other?.status !== 'open') return
      this.#remote.traffic.receivedBytes += bytes
      deliver()
    })
  }

  forget(stream: VirtualStream): void {
    this.#streams.delete(stream)
  }

  /** Ends it: here at once, there when that arrives. */
  abort(error: Error): void {
    if (this.status !== 'open') return
    this.transmit(RESET_BYTES, () => this.#other?.lose(named('ConnectionClosedError', 'the other side closed the connection')))
    this.lose(error)
  }

  /** It is gone, on this side. */
  lose(error: Error): void {
    if (this.status !== 'open') return
    this.status = 'closed'
    for (const stream of this.#streams) stream.lose(error)
    this.owner.lost(this)
  }

  /** Its node is no more, and nobody on this side is told. */
  vanish(): void {
    this.transmit(RESET_BYTES, () => this.#other?.lose(named('ConnectionClosedError', 'the connection was reset')))
    this.status = 'closed'
  }
}
