/**
 * What happens to a block on its way in: the seven steps at the head of chain.ts, one block at a time.
 *
 * Fails with `RuleError` for a block that breaks a rule. Whatever else is thrown (by the store, say) leaves tip,
 * memory and disk as they were and goes to the caller.
 */
import type { EventEmitter } from 'node:events'
import type { Logger } from 'pino'
import { type BodyIdentity, identify } from '../consensus/block.ts'
import type { Reading } from '../consensus/checked-transaction.ts'
import { RuleError, type RuleCode } from '../consensus/errors.ts'
import { blockHash, checkHeaderContext } from '../consensus/header.ts'
import { fromHex, type Hex, toHex } from '../consensus/hex.ts'
import type { Block, Header } from '../consensus/types.ts'
import { type ActiveChain, InvalidBranch } from './active-chain.ts'
import { notStored } from './chain-error.ts'
import { type AddResult, type ChainEvents, type HeaderRecord, type Origin, tell } from './chain-events.ts'
import { type Clock, turn } from './clock.ts'
import type { Path } from './fork-choice.ts'
import { ancestorsOf, type TreeNode } from './header-tree.ts'
import { InvalidBlocks } from './invalid-blocks.ts'
import { checkSanity, type SanityComponents } from './sanity.ts'
import type { Store, StoredBlock } from './store.ts'
import type { Candidate, WaitingRoom, WaitsFor } from './waiting-room.ts'

export interface AcceptanceComponents extends SanityComponents {
  store: Pick<Store, 'block'>
  active: ActiveChain
  waiting: WaitingRoom
  clock: Pick<Clock, 'now' | 'turn'>
  log: Logger
  events: EventEmitter<ChainEvents>
  /** The tip as events show it; its header is read from the store where it is not given. */
  tip: (header: Header | undefined) => HeaderRecord
}

/** A block whose sanity is being checked, or was. */
interface Incoming extends Candidate {
  /** Undefined where an answer was known without. */
  sanity?: Promise<BodyIdentity>
}

/** Broken without any work done, so remembering them would let anybody flush the memory for nothing. */
const COSTS_NO_WORK: ReadonlySet<RuleCode> = new Set<RuleCode>([
  'block-bad-version',
  'block-malformed-bits',
  'block-target-above-limit',
  'block-bad-pow',
])

export class Acceptance {
  readonly #components: AcceptanceComponents
  readonly #invalid = new InvalidBlocks()

  constructor(components: AcceptanceComponents) {
    this.#components = components
  }

