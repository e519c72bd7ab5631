/**
 * A branch of headers that a peer claims, checked as far as headers can be, and held in memory until its work is known.
 *
 *   our chain   … ── base ── …            base: the last block of the branch that we have stored
 *                      └── h ── h ── h    proof of work, exact bits, times: all checked here; 92 bytes kept of each
 *
 * Nothing is stored and no body is asked for while its work does not exceed ours, so a flood of cheap headers costs its
 * sender proof of work at the real difficulty, and us a bounded number of bytes.
 *
 * Fails with `RuleError` for a header that breaks a rule (all but `block-too-early`, where the branch just ends) and
 * `PeerFault` `peer-headers-unlinked`.
 */
import type { Chain } from '../chain/chain.ts'
import type { HeaderRecord } from '../chain/chain-events.ts'
import { type Clock, turn } from '../chain/clock.ts'
import type { Ancestors } from '../consensus/difficulty.ts'
import { RuleError } from '../consensus/errors.ts'
import { sha256 } from '../consensus/hash.ts'
import { checkHeader, checkHeaderContext } from '../consensus/header.ts'
import { type Hex, toHex } from '../consensus/hex.ts'
import { fromCompact, workOf } from '../consensus/target.ts'
import { decodeHeader, type Header, HEADER_BYTES } from '../consensus/types.ts'
import { PeerFault } from './network-error.ts'

/** Headers checked before others get a turn: about a millisecond. */
const CHECKED_A_TURN = 128
/** Headers are kept in pages of so many, encoded: an object for each would take five times the memory. */
const PAGE = 1_024

export class HeaderCandidate {
  readonly #chain: Pick<Chain, 'params' | 'record' | 'ancestors'>
  readonly #clock: Pick<Clock, 'now' | 'turn'>
  /** Encoded, in order: the first one's parent is `base`. */
  #pages: Uint8Array[] = []
  #length = 0
  #base: HeaderRecord
  #last: { hash: Hex; ancestors: Ancestors }
  #work: bigint

  /** @param base where our chain ends, to begin with */
  constructor(chain: Pick<Chain, 'params' | 'record' | 'ancestors'>, clock: Pick<Clock, 'now' | 'turn'>, base: HeaderRecord) {
    this.#chain = chain
    this.#clock = clock
    this.#base = base
    this.#last = { hash: base.hash, ancestors: ancestorsOf(base, chain) }
    this.#work = base.work
  }

  /** The last block of the branch that is stored. */
  get base(): HeaderRecord {
    return this.#base
  }

  /** Headers after the base. */
  get length(): number {
    return this.#length
  }

  /** Of the last header. */
  get height(): number {
    return this.#base.height + this.#length
  }

  /** Of the last header, or the base. */
  get tip(): Hex {
    return this.#last.hash
  }

  /** Of the whole branch from genesis, expected hashes. */
  get work(): bigint {
    return this.#work
  }

  header(index: number): Header {
    return decodeHeader(this.#encoded(index))
  }

  hash(index: number): Hex {
    return toHex(sha256(this.#encoded(index)))
  }

  /**
   * Takes an answer's headers in: those that follow the last one, or that begin another branch at a stored block.
   * @returns false where the branch ends for now, because the next header is too early
   */
  async append(headers: readonly Uint8Array[], signal: AbortSignal): Promise<boolean> {
    for (const [index, encoded] of headers.entries()) {
      if (index % CHECKED_A_TURN === CHECKED_A_TURN - 1) {
        await turn(this.#clock)
        signal.throwIfAborted()
      }
      const header = decodeHeader(encoded)
      const parent = toHex(header.parent)
      if (parent !== this.#last.hash) {
        if (index > 0) throw new PeerFault('peer-headers-unlinked', `header ${index} does not follow the one before`)
        this.#restart(parent)
      }
      const hash = sha256(encoded)
      const known = this.#length === 0 ? this.#chain.record(toHex(hash)) : undefined
      if (known === undefined && !this.#check(header, hash, encoded)) return false
      if (known !== undefined) this.#restart(known.hash)
    }
    return true
  }

  #encoded(index: number): Uint8Array {
    const page = this.#pages[Math.floor(index / PAGE)]
    if (page === undefined || index >= this.#length) throw new Error(`header ${index} of ${this.#length}`)
    const at = (index % PAGE) * HEADER_BYTES
    return page.subarray(at, at + HEADER_BYTES)
  }

  #keep(encoded: Uint8Array): void {
    const index = this.#length++
    const page = (this.#pages[Math.floor(index / PAGE)] ??= new Uint8Array(PAGE * HEADER_BYTES))
    page.set(encoded, (index % PAGE) * HEADER_BYTES)
  }

  #restart(at: Hex): void {
    const base = this.#chain.record(at)
    if (base === undefined) throw new PeerFault('peer-headers-unlinked', `the first header follows ${at}, not the locator`)
    this.#base = base
    this.#pages = []
    this.#length = 0
    this.#last = { hash: at, ancestors: ancestorsOf(base, this.#chain) }
    this.#work = base.work
  }

  /** @returns false for a header that is too early */
  #check(header: Header, hash: Uint8Array, encoded: Uint8Array): boolean {
    const { params } = this.#chain
    const { ancestors } = this.#last
    checkHeader(header, hash, params)
    try {
      checkHeaderContext(header, ancestors, params, this.#clock.now())
    } catch (error) {
      if (error instanceof RuleError && error.code === 'block-too-early') return false
      throw error
    }
    const { height, bits, timestamp } = header
    this.#last = { hash: toHex(hash), ancestors: { height, bits, timestamp, parentTimestamp: ancestors.timestamp } }
    this.#work += workOf(fromCompact(bits).target)
    this.#keep(encoded)
    return true
  }
}

function ancestorsOf({ hash }: HeaderRecord, chain: Pick<Chain, 'ancestors'>): Ancestors {
  const ancestors = chain.ancestors(hash)
  if (ancestors === undefined) throw new Error(`${hash} is recorded but has no ancestors`)
  return ancestors
}
