/**
 * The chain: the one way in for blocks, and the one writer.
 *
 * A block through `add`, in order (PROTOCOL.md part 4):
 *
 *   1. known?                  stored already, or found invalid before
 *   2. sanity                  proof of work, body root, amounts, signatures: begun ahead of the block's turn
 *   3. waiting already?        asked only now: the same header may come with another body
 *      parent known?           no: it waits for its parent, as an orphan
 *   4. context                 height, time, bits; too early: it waits for its time
 *   5. connect                 onto the tip, or as a side branch, or by a reorganisation: one store transaction. What
 *                              extends the tip and breaks no rule is told to whoever forwards it before that
 *   6. events                  only now, and in order
 *   7. whoever waited for it   through the same steps
 *
 * What breaks a rule fails with `RuleError`. If that is the object's own fault (and its work was real) the hash is
 * remembered, and descendants fail with `block-invalid-parent`; a bad body and a wrong time are never held against a
 * hash. Where a heavier branch proves invalid on the way, everything rolls back, the invalid part is forgotten, and
 * the best of what remains is chosen. Any other error (a full disk, a bug) passes to the caller with tip, memory and
 * disk as they were.
 *
 * Whoever has many blocks adds them without waiting for each: with a verifier, the signatures of the next few are verified
 * while one is written. Answers come in the order of the calls all the same.
 *
 * @example
 *   const chain = new Chain({ params, store, clock: systemClock, log })
 *   chain.start()
 *   chain.events.on('tip:changed', ({ tip }) => log.info({ height: tip.height }, 'new tip'))
 *   const { outcome } = await chain.add(decodeBlock(bytes), 'gossip', { encodedBody: encodedBodyIn(bytes) })
 */
import { EventEmitter } from 'node:events'
import type { Logger } from 'pino'
import type { FindChecked, Reading } from '../consensus/checked-transaction.ts'
import type { Ancestors } from '../consensus/difficulty.ts'
import { type Genesis, genesisOf } from '../consensus/genesis.ts'
import type { Hex } from '../consensus/hex.ts'
import type { NetworkParams } from '../consensus/params.ts'
import type { AccountState, Block, Header } from '../consensus/types.ts'
import { Acceptance } from './acceptance.ts'
import { ActiveChain } from './active-chain.ts'
import type { AddResult, ChainEvents, HeaderRecord, Origin } from './chain-events.ts'
import { ChainError, notStored } from './chain-error.ts'
import type { Clock } from './clock.ts'
import { ancestorsOf, type HeaderTree, type TreeNode } from './header-tree.ts'
import { SerialQueue } from './serial-queue.ts'
import type { SignatureVerifier } from './signature-verifier.ts'
import type { HistoryEntry, HistoryPage, Store, StoredTransaction } from './store.ts'
import { WAITING_ROOM_LIMITS, WaitingRoom, type WaitingRoomLimits } from './waiting-room.ts'

export type { AddResult, ChainEvents, HeaderRecord, Origin } from './chain-events.ts'

export interface ChainComponents {
  params: NetworkParams
  /** Opened and closed by whoever owns it. */
  store: Store
  clock: Clock
  log: Logger
  /** Knows transactions that passed sanity before (as pending ones, say): nothing of them is checked twice. */
  findChecked?: FindChecked
  /** Verifies signatures beside the chain, of several blocks at once. @default in place, each block in its turn */
  verifier?: SignatureVerifier
  /** Waited for after each block of a sync or an import, before the next one has its turn. @default nothing */
  rest?: () => Promise<void>
}

export interface ChainOptions {
  /** Bounds of early and orphaned blocks kept back. */
  waiting?: Partial<WaitingRoomLimits>
}

/**
 * Blocks whose signatures are verified while an earlier one is written: enough to keep every thread busy, and few enough
 * to hold, encoded, in memory.
 */
const MAX_AHEAD = 8

/** The clock is looked at again at least so often while an early block waits: somebody may have set it. */
const MAX_WAIT_MS = 60_000

/** What there is between `start` and the next `start`. */
interface Running {
  active: ActiveChain
  acceptance: Acceptance
  stopping: AbortController
}

export class Chain {
  readonly events = new EventEmitter<ChainEvents>()
  readonly params: NetworkParams
  readonly genesis: Genesis
  readonly #components: ChainComponents
  readonly #queue: SerialQueue
  readonly #waiting: WaitingRoom
  #running: Running | undefined
  #tip: HeaderRecord | undefined
  #cancelTimer: () => void = () => {}

  constructor(components: ChainComponents, options: ChainOptions = {}) {
    this.#components = components
    this.params = components.params
    this.genesis = genesisOf(components.params)
    this.#queue = new SerialQueue(notRunning, components.verifier === undefined ? 0 : MAX_AHEAD, components.clock)
    this.#waiting = new WaitingRoom({ ...WAITING_ROOM_LIMITS, ...options.waiting })
  }

