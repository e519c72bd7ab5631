/**
 * Whether mining should wait because this node is behind, or may be: a block made on an old tip is work for nothing.
 *
 *   bodies arrive of a branch with more work than ours     mining waits
 *   the sync is over                                       mining goes on
 *   no body for some seconds                               mining goes on: a peer that stalls must not stop anybody, and
 *                                                          a node alone, or the first of its network, never waits for one
 *   the node mines from its start, and may find peers      mining waits for a moment, and for a sync that begins in it
 *
 * Headers alone stop nobody: every new block of a peer may begin with some. Only in that first moment they do: then they
 * are the first word of how far the others are.
 */
import type { Clock } from '../chain/clock.ts'
import type { SyncProgress } from '../network/network.ts'

/** Twice what the network first gives a peer to answer before it asks another: longer than that is a stall. */
const PATIENCE_MS = 4_000

/** On a LAN a peer is found, dialled and heard within a second; a busy machine or a sleepy Wi-Fi may take as long again. */
export const FIRST_LOOK_MS = 2_000

export interface CatchUpComponents {
  clock: Pick<Clock, 'after'>
  /** Told whether mining waits from now on. */
  hold(held: boolean): void
}

export class CatchUp {
  readonly #components: CatchUpComponents
  #isLooking = false
  #isSyncing = false
  #cancelLook: () => void = () => {}
  #cancelPatience: () => void = () => {}

  constructor(components: CatchUpComponents) {
    this.#components = components
  }

  /** Mining begins with the node, and peers may be found that are far ahead: it waits for a moment to hear of them. */
  lookAround(): void {
    this.#isLooking = true
    this.#tell()
    this.#cancelLook = this.#components.clock.after(FIRST_LOOK_MS, () => {
      this.#isLooking = false
      this.#tell()
    })
  }

  /** The sync has begun something, got further, or ended. */
  progress({ state }: Pick<SyncProgress, 'state'>): void {
    if (state === 'headers' && !this.#isLooking) return
    this.#cancelPatience()
    this.#isSyncing = state !== 'idle'
    this.#tell()
    if (!this.#isSyncing) return
    this.#cancelPatience = this.#components.clock.after(PATIENCE_MS, () => {
      this.#isSyncing = false
      this.#tell()
    })
  }

  /** Nothing is told from here on. */
  stop(): void {
    this.#cancelLook()
    this.#cancelPatience()
  }

  #tell(): void {
    this.#components.hold(this.#isLooking || this.#isSyncing)
  }
}
