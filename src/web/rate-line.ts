/**
 * This node's hash rate over the time that the page is open: what the node measured, kept for a while, and the line that is
 * drawn of it. The node measures once a second while it mines, and a last time, 0, when it stops.
 *
 *   ┆          ╭──╮ ╭─
 *   ┆      ╭───╯  ╰─╯       a measurement holds until the next one; where the page missed some, the line is broken
 *   ┴──────╯
 */
export interface RateSample {
  /** ms by the node's clock. */
  at: number
  /** Hashes a second. */
  hashRate: number
}

/** What is kept, and drawn at most. */
export const KEPT_MS = 10 * 60_000
/** What is drawn at least. */
const LEAST_MS = 60_000
/** Without a measurement for so long, while there was a rate, the page has missed some. */
const MISSED_AFTER_MS = 5_000

export function withSample(samples: readonly RateSample[], sample: RateSample): readonly RateSample[] {
  const first = samples.findIndex(({ at }, index) => (samples[index + 1]?.at ?? at) >= sample.at - KEPT_MS)
  return [...samples.slice(Math.max(0, first)), sample]
}

export interface RateLine {
  /** SVG path data. */
  path: string
  /** The same, closed down to the axis. */
  area: string
  /** The highest rate drawn, hashes a second. */
  highest: number
  /** Time from left to right, ms. */
  spanMs: number
}

/** @param now ms by the node's clock: the right edge */
export function layoutRate(samples: readonly RateSample[], now: number, width: number, height: number): RateLine {
  const spanMs = Math.min(KEPT_MS, Math.max(LEAST_MS, now - (samples[0]?.at ?? now)))
  const highest = samples.reduce((most, { hashRate }) => Math.max(most, hashRate), 0)
  const x = (at: number): number => Math.max(0, width * (1 - (now - at) / spanMs))
  const y = (rate: number): number => height * (1 - (highest === 0 ? 0 : rate / highest))
  const runs: { x: number; y: number }[][] = []
  let run: { x: number; y: number }[] = []
  for (const [index, { at, hashRate }] of samples.entries()) {
    const before = samples[index - 1]
    if (before === undefined || (before.hashRate > 0 && at - before.at > MISSED_AFTER_MS)) runs.push((run = []))
    // While nothing was mined nothing was measured: 0 until now.
    else if (before.hashRate === 0) run.push({ x: x(at), y: y(0) })
    run.push({ x: x(at), y: y(hashRate) })
  }
  if (samples.at(-1)?.hashRate === 0) run.push({ x: width, y: y(0) })
  const lines = runs.filter(({ length }) => length > 1)
  const points = (line: typeof run): string => line.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L')
  return {
    path: lines.map((line) => `M${points(line)}`).join(''),
    area: lines.map((line) => `M${line[0]?.x.toFixed(1)} ${height}L${points(line)}L${line.at(-1)?.x.toFixed(1)} ${height}Z`).join(''),
    highest,
    spanMs,
  }
}
