/**
 * What nodes say to each other: the names, and every limit and timeout, each with its reason.
 *
 * Each name carries the network's ID (first 8 hex digits of the genesis hash), so nodes of two networks that meet find
 * no protocol in common. A change of what is said gives a new number at the end of the name. Messages byte by byte:
 * messages.ts; frames: frames.ts.
 *
 * Nodes of a private network (network-key.ts) announce themselves under a tag that follows from the key and the ID, so
 * that nobody dials whom he could not talk to. Strangers on the LAN still see that there is a private network, and the
 * addresses and peer ids of its nodes, but not which network it is. `k` is no hex digit: it tells the two kinds apart.
 */
import type { Hex } from '../consensus/hex.ts'
import { HEADER_BYTES, MAX_TRANSACTION_BYTES } from '../consensus/types.ts'
import { privateId } from './network-key.ts'

/** The names of one network. */
export interface Protocols {
  /** mDNS: only nodes of this network answer to it. */
  serviceTag: string
  /** Gossip topics: SSZ Block, SSZ Transaction. */
  blocks: string
  transactions: string
  /** Request and answer: Status. */
  status: string
  /** Locator → headers. */
  headers: string
  /** Block hashes → bodies. */
  bodies: string
  /** Nothing → pending transactions. */
  mempool: string
  /** Nothing → other nodes that the peer is connected to. */
  peers: string
}

/**
 * @param networkId first 8 hex digits of the genesis hash
 * @param networkKey of a private network, 32 bytes
 */
export const protocolsOf = (networkId: Hex, networkKey?: Uint8Array): Protocols => ({
  serviceTag: `_cairn-${networkKey === undefined ? networkId : `k${privateId(networkId, networkKey)}`}._udp.local`,
  blocks: `/cairn/${networkId}/blocks/1`,
  transactions: `/cairn/${networkId}/transactions/1`,
  status: `/cairn/${networkId}/status/1`,
  headers: `/cairn/${networkId}/headers/1`,
  bodies: `/cairn/${networkId}/bodies/1`,
  mempool: `/cairn/${networkId}/mempool/1`,
  peers: `/cairn/${networkId}/peers/1`,
})

/** The five things that one node asks another. */
export type RequestKind = 'status' | 'headers' | 'bodies' | 'mempool' | 'peers'

/** TCP port where none is asked for; the next free one where it is taken. */
export const PEER_PORT = 5051

// Sizes. A frame's length is checked against these before a byte of it is kept.

/** Bytes of a node's name, UTF-8. */
export const MAX_NAME_BYTES = 32
/** genesis 32, tip 32, height 4, work 32, time 8, offset 4, name ≤ 32. */
export const MAX_STATUS_BYTES = 144 + MAX_NAME_BYTES
/** Hashes in a locator: one a step for the last ten blocks, then doubling: enough for 2^54 blocks. */
export const MAX_LOCATOR_HASHES = 64
/** Headers in an answer: 184 kB, about 10 ms to check. Bitcoin's number. */
export const MAX_HEADERS = 2_000
export const MAX_HEADERS_BYTES = MAX_HEADERS * HEADER_BYTES
/** Bodies that may be asked for at once. */
export const MAX_BODIES = 128
/**
 * A server ends an answer of several frames before it exceeds this, unless the first body alone does. So a request
 * costs either side at most this, or one block, whatever was asked for; the rest is asked for again.
 */
export const MAX_ANSWER_BYTES = 2 * 1_048_576
/** Pending transactions in an answer: a few seconds of work to verify, and what a block or two can take. */
export const MAX_MEMPOOL_TRANSACTIONS = 8_192
/** A gossiped transaction, or a frame that holds one. */
export const MAX_TRANSACTION_FRAME_BYTES = MAX_TRANSACTION_BYTES

// Quotas: what one peer may ask. TRUST.md, "Request floods".

export interface Quota {
  /** How many may come at once after a pause. */
  count: number
  /** Time in which that many come back, ms. */
  perMs: number
}

/** What is counted. */
export type Counted = RequestKind | 'bodyBytes' | 'refusals'

