/**
 * A lower priority for the thread that calls, where the system has priorities for threads: whoever else wants the
 * processor, the node's own main thread first of all, is served before it.
 */
import { platform, setPriority } from 'node:os'

/**
 * Nice 4, about 40 % of the weight of any other thread. Nice 10 leaves the machine no less busy where nobody else wants
 * it, and a mining thread that wakes for a new tip then waits for its turn for up to 20 ms.
 */
const PRIORITY = 4

/** On Linux a priority is a thread's own, and 0 stands for the caller; elsewhere it would be the whole process's. */
export function giveWay(): void {
  if (platform() !== 'linux') return
  try {
    setPriority(0, PRIORITY)
  } catch {
    // A sandbox that forbids it: mining works all the same, and the system shares the processor out evenly.
  }
}