  /** Begins with steps 1 and 2, ahead of the block's turn: they need nothing that earlier blocks may change. */
  examine(block: Block, origin: Origin, reading: Reading = {}): Incoming {
    const { hash = blockHash(block.header) } = reading
    const incoming: Incoming = { hash: toHex(hash), block, origin }
    if (this.#isSettled(incoming.hash)) return incoming
    incoming.sanity = checkSanity(block, hash, this.#components, reading)
    incoming.sanity.catch(() => {}) // heard in its turn, if that comes
    return incoming
  }

  /** Steps 1 to 6, in the block's turn. */
  async accept(incoming: Incoming): Promise<AddResult> {
    const { active, waiting } = this.#components
    const { hash, block } = incoming
    if (active.tree.get(hash) !== undefined) return { hash, outcome: 'known' }
    const broken = this.#invalid.get(hash)
    if (broken !== undefined) throw new RuleError(broken, `block ${hash} came before and was refused for it`)
    return this.#judge(incoming, async () => {
      const identity = await (incoming.sanity ?? checkSanity(block, fromHex(hash), this.#components))
      // Only now: a hash says nothing of the body, and one that waits came with another one perhaps.
      const waitsFor = waiting.waitsFor(hash)
      if (waitsFor !== undefined) return { hash, outcome: 'waiting', code: codeOf(waitsFor) }
      return await this.#place(incoming, identity)
    })
  }

  /** Step 7: those who waited for a block, then those who waited for them. */
  async acceptChildren(parent: Hex, signal: AbortSignal): Promise<void> {
    const { active, clock, waiting } = this.#components
    const decided = [parent]
    for (let hash = decided.pop(); hash !== undefined; hash = decided.pop()) {
      if (active.tree.get(hash) === undefined && this.#invalid.get(hash) === undefined) continue
      for (const child of waiting.takeChildren(hash)) {
        await turn(clock) // sockets get their turn between two blocks
        if (signal.aborted) return
        await this.#acceptLate(child)
        decided.push(child.hash)
      }
    }
  }

  /** Early blocks whose time has come. */
  async acceptEarly(signal: AbortSignal): Promise<void> {
    const { clock, waiting } = this.#components
    for (const early of waiting.takeDue(clock.now())) {
      if (signal.aborted) return
      await this.#acceptLate(early)
      await this.acceptChildren(early.hash, signal)
    }
  }

  /** Moves to the stored branch with the most work, forgetting those that prove invalid on the way. */
  activateHeaviest(origin: Origin): void {
    const { active } = this.#components
    for (let node = active.heavierBranch(); node !== undefined; node = active.heavierBranch()) {
      try {
        this.#announce(active.switchTo(node), origin)
      } catch (error) {
        if (!(error instanceof InvalidBranch)) throw error
        this.#forget(error)
      }
    }
  }

  /** Runs the checks of a block, remembers what they find, and tells it. */
  async #judge(candidate: Candidate, checks: () => Promise<AddResult>): Promise<AddResult> {
    const { events, log } = this.#components
    const { block, hash, origin } = candidate
    const since = performance.now()
    const judged = (outcome: ChainEvents['block:judged'][0]['outcome']): void =>
      tell(events, log, 'block:judged', { block, hash, origin, outcome, elapsedMs: performance.now() - since })
    try {
      const result = await checks()
      judged(result.outcome)
      return result
    } catch (error) {
      if (error instanceof RuleError) judged(error.code)
      if (error instanceof RuleError && error.fault === 'object' && !COSTS_NO_WORK.has(error.code)) {
        this.#invalid.add(candidate.hash, error.code)
      }
      throw error
    }
  }

  /** Whether the answer to a block is known without looking at it. */
  #isSettled(hash: Hex): boolean {
    return this.#components.active.tree.get(hash) !== undefined || this.#invalid.get(hash) !== undefined
  }

  /** Steps 3 to 6, for a block that has passed sanity. */
  async #place(candidate: Candidate, identity: BodyIdentity): Promise<AddResult> {
    const { params, active, waiting, clock } = this.#components
    const { hash, block } = candidate
    const parentHash = toHex(block.header.parent)
    const broken = this.#invalid.get(parentHash)
    if (broken !== undefined) throw new RuleError('block-invalid-parent', `its parent ${parentHash} was refused for ${broken}`)
    const parent = active.tree.get(parentHash)
    if (parent === undefined) {
      waiting.add(candidate, { parent: parentHash })
      return { hash, outcome: 'waiting', code: 'block-unknown-parent' }
    }
    try {
      checkHeaderContext(block.header, ancestorsOf(parent), params, clock.now())
    } catch (error) {
      if (!(error instanceof RuleError && error.code === 'block-too-early')) throw error
      waiting.add(candidate, { time: block.header.timestamp - params.maxFutureMs })
      return { hash, outcome: 'waiting', code: 'block-too-early' }
    }
    return await this.#connect(candidate, identity, parent)
  }

