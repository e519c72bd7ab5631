/**
 * The chain as the page holds it: the newest part of the best branch, and the blocks beside it. Pure steps from one
 * view to the next, one for each event that the node sends:
 *
 *   connect      a block joins the tip                          undefined where it does not fit: the page missed
 *   disconnect   the tip leaves for the side                    something and reads the chain anew
 *   switched     says for whose branch the blocks beside left
 */
import type { BlockSummary } from '../http/api.ts'

export interface SideBlock {
  block: BlockSummary
  /** Account of the miner whose branch had more work when this block left; null if it never was on the best branch. */
  leftFor: string | null
}

export interface ChainView {
  /** Ascending heights, without gaps; the last is the tip. Empty only before the first answer of the node. */
  best: readonly BlockSummary[]
  /** By hash. */
  side: ReadonlyMap<string, SideBlock>
}

/** Blocks held of the best branch: more than any screen shows at once. */
export const MAX_BEST = 2_000
/** How far below the tip a side block is still of interest. */
const SIDE_DEPTH = 200

export const EMPTY_VIEW: ChainView = { best: [], side: new Map() }

export function connect(view: ChainView, block: BlockSummary): ChainView | undefined {
  const tip = view.best.at(-1)
  if (tip === undefined || holds(view, block.hash)) return view
  if (block.parent !== tip.hash) return undefined
  const side = new Map(view.side)
  side.delete(block.hash)
  for (const [hash, { block: old }] of side) if (old.height < block.height - SIDE_DEPTH) side.delete(hash)
  return { best: [...view.best.slice(1 - MAX_BEST), block], side }
}

export function disconnect(view: ChainView, hash: string): ChainView | undefined {
  const tip = view.best.at(-1)
  if (tip === undefined || view.side.has(hash)) return view
  if (tip.hash !== hash) return undefined
  return { best: view.best.slice(0, -1), side: withSide(view.side, [{ ...tip, best: false }]) }
}

/** @param hashes of the blocks that left */
export function switched(view: ChainView, hashes: readonly string[]): ChainView {
  const winner = view.best.at(-1)
  if (winner === undefined) return view
  const side = new Map(view.side)
  for (const hash of hashes) {
    const entry = side.get(hash)
    if (entry !== undefined) side.set(hash, { ...entry, leftFor: winner.miner })
  }
  return { best: view.best, side }
}

/** Adds blocks that the node knows beside the best branch. */
export function withSide(side: ChainView['side'], blocks: readonly BlockSummary[]): ChainView['side'] {
  const all = new Map(side)
  for (const block of blocks) if (!all.has(block.hash)) all.set(block.hash, { block, leftFor: null })
  return all
}

/** The best branch as read anew; what was known beside it stays. */
export function withBest(view: ChainView, best: readonly BlockSummary[]): ChainView {
  const side = new Map(view.side)
  for (const { hash } of best) side.delete(hash)
  return { best, side }
}

/** Whether a block is on the best branch as far as the view reaches. */
export function holds(view: ChainView, hash: string): boolean {
  return view.best.some((block) => block.hash === hash)
}

/** How the last blocks went: what the tiles say. */
export interface Pace {
  /** Mean time between blocks, ms. */
  intervalMs: number
  /** Hashes a second of all miners together: the work of these blocks over the time they took. */
  hashRate: number
}

/** @param window blocks to look back on */
export function paceOf(best: readonly BlockSummary[], window = 60): Pace | undefined {
  // Genesis has the time of a parameter, not of any work.
  const mined = best.filter((block) => block.height > 0).slice(-window - 1)
  const [first, ...rest] = mined
  const last = rest.at(-1)
  if (first === undefined || last === undefined) return undefined
  const tookMs = Math.max(last.timestamp - first.timestamp, 1)
  const work = rest.reduce((sum, block) => sum + block.difficulty, 0)
  return { intervalMs: tookMs / rest.length, hashRate: (work * 1000) / tookMs }
}
