/**
 * A verifying thread: takes transactions as bytes, answers which signature is the first bad one, and knows nothing else.
 * Started by verifier-pool.ts.
 */
import { platform, setPriority } from 'node:os'
import { parentPort } from 'node:worker_threads'
import { isEncodedSigned } from '../consensus/encoded-signature.ts'

/**
 * Nice 2: after the main thread, which serves and validates, and before those that mine (nice 4). At the main thread's own
 * priority they take the processor from it in the middle of an answer.
 */
const PRIORITY = 2

/** What a thread is asked. */
export interface Question {
  id: number
  /** 32 bytes. */
  genesisHash: Uint8Array
  /** Encoded transactions, one after the other. */
  bytes: Uint8Array<ArrayBuffer>
  /** Where each of them ends. */
  ends: Uint32Array<ArrayBuffer>
}

/** What it answers. */
export interface Answer {
  id: number
  /** Index of the first bad signature; undefined where all are good. */
  bad: number | undefined
}

function firstBad({ genesisHash, bytes, ends }: Question): number | undefined {
  let start = 0
  for (const [index, end] of ends.entries()) {
    if (!isEncodedSigned(bytes.subarray(start, end), genesisHash)) return index
    start = end
  }
  return undefined
}

/** On Linux a priority is a thread's own, and 0 stands for the caller; elsewhere it would be the whole process's. */
function giveWay(): void {
  if (platform() !== 'linux') return
  try {
    setPriority(0, PRIORITY)
  } catch {
    // A sandbox that forbids it: the system shares the processor out evenly.
  }
}

const port = parentPort
if (port === null) throw new Error('verifier-worker.ts runs as a worker thread; VerifierPool starts it')
giveWay()
port.on('message', (question: Question) => {
  port.postMessage({ id: question.id, bad: firstBad(question) } satisfies Answer)
})
