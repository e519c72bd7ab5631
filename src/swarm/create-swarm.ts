/** Makes a swarm, in real time or in simulated time. */
import { resolveSwarmOptions, type SwarmOptions } from './options.ts'
import { Swarm } from './swarm.ts'
import { VirtualSwarm } from './virtual/swarm.ts'

/**
 * Starts the nodes and connects them along the topology.
 * @throws RangeError naming the option and what it must be; whatever a node's start throws, after stopping the others;
 *   Error where two nodes could not connect; the signal's reason
 */
export async function createSwarm(options: SwarmOptions & { time: 'virtual' }): Promise<VirtualSwarm>
export async function createSwarm(options: SwarmOptions): Promise<Swarm>
export async function createSwarm(options: SwarmOptions): Promise<Swarm> {
  const resolved = resolveSwarmOptions(options)
  const swarm = resolved.time === 'virtual' ? new VirtualSwarm(resolved) : new Swarm(resolved)
  try {
    await swarm.start(options.signal)
    return swarm
  } catch (error) {
    await swarm.stop()
    throw error
  }
}
