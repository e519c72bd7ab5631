/**
 * The index of every stored block, in memory: who follows whom, how much work each chain holds, and which is best.
 *
 *   g ─ a ─ b ─ c        best = [g, a, b, c], tip = c
 *       └── b′           leaves = { c, b′ }
 *
 * It keeps what forks are chosen by and difficulty is computed from, about 100 bytes a block, in columns (header-rows.ts).
 * The rest of a header is on disk. A node is an object made when somebody asks for it, so two of the same block are not
 * identical: they have the same `order`.
 */
import type { Ancestors } from '../consensus/difficulty.ts'
import type { Hex } from '../consensus/hex.ts'
import { fromCompact, workOf } from '../consensus/target.ts'
import type { Header } from '../consensus/types.ts'
import type { ChainNode, Path } from './fork-choice.ts'
import { HeaderRows } from './header-rows.ts'

/** One block of the tree, or about to be in it. */
export interface TreeNode extends ChainNode<TreeNode> {
  readonly hash: Hex
  readonly bits: number
  /** ms since the Unix epoch. */
  readonly timestamp: number
}

/** Locators list so many last blocks one by one before they begin to double the step. */
const LOCATOR_DENSE = 10

export class HeaderTree {
  readonly #rows = new HeaderRows()
  /** Rows of the blocks that nothing follows. */
  readonly #leaves = new Set<number>()
  /** Rows of the best chain by height. Never empty: genesis is put in by the constructor. */
  readonly #best: number[] = []
  #tip: TreeNode
  /** Work of the bits last seen: neighbours mostly share them. */
  #workOfBits: { bits: number; work: bigint } = { bits: 0, work: 0n }

  constructor(hash: Hex, { bits, timestamp, height }: Header) {
    const root = this.#rows.append({ hash, parent: undefined, height, bits, timestamp, work: this.#workOf(bits) })
    this.#leaves.add(root)
    this.#best.push(root)
    this.#tip = new StoredNode(this.#rows, root)
  }

  /** Number of blocks, side branches and genesis included. */
  get size(): number {
    return this.#rows.size
  }

  /** Last block of the best chain. */
  get tip(): TreeNode {
    return this.#tip
  }

  get(hash: Hex): TreeNode | undefined {
    const row = this.#rows.find(hash)
    return row === undefined ? undefined : new StoredNode(this.#rows, row)
  }

  /** The best chain's block at a height. */
  at(height: number): TreeNode | undefined {
    const row = this.#best[height]
    return row === undefined ? undefined : new StoredNode(this.#rows, row)
  }

  isBest({ height, order }: TreeNode): boolean {
    return this.#best[height] === order
  }

  /** Blocks that nothing follows: the tips of all branches, the best one included. */
  *leaves(): Iterable<TreeNode> {
    for (const row of this.#leaves) yield new StoredNode(this.#rows, row)
  }

  /** A node for a block on `parent` that is not in the tree yet: see what its work would be, then `insert` it. */
  nodeOn(parent: TreeNode, hash: Hex, { bits, timestamp, height }: Header): TreeNode {
    return { hash, parent, height, bits, timestamp, work: parent.work + this.#workOf(bits), order: this.#rows.next }
  }

  /** Puts in the node that `nodeOn` made last. */
  insert(node: TreeNode): void {
    const { hash, order, height, bits, timestamp, work } = node
    const parent = node.parent?.order
    if (parent === undefined || order !== this.#rows.next || this.#rows.find(hash) !== undefined) {
      throw new Error(`assertion: ${hash} is in the tree already`)
    }
    this.#rows.append({ hash, parent, height, bits, timestamp, work })
    this.#leaves.delete(parent)
    this.#leaves.add(order)
  }

  /** Moves the best chain along a path that starts at its tip. */
  follow({ ancestor, connect }: Path<TreeNode>): void {
    this.#best.length = ancestor.height + 1
    for (const { order } of connect) this.#best.push(order)
    this.#tip = new StoredNode(this.#rows, connect.at(-1)?.order ?? ancestor.order)
  }

  /**
   * A block of a side branch and everything that follows it, children before parents. Walks down from the leaves, of
   * which there are few, so that no block needs a list of its children.
   */
  branchFrom({ order: root, height }: TreeNode): TreeNode[] {
    const rows = this.#rows
    const found = new Set<number>()
    for (const leaf of this.#leaves) {
      const walked: number[] = []
      let at: number | undefined = leaf
      while (at !== undefined && rows.height(at) >= height) {
        walked.push(at)
        if (at === root) {
          for (const row of walked) found.add(row)
          break
        }
        at = rows.parent(at)
      }
    }
    const sorted = [...found].sort((a, b) => rows.height(b) - rows.height(a))
    return sorted.map((row) => new StoredNode(rows, row))
  }

  /** Takes out a block of a side branch that nothing follows (any more). */
  remove(node: TreeNode): void {
    const row = node.order
    const parent = this.#rows.parent(row)
    if (parent === undefined || !this.#leaves.has(row) || this.isBest(node)) {
      throw new Error(`assertion: ${node.hash} is not the end of a side branch`)
    }
    this.#rows.remove(row)
    this.#leaves.delete(row)
    if (this.#rows.children(parent) === 0) this.#leaves.add(parent)
  }

  /** Hashes of the best chain from the tip back to genesis: ten one by one, then ever farther apart. At most 43. */
  locator(): Hex[] {
    const hashes: Hex[] = []
    let step = 1
    for (let height = this.tip.height; height > 0; height -= step) {
      hashes.push(this.#rows.hash(this.#best[height] as number)) // 0 < height ≤ the tip's
      if (hashes.length >= LOCATOR_DENSE) step *= 2
    }
    return [...hashes, this.#rows.hash(0)]
  }

  #workOf(bits: number): bigint {
    if (this.#workOfBits.bits !== bits) this.#workOfBits = { bits, work: workOf(fromCompact(bits).target) }
    return this.#workOfBits.work
  }
}

/** A row of the tree as a node. */
class StoredNode implements TreeNode {
  readonly order: number
  readonly #rows: HeaderRows
  #hash: Hex | undefined

  constructor(rows: HeaderRows, row: number) {
    this.#rows = rows
    this.order = row
  }

  get hash(): Hex {
    return (this.#hash ??= this.#rows.hash(this.order))
  }

  get parent(): TreeNode | undefined {
    const row = this.#rows.parent(this.order)
    return row === undefined ? undefined : new StoredNode(this.#rows, row)
  }

  get height(): number {
    return this.#rows.height(this.order)
  }

  get bits(): number {
    return this.#rows.bits(this.order)
  }

  get timestamp(): number {
    return this.#rows.timestamp(this.order)
  }

  get work(): bigint {
    return this.#rows.work(this.order)
  }
}

/** What the difficulty rule needs to know of a block as a parent. */
export const ancestorsOf = ({ height, bits, timestamp, parent }: TreeNode): Ancestors => ({
  height,
  bits,
  timestamp,
  parentTimestamp: parent?.timestamp ?? 0, // genesis has none, and is never asked for one
})
