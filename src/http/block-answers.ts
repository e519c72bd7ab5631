/**
 * Whole blocks as JSON, made once and kept: a page, a script and a class that look at the chain ask for the same few
 * again and again, and reading one means decoding it, hashing its transactions and writing out their signatures.
 *
 * A block never changes; two things that are told with it do, and what is kept is made anew then: whether it is on the
 * best chain, and the name of its miner's node.
 */
import { fromAddress } from '../consensus/account.ts'
import type { Hex } from '../consensus/hex.ts'
import type { Node } from '../node/node.ts'
import type { Renderer } from './render.ts'
import { tagOf } from './revalidation.ts'

/** What is kept has at most so many bytes; the one that was asked for longest ago goes first. */
const MAX_BYTES = 8_388_608

interface BlockAnswer {
  /** JSON as it is sent: of text, each answer would have to be encoded again. */
  json: Buffer
  /** For `ETag`. */
  tag: string
}

interface Kept extends BlockAnswer {
  best: boolean
  miner: string
  /** Of the miner. */
  key: Uint8Array
  minerName: string | null
}

export class BlockAnswers {
  readonly #chain: Pick<Node['chain'], 'isBest'>
  readonly #render: Pick<Renderer, 'detail' | 'nodeName'>
  readonly #kept = new Map<Hex, Kept>()
  #bytes = 0

  constructor(components: { chain: Pick<Node['chain'], 'isBest'>; render: Pick<Renderer, 'detail' | 'nodeName'> }) {
    this.#chain = components.chain
    this.#render = components.render
  }

  /** A stored block; undefined where it is unknown. */
  get(hash: Hex): BlockAnswer | undefined {
    const kept = this.#kept.get(hash)
    if (kept !== undefined) {
      this.#remove(hash, kept)
      if (kept.best === this.#chain.isBest(hash) && kept.minerName === this.#render.nodeName(kept.miner, kept.key)) return this.#keep(hash, kept)
    }
    const block = this.#render.detail(hash)
    if (block === undefined) return undefined
    const { best, miner, minerName } = block
    const json = Buffer.from(JSON.stringify(block))
    return this.#keep(hash, { json, tag: tagOf(json), best, miner, key: fromAddress(miner), minerName })
  }

  /** As the one that was asked for last. */
  #keep(hash: Hex, answer: Kept): Kept {
    this.#kept.set(hash, answer)
    this.#bytes += answer.json.length
    for (const [oldest, { json }] of this.#kept) {
      if (this.#bytes <= MAX_BYTES) break
      this.#kept.delete(oldest)
      this.#bytes -= json.length
    }
    return answer
  }

  #remove(hash: Hex, { json }: Kept): void {
    this.#kept.delete(hash)
    this.#bytes -= json.length
  }
}
