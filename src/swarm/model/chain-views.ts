/**
 * The blocks of a model, and where each node stands: most work, which is most blocks here, and of equals the one that was
 * there first. What came before its parent waits for it.
 */
export interface ModelBlock {
  /** Its place among all blocks. */
  readonly index: number
  /** −1: the genesis block. */
  readonly parent: number
  readonly height: number
  readonly miner: number
  readonly foundAtMs: number
  /** By node: when its bytes were there, and when it was in the node's chain or beside it; Infinity: not yet. */
  readonly heardAtMs: Float64Array
  readonly hasAtMs: Float64Array
  /** By end of a link: 1 where a copy came in over it. */
  readonly carried: Uint8Array
  /** Nodes where its bytes are not yet. */
  unheard: number
}

export class ChainViews {
  readonly blocks: ModelBlock[] = []
  /** By node: the block that it builds on; −1: genesis. */
  readonly tips: Int32Array
  /** By height, from 1 on: when the first block of it was found, and by node when its tip was as high; Infinity: never. */
  readonly heights: { foundAtMs: number; reachedAtMs: Float64Array }[] = []
  readonly #ends: number
  /** Blocks that wait for their parents, by node. */
  readonly #waiting = new Map<number, Set<ModelBlock>>()

  constructor(nodes: number, ends: number) {
    this.tips = new Int32Array(nodes).fill(-1)
    this.#ends = ends
  }

  block(index: number): ModelBlock {
    const block = this.blocks[index]
    if (block === undefined) throw new Error(`there is no block ${index}`)
    return block
  }

  /** A node finds a block on its tip. */
  find(miner: number, foundAtMs: number): ModelBlock {
    const nodes = this.tips.length
    const parent = this.tips[miner] ?? -1
    const block: ModelBlock = {
      index: this.blocks.length, parent, height: this.#heightOf(parent) + 1, miner, foundAtMs,
      heardAtMs: new Float64Array(nodes).fill(Infinity), hasAtMs: new Float64Array(nodes).fill(Infinity), carried: new Uint8Array(this.#ends),
      unheard: nodes,
    }
    this.blocks.push(block)
    if (block.height > this.heights.length) this.heights.push({ foundAtMs, reachedAtMs: new Float64Array(nodes).fill(Infinity) })
    return block
  }

  /** The bytes of a block are at a node. */
  hear(node: number, block: ModelBlock, nowMs: number): void {
    if (block.heardAtMs[node] !== Infinity) return
    block.heardAtMs[node] = nowMs
    block.unheard -= 1
  }

  tipHeight(node: number): number {
    return this.#heightOf(this.tips[node] ?? -1)
  }

  hasParent(node: number, { parent }: ModelBlock): boolean {
    return parent < 0 || this.block(parent).hasAtMs[node] !== Infinity
  }

  /** A block is at a node before its parent. */
  wait(node: number, block: ModelBlock): void {
    const waiting = this.#waiting.get(node)
    if (waiting === undefined) this.#waiting.set(node, new Set([block]))
    else waiting.add(block)
  }

  /**
   * A node takes a block whose parent it has, and what waited for it.
   * @returns whether its tip is another one now
   */
  take(node: number, block: ModelBlock, nowMs: number): boolean {
    block.hasAtMs[node] = nowMs
    const before = this.tipHeight(node)
    let isTip = block.height > before
    if (isTip) this.tips[node] = block.index
    for (const { reachedAtMs } of this.heights.slice(before, block.height)) reachedAtMs[node] = nowMs
    const waiting = this.#waiting.get(node)
    if (waiting === undefined) return isTip
    waiting.delete(block)
    if (waiting.size === 0) this.#waiting.delete(node)
    for (const child of waiting) if (child.parent === block.index && this.take(node, child, nowMs)) isTip = true
    return isTip
  }

  /** A block and those before it that a node lacks, the oldest first. */
  missing(node: number, block: ModelBlock): ModelBlock[] {
    const blocks: ModelBlock[] = []
    for (let at = block.index; at >= 0; at = this.block(at).parent) {
      if (this.block(at).hasAtMs[node] !== Infinity) break
      blocks.unshift(this.block(at))
    }
    return blocks
  }

  /** The chain that most nodes are on, by height; of as many, the higher one. */
  best(): ModelBlock[] {
    const votes = new Map<number, number>()
    for (const tip of this.tips) votes.set(tip, (votes.get(tip) ?? 0) + 1)
    const [winner] = [...votes].sort(([a, of], [b, than]) => than - of || this.#heightOf(b) - this.#heightOf(a) || a - b)
    const chain: ModelBlock[] = []
    for (let at = winner?.[0] ?? -1; at >= 0; at = this.block(at).parent) chain.push(this.block(at))
    return chain.reverse()
  }

  #heightOf(index: number): number {
    return index < 0 ? 0 : this.block(index).height
  }
}
