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
import type { Libp2p, Transport } from '@libp2p/interface'
import { memory } from '@libp2p/memory'
import { preSharedKey } from '@libp2p/pnet'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { createLibp2p } from 'libp2p'
import { sha256 } from '../consensus/hash.ts'
import type { CairnGossip, CairnLibp2p, Libp2pOptions } from './cairn-libp2p.ts'
import { fair } from './fair-reading.ts'
import { guardGossip } from './gossip-guard.ts'
import { leanPeerStore } from './lean-peer-store.ts'
import { guarded, unbreakable } from './muxer-guard.ts'
import { libp2pLog } from './libp2p-log.ts'
import { formatNetworkKey } from './network-key.ts'
import { sodiumNoise } from './noise.ts'
import { boundedPing } from './ping.ts'
import {
  ADDRESS_DIAL_TIMEOUT_MS, CONNECTIONS_A_SECOND, DIAL_TIMEOUT_MS, DIALS_PER_SECOND, MAX_PENDING_CONNECTIONS, NEWCOMERS,
  UPGRADE_TIMEOUT_MS,
} from './protocols.ts'
import { counted } from './traffic.ts'
import { gathered } from './window-updates.ts'

const MiB = 1_048_576

/** All of libp2p, for whoever wants more of it than this node does. */
export type WholeLibp2p = Libp2p<{ pubsub: GossipSub & CairnGossip }> & CairnLibp2p

/**
 * A libp2p node, not started.
 * @param around what stands between it and its transport: it may delay connections and refuse them. @default nothing
 */
export async function createCairnLibp2p(
  options: Libp2pOptions,
  around?: (transport: Transport) => Transport,
): Promise<WholeLibp2p> {
  const { privateKey, transport, listen, agent, maxPeers, gater, networkKey, traffic, now } = options
  const carry = around ?? ((made: Transport): Transport => made)
  // What somebody delays on its way comes all the same: there is no socket to leave it in.
  const encrypt = transport === 'tcp' && around === undefined ? fair(sodiumNoise()) : sodiumNoise()
  const libp2p: Libp2p<{ pubsub: GossipSub }> = await createLibp2p({
    start: false,
    logger: libp2pLog(),
    privateKey,
    nodeInfo: { userAgent: agent },
    addresses: { listen },
    transports: [(components) => carry((transport === 'tcp' ? tcp(tcpOptions(maxPeers)) : memory())(components))],
    ...(networkKey && { connectionProtector: preSharedKey({ psk: new TextEncoder().encode(formatNetworkKey(networkKey)) }) }),
    connectionEncrypters: [encrypt],
    streamMuxers: [
      counted(unbreakable(guarded(gathered(yamux({
        // A peer needs about ten: gossip, identify, ping, and two of each request. The default is 1 000.
        maxInboundStreams: 64,
        maxOutboundStreams: 64,
        maxEarlyStreams: 10, // opened before this side is ready for them; the default
        maxMessageSize: 65_536, // of one frame that we send, so that streams take turns; the default
        keepAliveInterval: 30_000, // the default: a connection on which nothing is said does not end
        streamOptions: {
          // A block fits a window, so it crosses in one round trip; 4 MiB a stream is the default.
          maxStreamWindowSize: 2 * MiB,
          // What is not read yet; never less than the window that allowed it.
          maxReadBufferLength: 2 * MiB + 65_536,
        },
      })), now)), traffic),
    ],
    connectionGater: gater,
    // Nobody is dialled by what is kept here: discovery has the addresses, and a bound on them.
    peerStore: { addressFilter: () => false },
    connectionManager: {
      // Who has to go when there are too many is decided in slots.ts: this is never reached.
      maxConnections: maxPeers + NEWCOMERS,
      // Per host and second: a swarm is one host, and so is a classroom behind one address. The default is 5.
      inboundConnectionThreshold: CONNECTIONS_A_SECOND,
      // Handshakes under way: a whole class starts at once. The default is 10.
      maxIncomingPendingConnections: MAX_PENDING_CONNECTIONS,
      maxParallelDials: 2 * DIALS_PER_SECOND,
      maxDialQueueLength: 64, // ours, and what people ask for; the default of 500 is a crawler's
      maxPeerAddrsToDial: 25, // the default: interfaces of a laptop with virtual ones, twice
      dialTimeout: DIAL_TIMEOUT_MS,
      addressDialTimeout: ADDRESS_DIAL_TIMEOUT_MS,
      inboundUpgradeTimeout: UPGRADE_TIMEOUT_MS,
      // A stream that is opened and does not say what for. The default is 10 s.
      inboundStreamProtocolNegotiationTimeout: UPGRADE_TIMEOUT_MS,
      outboundStreamProtocolNegotiationTimeout: UPGRADE_TIMEOUT_MS,
      connectionCloseTimeout: 1_000, // the default; then it is torn down
      // As given: discovery puts the nearest first.
      addressSorter: () => 0,
      // Who is dialled again, and when, is discovery's business alone.
      reconnectRetries: 0,
    },
    // Notices a peer that was unplugged within half a minute, and bears one that is busy for ten seconds.
    connectionMonitor: { pingInterval: 10_000, pingTimeout: { minTimeout: 10_000, maxTimeout: 20_000 } },
    services: {
      // What a node with many interfaces says of itself; ten such messages are taken from one stream. The default is 8 192.
      identify: identify({ maxMessageSize: 4_096, timeout: UPGRADE_TIMEOUT_MS, maxInboundStreams: 1, maxOutboundStreams: 1 }),
      ping: boundedPing(),
      pubsub: gossipsub(gossipsubOptions(options)),
    },
  })
  guardGossip(libp2p.services.pubsub, options)
  leanPeerStore(libp2p.peerStore, { self: libp2p.peerId, watched: libp2p.services.pubsub.protocols })
  // Or whoever has been here stays in memory for hours, with whatever it said of itself.
  libp2p.addEventListener('peer:disconnect', ({ detail }) => void libp2p.peerStore.delete(detail).catch(() => {}))
  return libp2p as WholeLibp2p // gossipsub's interface leaves out two of its calls
}

