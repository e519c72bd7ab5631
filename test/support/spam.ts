/**
 * Signed spam for a mempool, endless and the same for the same seed: payments of many senders with coins and low fees,
 * of many without coins, replacements, and nonces that leave gaps. Made in a thread, because to sign is dearer than to
 * refuse.
 *
 * @example
 *   for await (const transactions of spamOf({ count: 20_000 })) for (const bytes of transactions) offer(bytes)
 */
import { once } from 'node:events'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { genesisOf } from '../../src/consensus/genesis.ts'
import { sha256 } from '../../src/consensus/hash.ts'
import { type NetworkParams, networkParams } from '../../src/consensus/params.ts'
import { type KeyPair, keyPair } from '../../src/consensus/signature.ts'
import { toCompact } from '../../src/consensus/target.ts'
import { signTransaction } from '../../src/consensus/transaction.ts'
import { encodeTransaction } from '../../src/consensus/types.ts'
import { createRandom } from './random.ts'

export interface SpamOptions {
  count: number
  /** Expected hashes of a block. @default 2 */
  hashes?: bigint
  /** Senders that have coins, and as many that have none. @default 2 000 */
  senders?: number
  seed?: number
}

/** The highest fee that spam pays. */
export const MAX_SPAM_FEE = 10
/** Made at once. */
const PORTION = 500

const keysOf = (name: string): KeyPair => keyPair(sha256(new TextEncoder().encode(name)))
/** Has coins and sends no spam. */
export const PAYER = keysOf('payer')
const funded = (count: number): KeyPair[] => Array.from({ length: count }, (_, at) => keysOf(`spammer ${at}`))

/** The network that the spam is for. */
export function spamNetwork({ hashes = 2n, senders = 2_000 }: Partial<SpamOptions> = {}): NetworkParams {
  const bits = toCompact(2n ** 256n / hashes)
  return {
    ...networkParams('local'),
    ...(hashes > 2n && { initialBits: bits, limitBits: bits }),
    allocations: [PAYER, ...funded(senders)].map(({ publicKey }) => ({ account: publicKey, amount: 1_000_000 })),
  }
}

/** @yields portions of encoded transactions */
export async function* spamOf(options: SpamOptions): AsyncGenerator<Uint8Array[], void, undefined> {
  const worker = new Worker(new URL(import.meta.url), { workerData: options, execArgv: [] })
  try {
    for (let left = options.count; left > 0; ) {
      worker.postMessage('more', [])
      const [portion] = (await once(worker, 'message')) as [Uint8Array[]]
      left -= portion.length
      yield portion
    }
  } finally {
    await worker.terminate()
  }
}

function* make({ count, hashes, senders = 2_000, seed = 1 }: SpamOptions): Generator<Uint8Array[], void, undefined> {
  const random = createRandom(seed)
  const genesisHash = genesisOf(spamNetwork({ hashes, senders })).hash
  const rich = funded(senders)
  const poor = Array.from({ length: senders }, (_, at) => keysOf(`poor ${at}`))
  const nonces = new Uint32Array(senders)
  const recipient = new Uint8Array(32).fill(9)
  const one = (): Uint8Array => {
    const at = random.below(senders)
    const kind = random.below(10)
    const keys = (kind < 2 ? poor[at] : rich[at])! // below the length
    let nonce = nonces[at]!
    if (kind === 2) nonce = Math.max(0, nonce - 1 - random.below(16)) // replaces, or is used
    else if (kind === 3) nonce += 1 + random.below(100) // leaves a gap, or is too far ahead
    else if (kind > 3) nonces[at] = nonce + 1
    const memo = new Uint8Array(random.below(8) === 0 ? 256 : 0)
    const payment = { sender: keys.publicKey, recipient, amount: 1, fee: random.below(MAX_SPAM_FEE + 1), nonce, memo }
    return encodeTransaction(signTransaction(payment, keys, genesisHash))
  }
  for (let made = 0; made < count; made += PORTION) yield Array.from({ length: Math.min(PORTION, count - made) }, one)
}

if (!isMainThread && parentPort !== null) {
  const port = parentPort
  const portions = make(workerData as SpamOptions) // what spamOf gives
  let next = portions.next()
  port.on('message', () => {
    port.postMessage(next.value)
    next = portions.next() // while the others are offered
  })
}
