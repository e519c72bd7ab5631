/**
 * The one place where libp2p is configured, with the reason for each setting that differs from its default.
 *
 * libp2p's defaults are for a few dozen strangers across the internet. On a LAN many nodes share one address, start at
 * the same moment and trust nobody's memory: limits go up where they count connections per host, and down where they
 * let one peer cost memory.
 */
import { createHash } from 'node:crypto'
import { gossipsub, type GossipSub, StrictNoSign } from '@libp2p/gossipsub'
import { createTopicScoreParams } from '@libp2p/gossipsub/score'
import { identify } from '@libp2p/identify'
import type { ConnectionGater, Libp2p, PrivateKey, StreamMuxerFactory } from '@libp2p/interface'
import { memory } from '@libp2p/memory'
import { noise } from '@libp2p/noise'
import { ping } from '@libp2p/ping'
import { preSharedKey } from '@libp2p/pnet'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { createLibp2p } from 'libp2p'
import { formatNetworkKey } from './network-key.ts'
import { ADDRESS_DIAL_TIMEOUT_MS, DIAL_TIMEOUT_MS, DIALS_PER_SECOND, NEWCOMERS, type Protocols } from './protocols.ts'

const MiB = 1_048_576

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
}

export type CairnLibp2p = Libp2p<{ pubsub: GossipSub }>

/** A libp2p node, not started. */
export function createCairnLibp2p(options: Libp2pOptions): Promise<CairnLibp2p> {
  const { privateKey, transport, listen, agent, maxPeers, gater, networkKey } = options
  return createLibp2p({
    start: false,
    privateKey,
    nodeInfo: { userAgent: agent },
    addresses: { listen },
    transports: [transport === 'tcp' ? tcp({ dialOpts: { noDelay: true }, listenOpts: { noDelay: true } }) : memory()],
    ...(networkKey && { connectionProtector: preSharedKey({ psk: new TextEncoder().encode(formatNetworkKey(networkKey)) }) }),
    connectionEncrypters: [noise()],
    streamMuxers: [
      unbreakable(yamux({
        // A peer needs about ten: gossip, identify, ping, and two of each request. The default is 1 000.
        maxInboundStreams: 64,
        maxOutboundStreams: 64,
        streamOptions: {
          // A block fits a window, so it crosses in one round trip; 4 MiB a stream is the default.
          maxStreamWindowSize: 2 * MiB,
          // What is not read yet; never less than the window that allowed it.
          maxReadBufferLength: 2 * MiB + 65_536,
        },
      })),
    ],
    connectionGater: gater,
    connectionManager: {
      // Who has to go when there are too many is decided in slots.ts: this is never reached.
      maxConnections: maxPeers + NEWCOMERS,
      // Per host and second: a swarm is one host, and so is a classroom behind one address. The default is 5.
      inboundConnectionThreshold: 64,
      // Handshakes under way: a whole class starts at once. The default is 10.
      maxIncomingPendingConnections: 64,
      maxParallelDials: 2 * DIALS_PER_SECOND,
      dialTimeout: DIAL_TIMEOUT_MS,
      addressDialTimeout: ADDRESS_DIAL_TIMEOUT_MS,
      inboundUpgradeTimeout: 5_000,
      // As given: discovery puts the nearest first.
      addressSorter: () => 0,
      // Who is dialled again, and when, is discovery's business alone.
      reconnectRetries: 0,
    },
    // Notices a peer that was unplugged within half a minute, and bears one that is busy for ten seconds.
    connectionMonitor: { pingInterval: 10_000, pingTimeout: { minTimeout: 10_000, maxTimeout: 20_000 } },
    services: {
      identify: identify(),
      ping: ping(),
      pubsub: gossipsub(gossipsubOptions(options)),
    },
  })
}

/**
 * yamux 8 sends the first frame of a stream, and some later ones, from callbacks where nobody catches: if the connection
 * has closed meanwhile the write throws, and the process ends (js-libp2p issues 3415 and 3512). What is written to a
 * closed connection is dropped here instead; its streams hear of the end by their `close` event all the same.
 */
