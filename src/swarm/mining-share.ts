/** How much of a machine's processors the miners of a swarm take, which all mine on the same machine. */
import { availableParallelism } from 'node:os'

/** Of the machine's processors that mining may take, all miners together: the nodes need the rest. */
const MINING_SHARE = 0.5

/** @returns percent of a thread's time for each of so many miners with one thread */
export const miningCpu = (miners: number): number =>
  Math.max(1, Math.min(100, Math.floor((100 * MINING_SHARE * availableParallelism()) / Math.max(1, miners))))
