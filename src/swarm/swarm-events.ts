/**
 * What a swarm tells, of all its nodes in one place: who is there, what is connected, which blocks are found and where they
 * come to. `node` is a node's number; `at` is the swarm's time, ms since the Unix epoch, whatever the node's own clock says.
 */
import type { Hex } from '../consensus/hex.ts'
import type { LinksChange } from './links.ts'
import type { Edge } from './topology.ts'

export interface SwarmEvents {
  /** A node runs: also after a restart, and one that joined. Its connections are not there yet. */
  'node:started': [{ at: number; node: number; name: string }]
  /** `killed`: with no word to anybody. */
  'node:stopped': [{ at: number; node: number; name: string; killed: boolean }]
  /** The nodes at the ends of an edge know each other's status. */
  'nodes:connected': [{ at: number; nodes: Edge }]
  'nodes:disconnected': [{ at: number; nodes: Edge }]
  /** A link, or all of them, changed: `links` says how they are now. */
  'links:changed': [{ at: number; change: LinksChange }]
  /** A node paid another one by the swarm's own traffic (payments.ts); amount and fee in units. */
  'payment:sent': [{ at: number; node: number; to: number; id: Hex; amount: number; fee: number }]
  /** A node mined a block; `miner` is the account that it pays. */
  'block:found': [{ at: number; node: number; hash: Hex; parent: Hex; height: number; miner: Hex; transactions: number; difficulty: number }]
  /** A block is stored at a node that did not find it: on its best chain or beside it. */
  'block:received': [{ at: number; node: number; hash: Hex; height: number; isBest: boolean }]
  /** A node's best chain ends elsewhere; `left` is how many blocks it left for that. */
  'tip:changed': [{ at: number; node: number; hash: Hex; height: number; left: number }]
}
