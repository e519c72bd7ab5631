/** A question on the terminal that only a yes answers. */
import { createInterface } from 'node:readline'
import { type Terminal, TERMINAL } from './terminal.ts'

/**
 * Asks on standard error, so that standard output holds results alone. No answer, or the end of the input, is a no.
 * @throws the signal's reason, if it aborts first
 */
export async function confirm(question: string, signal: AbortSignal, { input, output }: Terminal = TERMINAL): Promise<boolean> {
  signal.throwIfAborted()
  // Not `terminal`: the system's own line editing leaves Ctrl-C a signal, which the caller's signal stands for.
  const lines = createInterface({ input, output, terminal: false })
  try {
    const answer = await new Promise<string>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }) // it is an Interrupted
      lines.once('close', () => resolve(''))
      lines.question(`${question} [y/N] `, resolve)
    })
    return /^y(es)?$/i.test(answer.trim())
  } finally {
    lines.close()
  }
}