  /**
   * Loads the index from the store (in an empty one: writes genesis), and moves to a stored branch that has more work
   * than the stored tip.
   * @throws ChainError `chain-wrong-genesis`, `chain-damaged-store`, and whatever the store throws
   */
  start(): void {
    const active = ActiveChain.load(this.#components.store, this.params, this.genesis)
    const acceptance = new Acceptance({
      ...this.#components,
      genesisHash: this.genesis.hash,
      active,
      waiting: this.#waiting,
      events: this.events,
      tip: (header) => this.#tipWith(header),
    })
    this.#running = { active, acceptance, stopping: new AbortController() }
    acceptance.activateHeaviest('store')
    this.#queue.open()
  }

  /** Refuses further blocks, waits for the one in hand and drops the timer. The store stays open: its owner closes it. */
  async stop(): Promise<void> {
    this.#running?.stopping.abort()
    this.#cancelTimer()
    await this.#queue.close()
  }

  /**
   * The one way in. Blocks are taken one after the other, in the order of the calls; when this resolves, whatever
   * waited for the block has been tried too.
   * @param reading what is known of `block` from the bytes that it was decoded from, as `readBlock` gives it or
   *   `encodedBodyIn`, where it was: the body's are what is hashed and stored
   * @throws RuleError if the block breaks a rule; ChainError `chain-not-running`; whatever the store throws
   */
  add(block: Block, origin: Origin, reading?: Reading): Promise<AddResult> {
    const examine = () => this.#started.acceptance.examine(block, origin, reading)
    return this.#queue.runPrepared(examine, async (incoming) => {
      const { acceptance, stopping } = this.#started
      try {
        return await acceptance.accept(incoming)
      } finally {
        await acceptance.acceptChildren(incoming.hash, stopping.signal)
        this.#setTimer()
        if (origin === 'sync' || origin === 'store') await this.#components.rest?.()
      }
    })
  }

  /** Tip of the best chain. */
  get tip(): HeaderRecord {
    return this.#tipWith(undefined)
  }

  /** Whether a block is stored, on whichever branch. */
  has(hash: Hex): boolean {
    return this.#tree.get(hash) !== undefined
  }

  /** Any stored block, side branches too. */
  record(hash: Hex): HeaderRecord | undefined {
    const node = this.#tree.get(hash)
    return node && this.#recordOf(node)
  }

  /** Hash of the best chain's block at a height. */
  hashAt(height: number): Hex | undefined {
    return this.#tree.at(height)?.hash
  }

  isBest(hash: Hex): boolean {
    const node = this.#tree.get(hash)
    return node !== undefined && this.#tree.isBest(node)
  }

  /** Any stored block, side branches too. */
  block(hash: Hex): Block | undefined {
    return this.#components.store.block(hash)?.block
  }

  /** A stored block's body as SSZ, for serving. */
  encodedBody(hash: Hex): Uint8Array | undefined {
    return this.#components.store.encodedBody(hash)
  }

  /** A transaction of the best chain. */
  transaction(id: Hex): StoredTransaction | undefined {
    return this.#components.store.transaction(id)
  }

  /** State at the best tip; `{ balance: 0, nonce: 0 }` of whoever is not known. */
  account(account: Uint8Array): AccountState {
    return this.#components.store.account(account)
  }

  /** State of an account before a block of the best chain that touched it; undefined where that did not. */
  accountBefore(hash: Hex, account: Uint8Array): AccountState | undefined {
    return this.#components.store.accountBefore(hash, account)
  }

  /** Transactions of the best chain that an account sent or was paid by, newest first. */
  history(account: Uint8Array, page: HistoryPage): HistoryEntry[] {
    return this.#components.store.history(account, page)
  }

  /** What the difficulty rule needs to know of a stored block as a parent. */
  ancestors(hash: Hex): Ancestors | undefined {
    const node = this.#tree.get(hash)
    return node && ancestorsOf(node)
  }

  /** At most 64 hashes from the tip back to genesis, thinning exponentially: what a peer finds our fork point by. */
  locator(): Hex[] {
    return this.#tree.locator()
  }

  /** Headers of the best chain after the first of `locator` that is on it; after genesis where none is. */
  headersAfter(locator: Hex[], limit: number): Header[] {
    const from = locator.find((hash) => this.isBest(hash))
    const height = from === undefined ? 0 : (this.#tree.get(from)?.height ?? 0)
    return this.#components.store.bestHeaders(height + 1, limit)
  }

  /** Tips of side branches, most work first. */
  branches(limit = 100): HeaderRecord[] {
    const tree = this.#tree
    return [...tree.leaves()]
      .filter((leaf) => !tree.isBest(leaf))
      .sort((a, b) => (a.work === b.work ? a.order - b.order : a.work > b.work ? -1 : 1))
      .slice(0, limit)
      .map((leaf) => this.#recordOf(leaf))
  }

  get #started(): Running {
    if (this.#running === undefined) throw notRunning()
    return this.#running
  }

  get #tree(): HeaderTree {
    return this.#started.active.tree
  }

  #tipWith(known: Header | undefined): HeaderRecord {
    const node = this.#tree.tip
    if (this.#tip?.hash !== node.hash) this.#tip = this.#recordOf(node, known)
    return this.#tip
  }

  #recordOf({ hash, height, work }: TreeNode, known?: Header): HeaderRecord {
    const header = known ?? this.#components.store.header(hash)
    if (header === undefined) throw notStored(hash)
    return { hash, header, height, work }
  }

  /** Wakes when the next early block is due. */
  #setTimer(): void {
    this.#cancelTimer()
    const due = this.#waiting.nextDue()
    if (due === undefined || this.#started.stopping.signal.aborted) return
    const { clock } = this.#components
    const delayMs = Math.min(Math.max(due - clock.now(), 1), MAX_WAIT_MS)
    this.#cancelTimer = clock.after(delayMs, () => {
      // Refused only if the chain stops meanwhile, and then nobody is left to care for early blocks.
      this.#queue.run(() => this.#acceptEarly()).catch(() => {})
    })
  }

  async #acceptEarly(): Promise<void> {
    const { acceptance, stopping } = this.#started
    await acceptance.acceptEarly(stopping.signal)
    this.#setTimer()
  }
}

const notRunning = (): ChainError =>
  new ChainError('chain-not-running', 'the chain takes no blocks now: this node is not started yet, or is stopping')
