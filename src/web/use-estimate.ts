/**
 * When a payment would be in a block, and the fee that puts it into the next one: the node's estimate, asked for again
 * with each block and whenever what is pending changes.
 */
import type { MinedEstimate } from '../http/api.ts'
import { usePage } from './page.ts'
import { useAnswer } from './use-answer.ts'

/** @param fee undefined: nobody asks for an estimate now */
export function useEstimate(fee: number | undefined): MinedEstimate | undefined {
  const { state } = usePage()
  const key = fee === undefined ? '' : `${fee} ${state.tip.value?.hash} ${state.pendingCount.value}`
  return useAnswer(key, async (client, signal) => (fee === undefined ? undefined : client.estimate(fee, { signal }))).value
}

/**
 * The fee to propose. Never 0, though a node takes that while there is room: who pays something is mined before all who
 * pay nothing, and leaves the pool after them.
 */
export const suggestedFee = (estimate: Pick<MinedEstimate, 'minimumFee' | 'nextBlockFee'> | undefined): number =>
  Math.max(1, estimate?.minimumFee ?? 0, estimate?.nextBlockFee ?? 0)
