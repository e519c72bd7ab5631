/** Listens to the events of a node's parts, until told otherwise. */
import type { EventEmitter } from 'node:events'

/** @param attached takes what ends it */
export function hear<Events extends Record<keyof Events, unknown[]>, Name extends keyof Events & string>(
  attached: DisposableStack,
  emitter: EventEmitter<Events>,
  name: Name,
  listener: (...args: Events[Name]) => void,
): void {
  // node:events types a listener by a condition on its event map, which no generic map can meet; ours is its entry.
  const untyped = emitter as unknown as EventEmitter
  untyped.on(name, listener as never)
  attached.defer(() => untyped.off(name, listener as never))
}
