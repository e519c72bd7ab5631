/** What a change of the pool is about to tell, gathered until the change is complete. */
import type { EventEmitter } from 'node:events'
import type { Logger } from 'pino'
import type { Hex } from '../consensus/hex.ts'
import type { MempoolEvents } from './mempool-events.ts'

type Removal = MempoolEvents['transaction:removed'][0]
type Addition = MempoolEvents['transaction:added'][0]

export class News {
  readonly #log: Logger
  #removals: Removal[] = []
  #additions: Addition[] = []

  constructor(log: Logger) {
    this.#log = log
  }

  removed(removal: Removal): void {
    this.#removals.push(removal)
  }

  added(addition: Addition): void {
    this.#additions.push(addition)
  }

  /** It never got in, so its leaving is no news. */
  withdraw(id: Hex): void {
    this.#removals = this.#removals.filter((removal) => removal.id !== id)
  }

  /** Tells it, now that every number is right again: listeners may ask and even add. */
  tell(events: EventEmitter<MempoolEvents>, isPending: (id: Hex) => boolean): void {
    const removals = this.#removals
    const additions = this.#additions.filter(({ pending }) => isPending(pending.id))
    this.#removals = []
    this.#additions = []
    const isLogged = this.#log.isLevelEnabled('debug')
    for (const removal of removals) {
      if (isLogged) this.#log.debug({ code: removal.reason, id: removal.id }, 'transaction is pending no more')
      events.emit('transaction:removed', removal)
    }
    for (const addition of additions) events.emit('transaction:added', addition)
  }
}
