/**
 * Mining without the search: a node finds its next block after a time that is drawn, as if it had hashed so many times a
 * second.
 *
 *   time = exponential, mean = difficulty of the node's next block ÷ its hash rate
 *
 * which is what a real search takes, for it has no memory. For the same reason a node whose tip changes draws anew, and
 * nothing is lost by it. The block is a real one: the node's own template of that moment, with a nonce that is searched for
 * until its hash is under the target, so that every node checks real proof of work. That search takes no simulated time,
 * so its difficulty should be small: some tens or thousands of hashes.
 *
 * A node that catches up with its peers does not mine, as a real one does not.
 */
import type { Clock } from '../../chain/clock.ts'
import { nextBits } from '../../consensus/difficulty.ts'
import { blockHash } from '../../consensus/header.ts'
import { fromCompact, hashToNumber, workOf } from '../../consensus/target.ts'
import type { Node } from '../../node/node.ts'
import type { Random } from '../random.ts'

export interface VirtualMiningComponents {
  /** The true time. */
  clock: Clock
  random: Random
  /** By its number; undefined where it does not run. */
  node: (at: number) => Node | undefined
}

/** A node whose template cannot be had now is asked again after so long, ms. */
const RETRY_MS = 1_000

export class VirtualMining {
  readonly #components: VirtualMiningComponents
  /** Hashes a second, by the node's number. */
  readonly #rates = new Map<number, number>()
  readonly #plans = new Map<number, () => void>()
  readonly #streams = new Map<number, Random>()

  constructor(components: VirtualMiningComponents) {
    this.#components = components
  }

  /** Hashes a second. */
  rateOf(at: number): number {
    return this.#rates.get(at) ?? 0
  }

  /** Sets a node's hash rate, hashes a second; 0: it does not mine. @throws RangeError */
  setRate(at: number, hashesPerSecond: number): void {
    if (!(hashesPerSecond >= 0 && hashesPerSecond < Infinity)) {
      throw new RangeError(`hashRates: must be hashes a second, 0 or more, is ${hashesPerSecond} of node ${at}`)
    }
    this.#rates.set(at, hashesPerSecond)
    this.plan(at)
  }

  /** Draws when a node finds its next block: when it starts, and whenever its tip changes. */
  plan(at: number): void {
    this.stop(at)
    const node = this.#components.node(at)
    const rate = this.rateOf(at)
    if (node === undefined || rate === 0) return
    const delayMs = this.#stream(at).exponential((difficultyOf(node) * 1_000) / rate)
    this.#plans.set(at, this.#components.clock.after(delayMs, () => this.#due(at, node)))
  }

  /** A node mines no more, until it is planned for again. */
  stop(at: number): void {
    this.#plans.get(at)?.()
    this.#plans.delete(at)
  }

  /**
   * A node finds a block now, and resolves when its chain has it.
   * @returns the block's place, and whether it is on the node's best chain
   * @throws MiningError `mining-catching-up`; whatever the chain throws
   */
  async find(node: Node): Promise<{ height: number; hash: string; outcome: string }> {
    const { block, target } = node.miner.template(node.wallet.default.account)
    while (hashToNumber(blockHash(block.header)) > target) block.header.nonce += 1
    const { hash, outcome } = await node.chain.add(block, 'local')
    return { height: block.header.height, hash, outcome }
  }

  #due(at: number, node: Node): void {
    if (!node.running) return
    this.find(node).catch((error: unknown) => {
      node.log.debug({ err: error }, 'found no block')
    })
    // Where it is the new tip, that draws anew; where it was none, so does this.
    this.#plans.set(at, this.#components.clock.after(RETRY_MS, () => this.plan(at)))
  }

  #stream(at: number): Random {
    const known = this.#streams.get(at)
    if (known !== undefined) return known
    const made = this.#components.random.fork(at)
    this.#streams.set(at, made)
    return made
  }
}

/** Hashes that a node's next block takes on average. */
function difficultyOf({ chain }: Node): number {
  const ancestors = chain.ancestors(chain.tip.hash)
  if (ancestors === undefined) throw new Error(`the tip ${chain.tip.hash} is not in the chain's own index`)
  return Number(workOf(fromCompact(nextBits(ancestors, chain.params)).target))
}
