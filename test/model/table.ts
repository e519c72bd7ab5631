/** The cells of a model as a table for people, and as one for notebooks. */
import type { Cell } from './grid.ts'

const COLUMNS = ['network', 'size', 'every', 'to 50 %', 'to 95 %', '95 %, p95', 'to 99 %', 'lost', 'counted', 'kB/s', 'busiest', 'payments', 'line']
const WIDTHS = [16, 15, 7, 8, 8, 9, 8, 7, 11, 6, 7, 8, 5]

/** A table that is plain to read as it is, and Markdown. */
export const tableHead = (): string => [row(COLUMNS), row(WIDTHS.map((width, at) => (at < 2 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)))].join('\n')

export function tableRow(cell: Cell): string {
  const { nodes, where, blockMs, figures } = cell
  const { found, reachedMs, staleShare, expectedStaleShare, sentBytesPerSecond, paymentsBytesPerSecond } = figures
  return row([
    `${nodes}, ${where}`, sizeOf(cell), `${blockMs / 1_000} s`, seconds(reachedMs[50].median), seconds(reachedMs[95].median), seconds(reachedMs[95].p95),
    seconds(reachedMs[99].median), percent(expectedStaleShare), `${Math.round(staleShare * found)} of ${found}`, kilobytes(sentBytesPerSecond.mean),
    kilobytes(sentBytesPerSecond.busiest), kilobytes(paymentsBytesPerSecond), `${Math.round(100 * shareOfLine(cell))} %`,
  ])
}

/** What blocks and payments together take of a node's upload, on average. */
export const shareOfLine = ({ figures, uploadBytesPerSecond }: Cell): number =>
  (figures.sentBytesPerSecond.mean + figures.paymentsBytesPerSecond) / uploadBytesPerSecond

export const sizeOf = ({ blockBytes, isCompact }: Pick<Cell, 'blockBytes' | 'isCompact'>): string =>
  `${blockBytes === 1_048_576 ? '1 MiB' : `${blockBytes / 1_000} kB`}${isCompact ? ', compact' : ''}`

const row = (cells: readonly string[]): string =>
  `| ${cells.map((cell, at) => (at < 2 ? cell.padEnd(WIDTHS[at] ?? 0) : cell.padStart(WIDTHS[at] ?? 0))).join(' | ')} |`

const seconds = (ms: number): string => (ms === Infinity ? 'never' : `${(ms / 1_000).toFixed(ms < 10_000 ? 2 : 1)} s`)
const percent = (share: number): string => `${(share * 100).toFixed(share < 0.01 ? 2 : share < 0.1 ? 1 : 0)} %`
const kilobytes = (bytes: number): string => (bytes / 1_000).toFixed(bytes < 10_000 ? 1 : 0)

/** CSV (RFC 4180), a row a cell: times in ms, shares from 0 to 1, loads in bytes a second. */
export function csvOf(cells: readonly Cell[]): string {
  const head = [
    'nodes', 'where', 'upload_bytes_per_second', 'block_ms', 'block_bytes', 'compact', 'blocks', 'reached_50_ms', 'reached_50_p95_ms', 'reached_95_ms',
    'reached_95_p95_ms', 'reached_99_ms', 'reached_99_p95_ms', 'delay_ms', 'stale_expected', 'stale_counted', 'stale_error', 'sent_mean', 'sent_busiest',
    'received_mean', 'received_busiest', 'payments', 'copies', 'mesh_degree',
  ]
  const rows = cells.map(({ nodes, where, uploadBytesPerSecond, blockMs, blockBytes, isCompact, figures }) => [
    nodes, where, uploadBytesPerSecond, blockMs, blockBytes, isCompact ? 1 : 0, figures.found,
    ...([50, 95, 99] as const).flatMap((share) => [figures.reachedMs[share].median, figures.reachedMs[share].p95]).map((ms) => (ms === Infinity ? '' : ms)),
    figures.delayMs, figures.expectedStaleShare, figures.staleShare, figures.staleError, figures.sentBytesPerSecond.mean, figures.sentBytesPerSecond.busiest,
    figures.receivedBytesPerSecond.mean, figures.receivedBytesPerSecond.busiest, figures.paymentsBytesPerSecond, figures.copies, figures.meshDegree,
  ])
  return [head, ...rows].map((cells) => `${cells.join(',')}\r\n`).join('')
}