export function unbreakable(muxer: () => StreamMuxerFactory): () => StreamMuxerFactory {
  return () => {
    const factory = muxer()
    return {
      protocol: factory.protocol,
      createStreamMuxer(connection) {
        const send = connection.send.bind(connection)
        connection.send = (data) => {
          try {
            return send(data)
          } catch (error) {
            if (error instanceof Error && error.name === 'StreamStateError') return true
            throw error
          }
        }
        return factory.createStreamMuxer(connection)
      },
    }
  }
}

/** Gossip: blocks and transactions carry their own proof, so messages are unsigned and known by their content. */
function gossipsubOptions({ protocols, maxBlockBytes, score }: Libp2pOptions): Parameters<typeof gossipsub>[0] {
  const topics = [protocols.blocks, protocols.transactions]
  return {
    globalSignaturePolicy: StrictNoSign,
    // 20 of the 32 bytes, as Ethereum does: ids travel in IHAVE and IWANT, and 160 bits do not collide.
    // By OpenSSL: every copy of a block that comes is hashed, which cost more than all else with consensus/hash.ts.
    msgIdFn: ({ topic, data }) => createHash('sha256').update(topic).update(data).digest().subarray(0, 20),
    asyncValidation: true, // gossip.ts judges and answers, and whoever sends a copy meanwhile gets none back
    fallbackToFloodsub: false, // floodsub has no scores
    doPX: false, // addresses from strangers are not dialled
    floodPublish: true, // our own messages go to every peer at once, in the mesh or not yet
    allowPublishToZeroTopicPeers: true, // a node alone mines too
    ignoreDuplicatePublishError: true, // a block may be found again after a restart
    allowedTopics: topics,
    maxTopicBytesPerPeer: 4 * 1_024, // two topics at about 1 KiB each, and room
    // One packet: a block, or what IWANT may bring at most: 5 000 transactions of 412 bytes and their framing.
    maxInboundDataLength: maxBlockBytes + 2.5 * MiB,
    // To a peer that takes nothing; then its stream is given up. A few of the largest packets.
    maxOutboundBufferSize: 4 * (maxBlockBytes + 2.5 * MiB),
    decodeRpcLimits: {
      maxSubscriptions: 16,
      maxMessages: 5_000, // as many as an IWANT may ask for (GossipsubMaxIHaveLength)
      maxIhaveMessageIDs: 5_000,
      maxIwantMessageIDs: 5_000,
      maxIdontwantMessageIDs: 512,
      maxControlMessages: 64, // a few per topic and heartbeat
      maxPeerInfos: 16,
    },
    scoreParams: {
      topics: Object.fromEntries(topics.map((topic) => [topic, TOPIC_SCORE])),
      // What requests and sync found out; the node's own points, so weight 1.
      appSpecificScore: score,
      appSpecificWeight: 1,
      // More peers than this on one address lower each other's score: the default of 10 would split a classroom behind
      // one address. Swarms and tests are all on loopback.
      IPColocationFactorThreshold: 64,
      IPColocationFactorWhitelist: new Set(['127.0.0.1', '::1']),
    },
  }
}

/**
 * With the default (no topics) an invalid message costs nothing; with the default topic parameters a topic as quiet as
 * blocks are is punished (P3), and time in the mesh outweighs fifty invalid messages (P1).
 */
const TOPIC_SCORE = createTopicScoreParams({
  topicWeight: 1,
  // P1: at most +3, after five minutes.
  timeInMeshWeight: 0.01,
  timeInMeshQuantum: 1_000,
  timeInMeshCap: 300,
  // P2: at most +5 for being the first to bring what is new.
  firstMessageDeliveriesWeight: 0.05,
  firstMessageDeliveriesDecay: 0.99,
  firstMessageDeliveriesCap: 100,
  // P3: off. Blocks come when they come, and transactions may not come at all.
  meshMessageDeliveriesWeight: 0,
  meshFailurePenaltyWeight: 0,
  // P4: −12, −48, −108 for the first, second and third invalid message; forgotten within minutes.
  invalidMessageDeliveriesWeight: -12,
  invalidMessageDeliveriesDecay: 0.99,
})
