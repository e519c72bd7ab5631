/**
 * The JSON that a swarm's HTTP interface speaks, as types: the server gives these, the page takes them. Units as in the
 * node's api.ts. A node is named by its number, from 0.
 */

/** `GET /api/v1/swarm`, and the answer of whatever changes it. */
export interface SwarmStatus {
  network: string
  /** Hash of block 0. */
  genesis: string
  /** What keys, names and topology follow from. */
  seed: string
  /** Where nodes can still join. */
  maxNodes: number
  /** By number. */
  nodes: SwarmNode[]
  edges: SwarmEdge[]
  conditions: SwarmConditions
  payments: SwarmPayments
  /** The swarm's clock. */
  time: number
}

export interface SwarmNode {
  node: number
  name: string
  /** Whom its mining pays. */
  account: string
  running: boolean
  /** Whether it mines without end. */
  mining: boolean
  /** Of its best block; as it last was, where the node does not run. */
  height: number
  tip: string
  /** Blocks that it found since it was first seen. */
  mined: number
}

/**
 * Two nodes that are to be connected, the smaller number first.
 * - `connected`: they know each other
 * - `cut`: nothing passes
 * - `apart`: not cut, and not connected: one does not run, or they are on their way
 */
export interface SwarmEdge {
  nodes: [number, number]
  state: 'connected' | 'cut' | 'apart'
  /** Its own, from the first to the second; null where they are those of every link. */
  conditions: SwarmConditions | null
}

/** Of every link that has none of its own. */
export interface SwarmConditions {
  latencyMs: number
  jitterMs: number
  /** Share of packets, 0 to less than 1. */
  loss: number
  /** Null: without limit. */
  bytesPerSecond: number | null
}

/** The swarm's own traffic of small payments between nodes that own coins. */
export interface SwarmPayments {
  /** How many a minute are tried, on average; 0: none. */
  perMinute: number
  /** How many were made so far. */
  sent: number
  /** How many wait to be mined at the node that has most of them. */
  pending: number
}

/** A block that some node found or has. */
export interface SwarmBlock {
  hash: string
  parent: string
  height: number
  /** By its miner's clock. */
  timestamp: number
  miner: string
  /** The node that the account belongs to; null where it is no node's. */
  node: number | null
  transactionCount: number
  /** Chain work up to and with this block, hex. */
  work: string
}

/** `GET /api/v1/swarm/blocks?limit`: the newest of all branches, in order of height. */
export interface SwarmBlocks {
  blocks: SwarmBlock[]
}

/** What changed within a moment: each entry as it is now, what did not change left out. */
export interface SwarmChange {
  nodes?: SwarmNode[]
  edges?: SwarmEdge[]
  blocks?: SwarmBlock[]
  conditions?: SwarmConditions
  payments?: SwarmPayments
}

/** What `GET /api/v1/swarm/events` sends, by event name; `data` is this as JSON. */
export interface SwarmApiEvents {
  'swarm:changed': SwarmChange
  /** What was missed can no longer be sent: read again what you show. */
  reset: Record<string, never>
}

export type SwarmApiEvent = { [Name in keyof SwarmApiEvents]: { id: string; event: Name; data: SwarmApiEvents[Name] } }[keyof SwarmApiEvents]

/** `POST /api/v1/swarm/heal`: of one link, or, where none is named, of all of them. */
export interface HealRequest {
  between?: [number, number]
}

/** `POST /api/v1/swarm/mine`: mines now; answered by `SwarmMined` when the blocks are found. */
export interface MineRequest {
  node: number
  /** @default 1 */
  count?: number
}

/** Oldest first. */
export interface SwarmMined {
  blocks: { height: number; hash: string }[]
}

/** `POST /api/v1/swarm/mining`: on and on, or no longer. */
export interface SwarmMiningRequest {
  nodes: number[]
  running: boolean
}

/** `POST /api/v1/swarm/payments` */
export interface SwarmPaymentsRequest {
  perMinute: number
}

/** `POST /api/v1/swarm/links`: conditions of every link, or of both ways of one; those left out stay. */
export interface LinksRequest {
  between?: [number, number]
  latencyMs?: number
  jitterMs?: number
  loss?: number
  /** Null: without limit. */
  bytesPerSecond?: number | null
}
