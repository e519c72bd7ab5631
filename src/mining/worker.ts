/**
 * A mining thread: searches what it is told to (search.ts) with what the others leave of the processor (give-way.ts),
 * and answers when it has found something.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { Control } from './control.ts'
import { giveWay } from './give-way.ts'
import { loadKernel } from './kernel.ts'
import { type Found, type Search, search } from './search.ts'

const port = parentPort
if (port === null) throw new Error('worker.ts runs as a worker thread; WorkerPool starts it')
giveWay()
const control = new Control(workerData as SharedArrayBuffer) // WorkerPool gives nothing else
const kernel = loadKernel()
port.on('message', async (wanted: Search) => {
  const { create: createKernel } = await kernel
  const nonce = search(wanted, { control, createKernel, now: () => performance.now() })
  if (nonce !== undefined) port.postMessage({ generation: wanted.generation, nonce } satisfies Found)
})
