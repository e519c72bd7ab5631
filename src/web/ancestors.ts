/** What the difficulty rule needs of a block that another one names as its parent. */
import type { Ancestors } from '../consensus/difficulty.ts'
import type { BlockSummary } from '../http/api.ts'
import { ApiFailure, type Client } from '../http/client.ts'
import type { ChainView } from './chain-view.ts'

/**
 * Of what the page holds, else of what the node has; `unknown` where that has no such block.
 * @param hash 64 hex digits
 */
export async function ancestorsOf(hash: string, view: ChainView, client: Client, signal: AbortSignal): Promise<Ancestors | 'unknown'> {
  const read = async (wanted: string): Promise<BlockSummary> =>
    view.side.get(wanted)?.block ?? view.best.find((block) => block.hash === wanted) ?? await client.block(wanted, { signal })
  try {
    const { height, bits, timestamp, parent } = await read(hash)
    const before = height === 0 ? undefined : await read(parent)
    return { height, bits: Number.parseInt(bits, 16), timestamp, parentTimestamp: before?.timestamp ?? timestamp }
  } catch (error) {
    if (error instanceof ApiFailure && error.status === 404) return 'unknown'
    throw error
  }
}
