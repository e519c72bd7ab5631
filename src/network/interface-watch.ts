/**
 * Notices that this machine's place on the network changed: a cable, another Wi-Fi, a VPN, the end of a sleep.
 *
 * No system tells a program of that in the same way, so its addresses are looked at every 3 s (a tenth of a
 * millisecond). A clock that ran on much further than that means that the machine slept: its addresses may be the same,
 * but its neighbours have given it up. One that was set by hand looks alike, and looking for peers once more harms nobody.
 */
import type { Clock } from '../chain/clock.ts'
import type { Interfaces } from './lan-address.ts'

const LOOK_INTERVAL_MS = 3_000
/** A timer that is late by this much was not waiting for the processor. */
const SLEEP_MS = 15_000

export interface InterfaceWatchComponents {
  clock: Clock
  /** `os.networkInterfaces` */
  interfaces: () => Interfaces
  /** What changed: `addresses`, or the time alone. */
  changed: (what: 'addresses' | 'time') => void
}

export class InterfaceWatch {
  readonly #components: InterfaceWatchComponents
  #seen = ''
  #at = 0
  #cancel: () => void = () => {}

  constructor(components: InterfaceWatchComponents) {
    this.#components = components
  }

  start(): void {
    this.#look()
  }

  stop(): void {
    this.#cancel()
  }

  #look(): 'addresses' | 'time' | undefined {
    const { clock } = this.#components
    const [seen, at] = [this.#summary(), clock.now()]
    const late = Math.abs(at - this.#at - LOOK_INTERVAL_MS)
    const changed = seen !== this.#seen ? 'addresses' : late > SLEEP_MS ? 'time' : undefined
    this.#seen = seen
    this.#at = at
    this.#cancel = clock.after(LOOK_INTERVAL_MS, () => {
      const what = this.#look()
      if (what !== undefined) this.#components.changed(what)
    })
    return changed
  }

  /** A system that cannot say now (it is short of file descriptors, say) is asked again next time. */
  #summary(): string {
    try {
      return summary(this.#components.interfaces())
    } catch {
      return this.#seen
    }
  }
}

/** The same text for the same addresses. Of IPv6, temporary addresses come and go each day: that is a change, and rare. */
const summary = (interfaces: Interfaces): string =>
  Object.entries(interfaces).flatMap(([name, list = []]) => list.map(({ cidr, address }) => `${name} ${cidr ?? address}`)).sort().join()
