/**
 * What a swarm stands on: the time that its nodes share, and what carries their connections. The machine's own, or
 * simulated ones (virtual/).
 */
import { type Clock, systemClock } from '../chain/clock.ts'
import type { CreateCairnLibp2p } from '../network/cairn-libp2p.ts'
import { Cables } from './cables.ts'
import type { Links } from './links.ts'

export interface Ground {
  /** The true time: nodes' clocks are set by it, rightly or wrongly. */
  readonly clock: Clock
  /** Why the nodes' own miners may not search; where it is left out, they may. */
  readonly noMining?: string
  /** Makes what carries a node's connections. */
  carrier(node: number): CreateCairnLibp2p
  /** Ends a node's connections with no word to the others: it is dead. */
  tear(node: number): void
  /** Does what takes time that is not the swarm's: files, modules and keys are loaded. */
  held<Result>(what: string, work: () => Promise<Result>): Promise<Result>
}

export interface GroundComponents {
  links: Links
  /** The number of the node that has a peer id. */
  nodeOf: (peerId: string) => number | undefined
}

/** The machine's clock, and cables around real connections. */
export function realGround(components: GroundComponents): Ground {
  const cables = new Cables(components)
  return {
    clock: systemClock,
    carrier: (node) => cables.carrier(node),
    tear: (node) => cables.tear(node),
    held: (_, work) => work(),
  }
}
