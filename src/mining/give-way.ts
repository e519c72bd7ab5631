/**
 * A low priority for the thread that calls, where the system has priorities for threads: whoever else wants the
 * processor, the node's own main thread first of all, gets it at once, and mining uses what is left over.
 */
import { constants, platform, setPriority } from 'node:os'

/** On Linux a priority is a thread's own, and 0 stands for the caller; elsewhere it would be the whole process's. */
export function giveWay(): void {
  if (platform() !== 'linux') return
  try {
    setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // A sandbox that forbids it: mining works all the same, and the system shares the processor out evenly.
  }
}
