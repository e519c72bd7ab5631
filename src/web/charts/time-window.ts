/** The stretch of time that the charts show, and how a user moves it. Pure. */
import type { Series } from '../../http/api.ts'

/** Both ms since the Unix epoch. */
export interface TimeWindow {
  since: number
  until: number
}

/** What is shown while nobody zooms; it ends now. */
export const RANGES = ['hour', 'day', 'all'] as const
export type TimeRange = (typeof RANGES)[number]

const RANGE_MS: Record<Exclude<TimeRange, 'all'>, number> = { hour: 3_600_000, day: 86_400_000 }

/** Nothing is looked at closer than this, ms: between two blocks there is nothing to see. */
export const MIN_WINDOW_MS = 1_000

/** When a range begins; 0 is before every chain. */
export const sinceOf = (range: TimeRange, now: number): number => (range === 'all' ? 0 : now - RANGE_MS[range])

/** So many times as wide, about its middle. Undefined: all of what can be seen, so no zoom at all. */
export function scaled(shown: TimeWindow, factor: number, whole: TimeWindow): TimeWindow | undefined {
  const middle = (shown.since + shown.until) / 2
  const half = (Math.max(MIN_WINDOW_MS, (shown.until - shown.since) * factor) / 2)
  return within({ since: middle - half, until: middle + half }, whole)
}

/** By a part of its width, to earlier (below 0) or later. */
export function moved(shown: TimeWindow, part: number, whole: TimeWindow): TimeWindow | undefined {
  const by = (shown.until - shown.since) * part
  return within({ since: shown.since + by, until: shown.until + by }, whole)
}

/** From one time to another, in either order, as a pointer was dragged. */
export function dragged(a: number, b: number, whole: TimeWindow): TimeWindow | undefined {
  const [since, until] = a < b ? [a, b] : [b, a]
  return scaled({ since, until }, 1, whole)
}

/** Pushed inside of what there is; as wide as it was, where it fits. */
function within({ since, until }: TimeWindow, whole: TimeWindow): TimeWindow | undefined {
  const width = until - since
  if (width >= whole.until - whole.since) return undefined
  const start = Math.min(Math.max(since, whole.since), whole.until - width)
  return { since: Math.round(start), until: Math.round(start + width) }
}

/**
 * All that there is to see of a range: to now, or to a newest block whose miner's clock is ahead; from its beginning, or
 * from the chain's where that is younger.
 */
export function wholeOf({ timestamps, tookMs, heights, blocks }: Pick<Series, 'timestamps' | 'tookMs' | 'heights' | 'blocks'>, since: number, now: number): TimeWindow {
  const [first = now, took = 0] = [timestamps[0], tookMs[0]]
  const isWhole = heights[0] === blocks[0]
  const until = Math.max(now, timestamps.at(-1) ?? now)
  return { since: Math.min(isWhole ? first - took : since, until - MIN_WINDOW_MS), until }
}
