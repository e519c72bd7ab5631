/** Events by the calls that libp2p has for them, over those that Node.js has. */
import { EventEmitter } from 'node:events'

export class Emitter<Events extends object> {
  // Its types cannot be matched for a name that is a parameter; those below are.
  readonly #emitter = new EventEmitter().setMaxListeners(0)

  addEventListener<Name extends keyof Events & string>(name: Name, listener: (event: Events[Name]) => void): void {
    this.#emitter.on(name, listener)
  }

  removeEventListener<Name extends keyof Events & string>(name: Name, listener: (event: Events[Name]) => void): void {
    this.#emitter.off(name, listener)
  }

  tell<Name extends keyof Events & string>(name: Name, event: Events[Name]): void {
    this.#emitter.emit(name, event)
  }
}
