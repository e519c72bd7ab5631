/** Where a peer's chain stands beside this node's, as far as the page can tell from the tip that the peer last told. */
import type { Peer } from '../http/api.ts'
import { type ChainView, holds } from './chain-view.ts'

/**
 * - `same`: the same tip
 * - `behind`: its tip is below ours on our branch
 * - `other`: its tip is on a branch that is not ours
 * - `ahead`: higher than ours, so ours may be on its way there
 * - `unknown`: it has told no tip yet
 */
export type Standing = 'same' | 'behind' | 'other' | 'ahead' | 'unknown'

export function standingOf({ height, tip }: Pick<Peer, 'height' | 'tip'>, view: ChainView): Standing {
  const own = view.best.at(-1)
  if (height === null || tip === null || own === undefined) return 'unknown'
  if (tip === own.hash) return 'same'
  if (holds(view, tip)) return 'behind'
  if (view.side.has(tip)) return 'other'
  // Below what the page holds of the chain, nothing says which branch it is on: most probably ours.
  if (height < (view.best[0]?.height ?? 0)) return 'behind'
  return height > own.height ? 'ahead' : 'other'
}
