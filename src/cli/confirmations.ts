/** Waiting for a transaction to be some blocks deep, by the node's events: never by asking again and again. */
import type { TransactionDetail } from '../http/api.ts'
import { ApiFailure, type Client } from '../http/client.ts'
import { Refusal } from './failure.ts'

/**
 * Resolves with the transaction once it has that many confirmations, its own block included.
 * @param onProgress told the confirmations reached so far
 * @throws Refusal where the node dropped it; ApiFailure where the node went away
 */
export async function untilConfirmed(
  client: Pick<Client, 'events' | 'transaction'>,
  id: string,
  confirmations: number,
  signal: AbortSignal,
  onProgress: (reached: number) => void,
): Promise<TransactionDetail> {
  const look = async (): Promise<TransactionDetail> => {
    try {
      const transaction = await client.transaction(id, { signal })
      onProgress(transaction.confirmations)
      return transaction
    } catch (error) {
      if (!(error instanceof ApiFailure) || error.status !== 404) throw error
      throw new Refusal(`the transaction ${id} was dropped: another took its place, or its sender can no longer pay it`)
    }
  }
  for (;;) {
    // An id that the node never gave: its first word is then `reset`, so that the first look comes after the listening
    // has begun and no block falls between the two. Where the stream ends, this begins again, or finds the node gone.
    for await (const { event, data } of client.events({ signal, lastEventId: 'none' })) {
      const mayMatter =
        event === 'reset' || event === 'block:connected' || event === 'chain:reorg' ||
        (event === 'transaction:removed' && data.id === id)
      if (!mayMatter) continue
      const transaction = await look()
      if (transaction.confirmations >= confirmations) return transaction
    }
  }
}
