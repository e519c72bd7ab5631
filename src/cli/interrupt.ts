/**
 * What Ctrl-C means: the first asks the command to end in order, a second ends it at once with status 130.
 *
 * The other polite ways to end a process (SIGTERM, and SIGHUP when its terminal closes) mean the same.
 */
import { Interrupted } from './failure.ts'

/**
 * Signals this close together, in ms, count as one: under `npm start` the terminal sends a Ctrl-C to npm and to us, and
 * npm passes its own on, so that a single key press arrives twice.
 */
const ONE_PRESS_MS = 250

/**
 * Listens for as long as the process lives.
 * @returns aborts at the first signal; its reason is an `Interrupted`
 */
export function onInterrupt(): AbortSignal {
  const controller = new AbortController()
  let first: number | undefined
  const onSignal = (): void => {
    if (first === undefined) {
      first = performance.now()
      controller.abort(new Interrupted('interrupted'))
    } else if (performance.now() - first > ONE_PRESS_MS) {
      process.exit(130)
    }
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal)
  return controller.signal
}
