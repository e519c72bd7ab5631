/**
 * Takes gossiped transactions into the mempool, and verifies the signatures of many at once in threads.
 *
 *   the first that comes in a turn of the event loop      at once, here: alone it waits for nothing
 *   those that come with it                               together, next turn: the mempool checks each but its signature
 *                                                         → threads verify → the mempool admits
 *
 * Where a signature in a batch is bad, or no thread answers, each of the batch is verified here, so that the right one is
 * found; whoever sent it is banned, so that does not go on. A batch is small enough not to hold up a block.
 */
import { type Clock, turn } from '../chain/clock.ts'
import type { SignatureVerifier } from '../chain/signature-verifier.ts'
import { RuleError } from '../consensus/errors.ts'
import { decodeTransaction, MAX_TRANSACTION_BYTES, type Transaction } from '../consensus/types.ts'
import type { Mempool } from '../mempool/pool.ts'

export interface TransactionIntakeComponents {
  mempool: Pick<Mempool, 'add' | 'check'>
  /** @default every signature is verified here */
  verifier?: SignatureVerifier | undefined
  /** 32 bytes. */
  genesisHash: Uint8Array
  /** @default the event loop's turns */
  clock?: Pick<Clock, 'turn'>
}

/** Signatures verified together: what two threads take at once. */
const BATCH = 256
/** Fewer are verified here: to ask a thread is as dear. */
const LEAST = 4
/** More do not wait: then this thread verifies too, reads no further meanwhile, and so holds up whoever sends. */
const MAX_WAITING = 4_096

interface Waiting {
  transaction: Transaction
  encoded: Uint8Array
  done(): void
  fail(error: unknown): void
}

export class TransactionIntake {
  readonly #components: TransactionIntakeComponents
  #waiting: Waiting[] = []
  #isRunning = false

  constructor(components: TransactionIntakeComponents) {
    this.#components = components
  }

  /**
   * Resolves when a transaction is pending.
   * @param encoded SSZ, of any length
   * @throws RuleError, PolicyError as the mempool does
   */
  async add(encoded: Uint8Array): Promise<void> {
    if (encoded.length > MAX_TRANSACTION_BYTES) {
      throw new RuleError('transaction-bad-encoding', `${encoded.length} bytes, at most ${MAX_TRANSACTION_BYTES}`)
    }
    const transaction = decodeTransaction(encoded)
    const { mempool, verifier } = this.#components
    const isAlone = !this.#isRunning
    if (verifier === undefined || isAlone || this.#waiting.length >= MAX_WAITING) {
      if (isAlone) void this.#run()
      mempool.add(transaction, 'gossip')
      return
    }
    return new Promise((done, fail) => void this.#waiting.push({ transaction, encoded, done, fail }))
  }

  /** Takes what waits, a batch a turn, until nothing does. Never rejects. */
  async #run(): Promise<void> {
    this.#isRunning = true
    await turn(this.#components.clock)
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, BATCH).filter((one) => this.#settled(one, () => this.#components.mempool.check(one.transaction, 'gossip')))
      const isVerified = batch.length >= LEAST && (await this.#areSigned(batch))
      for (const one of batch) {
        if (this.#settled(one, () => void this.#components.mempool.add(one.transaction, 'gossip', { isVerified }))) one.done()
      }
      await turn(this.#components.clock)
    }
    this.#isRunning = false
  }

  /** @returns whether it went well; otherwise whoever waits knows */
  #settled({ fail }: Waiting, work: () => void): boolean {
    try {
      work()
      return true
    } catch (error) {
      fail(error)
      return false
    }
  }

  /** Whether all are known to be signed well. */
  async #areSigned(batch: readonly Waiting[]): Promise<boolean> {
    const { verifier, genesisHash } = this.#components
    try {
      return verifier !== undefined && (await verifier.firstBad(batch.map(({ encoded }) => encoded), genesisHash)) === undefined
    } catch {
      return false // it is stopping, or its threads died
    }
  }
}
