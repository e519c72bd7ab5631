/**
 * A mining thread like worker.ts that never finds anything, though it hashes as much, and notes when it first hashes on
 * a new tip: so that what is found is not measured along, and easy blocks do for tips.
 *
 * Notes, as two i64 in shared memory: the first 8 bytes of the tip's hash, and when (`process.hrtime`, ns).
 */
import { parentPort, workerData } from 'node:worker_threads'
import { Control } from '../../../src/mining/control.ts'
import { type Kernel, loadKernel } from '../../../src/mining/kernel.ts'
import type { CreateKernel } from '../../../src/mining/scalar-kernel.ts'
import { type Search, search } from '../../../src/mining/search.ts'
import { giveWay } from '../../../src/mining/give-way.ts'

/** What `tasks.ts` gives such a thread. */
export interface MarkingData {
  shared: SharedArrayBuffer
  marks: SharedArrayBuffer
}

/** Bytes 8 to 15 of a header begin its parent's hash. */
export const tagOf = (header: Uint8Array): bigint => new DataView(header.buffer, header.byteOffset).getBigInt64(8)

const { shared, marks } = workerData as MarkingData
const control = new Control(shared)
const noted = new BigInt64Array(marks)

function markingKernel(create: CreateKernel, header: Uint8Array): Kernel {
  const kernel = create(header, 0n)
  const tag = tagOf(header)
  let isNew = noted[0] !== tag
  return {
    search(firstNonce, count) {
      if (isNew) {
        noted[1] = process.hrtime.bigint()
        noted[0] = tag
        isNew = false
      }
      return kernel.search(firstNonce, count)
    },
  }
}

giveWay()
const loaded = loadKernel()
parentPort?.on('message', async (wanted: Search) => {
  const { create } = await loaded
  search(wanted, { control, createKernel: (header) => markingKernel(create, header), now: () => performance.now() })
})
