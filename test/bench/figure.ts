/** What a benchmark reports: one figure beside its limit or rival, measured in the same run. */
export interface Figure {
  name: string
  /** Median of the runs. */
  value: number
  unit: string
  /** Least and greatest of the runs. */
  spread: [number, number]
  /** What it is held against, in the same unit and measured in the same run; null where the goal is absolute. */
  limit: number | null
  /** value ÷ limit. */
  ratio: number | null
  /** What it must be: `≤ 2 s`, `ratio ≥ 0.6`; null where it is only told. */
  goal: string | null
  /** Whether it is; null where there is no goal. */
  holds: boolean | null
}

export interface BenchmarkOptions {
  /** Whole sizes where they take minutes, too. */
  full: boolean
}

/** A benchmark: reports each figure as it has it. */
export type Benchmark = (report: (figure: Figure) => void, options: BenchmarkOptions) => Promise<void>

export interface Measured {
  name: string
  unit: string
  /** One value a run. */
  runs: number[]
  /** One value a run of the limit or rival. */
  limitRuns?: number[]
  /** On the value, or where there is a limit on the ratio. */
  atMost?: number
  atLeast?: number
}

/** Medians, ratio and verdict of what was measured. */
export function figureOf({ name, unit, runs, limitRuns, atMost, atLeast }: Measured): Figure {
  const value = median(runs)
  const limit = limitRuns === undefined ? null : median(limitRuns)
  const ratio = limit === null ? null : value / limit
  const judged = ratio ?? value
  const bound = atMost !== undefined ? `≤ ${atMost}` : atLeast !== undefined ? `≥ ${atLeast}` : null
  return {
    name, value, unit, spread: [Math.min(...runs), Math.max(...runs)], limit, ratio,
    goal: bound === null ? null : ratio === null ? `${bound} ${unit}` : `ratio ${bound}`,
    holds: bound === null ? null : judged <= (atMost ?? Infinity) && judged >= (atLeast ?? -Infinity),
  }
}

/** The middle of the values, or the mean of the two in the middle. */
export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

/** Milliseconds that something takes. */
export async function timed(work: () => unknown): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}
