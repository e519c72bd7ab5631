/**
 * Lines through points that chance scatters: each point becomes what the points around it say together. Pure.
 *
 *   window 5      · · [· · x · ·] · ·        at the ends the window is cut off: fewer points, on one side
 */

/** Points of a chart, in order; null where there is none. */
export type Points = readonly (number | null)[]

/** Points that are looked at together, an odd number: enough to even chance out, few enough to follow what changes. */
export function windowFor(points: number): number {
  if (points < 8) return 1
  return 2 * Math.min(15, Math.max(2, Math.round(points / 32))) + 1
}

/** The median of each window: one far-off point moves nothing. Where there is no point there is none. */
export const runningMedian = (values: Points, window: number): (number | null)[] =>
  values.map((value, at) => (value === null ? null : medianOf(around(values, at, window).filter((each) => each !== null))))

/** The mean of each window, by how many blocks each point stands for: of what adds up, where most points may be 0. */
export const runningMean = (values: readonly number[], blocks: readonly number[], window: number): (number | null)[] =>
  runningRatio(values.map((value, at) => value * (blocks[at] ?? 0)), blocks, window)

/** The sum of the one over the sum of the other, in each window; null where that is 0. */
export function runningRatio(above: readonly number[], below: readonly number[], window: number): (number | null)[] {
  return above.map((_, at) => {
    const divisor = sumOf(around(below, at, window))
    return divisor === 0 ? null : sumOf(around(above, at, window)) / divisor
  })
}

function around<Value>(values: readonly Value[], at: number, window: number): Value[] {
  const half = (window - 1) / 2
  return values.slice(Math.max(0, at - half), at + half + 1)
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)

/** The middle one, or between the middle two; null of none. */
export function medianOf(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  const [lower, upper] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]]
  return lower === undefined || upper === undefined ? null : (lower + upper) / 2
}
