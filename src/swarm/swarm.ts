/**
 * Many real nodes in one process: the same chain, mempool, gossip and sync as `cairn start`, on an in-memory transport
 * instead of sockets and with everything in memory instead of on disk.
 *
 * @example
 *   await using swarm = await createSwarm({ nodes: 4 })
 *   await swarm.nodes[0]?.mine(3)
 *   await swarm.converged()
 */
import { createNode, type Node } from '../node/node.ts'
import type { NodeOptions } from '../node/options.ts'
import { until } from '../node/until.ts'

export interface SwarmOptions {
  /** How many, 1 to 200. */
  nodes: number
  /** @default 'local': two hashes a block, mined on demand */
  network?: NodeOptions['network']
  /** @default 'memory' */
  transport?: 'memory' | 'tcp'
  /** Aborts the start. */
  signal?: AbortSignal
}

/**
 * Starts the nodes and connects each to every other.
 * @throws RangeError for a number of nodes that is none; whatever a node's start throws, after stopping the others
 */
export async function createSwarm(options: SwarmOptions): Promise<Swarm> {
  const { nodes: count, network = 'local', transport = 'memory', signal } = options
  if (!Number.isInteger(count) || count < 1 || count > 200) throw new RangeError(`nodes: must be a whole number from 1 to 200`)
  const listen = transport === 'tcp' ? { listen: ['/ip4/127.0.0.1/tcp/0'] } : {}
  const nodes = Array.from({ length: count }, () => createNode({ network, transport, mdns: false, threads: 1, ...listen }))
  const swarm = new Swarm(nodes)
  try {
    for (const [at, node] of nodes.entries()) {
      signal?.throwIfAborted()
      await node.start()
      const [address = ''] = node.network.addresses
      await Promise.all(nodes.slice(0, at).map((earlier) => earlier.network.dial(address, signal)))
    }
    return swarm
  } catch (error) {
    await swarm.stop()
    throw error
  }
}

export class Swarm {
  readonly nodes: readonly Node[]

  /** For nodes made by the caller; `createSwarm` makes them itself. */
  constructor(nodes: readonly Node[]) {
    this.nodes = nodes
  }

  /** Resolves when every node has the same tip. Rejects with the signal's reason. */
  async converged(signal?: AbortSignal): Promise<void> {
    const agree = (): boolean => new Set(this.nodes.map((node) => node.chain.tip.hash)).size === 1
    await until(this.nodes.map((node) => [node.chain.events, 'tip:changed'] as const), agree, signal)
  }

  /** Stops every node. */
  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }
}
