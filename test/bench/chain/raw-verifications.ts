/**
 * The limit of checking: libsodium alone, on so many threads, over the signatures of real payments. Each thread has all
 * its input at hand and does nothing but verify.
 */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { genesisOf } from '../../../src/consensus/genesis.ts'
import { verifySignature } from '../../../src/consensus/signature.ts'
import { signedBytes } from '../../../src/consensus/transaction.ts'
import { blocksIn, type Fixture, fixtureFile, paramsOf, sendersOf } from './fixture.ts'

/** Signatures that each thread goes through again and again. */
const SIGNATURES = 2_000
const DURATION_MS = 2_000

/** @returns signatures a second, of all threads together */
export async function rawVerifications(fixture: Fixture, threads: number): Promise<number> {
  const rates = Array.from({ length: threads }, async () => {
    const worker = new Worker(new URL(import.meta.url), { workerData: fixture })
    return new Promise<number>((resolve, reject) => worker.once('message', resolve).once('error', reject))
  })
  return (await Promise.all(rates)).reduce((sum, rate) => sum + rate, 0)
}

function verifyOnly(fixture: Fixture): number {
  const { hash } = genesisOf(paramsOf(sendersOf(fixture)))
  const signatures: [Uint8Array, Uint8Array, Uint8Array][] = []
  for (const { body } of blocksIn(fixtureFile(fixture))) {
    for (const payment of body.transactions) signatures.push([payment.signature, signedBytes(payment, hash), payment.sender])
    if (signatures.length >= SIGNATURES) break
  }
  const began = performance.now()
  let count = 0
  while (performance.now() - began < DURATION_MS) {
    for (const [signature, message, sender] of signatures) {
      if (!verifySignature(signature, message, sender)) throw new Error('a signature of the fixture is bad')
    }
    count += signatures.length
  }
  return (1000 * count) / (performance.now() - began)
}

const port = isMainThread ? null : parentPort
port?.postMessage(verifyOnly(workerData as Fixture)) // rawVerifications gives nothing else