  /** Steps 5 and 6. */
  async #connect({ hash, block, origin }: Candidate, identity: BodyIdentity, parent: TreeNode): Promise<AddResult> {
    const { active } = this.#components
    const isNews = origin === 'gossip' || origin === 'local'
    const changes = active.changesOf({ block, ...identity }, parent)
    if (changes !== undefined && isNews) {
      this.#tellChecked(block, hash, origin)
      // Forwarding is done by now; publishing is not, and should not wait for the disk. Nobody else moves the tip meanwhile.
      if (origin === 'local') await turn(this.#components.clock)
    }
    let path: Path<TreeNode> | undefined
    try {
      path = active.add(hash, { block, ...identity }, parent, changes)
    } catch (error) {
      if (!(error instanceof InvalidBranch)) throw error
      if (error.node.hash === hash) throw error.finding
      this.#forget(error)
      this.activateHeaviest(origin)
      throw new RuleError('block-invalid-parent', `its ancestor is refused: ${error.message}`)
    }
    if (path === undefined) return { hash, outcome: 'side-branch' }
    if (changes === undefined && isNews) this.#tellChecked(block, hash, origin)
    this.#announce(path, origin, { block, ...identity })
    if (path.disconnect.length === 0) return { hash, outcome: 'connected' }
    return { hash, outcome: 'reorganised', disconnected: path.disconnect.length, connected: path.connect.length }
  }

  #tellChecked(block: Block, hash: Hex, origin: Origin): void {
    const { events, log } = this.#components
    tell(events, log, 'block:checked', { block, hash, origin })
  }

  #forget({ node, finding }: InvalidBranch): void {
    const { active, log } = this.#components
    const { hash, height } = node
    log.warn({ code: finding.code, hash, height }, 'refused a block of a side branch, with all that follows it')
    for (const hash of active.forget(node)) this.#invalid.add(hash, 'block-invalid-parent')
    this.#invalid.add(node.hash, finding.code)
  }

  /**
   * Step 6. Blocks are read again one at a time, so that a reorganisation of any depth fits in memory.
   * @param last the last block of the path, where it is at hand
   */
  #announce({ ancestor, disconnect, connect }: Path<TreeNode>, origin: Origin, last?: StoredBlock): void {
    const { events, log } = this.#components
    const tip = this.#components.tip(last?.block.header)
    for (const { hash, height } of disconnect) {
      const { block, transactionIds } = this.#read(hash)
      tell(events, log, 'block:disconnected', { block, transactionIds, hash, height })
    }
    for (const node of connect) {
      const { hash, height, work } = node
      const { block, transactionIds, checked } = (node === connect.at(-1) ? last : undefined) ?? this.#read(hash)
      tell(events, log, 'block:connected', { block, transactionIds, checked, hash, height, work, origin })
    }
    if (disconnect.length > 0) {
      const disconnected = disconnect.map(({ hash }) => hash).reverse()
      const connected = connect.map(({ hash }) => hash)
      tell(events, log, 'chain:reorg', { ancestorHeight: ancestor.height, disconnected, connected })
    }
    tell(events, log, 'tip:changed', { tip, origin })
  }

  #read(hash: Hex): StoredBlock {
    const stored = this.#components.store.block(hash)
    if (stored === undefined) throw notStored(hash)
    return stored
  }

  /** A block that waited: its sender has long been answered, so what is wrong with it goes to the log. */
  async #acceptLate(candidate: Candidate): Promise<void> {
    const { log } = this.#components
    const { hash, origin } = candidate
    try {
      const { outcome } = await this.#judge(candidate, () => this.#place(candidate, identify(candidate.block.body)))
      log.debug({ hash, origin, outcome }, 'took up a block that had waited')
    } catch (error) {
      if (error instanceof RuleError) log.warn({ code: error.code, hash, origin }, 'refused a block that had waited')
      else log.error({ err: error, hash, origin }, 'could not take up a block that had waited: ask a peer for it again')
    }
  }
}

const codeOf = (waitsFor: WaitsFor): 'block-unknown-parent' | 'block-too-early' =>
  'parent' in waitsFor ? 'block-unknown-parent' : 'block-too-early'
