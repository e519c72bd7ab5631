/** A mining thread that only remembers what it was told, so that a test decides what it finds and when. */
import { EventEmitter } from 'node:events'
import type { Worker } from 'node:worker_threads'
import { Control } from '../../src/mining/control.ts'
import type { CreateWorker } from '../../src/mining/pool.ts'
import { createScalarKernel } from '../../src/mining/scalar-kernel.ts'
import type { Found, Search } from '../../src/mining/search.ts'

export class StillWorker extends EventEmitter {
  readonly control: Control
  readonly searches: Search[] = []
  referenced = true
  terminated = false
  constructor(control: Control) {
    super()
    this.control = control
  }
  postMessage(search: Search): void {
    this.searches.push(search)
    this.emit('told', search)
  }
  ref(): void {
    this.referenced = true
  }
  unref(): void {
    this.referenced = false
  }
  async terminate(): Promise<number> {
    this.terminated = true
    return 1
  }
  /** Answers a search with what it would find, though it may be wanted no longer. */
  find({ generation, header, target, firstNonce }: Search): void {
    const nonce = createScalarKernel(header, target).search(firstNonce, 1_000)
    if (nonce === undefined) throw new Error('a search for a still worker must be an easy one')
    this.emit('message', { generation, nonce } satisfies Found)
  }
}

/** Makes such threads, and the list that they are added to. */
export function stillWorkers(): { createWorker: CreateWorker; workers: StillWorker[] } {
  const workers: StillWorker[] = []
  const createWorker: CreateWorker = (shared) => {
    const worker = new StillWorker(new Control(shared))
    workers.push(worker)
    return worker as unknown as Worker // it has what the pool uses of one
  }
  return { createWorker, workers }
}