/** Per peer. Bodies are counted one by one and by their bytes, the others by request. */
export const QUOTAS: Readonly<Record<Counted, Quota>> = {
  // One every 15 s by habit, a few more when tips change quickly.
  status: { count: 5, perMs: 15_000 },
  // 4 000 headers a second: faster than they can be checked together with their bodies.
  headers: { count: 20, perMs: 10_000 },
  // 1 600 blocks a second: several times what a node connects, so that a whole chain can come from one peer…
  bodies: { count: 16_384, perMs: 10_000 },
  // …and 13 MB: what a line of 100 Mbit/s carries, and twice what two processors can verify. Counted as they are sent, so
  // the last answer may exceed it, and the next one waits for that.
  bodyBytes: { count: 128 * 1_048_576, perMs: 10_000 },
  // Once when two nodes meet and once more when they have come to the same chain: two a minute. A node that starts again has
  // forgotten that it asked, so two minutes' worth may come at once.
  mempool: { count: 4, perMs: 120_000 },
  // Once when two nodes meet, and every five minutes.
  peers: { count: 2, perMs: 60_000 },
  // Requests above those, of all kinds together, that are refused and no worse: a node that was started again and again does
  // not know what it asked before. Each one more costs points.
  refusals: { count: 8, perMs: 120_000 },
}

/** All peers together get this many times the quota of one: a classroom that starts at once is served, a flood is not. */
export const TOTAL_QUOTA_FACTOR = 32

/**
 * A node asks this much more slowly than its peers' quotas allow, because two requests may arrive closer together than
 * they were sent.
 */
export const OWN_PACE = 1.1

/** Open inbound streams of a protocol on one connection. The client has one at a time; the second overlaps its end. */
export const MAX_INBOUND_STREAMS = 2

// Times, ms.

/** To send a request, or to answer one in one frame. A LAN needs 1; an overloaded laptop gets 5 000 times that. */
export const REQUEST_TIMEOUT_MS = 5_000
/** Bodies: without a new one for this long, the request goes to another peer; doubles with each stall in a row. */
export const STALL_TIMEOUT_MS = 2_000
export const MAX_STALL_TIMEOUT_MS = 64_000
/**
 * A peer that keeps a whole sync waiting for so long loses its turn to one that is idle, and nothing else: a quarter of
 * what counts as a stall.
 */
export const LATE_MS = 500
/** A server gives up on a client that does not take its answer. */
export const SERVE_TIMEOUT_MS = 30_000
/** Status is exchanged about this often at least, so that a lost message heals. */
export const STATUS_INTERVAL_MS = 15_000
/** The one who was dialled waits this long for the dialler's status before it asks itself. */
export const STATUS_GRACE_MS = 3_000
/** After a new tip, gossip gets this long to arrive before status tells of it. */
export const STATUS_AFTER_TIP_MS = 1_000
/** Whose turn it is not waits so much longer for the other's status: an exchange tells both sides. */
export const STATUS_TURN_MS = 500
/** To a connection with one address of a peer; a LAN needs a few ms, a wrong address of several must not cost seconds. */
export const ADDRESS_DIAL_TIMEOUT_MS = 2_000
/** To a connection with a peer, all its addresses together. */
export const DIAL_TIMEOUT_MS = 8_000

// Sync.

/**
 * Headers held in memory while they are checked: 24 MB, a month of ten-second blocks, whoever they come from. A peer
 * whose branch is longer than that and still has less work than ours is not followed.
 */
export const MAX_CANDIDATE_HEADERS = 262_144
/** Peers asked for headers side by side because none of them answers: so many that stall cost four seconds. */
export const MAX_SEARCHED_PEERS = 8
/** Bodies are fetched as soon as this many headers beyond ours have enough work; then the next headers. */
export const SYNC_SEGMENT_HEADERS = 16_384
/** Answers under way or waiting for blocks before them: bounds what a sync holds to this × MAX_ANSWER_BYTES, 16 MiB. */
export const MAX_BATCHES_AHEAD = 8
/** What a batch aims at by the sizes seen so far, bytes: half of what a server sends at most. */
export const BATCH_BYTES = 1_048_576

// Peers.

/** Points that a fault with consequence `lower` costs. */
export const FAULT_POINTS = 10
/** A point comes back each this many ms. */
export const POINT_RECOVERY_MS = 10_000
/** At this score a peer is disconnected, and refused until it has recovered above it. */
export const SCORE_LIMIT = -100
/** How long a banned peer is refused: half an hour, long beside an attack's patience, short beside a lesson. */
export const BAN_MS = 30 * 60_000
/** Peers that scores, bans and quotas are remembered for; the oldest is forgotten. */
export const MAX_REMEMBERED_FAULTS = 4_096

