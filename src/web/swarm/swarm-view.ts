/**
 * All nodes' blocks as one tree, and which nodes stand on which branch. Pure.
 *
 * The upper line is a branch that some node stands on, and stays the same one for as long as some does: two parts of a
 * network overtake each other all the time, and only when the last node has left a branch is it lost.
 */
import type { SwarmBlock, SwarmNode } from '../../swarm-http/api.ts'

export interface Branch {
  tip: SwarmBlock
  /** Numbers of the running nodes whose best block is on this branch and on no other. */
  nodes: number[]
  /** Height of the last block that it shares with another branch; of genesis where there is no other. */
  fork: number
}

export interface SwarmView {
  /** The upper line, ascending. */
  best: SwarmBlock[]
  /** What is beside it, near its end. */
  side: ReadonlyMap<string, { block: SwarmBlock; leftFor: null }>
  /** Branches that nodes stand on, the upper line's first, then those with more work. */
  branches: Branch[]
  /** Blocks of these branches; all others are lost. */
  held: ReadonlySet<string>
  /** By block: the running nodes whose best block it is. */
  standing: ReadonlyMap<string, number[]>
}

export type BlocksByHash = ReadonlyMap<string, SwarmBlock>

/** How far below the upper line's end a block beside it is still of interest. */
const SIDE_DEPTH = 100

export const EMPTY_VIEW: SwarmView = { best: [], side: new Map(), branches: [], held: new Set(), standing: new Map() }

/** @param before the view that this one follows */
export function viewOf(nodes: readonly SwarmNode[], blocks: BlocksByHash, before: SwarmView = EMPTY_VIEW): SwarmView {
  const standing = Map.groupBy(nodes.filter(({ running }) => running), ({ tip }) => tip)
  const paths = new Map([...standing.keys()].flatMap((tip): [string, Path][] => (blocks.has(tip) ? [[tip, pathTo(tip, blocks)]] : [])))
  const ends = [...paths].filter(([tip]) => ![...paths].some(([other, path]) => other !== tip && path.has(tip)))
  const branches = ends.map(([tip, path]): Branch => {
    const others = ends.filter(([other]) => other !== tip)
    const own = (hash: string): boolean => path.has(hash) && !others.some(([, other]) => other.has(hash))
    return {
      tip: path.get(tip) ?? missing(tip),
      nodes: [...standing].flatMap(([hash, there]) => (own(hash) ? there.map(({ node }) => node) : [])).sort((a, b) => a - b),
      fork: others.length === 0 ? 0 : Math.max(...[...path.values()].filter(({ hash }) => !own(hash)).map(({ height }) => height), 0),
    }
  })
  const upper = before.best.at(-1)?.hash
  const goesOn = ({ tip }: Branch): boolean => upper !== undefined && paths.get(tip.hash)?.has(upper) === true
  branches.sort((a, b) => Number(goesOn(b)) - Number(goesOn(a)) || byWork(a, b))
  const [first] = branches
  const best = first === undefined ? before.best : [...(paths.get(first.tip.hash) ?? []).values()].reverse()
  const onLine = new Set(best.map(({ hash }) => hash))
  const lowest = (best.at(-1)?.height ?? 0) - SIDE_DEPTH
  const side = [...blocks.values()].filter(({ hash, height }) => height > Math.max(0, lowest) && !onLine.has(hash))
  return {
    best,
    side: new Map(side.map((block) => [block.hash, { block, leftFor: null }])),
    branches,
    held: new Set(ends.flatMap(([, path]) => [...path.keys()])),
    standing: new Map([...standing].map(([tip, there]) => [tip, there.map(({ node }) => node)])),
  }
}

/** Blocks from one back to genesis, or as far as they are known, by hash. */
type Path = Map<string, SwarmBlock>

export function pathTo(tip: string, blocks: BlocksByHash): Path {
  const path: Path = new Map()
  for (let block = blocks.get(tip); block !== undefined; block = blocks.get(block.parent)) path.set(block.hash, block)
  return path
}

function byWork(a: Branch, b: Branch): number {
  const [one, other] = [BigInt(`0x${a.tip.work}`), BigInt(`0x${b.tip.work}`)]
  if (one !== other) return one > other ? -1 : 1
  return b.nodes.length - a.nodes.length || (a.tip.hash < b.tip.hash ? -1 : 1)
}

const missing = (hash: string): never => {
  throw new Error(`the path to ${hash} does not hold it`)
}
