/** What a network is given, and what it tells. */
import type { PrivateKey } from '@libp2p/interface'
import type { Logger } from 'pino'
import type { Chain } from '../chain/chain.ts'
import type { Clock } from '../chain/clock.ts'
import type { SignatureVerifier } from '../chain/signature-verifier.ts'
import type { Mempool } from '../mempool/pool.ts'
import type { CreateCairnLibp2p } from './cairn-libp2p.ts'
import type { PeerBook } from './peer-book.ts'
import type { PeerInfo } from './peers.ts'
import type { RequestKind } from './protocols.ts'
import type { SyncProgress } from './sync-progress.ts'
import type { Code, Verdict } from './verdicts.ts'

export interface NetworkComponents {
  chain: Chain
  mempool: Mempool
  /** Verifies the signatures of a flood of transactions in threads. @default they are verified in this one */
  verifier?: SignatureVerifier | undefined
  clock: Clock
  log: Logger
  /** Remembers peers from one start to the next. */
  peerBook?: PeerBook
  /** Ed25519; the peer id follows from it. */
  privateKey: PrivateKey
  /** Chance, in [0, 1). @default Math.random */
  random?: () => number
  /** What carries the connections. @default libp2p over `transport` */
  libp2p?: CreateCairnLibp2p
}

export interface NetworkOptions {
  /** What others see: at most 32 bytes. */
  name: string
  /** Whom this node's mining pays, 32 bytes: others show the name beside its blocks. */
  account: Uint8Array
  /** Program and version, for others' logs. */
  agent: string
  /** Multiaddrs to listen on. */
  listen: string[]
  /** Multiaddrs to connect to and stay connected to. */
  peers: string[]
  mdns: boolean
  /** Of a private network, 32 bytes; see network-key.ts. @default none: whoever is on the LAN may connect */
  networkKey?: Uint8Array
  transport: 'tcp' | 'memory'
  /** Peers to dial until there are so many connections. @default 16 */
  targetPeers?: number
  /** Connections in all. @default 96 */
  maxPeers?: number
}

export interface NetworkEvents {
  /** A connected peer's first status was accepted. */
  'peer:connected': [PeerInfo]
  /** It told another tip than before, or what program it is. */
  'peer:updated': [PeerInfo]
  /** Such a peer is gone. */
  'peer:disconnected': [{ peerId: string; name: string | null }]
  /** A sync began, went on or ended. */
  'sync:progress': [SyncProgress]
  /** A gossiped message was judged; `code` says why it was not accepted, where it has one. */
  'message:judged': [{ topic: 'blocks' | 'transactions'; verdict: Verdict['gossip']; code: Code | null }]
  /** A request ended, of ours (`asked`) or of a peer (`answered`): with what it was for, or a fault. */
  'request:ended': [{ kind: RequestKind; side: 'asked' | 'answered'; outcome: 'done' | Code | 'failed' }]
  /** Something speaks against a peer, with a consequence. */
  'peer:judged': [{ peerId: string; code: Code; consequence: 'lower' | 'ban' }]
  /** This node dialled another by itself. */
  'peer:dialled': [{ outcome: 'connected' | 'failed' }]
}

/** Tells listeners of an event; never throws. */
export type Tell = <Name extends keyof NetworkEvents>(name: Name, ...args: NetworkEvents[Name]) => void
