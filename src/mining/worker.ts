/**
 * A mining thread: searches what it is told to (search.ts), and answers when it has found something.
 *
 * Where the system has priorities for threads it takes a low one, so that whoever else wants the processor, the node's
 * own main thread first of all, gets it at once: mining uses what is left over.
 */
import { constants, platform, setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { Control } from './control.ts'
import { createKernel } from './kernel.ts'
import { type Found, type Search, search } from './search.ts'

/** On Linux a priority is a thread's own, and 0 stands for the caller; elsewhere it would be the whole process's. */
function giveWay(): void {
  if (platform() !== 'linux') return
  try {
    setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // A sandbox that forbids it: mining works all the same, and the system shares the processor out evenly.
  }
}

const port = parentPort
if (port === null) throw new Error('worker.ts runs as a worker thread; WorkerPool starts it')
giveWay()
const control = new Control(workerData as SharedArrayBuffer) // WorkerPool gives nothing else
port.on('message', (wanted: Search) => {
  const nonce = search(wanted, { control, createKernel, now: () => performance.now() })
  if (nonce !== undefined) port.postMessage({ generation: wanted.generation, nonce } satisfies Found)
})
