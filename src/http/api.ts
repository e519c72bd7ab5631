/**
 * The JSON that the HTTP interface speaks, as types: the server gives these, the page and the command line take them.
 *
 * Units: amounts in whole units of the network's coin; times in ms since the Unix epoch unless a name says otherwise;
 * hashes and ids are 64 lower-case hex digits; accounts are `cairn1…`.
 */
import type { BlockHeader } from './header-api.ts'
import type { MiningStatus } from './mining-api.ts'
import type { ApiTransaction, HistoryTransaction, PendingTransaction } from './transaction-api.ts'

/** `GET /api/v1/transactions/:id/proof?headers` */
export type { HeaderFields, Proof } from '../consensus/proof-document.ts'
export type * from './diagnosis-api.ts'
export type * from './header-api.ts'
export type * from './lab-api.ts'
export type * from './mining-api.ts'
export type * from './series-api.ts'
export type * from './transaction-api.ts'
export type * from './wallet-api.ts'

export interface ApiError {
  /**
   * `code`: a stable word, the same in logs and peer scores. `message`: what, why, what to do; one line. `requestId`: what
   * the node's log calls this request, as does the answer's header `x-request-id`.
   */
  error: { code: string; message: string; requestId: string }
}

/** `GET /api/v1/status` */
export interface Status {
  network: string
  /** Hash of block 0: the network's identity. */
  genesis: string
  /** Fingerprint of the network's key, where the network is private; else null. */
  networkKey: string | null
  /** This node's name. */
  name: string
  peerId: string
  /** Multiaddrs that this node listens on, each ending in /p2p/PEERID. */
  addresses: string[]
  height: number
  /** Hash of the best block. */
  tip: string
  /** Chain work, hex without prefix. */
  work: string
  /** Expected hashes to find the next block. */
  difficulty: number
  /** Number of connected peers of this network. */
  peers: number
  /** Number of pending transactions. */
  mempool: number
  mining: MiningStatus
  sync: SyncStatus
  /** The account that mining pays, and that sends unless told otherwise. */
  account: string
  /** This node's clock. */
  time: number
}

export interface SyncStatus {
  state: 'idle' | 'headers' | 'bodies'
  /** Height reached and height aimed at; the same when idle. */
  height: number
  target: number
  /** Over the last seconds, and what remains at that pace; null when idle, and until they are known. */
  blocksPerSecond: number | null
  remainingMs: number | null
}

/** `GET /api/v1/blocks/:heightOrHash`, and (without `transactions`) the entries of `GET /api/v1/blocks`. */
export interface BlockSummary extends BlockHeader {
  /** Expected hashes that this block took. */
  difficulty: number
  /** Chain work up to and with this block, hex. */
  work: string
  miner: string
  /** Name of the node that mined it, where this node knows who owns the account; else null. */
  minerName: string | null
  transactionCount: number
  /** Encoded size, bytes. */
  bytes: number
  /** Sum of the fees. */
  fees: number
  /** Whether it is on the best chain. */
  best: boolean
}

export interface BlockDetail extends BlockSummary {
  transactions: ApiTransaction[]
}

/** `GET /api/v1/blocks?before&limit`: newest first; `before` (a height) is exclusive; `next` is the `before` of the next page. */
export interface BlockPage {
  blocks: BlockSummary[]
  next: number | null
}

/** `GET /api/v1/accounts/:account/transactions?before&limit`: what touched the account, newest first. */
export interface AccountHistory {
  /** Not in a block yet, highest fee first; on the first page only. */
  pending: PendingTransaction[]
  transactions: HistoryTransaction[]
  /** The `before` of the next page; null at the end. */
  next: string | null
}

/** A side branch that this node keeps. */
export interface Fork {
  tip: BlockSummary
  /** Height of the last block that it shares with the best chain. */
  ancestor: number
  /** Blocks after that one. */
  length: number
}

/** `GET /api/v1/forks?before&limit`: most work first. */
export interface ForkPage {
  forks: Fork[]
  /** The `before` of the next page; null at the end. */
  next: string | null
}

/** `GET /api/v1/network` */
export interface NetworkInfo {
  /** Hash of block 0. */
  genesis: string
  /** Its first 8 digits: the short name in protocols, topics and mDNS. */
  id: string
  /** Whether its name alone gives this very network; else whoever joins needs the parameter file. */
  byName: boolean
  /** As a parameter file for `--network`: these numbers make this network again. */
  parameters: NetworkParameters
}

/** The parameters of a network, as its file has them. */
export interface NetworkParameters {
  name: string
  /** Mean time between blocks that difficulty aims at, ms. */
  targetBlockTimeMs: number
  /** Compact target of blocks 0 to 2, as a number. */
  initialBits: number
  /** Compact form of the easiest target, as a number. */
  limitBits: number
  /** Blocks; 0 = the difficulty never changes. */
  halfLifeBlocks: number
  /** How far a block may be ahead of a node's clock, ms. */
  maxFutureMs: number
  maxBlockBytes: number
  /** Units a block until the first halving. */
  subsidy: number
  /** Blocks. */
  halvingInterval: number
  genesisTimestamp: number
  allocations: { account: string; amount: number }[]
}

/** `GET /api/v1/peers` */
export interface PeerList {
  peers: Peer[]
  /** Who broke the rules, and is refused for half an hour or until this node starts again. */
  banned: BannedPeer[]
}

export interface BannedPeer {
  peerId: string
  /** What it did: the same word as in the log. */
  code: string
  /** When it may come back. */
  until: number
}

/** A connected peer. */
export interface Peer {
  peerId: string
  name: string | null
  account: string | null // whom its mining pays, as it says; nobody checks that
  agent: string | null
  /** Multiaddr of the connection. */
  address: string
  direction: 'inbound' | 'outbound'
  latencyMs: number | null
  height: number | null
  tip: string | null
  /** 0 is neutral; below, it misbehaved. */
  score: number
  /** When it connected. */
  since: number
}

/** What `GET /api/v1/events` sends, by event name; `data` is this as JSON. */
export interface ApiEvents {
  'block:connected': BlockSummary
  'block:disconnected': { hash: string; height: number }
  'chain:reorg': { ancestor: number; disconnected: string[]; connected: string[] }
  'transaction:added': ApiTransaction
  'transaction:removed': { id: string; reason: string }
  'peer:connected': Peer
  'peer:disconnected': { peerId: string; name: string | null }
  'mining:progress': MiningStatus & { expectedMs: number | null }
  /** What was missed can no longer be sent: read again what you show. */
  reset: Record<string, never>
}

/** One event of the stream. `id` continues it (`Last-Event-ID`); measurements (`mining:progress`) have none of their own. */
export type ApiEvent = { [Name in keyof ApiEvents]: { id: string; event: Name; data: ApiEvents[Name] } }[keyof ApiEvents]
