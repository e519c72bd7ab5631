/**
 * What the chain tells: its events, and the verdict that `add` gives.
 *
 * Events are told after the commit, in the order in which things happened, so whoever hears of a block finds it on
 * disk, and the chain already standing at its new tip; `block:checked` alone comes before. A listener that throws is
 * logged and harms nobody: neither the chain nor the listeners after it.
 */
import type { EventEmitter } from 'node:events'
import type { Logger } from 'pino'
import type { RuleCode } from '../consensus/errors.ts'
import type { Hex } from '../consensus/hex.ts'
import type { Block, Header } from '../consensus/types.ts'
import type { StoredBlock } from './store.ts'

/** Where a block came from: this node, another's gossip, an answer to our request, or this node's own disk. */
export type Origin = 'local' | 'gossip' | 'sync' | 'store'

/** A stored block's header with its place in the tree. */
export interface HeaderRecord {
  hash: Hex
  header: Header
  height: number
  /** Work of the chain up to and with this block, expected hashes. */
  work: bigint
}

export interface ChainEvents {
  /**
   * A new block, of this node or from gossip, becomes the tip and breaks no rule: it may be forwarded. Told once for each.
   * One that extends the tip is told before it is stored, so that no disk holds it up on its way to others; should the
   * store fail then, everybody else has it and this node asks for it again. Of a reorganisation it is told once that is
   * stored.
   */
  'block:checked': [{ block: Block; hash: Hex; origin: Origin }]
  /** A block became part of the best chain. `origin` is that of the block that brought it there. */
  'block:connected': [StoredBlock & { hash: Hex; height: number; work: bigint; origin: Origin }]
  /** A block left the best chain; the last one first. It stays stored. */
  'block:disconnected': [StoredBlock & { hash: Hex; height: number }]
  /** The best chain moved to another branch. Both lists in ascending height, after the events of each block. */
  'chain:reorg': [{ ancestorHeight: number; disconnected: Hex[]; connected: Hex[] }]
  /**
   * A block was checked by the rules, and taken or refused: what came of it, in how long. Not told of one whose answer was
   * known without.
   */
  'block:judged': [{ block: Block; hash: Hex; origin: Origin; outcome: AddResult['outcome'] | RuleCode; elapsedMs: number }]
  /** Once per change of the tip, after all of the above. */
  'tip:changed': [{ tip: HeaderRecord; origin: Origin }]
}

/** What became of a block that broke no rule. */
export type AddResult = { hash: Hex } & (
  | { outcome: 'connected' }
  | { outcome: 'reorganised'; disconnected: number; connected: number }
  | { outcome: 'side-branch' }
  | { outcome: 'known' }
  /** Kept back, as long as there is room, until its time or its parent comes. */
  | { outcome: 'waiting'; code: 'block-too-early' | 'block-unknown-parent' }
)

/** Tells every listener, each in its own `try`. */
export function tell<Name extends keyof ChainEvents>(
  events: EventEmitter<ChainEvents>,
  log: Logger,
  name: Name,
  ...args: ChainEvents[Name]
): void {
  // Raw, so that what was added by `once` removes itself. The types know only that each is a listener of some event.
  for (const listener of events.rawListeners(name) as ((...args: ChainEvents[Name]) => void)[]) {
    try {
      listener(...args)
    } catch (error) {
      log.error({ err: error, event: name }, 'a listener threw; the chain goes on')
    }
  }
}
