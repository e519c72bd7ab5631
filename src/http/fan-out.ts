/**
 * The same bytes to many listeners, to a few of them in each turn of the event loop.
 *
 *   turn 1   listeners 1 … 8      each what it was not sent yet, in order
 *   turn 2   listeners 9 … 16     whoever asked for something meanwhile is answered before
 *
 * Writing to a socket costs a good part of what a small answer costs, so that telling something to every listener at once
 * would make whoever asks in that instant wait for all of them. A few listeners are told within the call.
 *
 * A listener that leaves too much unread is dropped.
 *
 * @example
 *   const listeners = new FanOut(4_194_304)
 *   listeners.add(response)
 *   listeners.send(Buffer.from(': alive\n\n'))
 *   listeners.end()
 */
import type { ServerResponse } from 'node:http'

/** Of a listener's answer, what is used. */
export type Listener = Pick<ServerResponse, 'write' | 'end' | 'destroy' | 'writableLength' | 'once' | 'socket'>

/** A millisecond or two of work. */
const AT_ONCE = 8

export class FanOut {
  readonly #maxUnreadBytes: number
  /** What each listener was not sent yet; the same bytes for all. */
  readonly #unsent = new Map<Listener, Uint8Array[]>()
  /** Those with something to send, who waits longest first. */
  readonly #due = new Set<Listener>()
  #isSending = false

  /** @param maxUnreadBytes what a listener may leave unread before it is dropped */
  constructor(maxUnreadBytes: number) {
    this.#maxUnreadBytes = maxUnreadBytes
  }

  get size(): number {
    return this.#unsent.size
  }

  /** How many listen from an address. */
  countFrom(address: string): number {
    return [...this.#unsent.keys()].filter(({ socket }) => socket?.remoteAddress === address).length
  }

  /** Hears what is sent from now on, until it closes. */
  add(listener: Listener): void {
    listener.once('close', () => {
      this.#unsent.delete(listener)
      this.#due.delete(listener)
    })
    this.#unsent.set(listener, [])
  }

  /** To all of them, in the order of the calls; the bytes must not change any more. */
  send(bytes: Uint8Array): void {
    for (const [listener, unsent] of this.#unsent) {
      unsent.push(bytes)
      this.#due.add(listener)
    }
    if (!this.#isSending) this.#sendSome()
  }

  /** Sends what is left, and ends all of them. */
  end(): void {
    for (const listener of this.#due) this.#write(listener)
    this.#due.clear()
    for (const listener of this.#unsent.keys()) listener.end()
    this.#unsent.clear()
  }

  #sendSome(): void {
    for (const listener of [...this.#due].slice(0, AT_ONCE)) {
      this.#due.delete(listener)
      this.#write(listener)
    }
    this.#isSending = this.#due.size > 0
    if (this.#isSending) setImmediate(() => this.#sendSome())
  }

  #write(listener: Listener): void {
    const unsent = this.#unsent.get(listener)?.splice(0) ?? []
    for (const bytes of unsent) {
      if (listener.writableLength > this.#maxUnreadBytes) {
        listener.destroy()
        return
      }
      listener.write(bytes)
    }
  }
}
