/**
 * Blocks for a node whose page is watched, from a fixture and one after the other, with a fork now and then:
 *
 *   … ── b9 ── b10 ── b11 ── b12 …
 *          └── s10                      s10 comes first, and leaves when b11 is there
 */
import { bodyRoot } from '../../../src/consensus/block.ts'
import type { Block } from '../../../src/consensus/types.ts'
import { addBlocks } from '../../../src/node/add-blocks.ts'
import type { Node } from '../../../src/node/node.ts'
import { mine } from '../../support/blocks.ts'
import { accountOf, blocksIn, type Fixture, fixtureFile, paramsOf, sendersOf } from '../chain/fixture.ts'

/** Blocks as those of a class that pays each other. */
export const FIXTURE: Fixture = { accounts: 200, blocks: 10_000, transactions: 5 }
const FORK_EVERY = 10
/** An account that mines on forks alone. */
const OTHER_MINER = accountOf(201, [])

/** The network that the blocks are of. */
export const feedParams = () => paramsOf(sendersOf(FIXTURE))

export class Feed {
  readonly #node: Node
  readonly #blocks = blocksIn(fixtureFile(FIXTURE))[Symbol.iterator]()

  constructor(node: Node) {
    this.#node = node
  }

  /** Adds blocks of the chain, as fast as the node takes them, up to a height. */
  async upTo(height: number): Promise<void> {
    const next = (): Block => this.#next()
    function* row(from: number) {
      for (let at = from + 1; at <= height; at += 1) yield { height: at, block: next(), bytes: 2_000 }
    }
    await addBlocks(this.#node.chain, row(this.#node.chain.tip.height), () => {})
  }

  /** Adds one block to the chain; where a fork is due, its rival first. */
  async one(): Promise<void> {
    const block = this.#next()
    if (block.header.height % FORK_EVERY === 0) await this.#node.chain.add(rivalOf(block), 'gossip')
    await this.#node.chain.add(block, 'gossip')
  }

  #next(): Block {
    const { done, value } = this.#blocks.next()
    if (done) throw new Error(`the fixture ends at ${FIXTURE.blocks} blocks`)
    return value
  }
}

/** Another block on the same parent, empty. */
function rivalOf({ header }: Block): Block {
  const body = { miner: OTHER_MINER, transactions: [] }
  const rival = { header: { ...header, bodyRoot: bodyRoot(body), nonce: 0 }, body }
  mine(rival.header)
  return rival
}