const tcpOptions = (maxPeers: number): Parameters<typeof tcp>[0] => ({
  dialOpts: { noDelay: true },
  listenOpts: { noDelay: true },
  // Sockets in all: the peers, those that dial us, those that we dial, and as many again that are closing.
  maxConnections: 2 * (maxPeers + MAX_PENDING_CONNECTIONS),
  backlog: 511, // the default, and the most that the system gives
  // Pings go both ways every ten seconds: this long without a byte, and nobody is there. The default is two minutes.
  inboundSocketInactivityTimeout: 60_000,
  outboundSocketInactivityTimeout: 60_000,
})

/** Gossip: blocks and transactions carry their own proof, so messages are unsigned and known by their content. */
export function gossipsubOptions(
  { protocols, maxBlockBytes, score }: Pick<Libp2pOptions, 'protocols' | 'maxBlockBytes' | 'score'>,
): Parameters<typeof gossipsub>[0] {
  const topics = [protocols.blocks, protocols.transactions]
  return {
    globalSignaturePolicy: StrictNoSign,
    // 20 of the 32 bytes, as Ethereum does: ids travel in IHAVE and IWANT, and 160 bits do not collide.
    msgIdFn: ({ topic, data }) => hashOf(topic, data).subarray(0, 20),
    asyncValidation: true, // gossip.ts judges and answers, and whoever sends a copy meanwhile gets none back
    fallbackToFloodsub: false, // floodsub has no scores
    doPX: false, // addresses from strangers are not dialled
    floodPublish: true, // our own messages go to every peer at once, in the mesh or not yet
    allowPublishToZeroTopicPeers: true, // a node alone mines too
    ignoreDuplicatePublishError: true, // a block may be found again after a restart
    allowedTopics: topics,
    // The stream of a peer that counts is the newest; the one before it is ending.
    maxInboundStreams: 2,
    maxOutboundStreams: 2,
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
    // Those of the specification; each is a bound on what one peer may ask for.
    D: 6, Dlo: 4, Dhi: 12, Dlazy: 6,
    heartbeatInterval: 1_000,
    mcacheLength: 5, mcacheGossip: 3, // messages of the last five seconds can be asked for, of three are told
    seenTTL: 120_000, // a message that comes again within two minutes is known: 160 bytes each
    idontwantMaxMessages: 512, // a heartbeat and peer
    idontwantMinDataSize: 512, // smaller ones cost less than telling
    // −10, −50 and −80: the third invalid message is below all of them (see TOPIC_SCORE).
    scoreThresholds: { gossipThreshold: -10, publishThreshold: -50, graylistThreshold: -80 },
    scoreParams: {
      // Of whoever is gone. The default is an hour, which somebody who comes as thousands of peers can fill with hundreds
      // of megabytes; and gossipsub starts anew with whoever comes back. What lasts is in reputation.ts.
      retainScore: 10 * 60_000,
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

/** What is hashed of a short message is put together here. */
const room = Buffer.alloc(1_024)

/**
 * SHA-256 of a topic, UTF-8, and data. Every copy of a message that comes is hashed: a transaction in one piece, as an
 * object of Node's for each would cost more than its hash; a block in two, without a copy of it.
 */
export function hashOf(topic: string, data: Uint8Array): Uint8Array {
  if (3 * topic.length + data.length > room.length) return createHash('sha256').update(topic).update(data).digest()
  const start = room.write(topic) // at most three bytes a unit
  room.set(data, start)
  return sha256(room.subarray(0, start + data.length))
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
