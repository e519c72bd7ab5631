/** Events by the calls that libp2p has for them. There are many of these, of few listeners each, so they are as light as can be. */
export class Emitter<Events extends object> {
  #listeners: { name: keyof Events; listener: (event: never) => void }[] = []

  addEventListener<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): void {
    this.#listeners = [...this.#listeners, { name, listener }]
  }

  removeEventListener<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): void {
    this.#listeners = this.#listeners.filter((one) => one.name !== name || one.listener !== listener)
  }

  tell<Name extends keyof Events>(name: Name, event: Events[Name]): void {
    for (const one of this.#listeners) if (one.name === name) one.listener(event as never) // of that name, as it was added
  }
}
