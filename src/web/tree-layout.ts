/**
 * Where each stone lies. A column is a height; the best branch is the upper line and grows to the right; branches that
 * lost lie in lanes below it, each hanging from the block it left.
 *
 *        1 281      1 282      1 283      1 284
 *   ▲ ────●──────────●──────────●─────────(●)
 *  1 281        ╲
 *  earlier       ○──────────○
 */
import type { BlockSummary } from '../http/api.ts'
import type { SideBlock } from './chain-view.ts'
import { stoneRadius } from './stone.ts'

/** What of a block decides where its stone lies, and how large it is. */
export type StoneBlock = Pick<BlockSummary, 'hash' | 'parent' | 'height' | 'miner' | 'transactionCount'>

/** A chain and what is beside it; see chain-view.ts. */
interface Branches<Block extends StoneBlock> {
  best: readonly Block[]
  side: ReadonlyMap<string, { block: Block; leftFor: SideBlock['leftFor'] }>
}

export interface PlacedStone<Block extends StoneBlock = BlockSummary> {
  block: Block
  x: number
  y: number
  radius: number
  /** 0 for the best branch, 1 and more for those below. */
  lane: number
  isTip: boolean
}

/** A line from a stone (x, y) to its child, to the right and perhaps down. */
export interface Link {
  /** The child's hash. */
  key: string
  x: number
  y: number
  dx: number
  dy: number
}

export interface Caption {
  /** Hash of the branch's tip. */
  key: string
  x: number
  y: number
  leftFor: SideBlock['leftFor']
  blocks: number
}

export interface TreeLayout<Block extends StoneBlock = BlockSummary> {
  stones: PlacedStone<Block>[]
  links: Link[]
  captions: Caption[]
  /** The upper line's ends. */
  line: { from: number; to: number }
  /** Where the next block will lie. */
  next: { x: number; y: number }
  /** Blocks folded away at the left end. */
  earlier: number
  /** Whole height of the drawing, px. */
  height: number
}

/** y of the upper line, room for the height's label above it included. */
export const LINE_Y = 92
const LANE_GAP = 84
const MAX_LANES = 3
/** Distance between stones; room at the left for the folded ones, and at the right beyond the next block; stones' size. */
const sizesOf = (width: number): { step: number; fold: number; margin: number; scale: number } =>
  width < 600
    ? { step: 66, fold: 84, margin: 50, scale: 0.8 }
    : { step: Math.max(76, Math.min(104, width / 14)), fold: 148, margin: 88, scale: 1 }

/**
 * @param width of the drawing, px
 * @param maxLanes below the upper line; branches that find no room are not drawn
 */
export function layoutTree<Block extends StoneBlock>({ best, side }: Branches<Block>, width: number, maxLanes = MAX_LANES): TreeLayout<Block> {
  const { step, fold, margin, scale } = sizesOf(width)
  const tip = best.at(-1)
  const branches = branchesOf(best, side)
  const top = Math.max(tip?.height ?? 0, ...branches.map((branch) => branch.at(-1)?.height ?? 0))
  // All from genesis where they fit; else as many as fit beside the fold. One column is the next block's.
  const whole = Math.floor((width - 2 * margin) / step)
  const folded = Math.max(2, Math.floor((width - fold - margin) / step))
  const oldest = Math.max(best[0]?.height ?? 0, top < whole ? 0 : top - folded + 1)
  const xOf = (height: number): number =>
    oldest === 0 ? margin + height * step : width - margin - (top + 1 - height) * step

  const stones: PlacedStone<Block>[] = []
  const laneOf = new Map<string, number>()
  const links: Link[] = []
  const captions: Caption[] = []
  const place = (block: Block, lane: number): void => {
    const radius = stoneRadius(block.transactionCount) * (lane === 0 ? scale : scale * 0.82)
    laneOf.set(block.hash, lane)
    stones.push({ block, x: xOf(block.height), y: LINE_Y + lane * LANE_GAP, radius, lane, isTip: block === tip })
  }
  for (const block of best) if (block.height >= oldest) place(block, 0)

  const taken: number[] = [] // per lane, the height up to which it is used
  let lanes = 0
  for (const blocks of branches) {
    const shown = blocks.filter((block) => block.height >= oldest)
    const [first] = shown
    const last = shown.at(-1)
    if (first === undefined || last === undefined) continue
    // Captions are wider than a stone, so a lane is free again one column later.
    let lane = 1
    while ((taken[lane] ?? -1) >= first.height - 1) lane += 1
    if (lane > maxLanes) continue
    taken[lane] = last.height
    lanes = Math.max(lanes, lane)
    for (const block of shown) {
      place(block, lane)
      const parentLane = laneOf.get(block.parent)
      if (parentLane === undefined) continue // not shown
      const fromY = LINE_Y + parentLane * LANE_GAP
      links.push({ key: block.hash, x: xOf(block.height - 1), y: fromY, dx: step, dy: LINE_Y + lane * LANE_GAP - fromY })
    }
    captions.push({
      key: last.hash,
      x: (xOf(first.height) + xOf(last.height)) / 2,
      y: LINE_Y + lane * LANE_GAP + 28,
      leftFor: side.get(last.hash)?.leftFor ?? null,
      blocks: blocks.length,
    })
  }
  return {
    stones,
    links,
    captions,
    line: { from: oldest === 0 ? margin : 0, to: xOf(tip?.height ?? 0) },
    next: { x: xOf((tip?.height ?? 0) + 1), y: LINE_Y },
    earlier: oldest,
    height: LINE_Y + (lanes === 0 ? 62 : lanes * LANE_GAP + 64),
  }
}

/**
 * Side blocks as branches, ascending heights each, oldest fork first. Where two branches share blocks, the longer one
 * has them and the shorter hangs from it.
 */
function branchesOf<Block extends StoneBlock>(best: readonly Block[], side: Branches<Block>['side']): Block[][] {
  const parents = new Set([...side.values()].map(({ block }) => block.parent))
  const taken = new Set(best.map((block) => block.hash))
  const tips = [...side.values()].map(({ block }) => block).filter((block) => !parents.has(block.hash))
  tips.sort((a, b) => b.height - a.height || (a.hash < b.hash ? -1 : 1))
  const branches = tips.map((tip) => {
    const blocks: Block[] = []
    for (let at: Block | undefined = tip; at && !taken.has(at.hash); at = side.get(at.parent)?.block) {
      taken.add(at.hash)
      blocks.unshift(at)
    }
    return blocks
  })
  return branches.sort((a, b) => (a[0]?.height ?? 0) - (b[0]?.height ?? 0))
}
