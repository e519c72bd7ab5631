/** A wait of the mining loop that ends early when there is something new. */
export class Rest {
  #end: (() => void) | undefined

  /** Resolves after so long, or with the next `wake`. Keeps no process alive. One wait at a time. */
  wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.wake(), ms)
      timer.unref()
      this.#end = () => {
        clearTimeout(timer)
        this.#end = undefined
        resolve()
      }
    })
  }

  /** Ends the wait, if there is one. */
  wake(): void {
    this.#end?.()
  }
}
