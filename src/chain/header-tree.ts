/**
 * The index of every stored block, in memory: who follows whom, how much work each chain holds, and which is best.
 *
 *   g ─ a ─ b ─ c        best = [g, a, b, c], tip = c
 *       └── b′           leaves = { c, b′ }
 *
 * It keeps what forks are chosen by and difficulty is computed from, about 250 bytes a block. The rest of a header is
 * on disk.
 */
import type { Ancestors } from '../consensus/difficulty.ts'
import type { Hex } from '../consensus/hex.ts'
import { fromCompact, workOf } from '../consensus/target.ts'
import type { Header } from '../consensus/types.ts'
import type { ChainNode, Path } from './fork-choice.ts'

/** One block of the tree. */
export interface TreeNode extends ChainNode<TreeNode> {
  readonly hash: Hex
  readonly bits: number
  /** ms since the Unix epoch. */
  readonly timestamp: number
  /** How many blocks of the tree follow it directly. */
  children: number
}

/** Locators list so many last blocks one by one before they begin to double the step. */
const LOCATOR_DENSE = 10

export class HeaderTree {
  readonly #nodes = new Map<Hex, TreeNode>()
  readonly #leaves = new Set<TreeNode>()
  /** The best chain by height. Never empty: genesis is put in by the constructor. */
  readonly #best: TreeNode[] = []
  #arrivals = 0
  /** Work of the bits last seen: neighbours mostly share them. */
  #workOfBits: { bits: number; work: bigint } = { bits: 0, work: 0n }

  constructor(hash: Hex, genesis: Header) {
    const root = this.#node(hash, genesis, undefined)
    this.#nodes.set(root.hash, root)
    this.#leaves.add(root)
    this.#best.push(root)
  }

  /** Number of blocks, side branches and genesis included. */
  get size(): number {
    return this.#nodes.size
  }

  /** Last block of the best chain. */
  get tip(): TreeNode {
    return this.#best.at(-1) as TreeNode // the best chain is never empty
  }

  get(hash: Hex): TreeNode | undefined {
    return this.#nodes.get(hash)
  }

  /** The best chain's block at a height. */
  at(height: number): TreeNode | undefined {
    return this.#best[height]
  }

  isBest(node: TreeNode): boolean {
    return this.#best[node.height] === node
  }

  /** Blocks that nothing follows: the tips of all branches, the best one included. */
  leaves(): Iterable<TreeNode> {
    return this.#leaves
  }

  /** A node for a block on `parent` that is not in the tree yet: see what its work would be, then `insert` it. */
  nodeOn(parent: TreeNode, hash: Hex, header: Header): TreeNode {
    return this.#node(hash, header, parent)
  }

  insert(node: TreeNode): void {
    const { parent } = node
    if (parent === undefined || this.#nodes.has(node.hash)) throw new Error(`assertion: ${node.hash} is in the tree already`)
    parent.children += 1
    this.#leaves.delete(parent)
    this.#nodes.set(node.hash, node)
    this.#leaves.add(node)
  }

  /** Moves the best chain along a path that starts at its tip. */
  follow(path: Path<TreeNode>): void {
    this.#best.length = path.ancestor.height + 1
    for (const node of path.connect) this.#best.push(node)
  }

  /**
   * A block of a side branch and everything that follows it, children before parents. Walks down from the leaves, of
   * which there are few, so that no block needs a list of its children.
   */
  branchFrom(root: TreeNode): TreeNode[] {
    const found = new Set<TreeNode>()
    for (const leaf of this.#leaves) {
      const walked: TreeNode[] = []
      let at: TreeNode | undefined = leaf
      while (at !== undefined && at.height >= root.height) {
        walked.push(at)
        if (at === root) {
          for (const node of walked) found.add(node)
          break
        }
        at = at.parent
      }
    }
    return [...found].sort((a, b) => b.height - a.height)
  }

  /** Takes out a block of a side branch that nothing follows (any more). */
  remove(node: TreeNode): void {
    const { parent } = node
    if (parent === undefined || node.children > 0 || this.isBest(node)) {
      throw new Error(`assertion: ${node.hash} is not the end of a side branch`)
    }
    this.#nodes.delete(node.hash)
    this.#leaves.delete(node)
    parent.children -= 1
    if (parent.children === 0) this.#leaves.add(parent)
  }

  /** Hashes of the best chain from the tip back to genesis: ten one by one, then ever farther apart. At most 43. */
  locator(): Hex[] {
    const hashes: Hex[] = []
    let step = 1
    for (let height = this.tip.height; height > 0; height -= step) {
      hashes.push((this.#best[height] as TreeNode).hash) // 0 < height ≤ the tip's
      if (hashes.length >= LOCATOR_DENSE) step *= 2
    }
    return [...hashes, (this.#best[0] as TreeNode).hash]
  }

  #node(hash: Hex, { bits, timestamp, height }: Header, parent: TreeNode | undefined): TreeNode {
    if (this.#workOfBits.bits !== bits) this.#workOfBits = { bits, work: workOf(fromCompact(bits).target) }
    const work = (parent?.work ?? 0n) + this.#workOfBits.work
    this.#arrivals += 1
    return { hash: flat(hash), parent, height, bits, timestamp, work, order: this.#arrivals, children: 0 }
  }
}

/** A string built by concatenation stays a tree of its 32 pieces, which is a kilobyte; its copy is one piece. */
const flat = (text: string): string => Buffer.from(text, 'latin1').toString('latin1')

/** What the difficulty rule needs to know of a block as a parent. */
export const ancestorsOf = ({ height, bits, timestamp, parent }: TreeNode): Ancestors => ({
  height,
  bits,
  timestamp,
  parentTimestamp: parent?.timestamp ?? 0, // genesis has none, and is never asked for one
})
