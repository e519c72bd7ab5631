/**
 * Whether mining should wait because this node is behind: a block made on an old tip is work for nothing.
 *
 *   bodies arrive of a branch with more work than ours     mining waits
 *   the sync is over                                       mining goes on
 *   no body for some seconds                               mining goes on: a peer that stalls must not stop anybody, and
 *                                                          a node alone, or the first of its network, never waits
 *
 * Headers alone stop nobody: every new block of a peer may begin with some.
 */
import type { Clock } from '../chain/clock.ts'
import type { SyncProgress } from '../network/network.ts'

/** Twice what the network first gives a peer to answer before it asks another: longer than that is a stall. */
const PATIENCE_MS = 4_000

export interface CatchUpComponents {
  clock: Pick<Clock, 'after'>
  /** Told whether mining waits from now on. */
  hold(held: boolean): void
}

export class CatchUp {
  readonly #components: CatchUpComponents
  #cancelTimer: () => void = () => {}

  constructor(components: CatchUpComponents) {
    this.#components = components
  }

  /** The sync has begun something, got further, or ended. */
  progress({ state }: Pick<SyncProgress, 'state'>): void {
    const { clock, hold } = this.#components
    if (state === 'headers') return
    this.#cancelTimer()
    hold(state === 'bodies')
    if (state === 'bodies') this.#cancelTimer = clock.after(PATIENCE_MS, () => hold(false))
  }

  /** Nothing is told from here on. */
  stop(): void {
    this.#cancelTimer()
  }
}
