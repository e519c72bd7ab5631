/**
 * The blocks of a branch that the chain has been given and has not answered for: several at once, in order, so that it
 * verifies the signatures of those that come while it writes those that came.
 */
import type { Chain } from '../chain/chain.ts'
import { RuleError } from '../consensus/errors.ts'
import { decodeBody, type Header } from '../consensus/types.ts'
import { PeerFault } from './network-error.ts'
import type { Peer } from './peers.ts'

/** Enough to keep every processor busy across the borders of blocks… */
const MAX_BLOCKS = 16
/** …and few enough that all of them, decoded, are a small part of the memory. Two may always be in hand. */
const MAX_BYTES = 1_048_576

/** An encoded body, and who sent it. */
export interface Arrived {
  encoded: Uint8Array
  from: Peer
}

/** A body that its sender should not have sent, and those that were given to the chain after it, by their places. */
export interface Refused {
  error: RuleError
  from: Peer
  index: number
  after: Map<number, Arrived>
}

interface InHand extends Arrived {
  index: number
  adding: Promise<void>
}

export class BlocksInHand {
  readonly #chain: Pick<Chain, 'add'>
  #blocks: InHand[] = []
  #bytes = 0

  constructor(chain: Pick<Chain, 'add'>) {
    this.#chain = chain
  }

  get isEmpty(): boolean {
    return this.#blocks.length === 0
  }

  get isFull(): boolean {
    return this.#blocks.length >= MAX_BLOCKS || (this.#bytes > MAX_BYTES && this.#blocks.length >= 2)
  }

  /** Encoded bytes of the bodies. */
  get bytes(): number {
    return this.#bytes
  }

  /** Gives the chain the next block. */
  add(index: number, header: Header, arrived: Arrived): void {
    const adding = this.#add(header, arrived.encoded)
    adding.catch(() => {}) // heard when its turn comes, if it comes
    this.#blocks.push({ ...arrived, index, adding })
    this.#bytes += arrived.encoded.length
  }

  /**
   * Waits until the chain has the first block. Where its body is not its header's nothing is in hand any more: the
   * chain has answered for those after it, too.
   * @throws RuleError that is the block's own fault, PeerFault, whatever the chain throws
   */
  async first(): Promise<Refused | undefined> {
    const first = this.#blocks.shift()
    if (first === undefined) return undefined
    this.#bytes -= first.encoded.length
    try {
      await first.adding
      return undefined
    } catch (error) {
      if (!(error instanceof RuleError) || error.fault !== 'body') throw error
      const after = new Map(this.#blocks.map(({ index, encoded, from }) => [index, { encoded, from }]))
      await this.end()
      return { error, from: first.from, index: first.index, after }
    }
  }

  /** Waits for all that is in hand, whatever becomes of it. */
  async end(): Promise<void> {
    const blocks = this.#blocks
    this.#blocks = []
    this.#bytes = 0
    await Promise.allSettled(blocks.map(({ adding }) => adding))
  }

  async #add(header: Header, encoded: Uint8Array): Promise<void> {
    const result = await this.#chain.add({ header, body: decodeBody(encoded) }, 'sync', { encodedBody: encoded })
    if (result.outcome === 'waiting') {
      throw new PeerFault('peer-missing-body', `block ${result.hash} cannot be added yet: ${result.code}`)
    }
  }
}
