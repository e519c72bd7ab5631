/** The progress line of a long work on a chain: a bar, blocks, transactions, their rate, and the time that is left. */
import type { WriteStream } from 'node:tty'
import type { ChainProgress } from '../node/chain-progress.ts'
import { formatCount, formatDuration, formatMetric } from './format.ts'
import { createProgressLine } from './progress.ts'

/** What is done sooner needs no bar. */
const FIRST_MS = 1_000
/** Between two pictures: as often as an eye follows, and no burden on the work. */
const INTERVAL_MS = 100

const BAR_COLUMNS = 20
/** Eighths of a column, so that the bar moves smoothly. */
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']

export interface WorkProgress {
  /** Shows how far it is, unless it was shown just now. */
  update(progress: ChainProgress): void
  /** Takes the line away. */
  end(): void
}

/**
 * @param what is being done: `verifying`
 * @param stream `process.stderr`
 * @param now a clock in ms
 */
export function trackWork(
  what: string,
  stream: Pick<WriteStream, 'write' | 'isTTY' | 'columns'>,
  now: () => number = () => performance.now(),
): WorkProgress {
  const line = createProgressLine(stream)
  const began = now()
  let next = began + FIRST_MS
  return {
    update(progress) {
      const at = now()
      if (at < next) return
      next = at + INTERVAL_MS
      line.show(describeWork(what, progress, at - began))
    },
    end: () => line.clear(),
  }
}

/** One line: `verifying ███▌      35 % · block 350 of 1 000 · 70 000 transactions · 15.2 k/s · 12 s left`. */
export function describeWork(what: string, { done, blocks, of, transactions }: ChainProgress, elapsedMs: number): string {
  const rate = (transactions * 1_000) / elapsedMs
  const parts = [
    `${what} ${bar(done)} ${String(Math.floor(done * 100)).padStart(3)} %`,
    `block ${formatCount(blocks)} of ${formatCount(of)}`,
    ...(transactions > 0 ? [`${formatCount(transactions)} transactions`, `${formatMetric(rate)}/s`] : []),
    ...(done > 0 ? [`${formatDuration((elapsedMs * (1 - done)) / done)} left`] : []),
  ]
  return parts.join(' · ')
}

/** @param done of 1 */
export function bar(done: number): string {
  const eighths = Math.floor(done * BAR_COLUMNS * 8)
  return ('█'.repeat(eighths >> 3) + EIGHTHS[eighths & 7]).padEnd(BAR_COLUMNS)
}
