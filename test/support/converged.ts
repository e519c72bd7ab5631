/** Waits until nodes agree. */
import type { Node } from '../../src/node/node.ts'
import { until } from '../../src/node/until.ts'

/** Resolves when all have the same tip. Rejects with the signal's reason. */
export async function converged(nodes: readonly Node[], signal?: AbortSignal): Promise<void> {
  const agree = (): boolean => new Set(nodes.map(({ chain }) => chain.tip.hash)).size <= 1
  await until(nodes.map(({ chain }) => [chain.events, 'tip:changed'] as const), agree, signal)
}
