/**
 * Takes gossiped transactions into the mempool, and verifies the signatures of many at once in threads.
 *
 *   the first that comes in a turn of the event loop      at once, here: alone it waits for nothing
 *   those that come with it                               in batches: the mempool checks each but its signature
 *                                                         → threads verify → the mempool admits
 *
 * A batch goes to the threads when it is full, and what is left when the turn ends. In a flood one turn brings hundreds:
 * the threads verify the first of them while the others are still being read. Batches are admitted in the order in which
 * they were full, whichever is verified first.
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
  /** What the mempool found when it was handed over. */
  checked?: ReturnType<Mempool['check']>
  done(): void
  fail(error: unknown): void
}

export class TransactionIntake {
  readonly #components: TransactionIntakeComponents
  /** The batch that is not full yet. */
  #batch: Waiting[] = []
  /** How many wait, in that batch and in those that are being verified. */
  #waiting = 0
  /** Settles when every batch that was handed over is admitted. */
  #admitted: Promise<void> = Promise.resolve()
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
    if (verifier === undefined || isAlone || this.#waiting >= MAX_WAITING) {
      if (isAlone) void this.#run()
      mempool.add(transaction, 'gossip', { encoded })
      return
    }
    return new Promise((done, fail) => {
      this.#waiting += 1
      this.#batch.push({ transaction, encoded, done, fail })
      if (this.#batch.length === BATCH) this.#handOver()
    })
  }

  /** Hands over what each turn leaves, until nothing waits. Never rejects. */
  async #run(): Promise<void> {
    this.#isRunning = true
    await turn(this.#components.clock)
    while (this.#waiting > 0) {
      this.#handOver()
      await this.#admitted
      await turn(this.#components.clock)
    }
    this.#isRunning = false
  }

  /** Has the batch verified, as far as the mempool wants it, and admitted after those before it. */
  #handOver(): void {
    const { mempool } = this.#components
    const wanted = this.#batch.splice(0).filter((one) => this.#settled(one, () => {
      one.checked = mempool.check(one.transaction, 'gossip', { encoded: one.encoded })
    }))
    if (wanted.length > 0) this.#admitted = this.#admit(wanted, this.#areSigned(wanted), this.#admitted)
  }

  /** Never rejects. */
  async #admit(batch: readonly Waiting[], areSigned: Promise<boolean>, before: Promise<void>): Promise<void> {
    const { mempool } = this.#components
    const isVerified = await areSigned
    await before
    for (const one of batch) {
      const { transaction, checked } = one
      if (!this.#settled(one, () => void mempool.add(transaction, 'gossip', { isVerified, checked }))) continue
      this.#waiting -= 1
      one.done()
    }
  }

  /** @returns whether it went well; otherwise whoever waits knows, and it waits no more */
  #settled({ fail }: Waiting, work: () => void): boolean {
    try {
      work()
      return true
    } catch (error) {
      this.#waiting -= 1
      fail(error)
      return false
    }
  }

  /** Whether all are known to be signed well. Never rejects. */
  async #areSigned(batch: readonly Waiting[]): Promise<boolean> {
    const { verifier, genesisHash } = this.#components
    if (verifier === undefined || batch.length < LEAST) return false
    try {
      return (await verifier.firstBad(batch.map(({ encoded }) => encoded), genesisHash)) === undefined
    } catch {
      return false // it is stopping, or its threads died
    }
  }
}
