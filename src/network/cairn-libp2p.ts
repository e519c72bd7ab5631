/**
 * What the network room asks of libp2p: all of it, so that something else can take its place.
 *
 * `createCairnLibp2p` (libp2p.ts) gives the real one. A simulation gives its own (`NodeOptions.libp2p`), in which bytes travel
 * in simulated time; everything above this surface is the same code.
 */
import type { GossipSub, GossipsubMessage, TopicValidatorResult } from '@libp2p/gossipsub'
import type { Connection, ConnectionGater, IdentifyResult, Libp2p, PeerId, PrivateKey, Stream } from '@libp2p/interface'
import type { Protocols } from './protocols.ts'
import type { Traffic } from './traffic.ts'
import type { FaultCode } from './verdicts.ts'

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
  gater: ConnectionGater
  /** A peer's own score here, 0 or below; gossipsub adds it to what it finds itself. */
  score: (peerId: string) => number
  /** A peer sent on gossip what no node sends. */
  judge: (peerId: string, code: FaultCode, found: string) => void
  /** What goes over its connections is counted here. */
  traffic: Traffic
  /** Clock, ms. */
  now: () => number
}

/** One question and its answer. */
export type CairnStream = Pick<
  Stream,
  'protocol' | 'direction' | 'status' | 'remoteWriteStatus' | 'readBufferLength' | 'send' | 'onDrain' | 'close' | 'abort' | 'addEventListener'
>

export interface CairnConnection extends Pick<Connection, 'remotePeer' | 'remoteAddr' | 'direction' | 'status' | 'abort'> {
  readonly streams: Pick<Stream, 'protocol' | 'direction' | 'status'>[]
  newStream(protocol: string, options?: { signal?: AbortSignal }): Promise<CairnStream>
}

/** Gossip: messages come as events, and are passed on once they are answered for. */
export interface CairnGossip extends Pick<GossipSub, 'publish' | 'getSubscribers'> {
  subscribe(topic: string): void
  /** Peers that a message of a topic is passed on to. gossipsub leaves it out of its interface. */
  getMeshPeers(topic: string): string[]
  /** By the name of an option (`asyncValidation`), and left out too. */
  reportMessageValidationResult(msgId: string, sender: string, result: TopicValidatorResult): void
  addEventListener(name: 'gossipsub:message', listener: (event: CustomEvent<GossipsubMessage>) => void): void
  removeEventListener(name: 'gossipsub:message', listener: (event: CustomEvent<GossipsubMessage>) => void): void
}

/** What is heard of connections. */
export interface CairnLibp2pEvents {
  'peer:connect': PeerId
  'peer:disconnect': PeerId
  'peer:identify': Pick<IdentifyResult, 'peerId' | 'agentVersion' | 'listenAddrs'>
  'connection:close': { remotePeer: PeerId }
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
  dial(address: Parameters<Libp2p['dial']>[0], options?: { signal?: AbortSignal }): Promise<CairnConnection>
  hangUp(peer: PeerId): Promise<void>
  getConnections(peer?: PeerId): CairnConnection[]
  /** Dials under way. */
  getDialQueue(): Pick<ReturnType<Libp2p['getDialQueue']>[number], 'status' | 'peerId'>[]
  addEventListener<Name extends keyof CairnLibp2pEvents>(
    name: Name,
    listener: (event: CustomEvent<CairnLibp2pEvents[Name]>) => void,
  ): void
}

/** Makes what carries a node's connections, not started. */
export type CreateCairnLibp2p = (options: Libp2pOptions) => CairnLibp2p | Promise<CairnLibp2p>
