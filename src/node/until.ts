/** Waiting for a condition that events announce: never by asking again and again, never by sleeping. */
import type { EventEmitter } from 'node:events'

/** Where news comes from: an emitter and the name of its event. */
export type Source = readonly [emitter: Pick<EventEmitter, 'on' | 'off'>, event: string]

/**
 * Resolves when `holds()` is true: now, or after some later event of a source. Listens no longer than that.
 * @throws the signal's reason, if it aborts first
 */
export function until(sources: readonly Source[], holds: () => boolean, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      for (const [emitter, event] of sources) emitter.off(event, check)
      signal?.removeEventListener('abort', abort)
    }
    const check = (): void => {
      if (!holds()) return
      end()
      resolve()
    }
    const abort = (): void => {
      end()
      reject(signal?.reason as Error) // a signal's reason is whatever its owner gave
    }
    if (signal?.aborted) return abort()
    for (const [emitter, event] of sources) emitter.on(event, check)
    signal?.addEventListener('abort', abort, { once: true })
    check()
  })
}