/** Peers to dial until there are this many connections: twice gossipsub's mesh, so that the mesh can choose. */
export const TARGET_PEERS = 16
/** Connections in all; a full classroom and the neighbours'. */
export const MAX_PEERS = 96
/** Of them for those that this node dialled: connections from others never take these. */
export const RESERVED_OUTBOUND = 16
/** Of the others, those are not given up for a newcomer who last brought a new block, and whose answers are quickest. */
export const PROTECTED_BLOCKS = 8
export const PROTECTED_LATENCIES = 8
/** Connections that libp2p takes beyond the limit, so that this node decides who has to go, and not libp2p's own rules. */
export const NEWCOMERS = 32
/** Of its own choice a node wants this many, however many connected to it: else whoever connects most owns its view. */
export const MIN_OUTBOUND = 8
/** Of these so many at one IP address, unless they are good: a machine that plays many nodes is not many neighbours. */
export const MAX_OUTBOUND_A_HOST = 2
/** Peers that are kept to be dialled. */
export const MAX_CANDIDATES = 256
/** Addresses kept of one of them: two interfaces, and where it was before. */
export const MAX_CANDIDATE_ADDRESSES = 4
/** Kept of what one peer tells of others, so that one liar does not fill the table; and told in one answer. */
export const MAX_TOLD = 32
/** mDNS asks this often, ms. */
export const MDNS_INTERVAL_MS = 10_000
/** An interface gets an answer at most this often, ms: a class that starts at once is answered together, and a flood of questions is not. */
export const MDNS_ANSWER_INTERVAL_MS = 250
/** Of one of these an answer has at most so many addresses, each of at most so many bytes: /ip6zone/…/ip6/…/tcp/… and room. */
export const MAX_TOLD_ADDRESSES = 4
export const MAX_ADDRESS_BYTES = 64
/** Of a peer id as bytes: a multihash; that of an Ed25519 key has 38. */
export const MAX_PEER_ID_BYTES = 64
/** An answer with everything at its limit: per node an offset, two more, the id, and the addresses with theirs. */
export const MAX_PEERS_BYTES = MAX_TOLD * (4 + 8 + MAX_PEER_ID_BYTES + MAX_TOLD_ADDRESSES * (4 + MAX_ADDRESS_BYTES))
/** A peer is asked for others again after this long, ms: nodes come and go by the lesson, not by the second. */
export const PEERS_INTERVAL_MS = 5 * 60_000
/** Dials a second, at most. */
export const DIALS_PER_SECOND = 5
/** After the first failure; doubles up to the second number. Each wait varies by a quarter, so that nodes do not act in step. */
export const DIAL_BACKOFF_MS = 1_000
export const MAX_DIAL_BACKOFF_MS = 60_000
/** Peers kept for the next start. */
export const MAX_PEER_BOOK = 64
/** When a peer was seen last is written down at most this often: each time is a write to disk. */
export const PEER_BOOK_INTERVAL_MS = 10 * 60_000
/** Addresses of a peer that are looked at, of all that it says it listens on: a laptop with virtual interfaces has ten. */
export const MAX_LISTENS = 32
/** A peer without gossip in both directions for this long is disconnected, so that dialling it again mends it. */
export const GOSSIP_GRACE_MS = 20_000

// Floods: what libp2p itself is asked for. A peer that asks for more is disconnected.

/** Connections that a host may open within a second: a swarm is one host, and so is a classroom behind one address. */
export const CONNECTIONS_A_SECOND = 64
/** At an IP address where a peer was cut off lately; an honest one there waits seconds, a flood pays for each second. */
export const CUT_HOST_QUOTA: Quota = { count: 1, perMs: 1_000 }
/** How long after the last cut, ms. */
export const CUT_HOST_MS = 60_000
/** A connection's handshake, and a stream's choice of a protocol; a LAN needs 10 ms, an overloaded laptop gets this. */
export const UPGRADE_TIMEOUT_MS = 5_000
/** Handshakes under way: more than one host can hold up, or its silent sockets would keep everybody else out. */
export const MAX_PENDING_CONNECTIONS = (CONNECTIONS_A_SECOND * UPGRADE_TIMEOUT_MS) / 1_000 + 64
/** Connections of one peer: two that crossed each other, and one that takes the place of one that is not known dead. */
export const MAX_CONNECTIONS_A_PEER = 3
/** Streams that a peer may open on a connection: every request is one. Its quotas allow a tenth of that. */
export const STREAM_QUOTA: Quota = { count: 2_048, perMs: 10_000 }
/** Answers of yamux itself that a peer may call forth: pings come every half minute, resets seldom. */
export const YAMUX_ANSWER_QUOTA: Quota = { count: 1_024, perMs: 10_000 }
/** Messages on gossip that a peer may send, new or not: several times what a chain can take, and a mempool's worth at once. */
export const GOSSIP_QUOTA: Quota = { count: 50_000, perMs: 10_000 }
