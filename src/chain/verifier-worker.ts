/**
 * A verifying thread: takes transactions as bytes, answers which signature is the first bad one, and knows nothing else.
 * Started by verifier-pool.ts.
 */
import { parentPort } from 'node:worker_threads'
import { isEncodedSigned } from '../consensus/encoded-signature.ts'

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

const port = parentPort
if (port === null) throw new Error('verifier-worker.ts runs as a worker thread; VerifierPool starts it')
port.on('message', (question: Question) => {
  port.postMessage({ id: question.id, bad: firstBad(question) } satisfies Answer)
})
