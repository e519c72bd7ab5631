/** A real node that mines while it is offered spam, and what that does to it and to whoever pays. */
import { setImmediate as turn } from 'node:timers/promises'
import { signTransaction } from '../../src/consensus/transaction.ts'
import { decodeTransaction } from '../../src/consensus/types.ts'
import { PolicyError } from '../../src/mempool/policy.ts'
import { createNode } from '../../src/node/node.ts'
import { MAX_SPAM_FEE, PAYER, type SpamOptions, spamNetwork, spamOf } from './spam.ts'

export interface UnderSpam {
  /** By the code of their refusal, and `added`. */
  verdicts: Record<string, number>
  mostPending: number
  mostBytes: number
  mostOfASender: number
  /** Blocks from the moment that a paying one was admitted to the one that holds it, of each. */
  blocksUntilMined: number[]
  blocks: number
  /** Offered a second. */
  perSecond: number
  /** Memory in use at most beyond what was before, MB; without garbage where that can be asked for. */
  growthMb: number
}

/** Offered before others get a turn. */
const A_TURN = 100

export async function underSpam(options: SpamOptions & { payments: number; dataDir: string }): Promise<UnderSpam> {
  const { count, payments, dataDir } = options
  const node = createNode({ network: spamNetwork(options), dataDir, mdns: false, listen: ['/ip4/127.0.0.1/tcp/0'], threads: 1 })
  await node.start()
  const { mempool, chain } = node
  const verdicts: Record<string, number> = {}
  const waiting = new Map<string, number>()
  const result = { mostPending: 0, mostBytes: 0, mostOfASender: 0, growthMb: 0, blocksUntilMined: [] as number[] }
  mempool.events.on('transaction:removed', ({ id, reason }) => {
    const from = waiting.get(id)
    if (from === undefined) return
    waiting.delete(id)
    result.blocksUntilMined.push(reason === 'mined' ? (chain.transaction(id)?.height ?? Infinity) - from : Infinity)
  })
  const pay = (nonce: number): void => {
    const payment = { sender: PAYER.publicKey, recipient: PAYER.publicKey, amount: 1, fee: 2 * MAX_SPAM_FEE, nonce, memo: new Uint8Array(0) }
    const { id } = mempool.add(signTransaction(payment, PAYER, node.genesis.hash), 'gossip')
    waiting.set(id, chain.tip.height)
  }
  try {
    const before = memoryMb()
    node.miner.run(node.wallet.default.account)
    const began = performance.now()
    let offered = 0
    let paid = 0
    for await (const portion of spamOf(options)) {
      for (const encoded of portion) {
        const verdict = offer(() => mempool.add(decodeTransaction(encoded), 'gossip'))
        verdicts[verdict] = (verdicts[verdict] ?? 0) + 1
        result.mostPending = Math.max(result.mostPending, mempool.size)
        result.mostBytes = Math.max(result.mostBytes, mempool.bytes)
        if (++offered % A_TURN === 0) await turn()
      }
      // One at a time, so that each waits for nothing but the spam.
      if (waiting.size === 0 && paid < payments && offered >= (count * (paid + 1)) / (payments + 1)) pay(paid++)
      if (offered % 50_000 === 0) result.growthMb = Math.max(result.growthMb, memoryMb() - before)
    }
    const perSecond = (1_000 * offered) / (performance.now() - began)
    result.growthMb = Math.max(result.growthMb, memoryMb() - before)
    const senders = new Map<string, number>()
    for (const { transaction: { sender } } of mempool.list()) {
      const key = Buffer.from(sender).toString('hex')
      senders.set(key, (senders.get(key) ?? 0) + 1)
    }
    result.mostOfASender = Math.max(0, ...senders.values())
    for (const id of waiting.keys()) {
      const { promise, resolve } = Promise.withResolvers<void>()
      mempool.events.on('transaction:removed', (removed) => removed.id === id && resolve())
      await promise
    }
    return { ...result, verdicts, blocks: chain.tip.height, perSecond }
  } finally {
    await node.stop()
  }
}

function offer(add: () => void): string {
  try {
    add()
    return 'added'
  } catch (error) {
    if (error instanceof PolicyError) return error.code
    throw error
  }
}

/** In use, all garbage away where the process was started to allow that. */
function memoryMb(): number {
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return (heapUsed + external) / 1_000_000
}
