/** One line on a terminal that is written over as things go on; nothing at all in a pipe. */
import type { WriteStream } from 'node:tty'
import { cutEnd } from './text.ts'

export interface ProgressLine {
  show(text: string): void
  /** Prints a line of its own above. */
  print(text: string): void
  /** Takes the line away: before anything else is printed, and at the end. */
  clear(): void
}

/** @param stream `process.stderr`, so that standard output holds results alone */
export function createProgressLine(stream: Pick<WriteStream, 'write' | 'isTTY' | 'columns'>): ProgressLine {
  let shown: string | undefined
  // One column stays free: a full line would make some terminals wrap, and the next `\r` would miss it.
  const draw = (text: string): string => `\r\u001B[2K${cutEnd(text, (stream.columns ?? 80) - 1)}`
  return {
    show(text) {
      if (!stream.isTTY) return
      shown = text
      stream.write(draw(text))
    },
    print(text) {
      stream.write(shown === undefined ? `${text}\n` : `\r\u001B[2K${text}\n${draw(shown)}`)
    },
    clear() {
      if (shown !== undefined) stream.write('\r\u001B[2K')
      shown = undefined
    },
  }
}
