/** Events by the calls that libp2p has for them. There are many of these, of few listeners each, so they are as light as can be. */
export class Emitter<Events extends object> {
  /** Only ever added to; whoever takes one away makes another list. So an event goes to those who listened as it came. */
  #listeners: { name: keyof Events; listener: (event: never) => void }[] = []

  addEventListener<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): void {
    this.#listeners.push({ name, listener })
  }

  removeEventListener<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): void {
    this.#listeners = this.#listeners.filter((one) => one.name !== name || one.listener !== listener)
  }

  tell<Name extends keyof Events>(name: Name, event: Events[Name]): void {
    const listeners = this.#listeners
    for (let at = 0, count = listeners.length; at < count; at++) {
      const one = listeners[at]
      if (one?.name === name) one.listener(event as never) // of that name, as it was added
    }
  }
}
