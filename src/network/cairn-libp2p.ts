/**
 * What the network room asks of libp2p: all of it, so that something else can take its place.
 *
 * `createCairnLibp2p` (libp2p.ts) gives the real one. A simulation gives its own (`NodeOptions.libp2p`), in which bytes travel
 * in simulated time; everything above this surface is the same code.
 */
import type { GossipSub, GossipsubMessage, TopicValidatorResult } from '@libp2p/gossipsub'
import type {
  Connection, IdentifyResult, Libp2p, PeerId, PrivateKey, Stream, StreamCloseEvent, StreamMessageEvent,
} from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { Protocols } from './protocols.ts'
import type { Traffic } from './traffic.ts'
import type { FaultCode } from './verdicts.ts'

/** Who gets a connection at all: each says whether it is refused. See gate.ts. */
export interface CairnGate {
  denyDialPeer?(peer: PeerId): boolean | Promise<boolean>
  denyInboundConnection?(connection: { remoteAddr: Multiaddr }): boolean | Promise<boolean>
  /** Whose it is is known. */
  denyInboundEncryptedConnection?(peer: PeerId, connection: { remoteAddr: Multiaddr }): boolean | Promise<boolean>
  denyOutboundEncryptedConnection?(peer: PeerId): boolean | Promise<boolean>
  denyInboundUpgradedConnection?(peer: PeerId): boolean | Promise<boolean>
}

export interface Libp2pOptions {
  privateKey: PrivateKey
  protocols: Protocols
  transport: 'tcp' | 'memory'
  /** Multiaddrs. */
  listen: string[]
  /** What identify tells others: program, version, node name. */
  agent: string
  maxPeers: number
  /** Of a private network, 32 bytes: connections without it come to nothing. */
  networkKey?: Uint8Array
  /** Largest encoded block of this network. */
  maxBlockBytes: number
  gater: CairnGate
  /** A peer's own score here, 0 or below; gossipsub adds it to what it finds itself. */
  score: (peerId: string) => number
  /** A peer sent on gossip what no node sends. */
  judge: (peerId: string, code: FaultCode, found: string) => void
  /** What goes over its connections is counted here. */
  traffic: Traffic
  /** Clock, ms. */
  now: () => number
}

/** What is heard of a stream. */
export interface CairnStreamEvents {
  message: Pick<StreamMessageEvent, 'data'>
  remoteCloseWrite: unknown
  close: Pick<StreamCloseEvent, 'error'>
}

/** One question and its answer. */
export interface CairnStream
  extends Pick<Stream, 'protocol' | 'direction' | 'status' | 'remoteWriteStatus' | 'readBufferLength' | 'send' | 'abort'> {
  close(options?: { signal?: AbortSignal }): Promise<void>
  onDrain(options?: { signal?: AbortSignal }): Promise<void>
  addEventListener<Name extends keyof CairnStreamEvents>(name: Name, listener: (event: CairnStreamEvents[Name]) => void): void
}

export interface CairnConnection extends Pick<Connection, 'remotePeer' | 'remoteAddr' | 'direction' | 'status' | 'abort'> {
  readonly streams: Pick<Stream, 'protocol' | 'direction' | 'status'>[]
  newStream(protocol: string, options?: { signal?: AbortSignal }): Promise<CairnStream>
}

export interface CairnGossipEvents {
  /** A message came; it is passed on once it is answered for. */
  'gossipsub:message': { detail: GossipsubMessage }
}

export interface CairnGossip extends Pick<GossipSub, 'publish' | 'getSubscribers' | 'subscribe'> {
  /** Peers that a message of a topic is passed on to. gossipsub leaves it out of its interface. */
  getMeshPeers(topic: string): string[]
  /** By the name of an option (`asyncValidation`), and left out too. */
  reportMessageValidationResult(msgId: string, sender: string, result: TopicValidatorResult): void
  addEventListener<Name extends keyof CairnGossipEvents>(name: Name, listener: (event: CairnGossipEvents[Name]) => void): void
  removeEventListener<Name extends keyof CairnGossipEvents>(name: Name, listener: (event: CairnGossipEvents[Name]) => void): void
}

/** What is heard of connections. */
export interface CairnLibp2pEvents {
  'peer:connect': { detail: PeerId }
  'peer:disconnect': { detail: PeerId }
  'peer:identify': { detail: Pick<IdentifyResult, 'peerId' | 'agentVersion' | 'listenAddrs'> }
  'connection:close': { detail: { remotePeer: PeerId } }
}

export interface CairnLibp2p extends Pick<Libp2p, 'peerId' | 'getMultiaddrs'> {
  readonly services: { readonly pubsub: CairnGossip }
  /** Listens. */
  start(): void | Promise<void>
  stop(): void | Promise<void>
  handle(
    protocol: string,
    handler: (stream: CairnStream, connection: CairnConnection) => void | Promise<void>,
    options?: { maxInboundStreams?: number; maxOutboundStreams?: number },
  ): Promise<void>
  dial(addresses: Multiaddr | Multiaddr[], options?: { signal?: AbortSignal }): Promise<CairnConnection>
  hangUp(peer: PeerId): Promise<void>
  getConnections(peer?: PeerId): CairnConnection[]
  /** Dials under way. */
  getDialQueue(): Pick<ReturnType<Libp2p['getDialQueue']>[number], 'status' | 'peerId'>[]
  addEventListener<Name extends keyof CairnLibp2pEvents>(name: Name, listener: (event: CairnLibp2pEvents[Name]) => void): void
}

/** Makes what carries a node's connections, not started. */
export type CreateCairnLibp2p = (options: Libp2pOptions) => CairnLibp2p | Promise<CairnLibp2p>
