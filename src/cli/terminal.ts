/** The person at the terminal: whether there is one, and secrets typed without showing them. */
import { Interrupted } from './failure.ts'

/** Where questions are asked and answered: standard error, so that standard output holds results alone. */
export interface Terminal {
  input: NodeJS.ReadableStream & { setRawMode?: (raw: boolean) => unknown }
  output: NodeJS.WritableStream
}

export const TERMINAL: Terminal = { input: process.stdin, output: process.stderr }

/** Whether somebody can be asked: a pipe has nobody at its end. */
export const isInteractive = (): boolean => process.stdin.isTTY && process.stderr.isTTY

/** What keys send that are no text: arrows and the like, and the marks around what is pasted. */
// oxlint-disable-next-line no-control-regex -- the sequences begin with a control character
const ESCAPE_SEQUENCE = /\u001B(?:\[[0-9;?]*[ -/]*[@-~]|O[A-Z]|.)/g

/**
 * Asks for a line that is not shown as it is typed. Backspace takes a character back, Ctrl-U all of them.
 * @throws Interrupted on Ctrl-C, which is a key like any other meanwhile; the signal's reason, if it aborts first
 */
export async function askSecret(question: string, signal: AbortSignal, { input, output }: Terminal = TERMINAL): Promise<string> {
  signal.throwIfAborted()
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let typed: string[] = []
  const onData = (chunk: string): void => {
    const keys = [...chunk.replace(ESCAPE_SEQUENCE, '')]
    for (const [at, key] of keys.entries()) {
      if (key === '\r' || key === '\n' || key === '\u0004') {
        input.removeListener('data', onData)
        // A paste may hold the answer to the next question too; a line that ends with two characters ends once.
        const rest = keys.slice(key === '\r' && keys[at + 1] === '\n' ? at + 2 : at + 1).join('')
        if (rest !== '') input.unshift(rest)
        return resolve(typed.join(''))
      }
      if (key === '\u0003') return reject(new Interrupted('interrupted'))
      if (key === '\u007F' || key === '\b') typed.pop()
      else if (key === '\u0015') typed = []
      else if (key >= ' ') typed.push(key)
    }
  }
  const onEnd = (): void => resolve(typed.join(''))
  const onAbort = (): void => reject(signal.reason as Error) // it is an Interrupted
  input.setEncoding('utf8')
  input.setRawMode?.(true)
  output.write(question)
  signal.addEventListener('abort', onAbort, { once: true })
  input.on('data', onData).once('end', onEnd).resume()
  try {
    return await promise
  } finally {
    signal.removeEventListener('abort', onAbort)
    input.removeListener('data', onData).removeListener('end', onEnd).pause()
    input.setRawMode?.(false)
    output.write('\n')
  }
}
