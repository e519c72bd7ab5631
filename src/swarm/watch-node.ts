/** Tells of one node in the swarm's events. */
import type { EventEmitter } from 'node:events'
import { type Hex, toHex } from '../consensus/hex.ts'
import { fromCompact, workOf } from '../consensus/target.ts'
import type { Block } from '../consensus/types.ts'
import type { Node } from '../node/node.ts'
import type { SwarmEvents } from './swarm-events.ts'
import type { Edge } from './topology.ts'

type Origin = Parameters<Node['chain']['add']>[1]

export interface WatchComponents {
  events: EventEmitter<SwarmEvents>
  /** The swarm's clock, ms. */
  now: () => number
  nodeOf: (peerId: string) => number | undefined
  /** This node has accepted the status of an edge's other node, or is connected to it no longer. */
  knows: (edge: Edge, knows: boolean) => void
}

/** The node must be running; its parts are watched until it stops. */
export function watchNode(at: number, node: Node, { events, now, nodeOf, knows }: WatchComponents): void {
  const { chain, network } = node
  /** What was told of last: a block that is checked is judged before another is. */
  let told: Hex | undefined
  const tell = (block: Block, hash: Hex, origin: Origin, isBest: boolean): void => {
    const { header: { height, parent, bits }, body: { transactions, miner } } = block
    told = hash
    if (origin !== 'local') return void events.emit('block:received', { at: now(), node: at, hash, height, isBest })
    events.emit('block:found', {
      at: now(), node: at, hash, height, parent: toHex(parent), miner: toHex(miner), transactions: transactions.length,
      difficulty: Number(workOf(fromCompact(bits).target)),
    })
  }
  // What extends the tip is told of before it is stored, for that is when others get it.
  chain.events.on('block:checked', ({ block, hash, origin }) => tell(block, hash, origin, true))
  chain.events.on('block:judged', ({ hash, origin, outcome }) => {
    if (hash === told || (outcome !== 'connected' && outcome !== 'reorganised' && outcome !== 'side-branch')) return
    const block = chain.block(hash)
    if (block !== undefined) tell(block, hash, origin, outcome !== 'side-branch')
  })
  let left = 0
  chain.events.on('chain:reorg', ({ disconnected }) => {
    left = disconnected.length
  })
  chain.events.on('tip:changed', ({ tip: { hash, height } }) => {
    events.emit('tip:changed', { at: now(), node: at, hash, height, left })
    left = 0
  })
  const tellOf = (peerId: string, isThere: boolean): void => {
    const other = nodeOf(peerId)
    if (other !== undefined) knows(other < at ? [other, at] : [at, other], isThere)
  }
  network.events.on('peer:connected', ({ peerId }) => tellOf(peerId, true))
  network.events.on('peer:disconnected', ({ peerId }) => tellOf(peerId, false))
}
